//! The keychain of the operating system.

use thiserror::Error;

use crate::secret::SecretValue;

/// Keeps values under a service and a user, for the person who is logged in.
///
/// There is no compare-and-set: what must not be written twice at once is guarded by a lock of our own.
pub trait Keychain {
    /// Makes an entry hold `value`; `label` is what people see of it.
    ///
    /// # Errors
    ///
    /// When the keychain does not answer, is locked, or refuses; the entry is then as it was.
    fn set(&self, entry: &KeychainEntry, label: &str, value: &SecretValue) -> Result<(), KeychainError>;

    /// Returns what an entry holds; `None` when there is no such entry.
    ///
    /// # Errors
    ///
    /// When the keychain does not answer or is locked.
    fn get(&self, entry: &KeychainEntry) -> Result<Option<SecretValue>, KeychainError>;

    /// Deletes an entry; one that is not there is no error.
    ///
    /// # Errors
    ///
    /// When the keychain does not answer or is locked.
    fn delete(&self, entry: &KeychainEntry) -> Result<(), KeychainError>;

    /// Lists the users of a service; `None` where a keychain cannot list.
    ///
    /// # Errors
    ///
    /// When the keychain does not answer or is locked.
    fn users(&self, service: &str) -> Result<Option<Vec<String>>, KeychainError>;

    /// Returns what answers, after asking it for something that nobody has.
    ///
    /// # Errors
    ///
    /// When nothing answers or the keychain is locked.
    fn probe(&self) -> Result<&'static str, KeychainError>;
}

/// Which entry of a keychain. Other programs find it by the same two words, such as
/// `secret-tool lookup service SERVICE username USER`.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct KeychainEntry {
    /// The service that it belongs to.
    pub service: String,
    /// Whose it is there.
    pub user: String,
}

/// Why a keychain did not do what it was asked. It holds no part of a value.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum KeychainError {
    /// More than one entry answers to these words.
    #[error("{count} entries of the keychain answer to service `{service}` and user `{user}`, one is needed")]
    Ambiguous {
        /// How many.
        count: usize,
        /// The service.
        service: String,
        /// The user.
        user: String,
    },
    /// Nothing to ask, such as no session bus or no program behind it.
    #[error("no keychain answers here")]
    Absent {
        /// What was tried.
        why: String,
    },
    /// A person has to unlock it, and did not or cannot.
    #[error("the keychain is locked and was not unlocked")]
    Locked,
    /// The session that this process runs in may not keep keys in the kernel.
    #[error("the kernel keeps no keys for this session")]
    NoSession,
    /// There is no collection that new entries go to.
    #[error("the keychain has no default collection yet")]
    NoCollection,
    /// It answered that it cannot.
    #[error("the keychain failed")]
    Failed {
        /// What it said.
        why: String,
    },
    /// It was asked and said nothing.
    #[error("the keychain did not answer within {seconds} seconds")]
    Silent {
        /// How long we waited.
        seconds: u64,
    },
    /// It holds no values of this size.
    #[error("the value has {bytes} bytes, and this keychain holds at most {limit}")]
    TooLarge {
        /// The size.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
}
