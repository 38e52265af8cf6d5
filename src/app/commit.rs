//! The one way to change a store.

use std::collections::BTreeMap;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::Store;
use crate::app::WrittenVersion;
use crate::app::layout::GIT_IGNORE;
use crate::app::layout::ledger_path;
use crate::ledger::Action;
use crate::ledger::Binding;
use crate::ledger::Chain;
use crate::ledger::Damage;
use crate::ledger::EventDraft;
use crate::ledger::Ledger;
use crate::ledger::Phase;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::ports::NewValue;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::Stage;
use crate::secret::VersionId;

impl Store<'_> {
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
        let draft = |phase, (name, version): &(SecretName, Option<VersionId>)| EventDraft {
            phase,
            environment: Some(environment.clone()),
            secret: Some(name.clone()),
            version: *version,
            reason: events.1,
            ..self.event(events.0)
        };
        let touched: Vec<(SecretName, Option<VersionId>)> = records
            .iter()
            .map(|record| (record.name.clone(), latest(record)))
            .collect();
        let intents = touched.iter().map(|one| draft(Phase::Intent, one)).collect();
        let results = touched.iter().map(|one| draft(Phase::Done, one)).collect();
        refuse_rotating(environment, &checked, &records, events.0)?;
        self.refuse_mixed(environment, &checked)?;
        self.ignore_local_ledger(environment)?;
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
        let _ = self.world.state.add_to_pin(&self.settings.store, &self.pin);
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
            .put(self.place(environment), &new, &recipients)
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

    /// Refuses to keep one environment in two places: a ledger that travels and values that do not would part.
    fn refuse_mixed(&self, environment: &EnvironmentName, checked: &Checked) -> Result<(), AppError> {
        let kind = self.world.values.kind(environment);
        let versions = checked.ledger.records().flat_map(|record| &record.versions);
        let elsewhere = versions.filter(|version| match version.binding {
            Binding::Destroyed => false,
            Binding::Hmac(_) => !kind.is_local(),
            Binding::Sha256(_) => kind.is_local(),
        });
        if elsewhere.count() == 0 {
            return Ok(());
        }
        Err(AppError::StoreChanged {
            environment: environment.clone(),
            store: kind.name(),
        })
    }

    /// Has git ignore the ledger of an environment whose values are on this machine only, before there is one.
    fn ignore_local_ledger(&self, environment: &EnvironmentName) -> Result<(), AppError> {
        if !self.world.values.kind(environment).is_local() {
            return Ok(());
        }
        let before = self.world.storage.get(GIT_IGNORE)?;
        let rule = format!("/{environment}/\n");
        let mut after = before.clone().unwrap_or_default();
        if after
            .split_inclusive(|byte| *byte == b'\n')
            .any(|line| line == rule.as_bytes())
        {
            return Ok(());
        }
        if after.last().is_some_and(|last| *last != b'\n') {
            after.push(b'\n');
        }
        after.extend_from_slice(rule.as_bytes());
        Ok(self
            .world
            .storage
            .replace(GIT_IGNORE, before.as_deref(), &after)?)
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
        self.world.state.replace_pin(&self.settings.store, &self.pin)?;
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
            let _ = self.world.state.add_to_pin(&self.settings.store, &self.pin);
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
            sink: None,
            signoff: None,
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

/// Returns the version that a change of a record is about.
fn latest(record: &SecretRecord) -> Option<VersionId> {
    let pending = record.at_stage(Stage::Pending);
    pending.or(record.current()).map(|version| version.id)
}

/// Refuses to change a secret in passing whose rotation is under way: sinks may hold its new value already.
fn refuse_rotating(
    environment: &EnvironmentName,
    checked: &Checked,
    records: &[SecretRecord],
    action: Action,
) -> Result<(), AppError> {
    if !matches!(action, Action::Import | Action::Mint) {
        return Ok(());
    }
    for record in records {
        let before = checked.ledger.record(&record.name);
        if before.is_some_and(|before| before.at_stage(Stage::Pending).is_some()) {
            return Err(AppError::RotationOpen {
                name: record.name.clone(),
                environment: environment.clone(),
            });
        }
    }
    Ok(())
}
