//! The whole estate at once: every secret and certificate of every environment, and everything that is wrong with them.

mod drift;
mod lines;
mod report;
mod stored;
mod strength;
mod waive;

pub use drift::drift;
pub use report::AuditReport;
pub use report::AuditedEnvironment;
pub use report::AuditedSecret;
pub use report::AuditedVersion;
pub use report::Integrity;
pub use report::WaivedFinding;

use std::collections::BTreeMap;

use crate::app::CertificateRow;
use crate::app::StoredScore;
use crate::app::View;
use crate::app::certificate_findings;
use crate::app::remind;
use crate::app::status;
use crate::contract::life;
use crate::ledger::Damage;
use crate::ledger::Ledger;
use crate::policy::Finding;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::Severity;
use crate::secret::EnvironmentName;

/// What is audited.
pub struct Estate<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The file that it was read from.
    pub policy_text: &'a str,
    /// The ledgers of all environments, also of those that are not asked for: values are compared with them.
    pub ledgers: &'a BTreeMap<EnvironmentName, Ledger>,
    /// The environments that are asked for.
    pub environments: &'a [EnvironmentName],
    /// As of when.
    pub view: View,
    /// Whether the ledgers can be believed.
    pub integrity: Integrity,
    /// What cannot.
    pub damage: &'a [Damage],
    /// The present values as they were judged now; values that are not in it count as they were judged when written.
    pub scores: &'a [StoredScore],
    /// What the contract and the sinks have found already.
    pub found: Vec<Finding>,
    /// The certificates.
    pub certificates: Vec<CertificateRow>,
}

/// Puts everything together, and takes out what is accepted for a time.
pub fn audit(estate: Estate<'_>) -> AuditReport {
    let rows = status(estate.policy, estate.ledgers, estate.environments, estate.view);
    let mut findings: Vec<Finding> = estate.damage.iter().map(damaged).collect();
    findings.extend(estate.found.iter().cloned());
    findings.extend(remind(rows.clone()).findings);
    findings.extend(stored::findings(&estate, &rows));
    findings.extend(strength::findings(&estate));
    findings.extend(certificate_findings(&estate.certificates));
    once(&mut findings);
    let today = estate.view.at.date_naive();
    let waived = waive::apply((estate.policy, estate.environments), today, &mut findings);
    let place = |finding: &Finding| {
        let environments = estate.environments.iter();
        let environment = environments
            .enumerate()
            .find(|(_, name)| finding.environment.as_ref() == Some(name));
        (
            environment.map(|(place, _)| place),
            finding.name.clone(),
            finding.rule,
        )
    };
    findings.sort_by(|one, other| {
        let by_severity = other.severity.cmp(&one.severity);
        by_severity.then_with(|| place(one).cmp(&place(other)))
    });
    let secrets = rows.into_iter().map(|row| {
        let ledger = estate.ledgers.get(&row.environment);
        let record = ledger.and_then(|ledger| ledger.record(&row.name));
        let declared = estate.policy.secret(&row.name, &row.environment);
        let versions = record
            .map(|record| record.versions.as_slice())
            .unwrap_or_default();
        AuditedSecret {
            owner: declared.and_then(SecretPolicy::owner).map(str::to_owned),
            bits: strength::bits(estate.scores, (&row.environment, &row.name), record),
            versions: versions.iter().map(AuditedVersion::of).collect(),
            row,
        }
    });
    AuditReport {
        project: estate.policy.name().to_owned(),
        at: estate.view.at,
        integrity: estate.integrity,
        secrets: secrets.collect(),
        environments: estate
            .environments
            .iter()
            .filter_map(|name| estate.policy.environment(name))
            .map(|environment| AuditedEnvironment {
                name: environment.name().clone(),
                tier: environment.tier(),
                env_file: environment.env_file().map(str::to_owned),
            })
            .collect(),
        certificates: estate.certificates,
        findings,
        waived,
        lines: lines::of_tables(estate.policy_text),
    }
}

/// Leaves one finding of each fact: the first that says where it stands, or else the first.
fn once(findings: &mut Vec<Finding>) {
    let mut kept: Vec<Finding> = Vec::new();
    let mut places: BTreeMap<(&'static str, Option<EnvironmentName>, String), usize> = BTreeMap::new();
    for finding in std::mem::take(findings) {
        let about = finding.name.clone().unwrap_or_else(|| finding.message.clone());
        let key = (finding.rule, finding.environment.clone(), about);
        let place = places.get(&key).copied().and_then(|place| kept.get_mut(place));
        match place {
            None => {
                places.insert(key, kept.len());
                kept.push(finding);
            }
            Some(before) if before.location.is_none() && finding.location.is_some() => *before = finding,
            // Two lines of one name are two facts.
            Some(before) if finding.location.is_some() && before.location != finding.location => {
                kept.push(finding);
            }
            Some(_) => {}
        }
    }
    *findings = kept;
}

fn damaged(damage: &Damage) -> Finding {
    Finding {
        rule: life::INTEGRITY.id,
        severity: Severity::Error,
        environment: damage.environment().cloned(),
        name: damage.secret().map(ToString::to_string),
        location: None,
        message: damage.to_string(),
        fix: "see everything that is wrong: mintage verify".to_owned(),
    }
}
