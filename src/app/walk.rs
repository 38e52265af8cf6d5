//! Walking a rotation from its journal to its end.

use chrono::DateTime;
use chrono::Utc;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::SinkFailure;
use crate::app::Store;
use crate::app::World;
use crate::app::deliver::Delivery;
use crate::app::deliver::Outcomes;
use crate::app::deliver::failures_of;
use crate::app::derive::expiry_of;
use crate::app::derive::overlap_of;
use crate::app::journals::OpenJournal;
use crate::ledger::Action;
use crate::ledger::JournalEntry;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::ledger::StepState;
use crate::ledger::WalkPhase;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::ports::Failure;
use crate::ports::Sink;
use crate::ports::Sinks;
use crate::ports::StorageError;
use crate::rotation;
use crate::rotation::Holding;
use crate::rotation::Planned;
use crate::rotation::Promotion;
use crate::rotation::Set;
use crate::rotation::Staged;
use crate::rotation::Terms;
use crate::rotation::Tested;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// What every command needs that tells sinks of values.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The store and what is around it.
    pub world: World<'a>,
    /// The policy.
    pub policy: &'a Policy,
    /// The environment.
    pub environment: &'a EnvironmentName,
    /// The sinks of the environment.
    pub sinks: &'a dyn Sinks,
    /// Is told how many of how many steps at sinks are done.
    pub progress: &'a dyn Fn(u64, u64),
}

/// A rotation on its way: its journal is durable and its versions are staged.
pub(super) struct Walk<'a> {
    ground: Ground<'a>,
    open: OpenJournal,
}

impl<'a> Walk<'a> {
    /// Goes on with an open rotation.
    pub(super) fn new(ground: Ground<'a>, open: OpenJournal) -> Self {
        Self { ground, open }
    }

    /// Walks to the end: tells every sink, has each prove it, promotes. Returns the records as they are then.
    ///
    /// # Errors
    ///
    /// [`AppError::RotationIncomplete`] when a sink was not told or proved nothing; the journal says how far it
    /// came, and walking again goes on from there.
    pub(super) fn finish(mut self, store: &mut Store<'_>) -> Result<Vec<SecretRecord>, AppError> {
        self.walk_on(store).map_err(|error| self.stopped(error))
    }

    fn walk_on(&mut self, store: &mut Store<'_>) -> Result<Vec<SecretRecord>, AppError> {
        store.unlock();
        let checked = store.ledger(self.ground.environment)?;
        if self.open.journal.phase == WalkPhase::Accept {
            self.accept(store, &checked)?;
        }
        let staged = Planned::new(&self.open.journal).staged(&checked.ledger);
        let staged = staged.map_err(|_| self.incomplete(Vec::new()))?;
        let set = self.set(store, &checked, staged)?;
        let tested = self.test(store, &checked, set)?;
        self.promote(tested.finish())
    }

    /// Puts every sink that may have been told back to what it is to hold without this rotation, and retires what
    /// is pending.
    ///
    /// # Errors
    ///
    /// As with [`Walk::finish`].
    pub(super) fn undo(mut self, store: &mut Store<'_>) -> Result<Vec<SecretRecord>, AppError> {
        self.walk_back(store).map_err(|error| self.stopped(error))
    }

    fn walk_back(&mut self, store: &mut Store<'_>) -> Result<Vec<SecretRecord>, AppError> {
        let journal = rotation::undoing(&self.open.journal);
        store.save(&mut self.open, journal)?;
        store.unlock();
        let checked = store.ledger(self.ground.environment)?;
        self.tell(store, &checked)?;
        self.prove(store, &checked)?;
        self.commit(Action::Abort, |_, record| Some(rotation::unstage(record)))
    }

    /// Has every sink accept the new value beside the old one, and waits until all verifiers may have heard of it.
    fn accept(&mut self, store: &mut Store<'_>, checked: &Checked) -> Result<(), AppError> {
        if self.open.journal.accepted_at.is_none() {
            self.tell(store, checked)?;
            self.prove(store, checked)?;
            let mut journal = self.open.journal.clone();
            journal.accepted_at = Some(store.now());
            store.save(&mut self.open, journal)?;
        }
        if let Some(until) = self.usable_at().filter(|until| *until > store.now()) {
            return Err(AppError::RotationWaits {
                environment: self.ground.environment.clone(),
                names: self.names(),
                until,
            });
        }
        let mut journal = self.open.journal.clone();
        journal.begin(WalkPhase::Use);
        store.save(&mut self.open, journal)
    }

    fn set(&mut self, store: &mut Store<'_>, checked: &Checked, staged: Staged) -> Result<Set, AppError> {
        self.tell(store, checked)?;
        staged
            .set(&self.open.journal)
            .map_err(|_| self.incomplete(Vec::new()))
    }

    fn test(&mut self, store: &mut Store<'_>, checked: &Checked, set: Set) -> Result<Tested, AppError> {
        self.prove(store, checked)?;
        set.tested(&self.open.journal)
            .map_err(|_| self.incomplete(Vec::new()))
    }

    /// Makes the new versions current in one commit, and removes the journal.
    fn promote(&self, promotion: Promotion) -> Result<Vec<SecretRecord>, AppError> {
        let (policy, environment) = (self.ground.policy, self.ground.environment);
        let reason = self.open.journal.reason;
        let now = self.ground.world.clock.now();
        self.commit(self.open.journal.action, |entry, record| {
            let secret = policy.secret(&entry.name, environment);
            let terms = Terms {
                now,
                reason,
                overlap: secret.and_then(|secret| overlap_of(policy, environment, secret)),
                keep_previous: secret.map_or(1, SecretPolicy::keep_previous),
            };
            let mut next = rotation::promote_staged(record, &promotion, terms)?;
            if let Some(secret) = secret {
                secret.kind_name().clone_into(&mut next.kind);
            }
            let made = next.current().map(|version| version.recorded_at);
            next.expires_at = secret
                .zip(made)
                .and_then(|(secret, made)| expiry_of(secret, made));
            Some(next)
        })
    }

    /// Changes every record of the rotation in one commit, and removes the journal.
    fn commit(
        &self,
        action: Action,
        change: impl Fn(&JournalEntry, &SecretRecord) -> Option<SecretRecord>,
    ) -> Result<Vec<SecretRecord>, AppError> {
        let environment = self.ground.environment;
        let mut store = Store::open_for_writing(self.ground.world, environment)?;
        let checked = store.ledger(environment)?;
        let changed = self.open.journal.secrets.iter().map(|entry| {
            let record = checked.ledger.record(&entry.name);
            record.and_then(|record| change(entry, record))
        });
        let records = changed
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| self.incomplete(Vec::new()))?;
        let events = (action, Some(self.open.journal.reason));
        let written = store.commit(environment, checked, records, &[], events)?;
        // The change stands; a journal that cannot be removed now is removed by the next run.
        let _ = store.close(&self.open);
        Ok(written)
    }

    /// Tells every sink that was not told yet, one after the other; the first that fails stops the walk.
    fn tell(&mut self, store: &mut Store<'_>, checked: &Checked) -> Result<(), AppError> {
        let delivery = self.delivery(store, checked)?;
        self.ask(store, &delivery)?;
        for sink in self.open.journal.sinks() {
            let names = self.names_at(&sink, &[StepState::Waiting]);
            if names.is_empty() {
                continue;
            }
            let target = self.sink(&sink)?;
            self.note(store, &sink, |state, name| match state {
                StepState::Waiting if names.contains(name) => StepState::Setting,
                other => other,
            })?;
            let reason = self.open.journal.reason;
            let outcomes = delivery.tell(store, target, &names, reason)?;
            self.note(store, &sink, |state, name| match outcomes.get(name) {
                Some(Ok(())) => StepState::Set,
                Some(Err(error)) => match error.failure {
                    Failure::Transient => StepState::Waiting,
                    Failure::Unknown => StepState::Unknown,
                    Failure::Rejected | Failure::Unauthorised => StepState::Refused,
                },
                None => state,
            })?;
            self.stop_at_failures(&sink, outcomes)?;
        }
        Ok(())
    }

    /// Asks sinks that may have been told whether they were.
    fn ask(&mut self, store: &mut Store<'_>, delivery: &Delivery<'_>) -> Result<(), AppError> {
        let doubtful = [StepState::Setting, StepState::Unknown, StepState::Refused];
        for sink in self.open.journal.sinks() {
            let names = self.names_at(&sink, &doubtful);
            if names.is_empty() {
                continue;
            }
            let key = store.keys().fingerprint_key().clone();
            let held = delivery.held(self.sink(&sink)?, &names, &key);
            self.note(store, &sink, |state, name| {
                rotation::resolved(state, held.get(name).copied())
            })?;
        }
        Ok(())
    }

    /// Has every sink prove what it was told.
    fn prove(&mut self, store: &mut Store<'_>, checked: &Checked) -> Result<(), AppError> {
        let delivery = self.delivery(store, checked)?;
        for sink in self.open.journal.sinks() {
            let names = self.names_at(&sink, &[StepState::Set]);
            if names.is_empty() {
                continue;
            }
            let outcomes = delivery.test(store, self.sink(&sink)?, &names);
            self.note(store, &sink, |state, name| match outcomes.get(name) {
                Some(Ok(())) => StepState::Tested,
                // Somebody wrote over it: it is told again before it is tested again.
                Some(Err(_)) => StepState::Waiting,
                None => state,
            })?;
            self.stop_at_failures(&sink, outcomes)?;
        }
        Ok(())
    }

    /// Changes the states of a sink's steps in the journal, durably.
    fn note(
        &mut self,
        store: &Store<'_>,
        sink: &str,
        change: impl Fn(StepState, &SecretName) -> StepState,
    ) -> Result<(), AppError> {
        let mut journal = self.open.journal.clone();
        for step in journal.steps.iter_mut().filter(|step| step.sink == sink) {
            step.state = change(step.state, &step.secret);
        }
        store.save(&mut self.open, journal)?;
        let steps = &self.open.journal.steps;
        let done = steps.iter().filter(|step| step.state == StepState::Tested);
        (self.ground.progress)(done.count() as u64, steps.len() as u64);
        Ok(())
    }

    fn stop_at_failures(&self, sink: &str, outcomes: Outcomes) -> Result<(), AppError> {
        let failures = failures_of(sink, outcomes);
        if failures.is_empty() {
            Ok(())
        } else {
            Err(self.incomplete(failures))
        }
    }

    fn delivery<'c>(&self, store: &Store<'_>, checked: &'c Checked) -> Result<Delivery<'c>, AppError>
    where
        'a: 'c,
    {
        let ground: Ground<'a> = self.ground;
        let holdings = self.open.journal.secrets.iter().filter_map(|entry| {
            let record = checked.ledger.record(&entry.name)?;
            let accepts = self.accepts_old(&entry.name);
            let phase = (self.open.journal.phase, entry);
            let holding = Holding::during(record, phase, accepts, store.now())?;
            Some((
                entry.name.clone(),
                store.without_lost(ground.environment, record, holding),
            ))
        });
        Delivery::new(
            store,
            (ground.policy, ground.environment),
            checked,
            holdings.collect(),
        )
    }

    /// Returns whether the old value stays valid beside the new one: the policy and the reason allow it.
    fn accepts_old(&self, name: &SecretName) -> bool {
        let secret = self.ground.policy.secret(name, self.ground.environment);
        self.open.journal.reason != Reason::Compromise
            && secret.is_some_and(|secret| {
                overlap_of(self.ground.policy, self.ground.environment, secret).is_some()
            })
    }

    /// Returns from when on the new value may be used.
    fn usable_at(&self) -> Option<DateTime<Utc>> {
        let accepted = self.open.journal.accepted_at?;
        let delay_of = |name: &SecretName| {
            let secret = self.ground.policy.secret(name, self.ground.environment);
            secret?.usage_delay()?.after(accepted)
        };
        self.names().iter().filter_map(delay_of).max()
    }

    fn sink(&self, name: &str) -> Result<&'a dyn Sink, AppError> {
        self.ground.sinks.sink(name).map_err(|error| {
            let steps = self.open.journal.steps.iter();
            let failures = steps.filter(|step| step.sink == name).map(|step| SinkFailure {
                sink: name.to_owned(),
                secret: step.secret.clone(),
                error: error.clone(),
            });
            self.incomplete(failures.collect())
        })
    }

    fn names(&self) -> Vec<SecretName> {
        let entries = self.open.journal.secrets.iter();
        entries.map(|entry| entry.name.clone()).collect()
    }

    fn names_at(&self, sink: &str, states: &[StepState]) -> Vec<SecretName> {
        let steps = self.open.journal.steps.iter();
        steps
            .filter(|step| step.sink == sink && states.contains(&step.state))
            .map(|step| step.secret.clone())
            .collect()
    }

    fn incomplete(&self, failures: Vec<SinkFailure>) -> AppError {
        AppError::RotationIncomplete {
            journal: Box::new(self.open.journal.clone()),
            failures,
        }
    }

    /// Says of any other error that it came in the midst of a rotation, which is not as if nothing had happened.
    fn stopped(&self, error: AppError) -> AppError {
        match error {
            AppError::RotationIncomplete { .. } | AppError::RotationWaits { .. } => error,
            // The change that this commits was made.
            AppError::Storage(StorageError::NotDurable { .. }) => error,
            other => AppError::RotationStopped {
                journal: Box::new(self.open.journal.clone()),
                source: Box::new(other),
            },
        }
    }
}
