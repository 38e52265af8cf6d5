//! What the checks look at.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use chrono::DateTime;
use chrono::Utc;

use crate::app::AppError;
use crate::app::Store;
use crate::policy::Policy;
use crate::ports::KeychainError;
use crate::ports::Machine;
use crate::ports::WorkingTree;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::Stage;

/// The surroundings of the program.
pub struct Scene<'a> {
    /// Files of the machine and the user.
    pub machine: &'a dyn Machine,
    /// The project, where there is one: its directory, its policy and its files.
    pub project: Option<(&'a Path, &'a Policy, &'a dyn WorkingTree)>,
    /// The home directory.
    pub home: Option<PathBuf>,
    /// The variables that checks look at, by name.
    pub variables: BTreeMap<&'static str, String>,
    /// Where identities may be.
    pub identities: Vec<IdentityPlace>,
    /// What answers as the keychain of the session, or why nothing does.
    pub keychain: Result<&'static str, KeychainError>,
    /// Whether the store opens.
    pub opening: Opening,
    /// The values of the store, where it opens.
    pub stored: Vec<StoredValue>,
    /// When the ledgers were last written, as they say.
    pub last_entry: Option<DateTime<Utc>>,
    /// The umask that the program was started with.
    pub umask: Option<u64>,
    /// The limit of core dumps that the program was started with, in bytes; `u64::MAX` is no limit.
    pub core_limit: Option<u64>,
    /// The time.
    pub now: DateTime<Utc>,
}

impl Scene<'_> {
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Shows a path as a person would type it.
    pub(super) fn typed(&self, path: &Path) -> String {
        super::typed(path, self.home.as_deref())
    }
}

/// A place where an identity may be.
#[derive(Clone, Debug)]
pub struct IdentityPlace {
    /// The file, or the name of the variable that holds it.
    pub label: String,
    /// The file; `None` for a variable.
    pub path: Option<PathBuf>,
    /// What is there.
    pub state: IdentityState,
}

/// What is at a place of an identity.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum IdentityState {
    /// Nothing.
    Absent,
    /// An identity that can be used at once.
    Ready,
    /// One behind a passphrase.
    Locked,
    /// It cannot be used, and why.
    Refused(String),
}

/// Whether the store opens with the identities at hand, without a question.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Opening {
    /// There is no project, or it has no store.
    NoStore,
    /// It opens.
    Opens,
    /// It does not, and why.
    Closed(String),
}

/// A value of the store and what it is of.
pub struct StoredValue {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// Whether it is in use.
    pub is_current: bool,
    /// The value.
    pub value: SecretValue,
}

/// Takes every value of a store that can be believed, and when its ledgers were last written.
///
/// # Errors
///
/// When a ledger cannot be read.
pub fn stored_values_of_all(
    store: &Store<'_>,
) -> Result<(Vec<StoredValue>, Option<DateTime<Utc>>), AppError> {
    let (mut values, mut last) = (Vec::new(), None);
    for environment in store.environments()? {
        let checked = store.ledger(&environment)?;
        for record in checked.ledger.records() {
            for version in &record.versions {
                last = last.max(Some(version.recorded_at));
                // What is damaged is for `verify` to tell; a destroyed value is nowhere to be compared with.
                if let Ok(value) = store.value(&environment, &checked, &record.name, version) {
                    values.push(StoredValue {
                        environment: environment.clone(),
                        name: record.name.clone(),
                        is_current: version.stage == Stage::Current,
                        value,
                    });
                }
            }
        }
    }
    Ok((values, last))
}
