//! How old every secret is and when it is due. Needs no key.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;
use serde::Serialize;

use crate::app::compromise;
use crate::ledger::Ledger;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::Period;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::kinds::Role;
use crate::rotation;
use crate::secret::EnvironmentName;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::Stage;

/// From when the status is looked at.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The instant.
    pub at: DateTime<Utc>,
    /// Whether the instant is the present; then the current versions count, whatever the clock said before.
    pub is_now: bool,
    /// How long before its due date a secret counts as due soon, in place of the policy's own time.
    pub within: Option<Period>,
}

/// One secret in one environment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatusRow {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// The kind.
    pub kind: String,
    /// Where the version stands; `None` when there is none.
    pub stage: Option<Stage>,
    /// Whole days since the value changed; `None` is unknown.
    pub age_days: Option<i64>,
    /// When the value changed; `None` is unknown.
    pub changed_at: Option<DateTime<Utc>>,
    /// When it should change; `None` when the policy does not say or the age is unknown.
    pub due_at: Option<DateTime<Utc>>,
    /// When it stops working by itself, where that is known.
    pub expires_at: Option<DateTime<Utc>>,
    /// What this comes to.
    pub state: State,
    /// The short form of its fingerprint.
    pub fingerprint: Option<String>,
    /// Who makes it, where that is not us.
    pub issued_by: Option<String>,
    /// Until when the version before it stays valid.
    pub overlap_ends_at: Option<DateTime<Utc>>,
}

/// What the age of a secret comes to, worst first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is in use with a value that is marked as compromised.
    Compromised,
    /// Due or expired.
    Overdue,
    /// Nobody knows how old it is: treated as due.
    UnknownAge,
    /// Declared, but there is no value.
    Missing,
    /// A rotation is under way.
    Rotating,
    /// Due or expiring before long.
    DueSoon,
    /// Somebody else makes it, and nobody has said that the former value is revoked there.
    Unrevoked,
    /// The version before it is still valid.
    Overlap,
    /// Nothing to do.
    Ok,
}

impl State {
    /// Every state, worst first.
    pub const ALL: [Self; 9] = [
        Self::Compromised,
        Self::Overdue,
        Self::UnknownAge,
        Self::Missing,
        Self::Rotating,
        Self::DueSoon,
        Self::Unrevoked,
        Self::Overlap,
        Self::Ok,
    ];

    /// Returns the name as reports spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compromised => "compromised",
            Self::DueSoon => "due-soon",
            Self::Missing => "missing",
            Self::Ok => "ok",
            Self::Overdue => "overdue",
            Self::Overlap => "overlap",
            Self::Rotating => "rotating",
            Self::UnknownAge => "unknown-age",
            Self::Unrevoked => "unrevoked",
        }
    }

    /// Returns whether somebody has to act by now.
    pub const fn is_due(self) -> bool {
        matches!(self, Self::Compromised | Self::Overdue | Self::UnknownAge)
    }
}

/// Returns a row for every secret that the policy declares or the ledger has, in the order of the policy's
/// environments and of names. Ledgers of other environments tell which values are compromised.
pub fn status(
    policy: &Policy,
    ledgers: &BTreeMap<EnvironmentName, Ledger>,
    environments: &[EnvironmentName],
    view: View,
) -> Vec<StatusRow> {
    let empty = Ledger::default();
    let known: BTreeSet<Fingerprint> = ledgers.values().flat_map(compromise::of_ledger).collect();
    let mut rows = Vec::new();
    for environment in environments {
        let ledger = ledgers.get(environment).unwrap_or(&empty);
        let records: BTreeMap<&SecretName, &SecretRecord> =
            ledger.records().map(|record| (&record.name, record)).collect();
        let mut names: BTreeSet<&SecretName> = policy
            .secret_names()
            .filter(|name| policy.secret(name, environment).is_some())
            .collect();
        names.extend(records.keys());
        for name in names {
            let declared = policy.secret(name, environment);
            let record = records.get(name).copied();
            let mut row = row(environment, name, declared, record, view);
            let seen = record.and_then(|record| seen(record, view));
            if seen.is_some_and(|version| known.contains(&version.fingerprint)) {
                row.state = State::Compromised;
            }
            rows.push(row);
        }
    }
    rows
}

fn row(
    environment: &EnvironmentName,
    name: &SecretName,
    declared: Option<&SecretPolicy>,
    record: Option<&SecretRecord>,
    view: View,
) -> StatusRow {
    let version = record.and_then(|record| seen(record, view));
    let changed_at = version
        .and_then(|version| version.changed_at)
        .filter(|changed| *changed - clock_skew() <= view.at);
    let due_at = declared
        .and_then(SecretPolicy::rotate_every)
        .zip(changed_at)
        .and_then(|(every, changed)| every.after(changed));
    let expires_at = record
        .filter(|_| version.is_some_and(|version| version.stage == Stage::Current))
        .and_then(|record| record.expires_at);
    let kind = match (declared, record) {
        (Some(secret), _) => secret.kind_name().to_owned(),
        (None, Some(record)) => record.kind.clone(),
        (None, None) => String::new(),
    };
    let mut row = StatusRow {
        environment: environment.clone(),
        name: name.clone(),
        kind,
        stage: version.map(|version| {
            if view.is_now {
                version.stage
            } else {
                Stage::Current
            }
        }),
        age_days: changed_at.map(|changed| (view.at - changed).num_days().max(0)),
        changed_at,
        due_at,
        expires_at,
        state: State::Ok,
        fingerprint: version.map(|version| version.fingerprint.to_string()),
        issued_by: declared.and_then(SecretPolicy::issuer).map(str::to_owned),
        overlap_ends_at: record.and_then(|record| overlap_end(declared, record, view.at)),
    };
    row.state = state(&row, declared, record, view);
    row
}

/// Returns when the last overlap ends, or ended where sinks have not dropped the value yet.
fn overlap_end(
    declared: Option<&SecretPolicy>,
    record: &SecretRecord,
    at: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let has_sinks = declared.is_some_and(|declared| !declared.sinks().is_empty());
    let waiting = rotation::retirable(record, at).filter_map(|version| version.overlap_ends_at);
    let waiting = waiting.filter(|_| has_sinks).max();
    rotation::open_overlap(record, at).or(waiting)
}

/// Returns the version that counts in this view.
fn seen(record: &SecretRecord, view: View) -> Option<&VersionRecord> {
    if view.is_now {
        return record.current();
    }
    // The future is seen from what is known now.
    record.current_at(view.at)
}

fn state(
    row: &StatusRow,
    declared: Option<&SecretPolicy>,
    record: Option<&SecretRecord>,
    view: View,
) -> State {
    if row.stage.is_none() {
        return State::Missing;
    }
    let ends = [row.due_at, row.expires_at];
    if ends.iter().flatten().any(|end| *end <= view.at) {
        return State::Overdue;
    }
    if row.changed_at.is_none() {
        return State::UnknownAge;
    }
    if record.is_some_and(|record| record.at_stage(Stage::Pending).is_some()) {
        return State::Rotating;
    }
    let ahead = view
        .within
        .or(declared.map(SecretPolicy::remind_before))
        .unwrap_or(Period::days(14));
    let soon = |end: &DateTime<Utc>| ahead.before(*end).is_none_or(|from| from <= view.at);
    if ends.iter().flatten().any(soon) {
        return State::DueSoon;
    }
    let is_issued = declared.is_some_and(|declared| declared.kind().role == Role::Issued);
    if is_issued && record.is_some_and(|record| rotation::unrevoked(record, view.at).next().is_some()) {
        return State::Unrevoked;
    }
    if row.overlap_ends_at.is_some() {
        return State::Overlap;
    }
    State::Ok
}

/// How far the clocks of two machines may differ before an age is called unknown.
fn clock_skew() -> TimeDelta {
    TimeDelta::minutes(5)
}
