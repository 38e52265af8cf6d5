//! Ages and dates as a file for node_exporter's textfile collector (Prometheus text format 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fmt::Write as _;

use chrono::DateTime;
use chrono::Utc;

use crate::app::CertificateRow;
use crate::app::Privacy;
use crate::app::Pseudonyms;
use crate::app::State;
use crate::app::StatusRow;
use crate::cli::formats;
use crate::ledger::Ledger;
use crate::ledger::SecretRecord;
use crate::policy::Finding;
use crate::policy::Policy;
use crate::policy::Severity;
use crate::secret::EnvironmentName;
use crate::secret::Stage;

/// What is measured.
pub struct Metrics<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The ledgers that the rows come from.
    pub ledgers: &'a BTreeMap<EnvironmentName, Ledger>,
    /// Every secret.
    pub rows: &'a [StatusRow],
    /// Every certificate.
    pub certificates: &'a [CertificateRow],
    /// What somebody should act on.
    pub findings: &'a [Finding],
    /// Whether a ledger was found damaged.
    pub is_damaged: bool,
    /// When this was measured.
    pub measured_at: DateTime<Utc>,
    /// What stands in for names where none may be told.
    pub pseudonyms: &'a Pseudonyms,
    /// Whether secrets, certificates and owners are named.
    pub privacy: Privacy,
}

impl Metrics<'_> {
    /// Writes the metrics. What is unknown has no sample, and no sample has a timestamp: the collector would skip the
    /// whole file. Names and labels are an interface; dashboards are built on them.
    pub fn write(&self) -> String {
        let secrets: Vec<Measured<'_>> = self.rows.iter().map(|row| self.measured(row)).collect();
        let mut text = String::new();
        for gauge in OF_SECRETS {
            write_gauge(&mut text, gauge, &secrets);
        }
        self.write_states(&mut text, &secrets);
        self.write_info(&mut text, &secrets);
        let certificates: Vec<Measured<'_>> = self
            .certificates
            .iter()
            .map(|row| self.measured_certificate(row))
            .collect();
        for gauge in OF_CERTIFICATES {
            write_gauge(&mut text, gauge, &certificates);
        }
        self.write_findings(&mut text);
        head(&mut text, "mintage_store_damaged", "Whether a ledger is damaged.");
        sample(&mut text, "mintage_store_damaged", "", u8::from(self.is_damaged));
        let name = "mintage_run_last_success_timestamp_seconds";
        head(&mut text, name, "When this was measured.");
        sample(&mut text, name, "", self.measured_at.timestamp());
        text
    }

    fn measured<'b>(&'b self, row: &'b StatusRow) -> Measured<'b> {
        let environment = row.environment.as_str();
        let secret = self.name(&["secret", environment, row.name.as_str()]);
        let record = self.ledgers.get(&row.environment);
        Measured {
            labels: labels(&[("secret", &secret), ("env", environment)]),
            of: Of::Secret(row, record.and_then(|ledger| ledger.record(&row.name))),
        }
    }

    fn measured_certificate<'b>(&self, row: &'b CertificateRow) -> Measured<'b> {
        Measured {
            labels: labels(&[("certificate", &self.name(&["certificate", &row.name]))]),
            of: Of::Certificate(row),
        }
    }

    /// Names something by the last of `parts`, or by what stands in for it.
    fn name(&self, parts: &[&str]) -> String {
        match self.privacy {
            Privacy::Anonymous => self.pseudonyms.of(parts),
            Privacy::Named => parts.last().copied().unwrap_or_default().to_owned(),
        }
    }

    fn write_states(&self, text: &mut String, secrets: &[Measured<'_>]) {
        let name = "mintage_secret_rotation_state";
        head(text, name, "Whether a secret is in this state.");
        for secret in secrets {
            for state in State::ALL {
                let is_in = matches!(secret.of, Of::Secret(row, _) if row.state == state);
                let labels = format!("{},state=\"{}\"", secret.labels, state.name());
                sample(text, name, &labels, u8::from(is_in));
            }
        }
    }

    fn write_info(&self, text: &mut String, secrets: &[Measured<'_>]) {
        let name = "mintage_secret_info";
        head(text, name, "What the policy says of a secret.");
        for secret in secrets {
            let Of::Secret(row, _) = secret.of else {
                continue;
            };
            let declared = self.policy.secret(&row.name, &row.environment);
            let owner = declared
                .and_then(|declared| declared.owner())
                .filter(|_| self.privacy == Privacy::Named);
            let more = labels(&[
                ("kind", &row.kind),
                ("owner", owner.unwrap_or_default()),
                ("policy", self.policy.name()),
                (
                    "overlap_class",
                    declared.map_or("", |declared| declared.overlap_class().code()),
                ),
            ]);
            sample(text, name, &format!("{},{more}", secret.labels), 1);
        }
    }

    fn write_findings(&self, text: &mut String) {
        let mut environments: Vec<&str> = self.rows.iter().map(|row| row.environment.as_str()).collect();
        environments.sort_unstable();
        environments.dedup();
        let severities = [Severity::Error, Severity::Warning, Severity::Note];
        let count = |environment: Option<&str>, severity| {
            let of_both = self.findings.iter().filter(|finding| {
                finding.severity == severity
                    && finding.environment.as_ref().map(EnvironmentName::as_str) == environment
            });
            of_both.count()
        };
        let name = "mintage_secret_findings";
        head(text, name, "Findings about the age of secrets.");
        for environment in environments {
            for severity in severities {
                let labels = labels(&[("env", environment), ("severity", formats::severity(severity))]);
                sample(text, name, &labels, count(Some(environment), severity));
            }
        }
        let name = "mintage_certificate_findings";
        head(text, name, "Findings about certificates.");
        for severity in severities {
            sample(
                text,
                name,
                &labels(&[("severity", formats::severity(severity))]),
                count(None, severity),
            );
        }
    }
}

/// Something that is measured, and the labels of its samples.
struct Measured<'a> {
    labels: String,
    of: Of<'a>,
}

/// What is measured.
#[derive(Clone, Copy)]
enum Of<'a> {
    Certificate(&'a CertificateRow),
    Secret(&'a StatusRow, Option<&'a SecretRecord>),
}

/// A metric with one value for each secret or certificate.
struct Gauge {
    name: &'static str,
    help: &'static str,
    value: fn(Of<'_>) -> Option<i64>,
}

const OF_SECRETS: &[Gauge] = &[
    Gauge {
        name: "mintage_secret_last_rotation_timestamp_seconds",
        help: "When the value in use came into being.",
        value: |of| seconds(secret(of)?.changed_at),
    },
    Gauge {
        name: "mintage_secret_rotation_due_timestamp_seconds",
        help: "When the value should be replaced by its policy.",
        value: |of| seconds(secret(of)?.due_at),
    },
    Gauge {
        name: "mintage_secret_expiry_timestamp_seconds",
        help: "When the value stops working by itself.",
        value: |of| seconds(secret(of)?.expires_at),
    },
    Gauge {
        name: "mintage_secret_overlap_end_timestamp_seconds",
        help: "Until when the former value stays valid.",
        value: |of| seconds(secret(of)?.overlap_ends_at),
    },
    Gauge {
        name: "mintage_secret_previous_retired",
        help: "Whether no former value counts as valid any more.",
        value: |of| {
            let record = record(of).filter(|record| record.versions.len() > 1)?;
            Some(i64::from(record.at_stage(Stage::Previous).is_none()))
        },
    },
    Gauge {
        // A name with the unit would not pass promtool, which wants bytes for bits.
        name: "mintage_secret_strength",
        help: "Strength of the value in use when it was written, in bits.",
        value: |of| Some(i64::from(record(of)?.current()?.bits)),
    },
];

const OF_CERTIFICATES: &[Gauge] = &[
    Gauge {
        name: "mintage_certificate_up",
        help: "Whether a certificate was found where the policy says.",
        value: |of| Some(i64::from(certificate(of)?.not_after.is_some())),
    },
    Gauge {
        name: "mintage_certificate_not_before_timestamp_seconds",
        help: "From when a certificate is valid.",
        value: |of| seconds(certificate(of)?.not_before),
    },
    Gauge {
        name: "mintage_certificate_not_after_timestamp_seconds",
        help: "Until when a certificate is valid.",
        value: |of| seconds(certificate(of)?.not_after),
    },
];

fn secret(of: Of<'_>) -> Option<&StatusRow> {
    match of {
        Of::Certificate(_) => None,
        Of::Secret(row, _) => Some(row),
    }
}

fn record(of: Of<'_>) -> Option<&SecretRecord> {
    match of {
        Of::Certificate(_) => None,
        Of::Secret(_, record) => record,
    }
}

fn certificate(of: Of<'_>) -> Option<&CertificateRow> {
    match of {
        Of::Certificate(row) => Some(row),
        Of::Secret(..) => None,
    }
}

fn seconds(at: Option<DateTime<Utc>>) -> Option<i64> {
    at.map(|at| at.timestamp())
}

/// Writes a metric; nothing where no secret or certificate has a value.
fn write_gauge(text: &mut String, gauge: &Gauge, measured: &[Measured<'_>]) {
    let mut values = measured
        .iter()
        .filter_map(|one| Some((&one.labels, (gauge.value)(one.of)?)))
        .peekable();
    if values.peek().is_some() {
        head(text, gauge.name, gauge.help);
    }
    for (labels, value) in values {
        sample(text, gauge.name, labels, value);
    }
}

fn head(text: &mut String, name: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
}

fn sample(text: &mut String, name: &str, labels: &str, value: impl Display) {
    let _ = match labels {
        "" => writeln!(text, "{name} {value}"),
        _ => writeln!(text, "{name}{{{labels}}} {value}"),
    };
}

fn labels(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)));
    pairs.collect::<Vec<_>>().join(",")
}

/// Writes the value of a label; other characters than these stand for themselves.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_label_cannot_end_it() {
        assert_eq!(
            labels(&[("a", "x\"} 1\n"), ("b", "\\")]),
            r#"a="x\"} 1\n",b="\\""#
        );
    }
}
