//! Systems that use secrets and must be told of new values.

use ring::hmac;
use thiserror::Error;

use crate::policy::Fallback;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::VersionId;

/// A system that uses secrets.
///
/// It is told what to *hold*, not what to do: a change names the current value, the values it accepts beside it
/// and those it must not hold any more. Setting, undoing, retiring and bringing back are the same call, and a
/// call that is made again changes nothing. `tests/sinks` is the contract that every sink keeps.
pub trait Sink {
    /// Returns its name in the policy.
    fn name(&self) -> &str;

    /// Returns what it can do.
    fn abilities(&self) -> Abilities;

    /// Returns what a person has to allow on this machine before it can be told; `None` when nothing.
    fn awaits(&self) -> Option<Awaited> {
        None
    }

    /// Makes it hold what each change says, and returns in the same order what became of each.
    ///
    /// Every write is idempotent for the versions of its change. After [`Failure::Transient`],
    /// [`Failure::Rejected`] and [`Failure::Unauthorised`] it holds for this secret what it held before.
    fn apply(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>>;

    /// Shows what it holds of each secret, in the same order, as fingerprints under `key`; changes nothing.
    ///
    /// A sink that cannot show what it holds answers [`Shown::Hidden`].
    fn show(&self, changes: &[Change<'_>], key: &hmac::Key) -> Vec<Result<Shown, SinkError>>;

    /// Proves for each change, in the same order, that the current value and the accepted ones work and the
    /// others do not, as far as it can be proved; changes nothing.
    fn test(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>>;
}

/// Finds the sinks of an environment.
pub trait Sinks {
    /// Returns the sink of this name.
    ///
    /// # Errors
    ///
    /// When there is none, or this version cannot tell such a one.
    fn sink(&self, name: &str) -> Result<&dyn Sink, SinkError>;
}

/// What a sink can do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Abilities {
    /// It can show what it holds.
    pub shows: bool,
    /// It can hold former values beside the current one.
    pub holds_two: bool,
    /// It runs something, and only after it was approved on this machine.
    pub needs_approval: bool,
}

/// What a sink or a notifier waits for that only a person can give.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Awaited {
    /// Why it cannot be told, as one lower-case line.
    pub what: String,
    /// What the person does.
    pub next: String,
}

/// What a sink is to hold of one secret.
#[derive(Debug)]
pub struct Change<'a> {
    /// The secret.
    pub name: &'a SecretName,
    /// The value in use.
    pub current: Versioned<'a>,
    /// Values that are valid beside it, the most recent first. Empty where the application takes one value only.
    pub accepted: Vec<Versioned<'a>>,
    /// Former values that must not be valid any more, as far as they are known.
    pub gone: Vec<Versioned<'a>>,
    /// How the application takes values beside the current one.
    pub fallback: Option<&'a Fallback>,
}

/// A value and the version that it is of.
#[derive(Clone, Copy, Debug)]
pub struct Versioned<'a> {
    /// The version.
    pub version: VersionId,
    /// The value.
    pub value: &'a SecretValue,
}

/// What a sink holds of one secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Shown {
    /// It cannot tell.
    Hidden,
    /// It holds something, which it cannot tell more of than that it is none of the values of the change. Nothing is
    /// written over that.
    Another,
    /// These values.
    Values {
        /// The one in use; `None` when there is none.
        current: Option<Fingerprint>,
        /// Those beside it.
        accepted: Vec<Fingerprint>,
    },
}

/// Why a sink did not do what it was asked. It holds no part of a value.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{what}")]
pub struct SinkError {
    /// What to do about it.
    pub failure: Failure,
    /// What happened, as one lower-case line without any value.
    pub what: String,
}

impl SinkError {
    /// Says what happened.
    pub fn new(failure: Failure, what: impl Into<String>) -> Self {
        Self {
            failure,
            what: what.into(),
        }
    }
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Failure {
    /// Try again: nothing was changed, and it may pass.
    Transient,
    /// Do not try again: it will not take this value, or not in this state.
    Rejected,
    /// Stop at once: another attempt may lock somebody out.
    Unauthorised,
    /// It was asked and did not answer: ask what it holds.
    Unknown,
}
