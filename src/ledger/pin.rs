//! The pin: what this machine has seen of a store.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

use crate::ledger::Damage;
use crate::ledger::KeyId;
use crate::ledger::Ledger;
use crate::ledger::StoreSettings;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// What this machine has seen of a store. It is kept outside the store, so that an older or a foreign store is noticed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Version of this file.
    pub format: u32,
    /// The store keys.
    pub keys: KeyId,
    /// The recipients, sorted.
    pub recipients: Vec<String>,
    /// What was seen of each environment.
    pub environments: BTreeMap<EnvironmentName, PinnedEnvironment>,
    /// The last event seen of each audit log, by writer.
    pub audit: BTreeMap<String, AuditHead>,
}

/// What was seen of one environment.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedEnvironment {
    /// The highest revision of the ledger.
    pub revision: u64,
    /// The highest revision of each secret.
    pub secrets: BTreeMap<SecretName, u64>,
}

/// The last event seen of an audit log.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AuditHead {
    /// Its number, counted from 1.
    pub sequence: u64,
    /// Its MAC.
    pub mac: String,
}

impl Pin {
    /// Starts a pin at the first sight of a store.
    pub fn first_sight(settings: &StoreSettings) -> Self {
        Self {
            format: 1,
            keys: settings.keys.clone(),
            recipients: recipients_of(settings),
            environments: BTreeMap::new(),
            audit: BTreeMap::new(),
        }
    }

    /// Says where the store differs from what was seen of it.
    pub fn check_settings(&self, settings: &StoreSettings, keys: &KeyId) -> Vec<Damage> {
        let mut damage = Vec::new();
        if self.keys != *keys {
            damage.push(Damage::KeysReplaced);
        }
        let found = recipients_of(settings);
        if found != self.recipients {
            let without = |from: &[String], others: &[String]| {
                from.iter()
                    .filter(|recipient| !others.contains(recipient))
                    .cloned()
                    .collect()
            };
            damage.push(Damage::RecipientsChanged {
                added: without(&found, &self.recipients),
                removed: without(&self.recipients, &found),
            });
        }
        damage
    }

    /// Says where a ledger is older than what was seen of it; `None` is a ledger that is not there.
    pub fn check_ledger(&self, environment: &EnvironmentName, ledger: Option<&Ledger>) -> Vec<Damage> {
        let Some(seen) = self.environments.get(environment) else {
            return Vec::new();
        };
        let Some(ledger) = ledger else {
            return vec![Damage::LedgerMissing {
                environment: environment.clone(),
                seen: seen.revision,
            }];
        };
        let mut damage = Vec::new();
        if ledger.revision() < seen.revision {
            damage.push(Damage::LedgerRolledBack {
                environment: environment.clone(),
                found: ledger.revision(),
                seen: seen.revision,
            });
        }
        let found: BTreeMap<&SecretName, u64> = ledger
            .records()
            .map(|record| (&record.name, record.revision))
            .collect();
        for (name, seen) in &seen.secrets {
            match found.get(name) {
                None => damage.push(Damage::SecretMissing {
                    environment: environment.clone(),
                    name: name.clone(),
                }),
                Some(found) if found < seen => damage.push(Damage::SecretRolledBack {
                    environment: environment.clone(),
                    name: name.clone(),
                    found: *found,
                    seen: *seen,
                }),
                Some(_) => {}
            }
        }
        damage
    }

    /// Takes note of a ledger that proved authentic. Returns whether anything was new.
    pub fn note_ledger(&mut self, environment: &EnvironmentName, ledger: &Ledger) -> bool {
        let secrets = ledger
            .records()
            .map(|record| (record.name.clone(), record.revision))
            .collect();
        let seen = PinnedEnvironment {
            revision: ledger.revision(),
            secrets,
        };
        if self.environments.get(environment) == Some(&seen) {
            return false;
        }
        self.environments.insert(environment.clone(), seen);
        true
    }
}

fn recipients_of(settings: &StoreSettings) -> Vec<String> {
    let mut recipients: Vec<String> = settings
        .recipients
        .iter()
        .map(|named| named.recipient.clone())
        .collect();
    recipients.sort_unstable();
    recipients
}
