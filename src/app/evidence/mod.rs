//! Evidence of a period: what there was, how old it was, who did what, and how to check all of it later.

mod check;
mod csv;
mod data;
mod readme;

pub use check::EvidenceCheck;
pub use check::EvidenceFault;
pub use check::check_evidence;
pub use csv::table as csv_table;

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app::AppError;
use crate::app::CertificateRow;
use crate::app::Store;
use crate::app::World;
use crate::app::evidence::data::Data;
use crate::app::layout::ledger_path;
use crate::ledger::AuditHead;
use crate::ledger::Chain;
use crate::ledger::Damage;
use crate::ledger::Event;
use crate::ledger::Ledger;
use crate::ledger::Manifest;
use crate::ledger::Part;
use crate::policy::Policy;
use crate::secret::EnvironmentName;

/// What evidence is asked for.
#[derive(Clone, Copy, Debug)]
pub struct EvidenceTerms<'a> {
    /// The start of the period.
    pub from: DateTime<Utc>,
    /// Its end; at most now.
    pub until: DateTime<Utc>,
    /// The environments.
    pub environments: &'a [EnvironmentName],
    /// The policy file, word for word.
    pub policy_text: &'a str,
    /// The certificates as they are now: nobody remembers those before them.
    pub certificates: &'a [CertificateRow],
    /// The version of this program.
    pub program: &'a str,
}

/// Evidence, ready to be packed.
#[derive(Debug)]
pub struct Evidence {
    /// Every part with its path, the manifest among them, sorted.
    pub parts: Vec<(String, Vec<u8>)>,
    /// What is in it.
    pub summary: EvidenceSummary,
    /// What in the store cannot be believed; it is named in the evidence too.
    pub damage: Vec<Damage>,
}

/// What is in a piece of evidence.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceSummary {
    /// The start of the period.
    pub from: DateTime<Utc>,
    /// The end of the period.
    pub until: DateTime<Utc>,
    /// How many secrets.
    pub secrets: usize,
    /// How many versions that were made, in use or ended in the period.
    pub versions: usize,
    /// How many events of the audit logs.
    pub events: usize,
    /// How many sign-offs.
    pub signoffs: usize,
    /// How many parts, beside the manifest.
    pub parts: usize,
    /// SHA-256 of the manifest, in hexadecimal: whoever keeps it apart can tell the evidence from any other.
    pub manifest_sha256: String,
}

/// Gathers the evidence of a period. It holds no value.
///
/// # Errors
///
/// When the store does not open or cannot be read. Damage is a part of the evidence.
pub fn evidence(world: World<'_>, policy: &Policy, terms: &EvidenceTerms<'_>) -> Result<Evidence, AppError> {
    let store = Store::open(world)?;
    let mut damage = store.damage().to_vec();
    damage.extend(store.check_audit()?.1);
    let mut parts: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut ledgers: BTreeMap<EnvironmentName, Ledger> = BTreeMap::new();
    for environment in terms.environments {
        let checked = store.ledger(environment)?;
        damage.extend(checked.damage);
        if let Some(bytes) = checked.bytes {
            parts.insert(
                format!("ledgers/{}", ledger_path(environment).replace('/', "-")),
                bytes,
            );
        }
        ledgers.insert(environment.clone(), checked.ledger);
    }
    let (events, heads, logs) = audit_of_period(&store, terms)?;
    parts.extend(logs);
    let data = Data::new(policy, &ledgers, &events, &damage, terms);
    parts.extend(data.parts());
    parts.insert("policy.toml".to_owned(), terms.policy_text.as_bytes().to_vec());
    let settings = store.settings();
    let mut manifest = Manifest {
        evidence: Manifest::FORM,
        store: settings.store.clone(),
        keys: store.keys().id().clone(),
        from: terms.from,
        until: terms.until,
        made_at: store.now(),
        made_by: world.actor.to_owned(),
        program: terms.program.to_owned(),
        heads,
        parts: BTreeMap::new(),
    };
    let readme = readme::text(&data, &manifest, policy);
    parts.insert("README.md".to_owned(), readme.into_bytes());
    let described = parts
        .iter()
        .map(|(path, content)| (path.clone(), Part::of(content)));
    manifest.parts = described.collect();
    let line = manifest.to_line(store.keys().ledger_key()).into_bytes();
    let summary = EvidenceSummary {
        from: terms.from,
        until: terms.until,
        secrets: data.secrets.len(),
        versions: data.versions.len(),
        events: data.events.len(),
        signoffs: data.signoffs().count(),
        parts: parts.len(),
        manifest_sha256: Part::of(&line).sha256,
    };
    parts.insert(MANIFEST.to_owned(), line);
    Ok(Evidence {
        parts: parts.into_iter().collect(),
        summary,
        damage,
    })
}

type Logs = (Vec<Event>, BTreeMap<String, AuditHead>, Vec<(String, Vec<u8>)>);

/// Returns the events of the period, the end of every log, and the lines that hold the events as they stand there.
fn audit_of_period(store: &Store<'_>, terms: &EvidenceTerms<'_>) -> Result<Logs, AppError> {
    let (mut events, mut heads, mut logs) = (Vec::new(), BTreeMap::new(), Vec::new());
    for writer in store.world.audit.writers()? {
        let bytes = store.world.audit.read(&writer)?;
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let text = String::from_utf8_lossy(&bytes[..whole]).into_owned();
        let key = store.keys().ledger_key();
        if let Ok((_, chain)) = Chain::read(&store.settings().store, &writer, &bytes, key) {
            heads.extend(chain.head().map(|head| (writer.clone(), head.clone())));
        }
        let read = |row: &str| Chain::read_unverified(row.as_bytes()).into_iter().next();
        let rows: Vec<(&str, Option<Event>)> = text.lines().map(|row| (row, read(row))).collect();
        let is_meant = |(_, event): &(&str, Option<Event>)| {
            event
                .as_ref()
                .is_some_and(|event| terms.from <= event.draft.at && event.draft.at <= terms.until)
        };
        let (Some(first), Some(last)) = (rows.iter().position(is_meant), rows.iter().rposition(is_meant))
        else {
            continue;
        };
        // One stretch without a gap, or the links between its lines would prove nothing.
        let stretch = &rows[first..=last];
        let lines: String = stretch.iter().map(|(row, _)| format!("{row}\n")).collect();
        logs.push((format!("audit/{writer}.jsonl"), lines.into_bytes()));
        let of_period = stretch.iter().filter(|row| is_meant(row));
        events.extend(of_period.filter_map(|(_, event)| event.clone()));
    }
    let is_here = |event: &Event| {
        let environment = event.draft.environment.as_ref();
        environment.is_none_or(|environment| terms.environments.contains(environment))
    };
    events.retain(is_here);
    events.sort_by_key(|event| event.draft.at);
    Ok((events, heads, logs))
}

/// The path of the manifest.
const MANIFEST: &str = "manifest.json";
