//! What values are worth: as they are judged now where they can be read, and as they were when they were written.

use crate::app::StoredScore;
use crate::app::audit::Estate;
use crate::contract::RULES;
use crate::ledger::SecretRecord;
use crate::policy::Finding;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::policy::kinds::Role;
use crate::scoring::demanded_bits;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Returns what is wrong with values by themselves.
pub(super) fn findings(estate: &Estate<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for environment in estate.environments {
        let (Some(ledger), Some(policy)) = (
            estate.ledgers.get(environment),
            estate.policy.environment(environment),
        ) else {
            continue;
        };
        for record in ledger.records() {
            let place = (environment, &record.name);
            match score(estate.scores, place) {
                Some(score) => findings.extend(judged(estate, place, score)),
                None => findings.extend(as_written(estate, place, (record, policy.tier()))),
            }
        }
    }
    findings
}

/// Returns the bits of the value in use: as they are measured now, or as they were when it was written.
pub(super) fn bits(
    scores: &[StoredScore],
    place: (&EnvironmentName, &SecretName),
    record: Option<&SecretRecord>,
) -> Option<u32> {
    let now = score(scores, place).map(|score| score.score.shown_random_bits());
    now.or_else(|| record.and_then(SecretRecord::current).map(|current| current.bits))
}

/// Finds a score; they stand in the order of environments and names.
fn score<'a>(scores: &'a [StoredScore], place: (&EnvironmentName, &SecretName)) -> Option<&'a StoredScore> {
    let found = scores.binary_search_by(|score| (&score.environment, &score.name).cmp(&place));
    scores.get(found.ok()?)
}

fn judged(
    estate: &Estate<'_>,
    place: (&EnvironmentName, &SecretName),
    score: &StoredScore,
) -> impl Iterator<Item = Finding> {
    let fix = fix(estate, place);
    let serious = score
        .score
        .findings
        .iter()
        .filter(|one| one.severity > Severity::Note);
    serious.map(move |one| Finding {
        environment: Some(place.0.clone()),
        name: Some(place.1.to_string()),
        fix: fix.clone(),
        ..one.clone()
    })
}

fn as_written(
    estate: &Estate<'_>,
    place: (&EnvironmentName, &SecretName),
    (record, tier): (&SecretRecord, Tier),
) -> Option<Finding> {
    let declared = estate.policy.secret(place.1, place.0)?;
    // Somebody else chose an issued value; a derived one is worth what its roots are.
    if declared.kind().role == Role::Issued || declared.derivation().is_some() {
        return None;
    }
    let current = record.current()?;
    let demanded = declared.min_bits().unwrap_or_default().max(demanded_bits(tier));
    let rule = RULES.iter().find(|rule| rule.id == "weak-entropy")?;
    (current.bits < demanded).then(|| Finding {
        rule: rule.id,
        severity: rule.severity(tier),
        environment: Some(place.0.clone()),
        name: Some(place.1.to_string()),
        location: None,
        message: format!(
            "it had about {} random bits when it was written, of the {demanded} that are demanded",
            current.bits
        ),
        fix: fix(estate, place),
    })
}

fn fix(estate: &Estate<'_>, (environment, name): (&EnvironmentName, &SecretName)) -> String {
    let declared = estate.policy.secret(name, environment);
    match declared.and_then(|declared| declared.issuer()) {
        Some(issuer) => {
            format!("get the real one from {issuer}, then: mintage rotate {name} -e {environment}")
        }
        None => format!("mintage rotate {name} -e {environment}"),
    }
}
