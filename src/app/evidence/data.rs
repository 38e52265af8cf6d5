//! The tables of evidence, for programs and for spreadsheets.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::SecondsFormat;
use chrono::Utc;
use serde::Serialize;
use serde_json::json;

use crate::app::CertificateRow;
use crate::app::HistoryVersion;
use crate::app::StatusRow;
use crate::app::View;
use crate::app::evidence::EvidenceTerms;
use crate::app::evidence::csv;
use crate::app::history::told;
use crate::app::status;
use crate::ledger::Damage;
use crate::ledger::Event;
use crate::ledger::Ledger;
use crate::ledger::VersionRecord;
use crate::policy::Policy;
use crate::secret::EnvironmentName;

/// What is known of the period.
pub(super) struct Data<'a> {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    /// Every secret as of the end of the period.
    pub(super) secrets: Vec<StatusRow>,
    /// Every version that was made, in use or ended in the period.
    pub(super) versions: Vec<HistoryVersion>,
    /// Every event of the period, in the order of time.
    pub(super) events: &'a [Event],
    pub(super) waivers: Vec<WaiverRow>,
    pub(super) certificates: &'a [CertificateRow],
    pub(super) damage: &'a [Damage],
}

/// A waiver of the policy.
#[derive(Serialize)]
pub(super) struct WaiverRow {
    pub(super) rule: String,
    pub(super) name: Option<String>,
    pub(super) environment: Option<String>,
    pub(super) until: String,
    pub(super) reason: String,
    /// Whether it held on the last day of the period.
    pub(super) in_force: bool,
}

impl<'a> Data<'a> {
    /// Looks at ledgers and events from the end of the period.
    pub(super) fn new(
        policy: &Policy,
        ledgers: &BTreeMap<EnvironmentName, Ledger>,
        events: &'a [Event],
        damage: &'a [Damage],
        terms: &EvidenceTerms<'a>,
    ) -> Self {
        let view = View {
            at: terms.until,
            is_now: false,
            within: None,
        };
        let mut versions = Vec::new();
        for (environment, ledger) in ledgers {
            for record in ledger.records() {
                let touched = record.versions.iter().filter(|version| touches(version, terms));
                versions.extend(touched.map(|version| told(environment, &record.name, version)));
            }
        }
        let waivers = policy.waivers().iter().map(|waiver| WaiverRow {
            rule: waiver.rule().to_owned(),
            name: waiver.name().map(str::to_owned),
            environment: waiver.environment().map(ToString::to_string),
            until: waiver.until().to_string(),
            reason: waiver.reason().to_owned(),
            in_force: waiver.until() >= terms.until.date_naive(),
        });
        Self {
            from: terms.from,
            until: terms.until,
            secrets: status(policy, ledgers, terms.environments, view),
            versions,
            events,
            waivers: waivers.collect(),
            certificates: terms.certificates,
            damage,
        }
    }

    /// Returns the sign-offs of the period.
    pub(super) fn signoffs(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|event| event.draft.signoff.is_some())
    }

    /// Writes every table, as JSON and as CSV.
    pub(super) fn parts(&self) -> Vec<(String, Vec<u8>)> {
        let signoffs: Vec<&Event> = self.signoffs().collect();
        vec![
            document("secrets", &self.secrets),
            document("versions", &self.versions),
            document("events", &self.events),
            document("signoffs", &signoffs),
            document("waivers", &self.waivers),
            document("certificates", &self.certificates),
            document("integrity", &json!({ "damage": self.damage })),
            ("data/secrets.csv".to_owned(), self.secrets_csv()),
            ("data/versions.csv".to_owned(), self.versions_csv()),
            ("data/events.csv".to_owned(), self.events_csv()),
        ]
    }

    fn secrets_csv(&self) -> Vec<u8> {
        let header = [
            "environment",
            "name",
            "kind",
            "state",
            "age_days",
            "changed_at",
            "due_at",
            "expires_at",
            "issued_by",
            "fingerprint",
        ];
        let rows = self.secrets.iter().map(|row| {
            vec![
                row.environment.to_string(),
                row.name.to_string(),
                row.kind.clone(),
                row.state.name().to_owned(),
                row.age_days.map(|days| days.to_string()).unwrap_or_default(),
                instant(row.changed_at),
                instant(row.due_at),
                instant(row.expires_at),
                row.issued_by.clone().unwrap_or_default(),
                row.fingerprint.clone().unwrap_or_default(),
            ]
        });
        csv::table(&header, rows)
    }

    fn versions_csv(&self) -> Vec<u8> {
        let header = [
            "environment",
            "name",
            "version",
            "stage_now",
            "origin",
            "recorded_at",
            "changed_at",
            "replaced_at",
            "overlap_ends_at",
            "compromised",
            "fingerprint",
        ];
        let rows = self.versions.iter().map(|row| {
            vec![
                row.environment.to_string(),
                row.name.to_string(),
                row.version.to_string(),
                row.stage.to_string(),
                word(&row.origin),
                instant(Some(row.recorded_at)),
                instant(row.changed_at),
                instant(row.replaced_at),
                instant(row.overlap_ends_at),
                row.compromised.to_string(),
                row.fingerprint.clone(),
            ]
        });
        csv::table(&header, rows)
    }

    fn events_csv(&self) -> Vec<u8> {
        let header = [
            "at",
            "by",
            "action",
            "phase",
            "environment",
            "name",
            "version",
            "reason",
            "sink",
            "role",
        ];
        let rows = self.events.iter().map(|event| {
            let draft = &event.draft;
            vec![
                instant(Some(draft.at)),
                draft.by.clone(),
                word(&draft.action),
                word(&draft.phase),
                draft
                    .environment
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                draft.secret.as_ref().map(ToString::to_string).unwrap_or_default(),
                draft
                    .version
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                draft.reason.as_ref().map(word).unwrap_or_default(),
                draft.sink.clone().unwrap_or_default(),
                draft
                    .signoff
                    .as_ref()
                    .map(|one| one.role.clone())
                    .unwrap_or_default(),
            ]
        });
        csv::table(&header, rows)
    }
}

/// Returns whether a version was made, in use or ended in the period.
fn touches(version: &VersionRecord, terms: &EvidenceTerms<'_>) -> bool {
    let began = version.recorded_at <= terms.until;
    let ended = version.replaced_at.is_some_and(|end| end < terms.from);
    began && !ended
}

fn document(name: &str, body: &impl Serialize) -> (String, Vec<u8>) {
    let mut text = serde_json::to_vec_pretty(body).unwrap_or_default();
    text.push(b'\n');
    (format!("data/{name}.json"), text)
}

fn instant(instant: Option<DateTime<Utc>>) -> String {
    instant
        .map(|instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true))
        .unwrap_or_default()
}

/// Returns a variant's name as the files spell it.
pub(super) fn word(variant: &impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
