//! Whether evidence is what was made, and what of it was changed.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app::AppError;
use crate::app::Store;
use crate::app::evidence::MANIFEST;
use crate::ledger::Chain;
use crate::ledger::Ledger;
use crate::ledger::Manifest;
use crate::ledger::Part;
use crate::ledger::SignedManifest;

/// What a check of evidence comes to.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceCheck {
    /// The store that it says it is of.
    pub store: Option<String>,
    /// The start of its period.
    pub from: Option<DateTime<Utc>>,
    /// The end of its period.
    pub until: Option<DateTime<Utc>>,
    /// When it says it was made.
    pub made_at: Option<DateTime<Utc>>,
    /// By whom.
    pub made_by: Option<String>,
    /// How many parts were checked, beside the manifest.
    pub parts: usize,
    /// How many lines of audit logs were checked.
    pub events: usize,
    /// SHA-256 of the manifest, in hexadecimal.
    pub manifest_sha256: Option<String>,
    /// Whether the keys of its store were there, so that every MAC was checked.
    pub authenticated: bool,
    /// What is not as it was made.
    pub faults: Vec<EvidenceFault>,
}

/// One thing that is not as it was made.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct EvidenceFault {
    /// The part, by its path.
    pub part: String,
    /// What is wrong with it.
    pub message: String,
}

/// Checks evidence by its parts; with the store that made it, every MAC too.
///
/// # Errors
///
/// When the store's audit logs cannot be read.
pub fn check_evidence(
    parts: &BTreeMap<String, Vec<u8>>,
    store: Option<&Store<'_>>,
) -> Result<EvidenceCheck, AppError> {
    let mut case = Case {
        parts,
        check: EvidenceCheck {
            store: None,
            from: None,
            until: None,
            made_at: None,
            made_by: None,
            parts: parts
                .len()
                .saturating_sub(usize::from(parts.contains_key(MANIFEST))),
            events: 0,
            manifest_sha256: None,
            authenticated: false,
            faults: Vec::new(),
        },
    };
    let Some(line) = parts.get(MANIFEST) else {
        case.fault(
            MANIFEST,
            "is missing: this is no evidence, or what is left of some",
        );
        return Ok(case.check);
    };
    case.check.manifest_sha256 = Some(Part::of(line).sha256);
    let Some(signed) = SignedManifest::read(line) else {
        case.fault(MANIFEST, "is not what mintage wrote");
        return Ok(case.check);
    };
    let manifest = &signed.manifest;
    if manifest.evidence != Manifest::FORM {
        let (found, read) = (manifest.evidence, Manifest::FORM);
        case.fault(
            MANIFEST,
            format!("is of form {found}, and this program reads {read}"),
        );
        return Ok(case.check);
    }
    case.check.store = Some(manifest.store.as_str().to_owned());
    case.check.from = Some(manifest.from);
    case.check.until = Some(manifest.until);
    case.check.made_at = Some(manifest.made_at);
    case.check.made_by = Some(manifest.made_by.clone());
    let store = store.filter(|store| store.settings().store == manifest.store);
    case.check.authenticated = store.is_some();
    if store.is_some_and(|store| !signed.is_authentic(store.keys().ledger_key())) {
        case.fault(
            MANIFEST,
            "was not made by this store, or was changed: its MAC does not fit",
        );
    }
    case.hashes(manifest);
    case.audit(manifest, store)?;
    case.ledgers(store);
    Ok(case.check)
}

struct Case<'a> {
    parts: &'a BTreeMap<String, Vec<u8>>,
    check: EvidenceCheck,
}

impl Case<'_> {
    fn fault(&mut self, part: &str, message: impl Into<String>) {
        self.check.faults.push(EvidenceFault {
            part: part.to_owned(),
            message: message.into(),
        });
    }

    /// Compares every part with the manifest, both ways.
    fn hashes(&mut self, manifest: &Manifest) {
        let parts = self.parts;
        for (path, described) in &manifest.parts {
            match parts.get(path) {
                None => self.fault(path, "is missing"),
                Some(content) if Part::of(content) != *described => self.fault(path, "was changed"),
                Some(_) => {}
            }
        }
        for path in parts.keys() {
            if path != MANIFEST && !manifest.parts.contains_key(path) {
                self.fault(path, "was added");
            }
        }
    }

    /// Checks the lines of audit logs, and that the store still has them.
    fn audit(&mut self, manifest: &Manifest, store: Option<&Store<'_>>) -> Result<(), AppError> {
        let parts = self.parts;
        let key = store.map(|store| store.keys().ledger_key());
        for (path, content) in parts {
            let name = path
                .strip_prefix("audit/")
                .and_then(|name| name.strip_suffix(".jsonl"));
            let Some(writer) = name else {
                continue;
            };
            let events = match Chain::read_part(&manifest.store, writer, content, key) {
                Ok(events) => events,
                Err(damage) => {
                    self.fault(path, damage.to_string());
                    continue;
                }
            };
            self.check.events += events.len();
            let Some(store) = store else {
                continue;
            };
            let bytes = store.world.audit.read(writer)?;
            // A log of another checkout may not have come here yet.
            if bytes.is_empty() {
                continue;
            }
            let now: BTreeMap<u64, String> = Chain::read_part(&manifest.store, writer, &bytes, None)
                .unwrap_or_default()
                .into_iter()
                .map(|(event, mac)| (event.sequence, mac))
                .collect();
            let gone = events
                .iter()
                .find(|(event, mac)| now.get(&event.sequence) != Some(mac));
            if let Some((event, _)) = gone {
                let sequence = event.sequence;
                self.fault(
                    path,
                    format!("event {sequence} is not the one that the store has now"),
                );
            }
        }
        Ok(())
    }

    /// Checks the MACs of the ledgers.
    fn ledgers(&mut self, store: Option<&Store<'_>>) {
        let parts = self.parts;
        let Some(store) = store else {
            return;
        };
        for (path, content) in parts {
            let name = path
                .strip_prefix("ledgers/")
                .and_then(|name| name.strip_suffix("-ledger.jsonl"));
            let Some(environment) = name.and_then(|name| name.parse().ok()) else {
                continue;
            };
            let place = (&store.settings().store, &environment);
            let damage = Ledger::read(content).check(place, store.keys().ledger_key());
            for one in damage {
                self.fault(path, one.to_string());
            }
        }
    }
}
