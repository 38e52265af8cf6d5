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

    /// Adds what `other` has seen of the same store; of two views, the later one counts.
    pub fn add(&mut self, other: &Self) {
        if self.keys != other.keys {
            return;
        }
        for (environment, theirs) in &other.environments {
            let ours = self.environments.entry(environment.clone()).or_default();
            if theirs.revision > ours.revision {
                ours.clone_from(theirs);
            }
        }
        for (writer, theirs) in &other.audit {
            let is_later = self
                .audit
                .get(writer)
                .is_none_or(|ours| theirs.sequence > ours.sequence);
            if is_later {
                self.audit.insert(writer.clone(), theirs.clone());
            }
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

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;
    use crate::ledger::StoreId;
    use crate::ledger::StoreKeys;

    fn pin(revision: u64, sequence: u64) -> Pin {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let keys = StoreKeys::generate(&mut rng);
        let store = StoreId::generate(&mut rng);
        let settings = StoreSettings::new(store, keys.id().clone(), Vec::new(), keys.ledger_key());
        let mut pin = Pin::first_sight(&settings);
        let seen = PinnedEnvironment {
            revision,
            secrets: BTreeMap::new(),
        };
        pin.environments.insert("production".parse().unwrap(), seen);
        let head = AuditHead {
            sequence,
            mac: String::new(),
        };
        pin.audit.insert("w".to_owned(), head);
        pin
    }

    #[test]
    fn of_two_views_the_later_one_counts() {
        let mut slow = pin(3, 9);

        slow.add(&pin(5, 7));

        assert_eq!(slow, pin(5, 9));
    }
}
