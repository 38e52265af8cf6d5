//! Changing a batch of secrets of one environment: at once where no sink has to be told, walked where one has.

use std::collections::BTreeMap;

use rand::CryptoRng;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::Store;
use crate::app::deliver::Delivery;
use crate::app::derive::Change;
use crate::app::derive::overlap_of;
use crate::app::journals::OpenJournal;
use crate::app::journals::steps;
use crate::app::walk::Ground;
use crate::app::walk::Walk;
use crate::ledger::Action;
use crate::ledger::Journal;
use crate::ledger::JournalEntry;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::ledger::StepState;
use crate::ledger::WalkPhase;
use crate::policy::SecretPolicy;
use crate::rotation;
use crate::rotation::Affected;
use crate::rotation::Holding;
use crate::secret::SecretName;

/// Secrets that get a new version together.
pub(super) struct Batch {
    /// What was asked for.
    pub(super) action: Action,
    /// Why.
    pub(super) reason: Reason,
    /// The records as they are when the versions are current, and the versions.
    pub(super) change: Change,
    /// Open rotations that this one takes the place of, secret by secret.
    pub(super) superseded: Vec<OpenJournal>,
}

impl Batch {
    /// Makes the change, and returns the records as they are then, in the order of the change.
    ///
    /// # Errors
    ///
    /// Before anything is staged, nothing has changed; after it, [`AppError::RotationIncomplete`] says how far it
    /// came.
    pub(super) fn run(
        self,
        ground: Ground<'_>,
        (store, checked): (&mut Store<'_>, Checked),
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<SecretRecord>, AppError> {
        let environment = ground.environment;
        let events = (self.action, Some(self.reason));
        let mut journal = self.journal(ground, store, &checked, rng);
        if journal.steps.is_empty() {
            let Change { records, versions } = self.change;
            let written = store.commit(environment, checked, records, &versions, events)?;
            let rest = supersede(store, self.superseded, &written)?;
            undo(ground, store, rest)?;
            return Ok(written);
        }
        check_sinks(ground, store, &checked, &journal)?;
        if self.waits(ground) {
            journal.begin(WalkPhase::Accept);
        }
        let open = store.write(journal)?;
        let staged = self.staged(&checked);
        let events = (Action::Stage, Some(self.reason));
        store.commit(environment, checked, staged, &self.change.versions, events)?;
        let rest = supersede(store, self.superseded, &self.change.records)?;
        let written = Walk::new(ground, open).finish(store)?;
        undo(ground, store, rest)?;
        Ok(written)
    }

    fn journal(
        &self,
        ground: Ground<'_>,
        store: &Store<'_>,
        checked: &Checked,
        rng: &mut dyn CryptoRng,
    ) -> Journal {
        let mut journal = store.begin(ground.environment, (self.action, self.reason), rng);
        journal.secrets = self
            .change
            .versions
            .iter()
            .map(|version| {
                let old = checked.ledger.record(&version.name);
                JournalEntry {
                    name: version.name.clone(),
                    new: version.id,
                    old: old.and_then(SecretRecord::current).map(|current| current.id),
                }
            })
            .collect();
        journal.steps = steps(ground.policy, &journal, StepState::Waiting);
        journal
    }

    /// Returns the records with the new versions as pending.
    fn staged(&self, checked: &Checked) -> Vec<SecretRecord> {
        let staged = self.change.records.iter().filter_map(|record| {
            let version = record.current()?.clone();
            let old = checked.ledger.record(&record.name).cloned();
            let old = old.unwrap_or_else(|| SecretRecord::new(record.name.clone(), &record.kind));
            Some(rotation::stage(
                &old,
                crate::ledger::VersionRecord {
                    promoted_at: None,
                    ..version
                },
            ))
        });
        staged.collect()
    }

    /// Returns whether the new values have to be accepted everywhere before one is used.
    fn waits(&self, ground: Ground<'_>) -> bool {
        let mut secrets = self
            .change
            .records
            .iter()
            .filter_map(|record| ground.policy.secret(&record.name, ground.environment));
        secrets.any(|secret| affected(ground, secret, self.reason, &[]).usage_delay().is_some())
    }
}

/// Puts together what the words of a plan depend on.
pub(super) fn affected<'a>(
    ground: Ground<'_>,
    secret: &'a SecretPolicy,
    reason: Reason,
    sinks: &'a [(String, bool)],
) -> Affected<'a> {
    Affected {
        secret,
        reason,
        sinks,
        overlap: overlap_of(ground.policy, ground.environment, secret),
    }
}

/// Returns the sinks of a secret in the order in which they are told, and whether each can hold two values.
pub(super) fn sinks_of(ground: Ground<'_>, secret: &SecretPolicy) -> Vec<(String, bool)> {
    let used = ground
        .policy
        .sinks()
        .iter()
        .filter(|sink| secret.sinks().iter().any(|name| name == sink.name()));
    used.map(|sink| {
        let found = ground.sinks.sink(sink.name());
        let holds_two = found.is_ok_and(|sink| sink.abilities().holds_two);
        (sink.name().to_owned(), holds_two)
    })
    .collect()
}

/// Checks before anything is written that every sink can be told, and holds nothing that would be lost.
fn check_sinks(
    ground: Ground<'_>,
    store: &Store<'_>,
    checked: &Checked,
    journal: &Journal,
) -> Result<(), AppError> {
    let holdings: BTreeMap<SecretName, Holding> = journal
        .secrets
        .iter()
        .filter_map(|entry| {
            let record = checked.ledger.record(&entry.name)?;
            // What a sink holds of a value that is lost can only be written over.
            record
                .current()
                .filter(|current| !store.is_lost(ground.environment, &entry.name, current))?;
            Some((entry.name.clone(), store.steady(ground.environment, record)?))
        })
        .collect();
    let place = (ground.policy, ground.environment);
    let delivery = Delivery::new(store, place, checked, holdings)?;
    let mut failures = Vec::new();
    for sink in journal.sinks() {
        let names: Vec<SecretName> = journal
            .steps
            .iter()
            .filter(|step| step.sink == sink)
            .map(|step| step.secret.clone())
            .collect();
        let Some(first) = names.first() else {
            continue;
        };
        let target = ground
            .sinks
            .sink(&sink)
            .map_err(|_| AppError::RotationNeedsSinks {
                name: first.clone(),
                sinks: sink.clone(),
            })?;
        failures.extend(delivery.drift(store, target, &names));
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(AppError::SinksNotReady { failures })
    }
}

/// Takes the secrets of `changed` out of the rotations whose place is taken. What is left of one is to be undone:
/// something of the change may be derived from a value that it would replace.
fn supersede(
    store: &Store<'_>,
    superseded: Vec<OpenJournal>,
    changed: &[SecretRecord],
) -> Result<Vec<OpenJournal>, AppError> {
    let mut rest = Vec::new();
    for mut open in superseded {
        let mut journal = rotation::undoing(&open.journal);
        journal.retain(|entry| changed.iter().all(|record| record.name != entry.name));
        if journal.secrets.is_empty() {
            store.close(&open)?;
        } else {
            store.save(&mut open, journal)?;
            rest.push(open);
        }
    }
    Ok(rest)
}

fn undo(ground: Ground<'_>, store: &mut Store<'_>, rest: Vec<OpenJournal>) -> Result<(), AppError> {
    for open in rest {
        Walk::new(ground, open).undo(store)?;
    }
    Ok(())
}
