//! What somebody has to be told of, with or without names.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app;
use crate::app::CertificateRow;
use crate::app::Privacy;
use crate::app::Pseudonyms;
use crate::app::RemindReport;
use crate::app::StatusRow;
use crate::policy::Finding;
use crate::policy::Severity;
use crate::secret::EnvironmentName;

/// One thing that is due, as a notice tells it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Matter {
    /// Names it and its cycle, and tells nothing of either: 40 characters.
    pub key: String,
    /// What it is: `secret`, `certificate` or `store`.
    pub about: &'static str,
    /// The environment; `None` for what belongs to none.
    pub environment: Option<EnvironmentName>,
    /// What people call it; `secret 3 of production` where it must not be named.
    pub label: String,
    /// Where it stands, as reports spell it.
    pub state: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, as the rest of a sentence that begins with the label.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// When it is or was due.
    pub due_at: Option<DateTime<Utc>>,
    /// How bad it is among its like; less is worse.
    #[serde(skip)]
    pub rank: u8,
}

/// What a run sees of a project.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// What the policy calls itself.
    pub project: &'a str,
    /// Now.
    pub at: DateTime<Utc>,
    /// The environments that were looked at.
    pub environments: &'a [EnvironmentName],
    /// Every secret of these environments.
    pub rows: &'a [StatusRow],
    /// What is due of them.
    pub report: &'a RemindReport,
    /// Every certificate.
    pub certificates: &'a [CertificateRow],
    /// Whether the store is not what mintage wrote, so that what it says may be wrong.
    pub is_damaged: bool,
    /// Names for what must not be named.
    pub pseudonyms: &'a Pseudonyms,
}

impl Scene<'_> {
    /// Returns everything that is due, the most urgent first.
    pub fn matters(&self, privacy: Privacy) -> Vec<Matter> {
        let mut matters = Vec::new();
        if self.is_damaged {
            matters.push(self.damage());
        }
        matters.extend(self.secrets(privacy));
        matters.extend(self.certified(privacy));
        matters.sort_by_key(|matter| std::cmp::Reverse(matter.severity));
        matters
    }

    fn damage(&self) -> Matter {
        Matter {
            key: self.key(&["store", "damaged"]),
            about: "store",
            environment: None,
            label: "the store".to_owned(),
            state: "damaged",
            severity: Severity::Error,
            message: "is not what mintage wrote, so that nothing it says can be believed".to_owned(),
            fix: "mintage verify".to_owned(),
            due_at: None,
            rank: 0,
        }
    }

    fn secrets(&self, privacy: Privacy) -> Vec<Matter> {
        let numbers = match privacy {
            Privacy::Anonymous => self.numbers_of_secrets(),
            Privacy::Named => BTreeMap::new(),
        };
        let told = self.report.rows.iter().zip(&self.report.findings);
        let matter = |(row, finding): (&StatusRow, &Finding)| {
            let (environment, name) = (&row.environment, &row.name);
            let cycle = row.changed_at.map_or_else(String::new, |at| at.to_rfc3339());
            let number = numbers.get(&(environment, name.as_str()));
            let (label, fix) = match number {
                Some(number) => (
                    format!("secret {number} of {environment}"),
                    format!("mintage remind -e {environment}"),
                ),
                None => (format!("{environment}/{name}"), finding.fix.clone()),
            };
            Matter {
                key: self.key(&["secret", environment.as_str(), name.as_str(), &cycle]),
                about: "secret",
                environment: Some(environment.clone()),
                label,
                state: row.state.name(),
                severity: finding.severity,
                message: finding.message.clone(),
                fix,
                due_at: row.due_at.into_iter().chain(row.expires_at).min(),
                rank: row.state as u8,
            }
        };
        told.map(matter).collect()
    }

    fn certified(&self, privacy: Privacy) -> Vec<Matter> {
        let mut keys: Vec<String> = self
            .certificates
            .iter()
            .map(|row| self.of_certificate(row))
            .collect();
        keys.sort_unstable();
        let due = app::remind_certificates(self.certificates.to_vec());
        let matter = |row: &CertificateRow| {
            let findings = row
                .findings
                .iter()
                .filter(|finding| finding.severity > Severity::Note);
            let place = keys.binary_search(&self.of_certificate(row)).unwrap_or_default();
            let (label, message, fix) = match privacy {
                Privacy::Anonymous => (
                    format!("certificate {}", place + 1),
                    format!("is {}", row.state.name().replace('-', " ")),
                    "mintage remind".to_owned(),
                ),
                Privacy::Named => {
                    let messages: Vec<&str> =
                        findings.clone().map(|finding| finding.message.as_str()).collect();
                    let fix = findings.clone().next().map(|finding| finding.fix.clone());
                    (
                        format!("certificate {}", row.name),
                        messages.join(", "),
                        fix.unwrap_or_default(),
                    )
                }
            };
            let cycle = row.not_after.map_or_else(String::new, |at| at.to_rfc3339());
            Matter {
                key: self.key(&["certificate", &row.name, &cycle]),
                about: "certificate",
                environment: None,
                label,
                state: row.state.name(),
                severity: findings
                    .map(|finding| finding.severity)
                    .max()
                    .unwrap_or(Severity::Note),
                message,
                fix,
                due_at: row.not_after,
                rank: row.state as u8,
            }
        };
        due.iter().map(matter).collect()
    }

    /// Numbers the secrets of each environment in an order that says nothing of their names.
    fn numbers_of_secrets(&self) -> BTreeMap<(&EnvironmentName, &str), usize> {
        let keyed = self.rows.iter().map(|row| {
            let name = row.name.as_str();
            (
                &row.environment,
                self.pseudonyms.of(&["number", row.environment.as_str(), name]),
                name,
            )
        });
        let mut keyed: Vec<_> = keyed.collect();
        keyed.sort_unstable();
        let mut numbers = BTreeMap::new();
        let mut last = (None, 0);
        for (environment, _, name) in keyed {
            last = if last.0 == Some(environment) {
                (last.0, last.1 + 1)
            } else {
                (Some(environment), 1)
            };
            numbers.insert((environment, name), last.1);
        }
        numbers
    }

    fn of_certificate(&self, row: &CertificateRow) -> String {
        self.pseudonyms.of(&["number", "certificate", &row.name])
    }

    fn key(&self, parts: &[&str]) -> String {
        let parts: Vec<&str> = std::iter::once("matter").chain(parts.iter().copied()).collect();
        format!("mintage-{}", self.pseudonyms.of(&parts))
    }
}
