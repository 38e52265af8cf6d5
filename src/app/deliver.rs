//! Telling sinks what to hold, and making them prove it.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::Agreement;
use crate::app::AppError;
use crate::app::Checked;
use crate::app::Store;
use crate::app::walk::Ground;
use crate::ledger::Action;
use crate::ledger::EventDraft;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::policy::Fallback;
use crate::policy::Policy;
use crate::ports::Change;
use crate::ports::Failure;
use crate::ports::Shown;
use crate::ports::Sink;
use crate::ports::SinkError;
use crate::ports::Versioned;
use crate::rotation;
use crate::rotation::Holding;
use crate::secret::EnvironmentName;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::VersionId;

/// What a sink did not do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SinkFailure {
    /// The sink.
    pub sink: String,
    /// The secret.
    pub secret: SecretName,
    /// Why not.
    pub error: SinkError,
}

/// What became of each secret at a sink.
pub(super) type Outcomes = BTreeMap<SecretName, Result<(), SinkError>>;

/// What sinks are to hold of some secrets, with the values, decrypted once for all of them.
pub(super) struct Delivery<'a> {
    environment: &'a EnvironmentName,
    checked: &'a Checked,
    holdings: BTreeMap<SecretName, Holding>,
    fallbacks: BTreeMap<SecretName, Fallback>,
    values: BTreeMap<VersionId, SecretValue>,
    overwrites: bool,
}

impl<'a> Delivery<'a> {
    /// Reads the values that `holdings` name.
    ///
    /// # Errors
    ///
    /// When one cannot be believed or decrypted.
    pub(super) fn new(
        store: &Store<'_>,
        (policy, environment): (&Policy, &'a EnvironmentName),
        checked: &'a Checked,
        holdings: BTreeMap<SecretName, Holding>,
    ) -> Result<Self, AppError> {
        let mut values = BTreeMap::new();
        let mut fallbacks = BTreeMap::new();
        for (name, holding) in &holdings {
            let secret = policy.secret(name, environment);
            fallbacks.extend(secret.and_then(|secret| Some((name.clone(), secret.fallback()?))));
            let Some(record) = checked.ledger.record(name) else {
                continue;
            };
            for version in holding.versions().filter_map(|id| record.version(id)) {
                let value = store.value(environment, checked, name, version)?;
                values.insert(version.id, value);
            }
        }
        Ok(Self {
            environment,
            checked,
            holdings,
            fallbacks,
            values,
            overwrites: false,
        })
    }

    /// Allows to write over values that the store does not have.
    pub(super) fn overwriting(mut self) -> Self {
        self.overwrites = true;
        self
    }

    /// Says for each secret, in the same order, how what a sink holds relates to what it is to hold.
    pub(super) fn agreements(
        &self,
        store: &Store<'_>,
        sink: &dyn Sink,
        names: &[SecretName],
    ) -> Vec<Result<Agreement, SinkError>> {
        let changes = self.changes(names);
        let shown = sink.show(&changes, store.keys().fingerprint_key());
        let agree = changes.iter().zip(shown);
        agree
            .map(|(change, shown)| Ok(self.agreement(change, &shown?)))
            .collect()
    }

    fn agreement(&self, change: &Change<'_>, shown: &Shown) -> Agreement {
        match shown {
            Shown::Hidden => Agreement::Hidden,
            Shown::Another => Agreement::UnknownValue,
            Shown::Values { .. } if self.holds(change, shown) == Some(true) => Agreement::InStep,
            Shown::Values { current, accepted } if current.is_none() && accepted.is_empty() => {
                Agreement::Absent
            }
            Shown::Values { .. } if self.is_drift(change, shown) => Agreement::UnknownValue,
            Shown::Values { .. } => Agreement::Drifted,
        }
    }

    /// Makes a sink hold it. A value of somebody else in it is not written over, and a failure that may pass is tried
    /// again.
    ///
    /// # Errors
    ///
    /// When the audit log cannot be written: nothing was handed out then.
    pub(super) fn tell(
        &self,
        store: &mut Store<'_>,
        sink: &dyn Sink,
        names: &[SecretName],
        reason: Reason,
    ) -> Result<Outcomes, AppError> {
        let key = store.keys().fingerprint_key().clone();
        let drift = self.drift(store, sink, names).into_iter();
        let mut outcomes: Outcomes = drift.map(|one| (one.secret, Err(one.error))).collect();
        let mut told: Vec<SecretName> = names.to_vec();
        told.retain(|name| !outcomes.contains_key(name));
        store.record(self.events(store, sink, &told, reason))?;
        outcomes.extend(self.try_again(store, &told, |changes| sink.apply(changes)));
        self.resolve_unknown(sink, &key, &mut outcomes);
        Ok(outcomes)
    }

    /// Asks a sink, and again for what may pass. A change without an outcome counts as unknown.
    fn try_again(
        &self,
        store: &Store<'_>,
        names: &[SecretName],
        ask: impl Fn(&[Change<'_>]) -> Vec<Result<(), SinkError>>,
    ) -> Outcomes {
        let unknown = || Err(SinkError::new(Failure::Unknown, "it did not answer"));
        let mut outcomes: Outcomes = names.iter().map(|name| (name.clone(), unknown())).collect();
        let mut left = names.to_vec();
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                store.pause(PAUSE * 2_u32.pow(attempt));
            }
            let changes = self.changes(&left);
            for (change, outcome) in changes.iter().zip(ask(&changes)) {
                outcomes.insert(change.name.clone(), outcome);
            }
            let may_pass = |name: &SecretName| match outcomes.get(name) {
                Some(Err(error)) => error.failure == Failure::Transient,
                Some(Ok(())) | None => false,
            };
            left.retain(may_pass);
            if left.is_empty() {
                break;
            }
        }
        outcomes
    }

    /// Returns which secrets a sink holds as it is to; a sink that cannot show it is left out.
    pub(super) fn held(
        &self,
        sink: &dyn Sink,
        names: &[SecretName],
        key: &ring::hmac::Key,
    ) -> BTreeMap<SecretName, bool> {
        let changes = self.changes(names);
        let shown = sink.show(&changes, key);
        let told = changes.iter().zip(shown).filter_map(|(change, shown)| {
            let holds = self.holds(change, &shown.ok()?)?;
            Some((change.name.clone(), holds))
        });
        told.collect()
    }

    /// Makes a sink prove that it holds it.
    pub(super) fn test(&self, store: &Store<'_>, sink: &dyn Sink, names: &[SecretName]) -> Outcomes {
        self.try_again(store, names, |changes| sink.test(changes))
    }

    /// Makes a sink hold it and prove that.
    fn tell_and_test(
        &self,
        store: &mut Store<'_>,
        sink: &dyn Sink,
        names: &[SecretName],
    ) -> Result<Outcomes, AppError> {
        let mut outcomes = self.tell(store, sink, names, Reason::Scheduled)?;
        let is_told = |name: &&SecretName| matches!(outcomes.get(*name), Some(Ok(())));
        let told: Vec<SecretName> = names.iter().filter(is_told).cloned().collect();
        outcomes.extend(self.test(store, sink, &told));
        Ok(outcomes)
    }

    /// Says which secrets a sink holds another value of than any version has; changes nothing.
    pub(super) fn drift(&self, store: &Store<'_>, sink: &dyn Sink, names: &[SecretName]) -> Vec<SinkFailure> {
        let changes = self.changes(names);
        let shown = sink.show(&changes, store.keys().fingerprint_key());
        let failed = changes.iter().zip(shown).filter_map(|(change, shown)| {
            let error = shown.and_then(|shown| self.refuse_drift(change, &shown)).err()?;
            Some(failure(sink, change.name, error))
        });
        failed.collect()
    }

    fn changes<'b>(&'b self, names: &'b [SecretName]) -> Vec<Change<'b>> {
        let change = |name: &'b SecretName| {
            let holding = self.holdings.get(name)?;
            let versioned = |version: &VersionId| {
                Some(Versioned {
                    version: *version,
                    value: self.values.get(version)?,
                })
            };
            Some(Change {
                name,
                current: versioned(&holding.current)?,
                accepted: holding.accepted.iter().filter_map(versioned).collect(),
                gone: holding.gone.iter().filter_map(versioned).collect(),
                fallback: self.fallbacks.get(name),
            })
        };
        names.iter().filter_map(change).collect()
    }

    fn record(&self, name: &SecretName) -> Option<&SecretRecord> {
        self.checked.ledger.record(name)
    }

    /// Refuses to write over a value that the store does not have: it may be the only copy of one in use.
    fn refuse_drift(&self, change: &Change<'_>, shown: &Shown) -> Result<(), SinkError> {
        if self.overwrites || !self.is_drift(change, shown) {
            return Ok(());
        }
        let what = format!(
            "it holds a value of `{}` that the store does not have, and that would be lost",
            change.name
        );
        Err(SinkError::new(Failure::Rejected, what))
    }

    /// Returns whether a sink shows a value that the store does not have.
    fn is_drift(&self, change: &Change<'_>, shown: &Shown) -> bool {
        let held: Vec<Fingerprint> = match shown {
            Shown::Hidden => return false,
            Shown::Another => return true,
            Shown::Values { current, accepted } => current.iter().chain(accepted).copied().collect(),
        };
        let record = self.record(change.name);
        record.is_none_or(|record| rotation::is_drift(record, &held))
    }

    /// Returns whether what a sink shows is what it is to hold; `None` when it does not show it.
    fn holds(&self, change: &Change<'_>, shown: &Shown) -> Option<bool> {
        let record = self.record(change.name)?;
        let print = |one: &Versioned<'_>| record.version(one.version).map(|version| version.fingerprint);
        match shown {
            Shown::Hidden => None,
            Shown::Another => Some(false),
            Shown::Values { current, accepted } => {
                let most = change.fallback.map_or(0, Fallback::most);
                let wanted: Vec<Fingerprint> = change.accepted.iter().take(most).filter_map(print).collect();
                Some(*current == print(&change.current) && *accepted == wanted)
            }
        }
    }

    /// Asks the sink what it holds where it did not answer.
    fn resolve_unknown(&self, sink: &dyn Sink, key: &ring::hmac::Key, outcomes: &mut Outcomes) {
        let is_unknown = |outcome: &Result<(), SinkError>| matches!(outcome, Err(error) if error.failure == Failure::Unknown);
        let unknown: Vec<SecretName> = outcomes
            .iter()
            .filter(|(_, outcome)| is_unknown(outcome))
            .map(|(name, _)| name.clone())
            .collect();
        for (name, holds) in self.held(sink, &unknown, key) {
            if holds {
                outcomes.insert(name, Ok(()));
            }
        }
    }

    /// Announces in the audit log which values a sink is handed.
    fn events(
        &self,
        store: &Store<'_>,
        sink: &dyn Sink,
        names: &[SecretName],
        reason: Reason,
    ) -> Vec<EventDraft> {
        let event = |name: &SecretName, version: VersionId| EventDraft {
            environment: Some(self.environment.clone()),
            secret: Some(name.clone()),
            version: Some(version),
            reason: Some(reason),
            sink: Some(sink.name().to_owned()),
            ..store.event(Action::Deliver)
        };
        let holds_two = sink.abilities().holds_two;
        let handed = |name: &SecretName| {
            let takes_two = holds_two && self.fallbacks.contains_key(name);
            let holding = self.holdings.get(name);
            let accepted = holding
                .filter(|_| takes_two)
                .map(|holding| holding.accepted.clone());
            let current = holding.map(|holding| holding.current);
            current.into_iter().chain(accepted.into_iter().flatten())
        };
        let named = names
            .iter()
            .flat_map(|name| handed(name).map(move |version| (name, version)));
        named.map(|(name, version)| event(name, version)).collect()
    }
}

/// Brings every sink of some secrets to what it is to hold outside of a rotation, and has it prove that; what a sink
/// holds already is not written again.
///
/// # Errors
///
/// When a value cannot be read, or the audit log cannot be written. What a sink did not do is returned.
pub(super) fn bring(
    ground: Ground<'_>,
    store: &mut Store<'_>,
    checked: &Checked,
    names: &[SecretName],
) -> Result<Vec<SinkFailure>, AppError> {
    let steady = |name: &SecretName| {
        let record = checked.ledger.record(name)?;
        Some((name.clone(), store.steady(ground.environment, record)?))
    };
    let place = (ground.policy, ground.environment);
    let delivery = Delivery::new(store, place, checked, names.iter().filter_map(steady).collect())?;
    let mut failures = Vec::new();
    for policy in ground.policy.sinks() {
        let uses = |name: &&SecretName| {
            let secret = ground.policy.secret(name, ground.environment);
            secret.is_some_and(|secret| secret.sinks().iter().any(|sink| sink == policy.name()))
        };
        let users: Vec<SecretName> = names.iter().filter(uses).cloned().collect();
        if users.is_empty() {
            continue;
        }
        let outcomes = match ground.sinks.sink(policy.name()) {
            Ok(sink) => delivery.tell_and_test(store, sink, &users)?,
            Err(error) => users
                .iter()
                .map(|name| (name.clone(), Err(error.clone())))
                .collect(),
        };
        failures.extend(failures_of(policy.name(), outcomes));
    }
    Ok(failures)
}

/// Names what a sink did not do.
pub(super) fn failures_of(sink: &str, outcomes: Outcomes) -> Vec<SinkFailure> {
    let failed = outcomes.into_iter().filter_map(|(secret, outcome)| {
        Some(SinkFailure {
            sink: sink.to_owned(),
            secret,
            error: outcome.err()?,
        })
    });
    failed.collect()
}

/// Names what a sink did not do.
fn failure(sink: &dyn Sink, secret: &SecretName, error: SinkError) -> SinkFailure {
    SinkFailure {
        sink: sink.name().to_owned(),
        secret: secret.clone(),
        error,
    }
}

/// How often a sink is asked before it counts as unreachable.
const ATTEMPTS: u32 = 3;

/// Half of the time before the second attempt; it doubles each time.
const PAUSE: Duration = Duration::from_millis(100);
