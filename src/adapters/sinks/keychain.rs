//! An entry of the keychain that another program reads.

use std::rc::Rc;

use ring::hmac;

use crate::ports::Abilities;
use crate::ports::Change;
use crate::ports::Failure;
use crate::ports::Keychain;
use crate::ports::KeychainEntry;
use crate::ports::KeychainError;
use crate::ports::Shown;
use crate::ports::Sink;
use crate::ports::SinkError;
use crate::secret::Fingerprint;
use crate::secret::SecretName;

/// Keeps each secret in an entry of the keychain of this session.
pub(super) struct KeychainSink {
    name: String,
    service: String,
    user: String,
    keychain: Rc<dyn Keychain>,
}

impl KeychainSink {
    /// Keeps a secret under `service` and `user`, where `{name}` stands for its name.
    pub(super) fn new(name: String, (service, user): (String, String), keychain: Rc<dyn Keychain>) -> Self {
        Self {
            name,
            service,
            user,
            keychain,
        }
    }

    fn entry(&self, secret: &SecretName) -> KeychainEntry {
        KeychainEntry {
            service: self.service.replace("{name}", secret.as_str()),
            user: self.user.replace("{name}", secret.as_str()),
        }
    }

    fn write(&self, change: &Change<'_>) -> Result<(), SinkError> {
        let entry = self.entry(change.name);
        let label = format!("{} ({})", entry.user, entry.service);
        let set = self.keychain.set(&entry, &label, change.current.value);
        set.map_err(|error| failure(&error))
    }
}

impl Sink for KeychainSink {
    fn name(&self) -> &str {
        &self.name
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            shows: true,
            holds_two: false,
            needs_approval: false,
        }
    }

    fn apply(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        changes.iter().map(|change| self.write(change)).collect()
    }

    fn show(&self, changes: &[Change<'_>], key: &hmac::Key) -> Vec<Result<Shown, SinkError>> {
        let show = |change: &Change<'_>| {
            let held = self.keychain.get(&self.entry(change.name));
            let held = held.map_err(|error| failure(&error))?;
            Ok(Shown::Values {
                current: held.map(|value| Fingerprint::of(&value, key)),
                accepted: Vec::new(),
            })
        };
        changes.iter().map(show).collect()
    }

    fn test(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        let test = |change: &Change<'_>| {
            let entry = self.entry(change.name);
            let held = self.keychain.get(&entry).map_err(|error| failure(&error))?;
            let is_held = held.is_some_and(|held| held.expose() == change.current.value.expose());
            is_held.then_some(()).ok_or_else(|| {
                let what = format!(
                    "the keychain does not hold the new value under `{}`, `{}`",
                    entry.service, entry.user
                );
                SinkError::new(Failure::Transient, what)
            })
        };
        changes.iter().map(test).collect()
    }
}

/// What to do about it: a locked keychain opens when a person comes, and one that fell silent may have done it.
fn failure(error: &KeychainError) -> SinkError {
    let failure = match error {
        KeychainError::Ambiguous { .. } | KeychainError::TooLarge { .. } => Failure::Rejected,
        KeychainError::Silent { .. } | KeychainError::Failed { .. } => Failure::Unknown,
        _ => Failure::Transient,
    };
    let what = match error {
        KeychainError::Absent { why } | KeychainError::Failed { why } => format!("{error}: {why}"),
        _ => error.to_string(),
    };
    SinkError::new(failure, what)
}
