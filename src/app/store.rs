//! An opened store: what can be believed of it, and the one way to change it.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;

use crate::app::AppError;
use crate::ledger::Action;
use crate::ledger::Chain;
use crate::ledger::Damage;
use crate::ledger::EventDraft;
use crate::ledger::Ledger;
use crate::ledger::Phase;
use crate::ledger::Pin;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::ledger::StoreKeys;
use crate::ledger::StoreSettings;
use crate::ledger::VersionRecord;
use crate::ports::AuditLog;
use crate::ports::Cipher;
use crate::ports::Clock;
use crate::ports::Guard;
use crate::ports::LocalState;
use crate::ports::NewValue;
use crate::ports::Storage;
use crate::ports::ValueError;
use crate::ports::ValueStore;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::Stage;
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
    world: World<'a>,
    settings: StoreSettings,
    keys: StoreKeys,
    pin: Pin,
    damage: Vec<Damage>,
    guard: Option<Box<dyn Guard>>,
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
        for known in store.environments()? {
            let checked = store.ledger(&known)?;
            damage.extend(checked.damage);
            if known == *environment {
                damage.extend(store.damaged_values(&known, &checked.ledger)?);
            }
        }
        if damage.is_empty() {
            Ok(store)
        } else {
            Err(AppError::Damaged(damage))
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
        let damage: Vec<Damage> = checked
            .damage
            .iter()
            .filter(|damage| damage.secret() == Some(name))
            .cloned()
            .collect();
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
            .get(environment, name, version.id, &version.binding);
        value.map_err(|error| match damage_of(environment, name, version.id, &error) {
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
        })
    }

    /// Names the version files of an environment that are missing or not what the ledger names.
    ///
    /// # Errors
    ///
    /// When files cannot be read at all.
    pub fn damaged_values(
        &self,
        environment: &EnvironmentName,
        ledger: &Ledger,
    ) -> Result<Vec<Damage>, AppError> {
        let mut damage = Vec::new();
        for record in ledger.records() {
            for version in &record.versions {
                let checked =
                    self.world
                        .values
                        .check(environment, &record.name, version.id, &version.binding);
                let Err(error) = checked else {
                    continue;
                };
                match damage_of(environment, &record.name, version.id, &error) {
                    Some(found) => damage.push(found),
                    None => {
                        return Err(AppError::Value {
                            name: record.name.clone(),
                            environment: environment.clone(),
                            source: error,
                        });
                    }
                }
            }
        }
        Ok(damage)
    }

    /// Remembers a ledger that proved authentic. Failing to remember is no reason to fail.
    pub fn remember(&mut self, environment: &EnvironmentName, checked: &Checked) {
        let is_sound = self.damage.is_empty() && checked.damage.is_empty() && checked.bytes.is_some();
        if is_sound && self.pin.note_ledger(environment, &checked.ledger) {
            let _ = self.world.state.save_pin(&self.settings.store, &self.pin);
        }
    }

    /// Commits new records of an environment: audit intent, values, ledger, pin, audit result, in this order.
    ///
    /// `records` holds the records that change, with any binding in their new versions; `versions` holds the new
    /// values. The ledger's rename is the commit point.
    ///
    /// # Errors
    ///
    /// Before the ledger's rename nothing has changed but for leftover files; an error after it says so.
    /// Only the rename decides: neither the pin nor the audit result can undo it.
    pub fn commit(
        &mut self,
        environment: &EnvironmentName,
        checked: Checked,
        mut records: Vec<SecretRecord>,
        versions: &[WrittenVersion],
        events: (Action, Option<Reason>),
    ) -> Result<Vec<SecretRecord>, AppError> {
        let draft = |phase, written: &WrittenVersion| EventDraft {
            phase,
            environment: Some(environment.clone()),
            secret: Some(written.name.clone()),
            version: Some(written.id),
            reason: events.1,
            ..self.event(events.0)
        };
        let intents = versions.iter().map(|one| draft(Phase::Intent, one)).collect();
        let results = versions.iter().map(|one| draft(Phase::Done, one)).collect();
        self.record(intents)?;
        self.write_values(environment, &mut records, versions)?;
        let revision = checked.ledger.revision() + 1;
        let mut all: BTreeMap<SecretName, SecretRecord> = checked.ledger.into_records();
        for record in &records {
            all.insert(record.name.clone(), record.clone());
        }
        let place = (&self.settings.store, environment);
        let bytes = Ledger::write(&all, revision, place, self.keys.ledger_key());
        self.world
            .storage
            .replace(&ledger_path(environment), checked.bytes.as_deref(), &bytes)?;
        self.pin.note_ledger(environment, &Ledger::read(&bytes));
        let _ = self.world.state.save_pin(&self.settings.store, &self.pin);
        // The change stands and its intent is recorded: a result that cannot be is no reason to deny it.
        let _ = self.record(results);
        Ok(records)
    }

    fn write_values(
        &self,
        environment: &EnvironmentName,
        records: &mut [SecretRecord],
        versions: &[WrittenVersion],
    ) -> Result<(), AppError> {
        let new: Vec<NewValue<'_>> = versions
            .iter()
            .map(|written| NewValue {
                name: &written.name,
                version: written.id,
                value: &written.value,
            })
            .collect();
        let recipients = self.recipients();
        let bindings = self
            .world
            .values
            .put(environment, &new, &recipients)
            .map_err(|source| AppError::ValuesNotWritten {
                environment: environment.clone(),
                source,
            })?;
        let by_id: BTreeMap<VersionId, _> = new.iter().map(|one| one.version).zip(bindings).collect();
        for version in records.iter_mut().flat_map(|record| &mut record.versions) {
            if let Some(binding) = by_id.get(&version.id) {
                version.binding = binding.clone();
            }
        }
        Ok(())
    }

    /// Seals a ledger anew whose lines all prove authentic, above every revision that was seen.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn seal_anew(&mut self, environment: &EnvironmentName, checked: Checked) -> Result<(), AppError> {
        let seen = self
            .pin
            .environments
            .get(environment)
            .map_or(0, |seen| seen.revision);
        let revision = checked.ledger.revision().max(seen) + 1;
        let records = checked.ledger.into_records();
        let place = (&self.settings.store, environment);
        let bytes = Ledger::write(&records, revision, place, self.keys.ledger_key());
        self.world
            .storage
            .replace(&ledger_path(environment), checked.bytes.as_deref(), &bytes)?;
        self.pin.note_ledger(environment, &Ledger::read(&bytes));
        self.world.state.save_pin(&self.settings.store, &self.pin)?;
        Ok(())
    }

    /// Writes events to the audit log of this checkout, durably.
    ///
    /// # Errors
    ///
    /// When they are not known to be on disk; whatever they announce must not be done then.
    pub fn record(&mut self, events: Vec<EventDraft>) -> Result<(), AppError> {
        if events.is_empty() {
            return Ok(());
        }
        // Two processes must not both write the event that follows the same one.
        let _guard = match self.guard {
            Some(_) => None,
            None => Some(self.world.storage.lock()?),
        };
        let writer = self.world.state.writer(&self.settings.store)?;
        let tail = self.world.audit.tail(&writer)?;
        let key = self.keys.ledger_key();
        let mut chain = Chain::resume(&self.settings.store, &writer, tail.line.as_deref(), key)
            .map_err(|damage| AppError::Damaged(vec![damage]))?;
        let found = chain.head().map_or(0, |head| head.sequence);
        if let Some(seen) = self.pin.audit.get(&writer)
            && found < seen.sequence
        {
            return Err(AppError::Damaged(vec![Damage::AuditTruncated {
                writer,
                found,
                seen: seen.sequence,
            }]));
        }
        let mut lines = String::new();
        for event in events {
            lines.push_str(&chain.add(event, key));
            lines.push('\n');
        }
        self.world.audit.append(&writer, tail.whole, &lines)?;
        if let Some(head) = chain.head() {
            self.pin.audit.insert(writer, head.clone());
            let _ = self.world.state.save_pin(&self.settings.store, &self.pin);
        }
        Ok(())
    }

    /// Starts the record of an event that happened now.
    pub fn event(&self, action: Action) -> EventDraft {
        EventDraft {
            at: self.world.clock.now(),
            by: self.world.actor.to_owned(),
            action,
            phase: Phase::Intent,
            environment: None,
            secret: None,
            version: None,
            reason: None,
        }
    }

    fn recipients(&self) -> Vec<String> {
        self.settings
            .recipients
            .iter()
            .map(|named| named.recipient.clone())
            .collect()
    }
}

/// Lists the environments that have a ledger.
///
/// # Errors
///
/// When the store cannot be listed.
pub(super) fn environments_with_ledger(storage: &dyn Storage) -> Result<Vec<EnvironmentName>, AppError> {
    Ok(storage
        .list("")?
        .iter()
        .filter_map(|path| path.strip_suffix("/ledger.jsonl")?.parse().ok())
        .collect())
}

/// Reads `store.toml`; `None` when there is no store.
pub(super) fn read_settings(storage: &dyn Storage) -> Result<Option<StoreSettings>, AppError> {
    let Some(bytes) = storage.get(SETTINGS)? else {
        return Ok(None);
    };
    Ok(Some(StoreSettings::parse(&String::from_utf8_lossy(&bytes))?))
}

/// Reads `store.toml` of a store that must be there.
fn existing_settings(storage: &dyn Storage) -> Result<StoreSettings, AppError> {
    match read_settings(storage)? {
        Some(settings) => Ok(settings),
        None if environments_with_ledger(storage)?.is_empty() => Err(AppError::NotInitialised),
        None => Err(AppError::Damaged(vec![Damage::SettingsMissing])),
    }
}

/// Returns where the ledger of an environment is.
pub(super) fn ledger_path(environment: &EnvironmentName) -> String {
    format!("{environment}/ledger.jsonl")
}

/// Returns the stages whose values may still be needed.
pub(super) fn is_kept(stage: Stage) -> bool {
    matches!(stage, Stage::Current | Stage::Pending | Stage::Previous)
}

fn damage_of(
    environment: &EnvironmentName,
    name: &SecretName,
    version: VersionId,
    error: &ValueError,
) -> Option<Damage> {
    let (environment, name) = (environment.clone(), name.clone());
    match error {
        ValueError::Changed => Some(Damage::ValueChanged {
            environment,
            name,
            version,
        }),
        ValueError::Missing => Some(Damage::ValueMissing {
            environment,
            name,
            version,
        }),
        ValueError::Cipher(_) => Some(Damage::ValueUnopened {
            environment,
            name,
            version,
        }),
        ValueError::Storage(_) => None,
    }
}

/// The store's settings.
pub(super) const SETTINGS: &str = "store.toml";

/// The store's keys.
pub(super) const KEYS: &str = "keys.age";
