//! Two environments side by side, without any value. Needs no key.

mod judge;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app::diff::judge::Judge;
use crate::dotenv;
use crate::dotenv::EnvFile;
use crate::dotenv::ProposedRole;
use crate::ledger::Ledger;
use crate::ledger::SecretRecord;
use crate::policy::Environment;
use crate::policy::Finding;
use crate::policy::Policy;
use crate::secret::SecretName;

/// One of two environments.
pub struct DiffSide<'a> {
    /// The environment.
    pub environment: &'a Environment,
    /// Its ledger.
    pub ledger: &'a Ledger,
    /// Its env file and what that holds; `None` where files are not compared.
    pub file: Option<(&'a str, &'a EnvFile)>,
}

/// Two environments side by side.
#[derive(Debug)]
pub struct DiffReport {
    /// What there is on either side: first what is stored, then what stands in the env files, each sorted by name.
    pub rows: Vec<DiffRow>,
    /// What should not be so, and what is worth knowing.
    pub findings: Vec<Finding>,
}

/// One name on both sides.
#[derive(Debug, Serialize)]
pub struct DiffRow {
    /// The name.
    pub name: String,
    /// Where its values are.
    pub place: DiffPlace,
    /// On the first side; `None` is no value.
    pub left: Option<DiffValue>,
    /// On the second side.
    pub right: Option<DiffValue>,
    /// How the two compare.
    pub relation: Relation,
    /// The rules of the findings about it.
    pub rules: Vec<&'static str>,
}

/// Where a value is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiffPlace {
    /// In an env file.
    EnvFile,
    /// In the store.
    Store,
}

/// What can be told of a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DiffValue {
    /// The kind, or what a variable of an env file seems to be.
    pub kind: String,
    /// Whole days since a stored value changed; `None` is unknown.
    pub age_days: Option<i64>,
    /// The short form of the fingerprint of a stored value.
    pub fingerprint: Option<String>,
    /// The line of an env file, counted from 1.
    pub line: Option<u32>,
}

/// How the values of one name compare.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Two values.
    Different,
    /// There is none on the first side.
    MissingLeft,
    /// There is none on the second side.
    MissingRight,
    /// There is none at all, though the policy requires one.
    Neither,
    /// Twice the same value.
    Same,
}

/// Compares two environments: stored values by the fingerprints of the ledgers, and those of env files directly, where
/// both have one.
pub fn diff(policy: &Policy, sides: [&DiffSide<'_>; 2], now: DateTime<Utc>) -> DiffReport {
    let mut judge = Judge::new(policy, sides);
    let mut rows = stored(policy, sides, now);
    for row in &mut rows {
        judge.stored(row);
    }
    if let [Some((_, left)), Some((_, right))] = sides.map(|side| side.file) {
        let mut in_files = in_files([left, right]);
        for row in &mut in_files {
            judge.in_files(row);
        }
        rows.extend(in_files);
    }
    DiffReport {
        rows,
        findings: judge.findings,
    }
}

/// Compares what is stored; a secret without any value is there only when the policy requires one.
fn stored(policy: &Policy, sides: [&DiffSide<'_>; 2], now: DateTime<Utc>) -> Vec<DiffRow> {
    let records = sides.map(|side| {
        let records = side.ledger.records();
        let current = records.filter(|record| record.current().is_some());
        current
            .map(|record| (&record.name, record))
            .collect::<BTreeMap<&SecretName, &SecretRecord>>()
    });
    let required = policy.secret_names().filter(|name| {
        sides.iter().any(|side| {
            let secret = policy.secret(name, side.environment.name());
            secret.is_some_and(|secret| secret.required())
        })
    });
    let mut names: BTreeSet<&SecretName> = required.collect();
    names.extend(records.iter().flat_map(BTreeMap::keys));
    let row = |name: &SecretName| {
        let [left, right] = [0, 1].map(|side: usize| records[side].get(name).copied());
        let fingerprint = |record: Option<&SecretRecord>| Some(record?.current()?.fingerprint);
        DiffRow {
            name: name.to_string(),
            place: DiffPlace::Store,
            relation: relation(fingerprint(left), fingerprint(right)),
            left: left.and_then(|record| stored_value(record, now)),
            right: right.and_then(|record| stored_value(record, now)),
            rules: Vec::new(),
        }
    };
    names.into_iter().map(row).collect()
}

fn stored_value(record: &SecretRecord, now: DateTime<Utc>) -> Option<DiffValue> {
    let version = record.current()?;
    Some(DiffValue {
        kind: record.kind.clone(),
        age_days: version
            .changed_at
            .map(|changed| (now - changed).num_days().max(0)),
        fingerprint: Some(version.fingerprint.to_string()),
        line: None,
    })
}

/// Compares two env files. The values are compared where they are, so that nothing is computed of them that could get
/// away; an empty one is none.
fn in_files(files: [&EnvFile; 2]) -> Vec<DiffRow> {
    let roles = files.map(|file| {
        let proposals = dotenv::infer(file).into_iter();
        let set = proposals.filter(|proposal| !proposal.optional);
        set.map(|proposal| (proposal.name, proposal.role))
            .collect::<BTreeMap<String, ProposedRole>>()
    });
    let names: BTreeSet<&String> = roles.iter().flat_map(BTreeMap::keys).collect();
    let mut rows = Vec::new();
    for name in names {
        let [left, right] = [0, 1].map(|side: usize| {
            let entry = files[side].last(name)?;
            (!entry.value().is_empty()).then_some(entry)
        });
        if left.is_none() && right.is_none() {
            continue;
        }
        let told = |side: usize, entry: Option<&dotenv::Entry>| {
            Some(DiffValue {
                kind: roles[side].get(name)?.name().to_owned(),
                age_days: None,
                fingerprint: None,
                line: Some(entry?.line()),
            })
        };
        rows.push(DiffRow {
            name: name.clone(),
            place: DiffPlace::EnvFile,
            relation: relation(left.map(dotenv::Entry::value), right.map(dotenv::Entry::value)),
            left: told(0, left),
            right: told(1, right),
            rules: Vec::new(),
        });
    }
    rows
}

fn relation<T: PartialEq>(left: Option<T>, right: Option<T>) -> Relation {
    match (left, right) {
        (None, None) => Relation::Neither,
        (None, Some(_)) => Relation::MissingLeft,
        (Some(_), None) => Relation::MissingRight,
        (Some(left), Some(right)) if left == right => Relation::Same,
        (Some(_), Some(_)) => Relation::Different,
    }
}
