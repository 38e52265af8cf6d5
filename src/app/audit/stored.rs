//! What ledgers tell beside ages: values that are used twice, rotations and overlaps that nobody ended.

use std::collections::BTreeMap;

use crate::app::State;
use crate::app::StatusRow;
use crate::app::audit::Estate;
use crate::contract::RULES;
use crate::contract::life;
use crate::contract::severity_across;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::Finding;
use crate::policy::SecretPolicy;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::policy::kinds::Role;
use crate::secret::EnvironmentName;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::Stage;

/// A secret and the value that it has.
type Held<'a> = (&'a EnvironmentName, &'a SecretName);

/// Returns everything that ledgers tell beside ages.
pub(super) fn findings(estate: &Estate<'_>, rows: &[StatusRow]) -> Vec<Finding> {
    let holders = holders(estate);
    let mut findings = Vec::new();
    for row in rows {
        let record = estate.ledgers.get(&row.environment);
        let record = record.and_then(|ledger| ledger.record(&row.name));
        let declared = estate.policy.secret(&row.name, &row.environment);
        findings.extend(missing(row, declared));
        findings.extend(undeclared(row, declared));
        let Some(record) = record else {
            continue;
        };
        findings.extend(unended(row, record, estate));
        findings.extend(brought_back(row, record));
        let is_made_of_others = declared.is_some_and(|declared| declared.derivation().is_some());
        if let Some(current) = seen(estate, record).filter(|_| !is_made_of_others) {
            let twins = holders.get(&current.fingerprint).map(Vec::as_slice);
            findings.extend(reused(estate, row, declared, twins.unwrap_or_default()));
        }
    }
    findings
}

/// Returns which secrets have each value, in every environment, but for those that the policy makes of others.
fn holders<'a>(estate: &Estate<'a>) -> BTreeMap<Fingerprint, Vec<Held<'a>>> {
    let mut holders: BTreeMap<Fingerprint, Vec<Held<'a>>> = BTreeMap::new();
    for (environment, ledger) in estate.ledgers {
        for record in ledger.records() {
            let declared = estate.policy.secret(&record.name, environment);
            if declared.is_some_and(|declared| declared.derivation().is_some()) {
                continue;
            }
            if let Some(current) = seen(estate, record) {
                let same = holders.entry(current.fingerprint).or_default();
                same.push((environment, &record.name));
            }
        }
    }
    holders
}

fn seen<'a>(estate: &Estate<'_>, record: &'a SecretRecord) -> Option<&'a VersionRecord> {
    if estate.view.is_now {
        record.current()
    } else {
        record.current_at(estate.view.at)
    }
}

fn finding(
    row: &StatusRow,
    (rule, severity): (&'static str, Severity),
    message: String,
    fix: String,
) -> Finding {
    Finding {
        rule,
        severity,
        environment: Some(row.environment.clone()),
        name: Some(row.name.to_string()),
        location: None,
        message,
        fix,
    }
}

/// Says that a value is missing that has to be there; what may be left out is no finding.
fn missing(row: &StatusRow, declared: Option<&SecretPolicy>) -> Option<Finding> {
    let declared = declared.filter(|declared| row.state == State::Missing && declared.required())?;
    let (name, environment) = (&row.name, &row.environment);
    let fix = match declared.kind().role {
        Role::Issued => format!("bring it in: mintage import {name} -e {environment}"),
        _ => format!("mint it: mintage create {name} -e {environment}"),
    };
    let message = "the policy declares it, and the store has no value".to_owned();
    Some(finding(row, ("missing", Severity::Error), message, fix))
}

fn undeclared(row: &StatusRow, declared: Option<&SecretPolicy>) -> Option<Finding> {
    if declared.is_some() {
        return None;
    }
    let message = "the store has it, and the policy does not declare it".to_owned();
    let fix = "declare it in mintage.toml, so that it is judged and rotated".to_owned();
    Some(finding(row, ("undeclared", Severity::Note), message, fix))
}

/// Says what was begun and not ended.
fn unended(row: &StatusRow, record: &SecretRecord, estate: &Estate<'_>) -> Vec<Finding> {
    let (name, environment) = (&row.name, &row.environment);
    let mut findings = Vec::new();
    if record.at_stage(Stage::Pending).is_some() {
        let rule = (
            life::ROTATION_OPEN.id,
            life::ROTATION_OPEN.severity(Tier::Production),
        );
        let message = "its rotation was begun and not ended".to_owned();
        let fix = format!("go on with it: mintage rotate -e {environment}, or undo it: --abort");
        findings.push(finding(row, rule, message, fix));
    }
    let ended = row.overlap_ends_at.filter(|end| *end <= estate.view.at);
    if let Some(ended) = ended {
        let rule = (
            life::OVERLAP_ENDED.id,
            life::OVERLAP_ENDED.severity(Tier::Production),
        );
        let days = (estate.view.at - ended).num_days();
        let message = format!("its former value should have been dropped {days} days ago");
        let fix = format!("mintage retire {name} -e {environment}");
        findings.push(finding(row, rule, message, fix));
    }
    findings
}

/// Says that a value was in use before, and another one between.
fn brought_back(row: &StatusRow, record: &SecretRecord) -> Option<Finding> {
    let current = record.current()?;
    let before = record
        .versions
        .iter()
        .rev()
        .filter(|version| version.id != current.id);
    let is_back = before
        .take(GENERATIONS)
        .any(|version| version.fingerprint == current.fingerprint);
    is_back.then(|| {
        let rule = (
            life::REUSED_FROM_HISTORY.id,
            life::REUSED_FROM_HISTORY.severity(Tier::Production),
        );
        let message =
            "its value is one that was replaced before: whoever knew it then knows it now".to_owned();
        let fix = format!("mintage rotate {} -e {}", row.name, row.environment);
        finding(row, rule, message, fix)
    })
}

/// Says which other secrets have the same value, here and in other environments.
fn reused(
    estate: &Estate<'_>,
    row: &StatusRow,
    declared: Option<&SecretPolicy>,
    twins: &[Held<'_>],
) -> Vec<Finding> {
    let tier = estate
        .policy
        .environment(&row.environment)
        .map_or(Tier::Production, |environment| environment.tier());
    let mut findings = Vec::new();
    let here: Vec<&str> = twins
        .iter()
        .filter(|(environment, name)| **environment == row.environment && **name != row.name)
        .map(|(_, name)| name.as_str())
        .collect();
    if !here.is_empty() {
        let severity = RULES.iter().find(|rule| rule.id == "reused");
        let severity = severity.map_or(Severity::Warning, |rule| rule.severity(tier));
        let message = format!(
            "it has the value of {}: whoever learns one knows the other",
            here.join(", ")
        );
        let fix = format!(
            "give it a value of its own: mintage rotate {} -e {}",
            row.name, row.environment
        );
        findings.push(finding(row, ("reused", severity), message, fix));
    }
    let mut elsewhere: Vec<String> = twins
        .iter()
        .filter(|(environment, _)| **environment != row.environment)
        .map(|(environment, name)| match **name == row.name {
            true => environment.to_string(),
            false => format!("{environment} (as `{name}`)"),
        })
        .collect();
    elsewhere.sort();
    if !elsewhere.is_empty() {
        let severity = declared.map_or(Severity::Warning, |declared| severity_across(declared, tier));
        let message = format!(
            "its value is used in {} too: a leak there is a leak here",
            elsewhere.join(", ")
        );
        let fix = format!(
            "give it a value of its own: mintage rotate {} -e {}",
            row.name, row.environment
        );
        findings.push(finding(
            row,
            ("reused-across-environments", severity),
            message,
            fix,
        ));
    }
    findings
}

/// How many earlier versions a value may not be of (PCI DSS 4.0.1, requirement 8.3.7).
const GENERATIONS: usize = 4;
