//! An opened store: what can be believed of it.

use chrono::DateTime;
use chrono::Utc;

use crate::app::AppError;
use crate::app::layout::KEYS;
use crate::app::layout::environments_with_ledger;
use crate::app::layout::existing_settings;
use crate::app::layout::ledger_path;
use crate::app::stored::damage_of_value;
use crate::ledger::Chain;
use crate::ledger::Damage;
use crate::ledger::Ledger;
use crate::ledger::Pin;
use crate::ledger::StoreKeys;
use crate::ledger::StoreSettings;
use crate::ledger::VersionRecord;
use crate::ports::AuditLog;
use crate::ports::Cipher;
use crate::ports::Clock;
use crate::ports::Guard;
use crate::ports::LocalState;
use crate::ports::Storage;
use crate::ports::ValuePlace;
use crate::ports::ValueStore;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::VersionId;

/// Everything around a store.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Its files.
    pub storage: &'a dyn Storage,
    /// Its values.
    pub values: &'a dyn ValueStore,
    /// Its encryption.
    pub cipher: &'a dyn Cipher,
    /// Its audit logs.
    pub audit: &'a dyn AuditLog,
    /// What this machine remembers of it.
    pub state: &'a dyn LocalState,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Who acts: user and host.
    pub actor: &'a str,
}

/// A store whose keys were opened with an identity.
pub struct Store<'a> {
    pub(super) world: World<'a>,
    pub(super) settings: StoreSettings,
    pub(super) keys: StoreKeys,
    pub(super) pin: Pin,
    damage: Vec<Damage>,
    pub(super) guard: Option<Box<dyn Guard>>,
}

/// A ledger together with what cannot be believed of it.
#[derive(Debug)]
pub struct Checked {
    /// The file as it was read; `None` when there is none.
    pub bytes: Option<Vec<u8>>,
    /// The records.
    pub ledger: Ledger,
    /// What is wrong.
    pub damage: Vec<Damage>,
}

impl Checked {
    /// Returns what is wrong with one secret.
    pub fn damage_of(&self, name: &SecretName) -> Vec<Damage> {
        let of_secret = self.damage.iter().filter(|damage| damage.secret() == Some(name));
        of_secret.cloned().collect()
    }
}

/// A version that a change adds: its value and its record but for the binding.
#[derive(Debug)]
pub struct WrittenVersion {
    /// The secret.
    pub name: SecretName,
    /// The value.
    pub value: SecretValue,
    /// The version's id, as in the new record.
    pub id: VersionId,
}

impl<'a> Store<'a> {
    /// Opens a store for reading.
    ///
    /// # Errors
    ///
    /// When there is none, or its keys do not open. Damage that leaves the keys readable is kept for
    /// [`Store::damage`].
    pub fn open(world: World<'a>) -> Result<Self, AppError> {
        let settings = existing_settings(world.storage)?;
        let ciphertext = world.storage.get(KEYS)?.ok_or_else(|| AppError::Cipher {
            file: KEYS.to_owned(),
            source: crate::ports::CipherError::Damaged,
        })?;
        let plaintext = world
            .cipher
            .decrypt(&ciphertext)
            .map_err(|source| AppError::Cipher {
                file: KEYS.to_owned(),
                source,
            })?;
        let keys = StoreKeys::parse(plaintext)?;
        let known = world.state.pin(&settings.store)?;
        let mut damage = Vec::new();
        match world.state.store_of_checkout()? {
            Some(before) if before != settings.store => damage.push(Damage::StoreReplaced),
            Some(_) => {}
            // Failing to remember is no reason to fail; it is tried again the next time.
            None => drop(world.state.bind_checkout(&settings.store)),
        }
        if !settings.is_authentic(keys.ledger_key()) || settings.keys != *keys.id() {
            damage.push(Damage::SettingsChanged);
        }
        let pin = match known {
            Some(pin) => {
                damage.extend(pin.check_settings(&settings, keys.id()));
                pin
            }
            None => Pin::first_sight(&settings),
        };
        Ok(Self {
            world,
            settings,
            keys,
            pin,
            damage,
            guard: None,
        })
    }

    /// Opens a store for writing: no other process writes to it until this one is dropped.
    ///
    /// # Errors
    ///
    /// When another process does not let go, the store does not open, or anything in it cannot be believed.
    pub fn open_for_writing(world: World<'a>, environment: &EnvironmentName) -> Result<Self, AppError> {
        existing_settings(world.storage)?;
        let guard = world.storage.lock()?;
        let mut store = Self::open(world)?;
        store.guard = Some(guard);
        let mut damage = store.damage.clone();
        damage.extend(store.check_audit()?.1);
        damage.extend(store.journals()?.1);
        for known in store.environments()? {
            let checked = store.ledger(&known)?;
            damage.extend(checked.damage);
            if known == *environment {
                damage.extend(store.damaged_values(&known, &checked.ledger)?);
            }
        }
        // A new value is the only way back from a lost entry.
        damage.retain(|one| !one.is_of_lost_entry());
        if damage.is_empty() {
            Ok(store)
        } else {
            Err(AppError::Damaged(damage))
        }
    }

    /// Lets other processes write again, while a sink is told.
    pub(super) fn unlock(&mut self) {
        self.guard = None;
    }

    /// Waits, before something that failed is tried again.
    pub(super) fn pause(&self, time: std::time::Duration) {
        self.world.clock.pause(time);
    }

    /// Returns where the values of an environment belong.
    pub(super) fn place<'b>(&'b self, environment: &'b EnvironmentName) -> ValuePlace<'b> {
        ValuePlace {
            store: &self.settings.store,
            keys: &self.keys,
            environment,
        }
    }

    /// Returns what is wrong with the store as a whole.
    pub fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// Returns who can decrypt.
    pub fn settings(&self) -> &StoreSettings {
        &self.settings
    }

    /// Returns the store's keys.
    pub fn keys(&self) -> &StoreKeys {
        &self.keys
    }

    /// Returns what this machine has seen of the store.
    pub fn pin(&self) -> &Pin {
        &self.pin
    }

    /// Returns the time.
    pub fn now(&self) -> DateTime<Utc> {
        self.world.clock.now()
    }

    /// Lists the environments that have a ledger or that this machine has seen.
    ///
    /// # Errors
    ///
    /// When the store cannot be listed.
    pub fn environments(&self) -> Result<Vec<EnvironmentName>, AppError> {
        let mut found: Vec<EnvironmentName> = self.pin.environments.keys().cloned().collect();
        found.extend(environments_with_ledger(self.world.storage)?);
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// Reads the ledger of an environment and checks it against its MACs and the pin.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn ledger(&self, environment: &EnvironmentName) -> Result<Checked, AppError> {
        let bytes = self.world.storage.get(&ledger_path(environment))?;
        let Some(content) = &bytes else {
            return Ok(Checked {
                damage: self.pin.check_ledger(environment, None),
                bytes,
                ledger: Ledger::default(),
            });
        };
        let ledger = Ledger::read(content);
        let mut damage = ledger.check((&self.settings.store, environment), self.keys.ledger_key());
        damage.extend(self.pin.check_ledger(environment, Some(&ledger)));
        Ok(Checked {
            bytes,
            ledger,
            damage,
        })
    }

    /// Returns the value of a version after checking its record and its file.
    ///
    /// # Errors
    ///
    /// When the record or the file cannot be believed, or the value does not open.
    pub fn value(
        &self,
        environment: &EnvironmentName,
        checked: &Checked,
        name: &SecretName,
        version: &VersionRecord,
    ) -> Result<SecretValue, AppError> {
        let of_store = self.damage.iter().filter(|damage| damage.is_of_everything());
        let of_secret = checked
            .damage
            .iter()
            .filter(|damage| damage.secret() == Some(name));
        let damage: Vec<Damage> = of_store.chain(of_secret).cloned().collect();
        if !damage.is_empty() {
            return Err(AppError::DamagedSecret {
                environment: environment.clone(),
                name: name.clone(),
                damage,
            });
        }
        let value = self
            .world
            .values
            .get(self.place(environment), name, version.id, &version.binding);
        value.map_err(
            |error| match damage_of_value(environment, name, version, &error) {
                Some(damage) => AppError::DamagedSecret {
                    environment: environment.clone(),
                    name: name.clone(),
                    damage: vec![damage],
                },
                None => AppError::Value {
                    name: name.clone(),
                    environment: environment.clone(),
                    source: error,
                },
            },
        )
    }

    /// Checks every audit log from its start. Returns how many events there are, and what is wrong.
    ///
    /// # Errors
    ///
    /// When a log cannot be read.
    pub fn check_audit(&self) -> Result<(u64, Vec<Damage>), AppError> {
        let (mut count, mut damage) = (0, Vec::new());
        let mut writers = self.world.audit.writers()?;
        writers.extend(self.pin.audit.keys().cloned());
        writers.sort();
        writers.dedup();
        for writer in writers {
            let bytes = self.world.audit.read(&writer)?;
            let read = Chain::read(&self.settings.store, &writer, &bytes, self.keys.ledger_key());
            let (events, chain) = match read {
                Ok(read) => read,
                Err(broken) => {
                    damage.push(broken);
                    continue;
                }
            };
            let found = events.len() as u64;
            count += found;
            let Some(seen) = self.pin.audit.get(&writer) else {
                continue;
            };
            // The MAC of an event stands in the one after it, and that of the last in the chain's head.
            let next = usize::try_from(seen.sequence)
                .ok()
                .and_then(|next| events.get(next));
            let mac = match next {
                Some(next) => Some(&next.prev),
                None => chain.head().map(|head| &head.mac),
            };
            if found < seen.sequence {
                damage.push(Damage::AuditTruncated {
                    writer,
                    found,
                    seen: seen.sequence,
                });
            } else if mac != Some(&seen.mac) {
                damage.push(Damage::AuditRewritten {
                    writer,
                    sequence: seen.sequence,
                });
            }
        }
        Ok((count, damage))
    }

    /// Remembers a ledger that proved authentic. Failing to remember is no reason to fail.
    pub fn remember(&mut self, environment: &EnvironmentName, checked: &Checked) {
        let is_sound = self.damage.is_empty() && checked.damage.is_empty() && checked.bytes.is_some();
        if is_sound && self.pin.note_ledger(environment, &checked.ledger) {
            let _ = self.world.state.add_to_pin(&self.settings.store, &self.pin);
        }
    }
}
