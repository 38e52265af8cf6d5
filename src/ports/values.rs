//! The values of a store.

use serde::Serialize;
use thiserror::Error;

use crate::ledger::Binding;
use crate::ledger::StoreId;
use crate::ledger::StoreKeys;
use crate::policy::StoreKind;
use crate::ports::CipherError;
use crate::ports::KeychainError;
use crate::ports::StorageError;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::VersionId;

/// Keeps the values of versions. A version is written once and never changed. `tests/keychain` holds the contract that
/// every store keeps.
pub trait ValueStore {
    /// Returns what keeps the new values of an environment.
    fn kind(&self, environment: &EnvironmentName) -> StoreKind;

    /// Writes new versions and returns, in the same order, what ties a ledger record to each.
    ///
    /// # Errors
    ///
    /// When one cannot be written; the others may have been, and are then leftovers that no ledger names.
    fn put(
        &self,
        place: ValuePlace<'_>,
        values: &[NewValue<'_>],
        recipients: &[String],
    ) -> Result<Vec<Binding>, ValueError>;

    /// Returns a value after checking that it is the one that `binding` names.
    ///
    /// # Errors
    ///
    /// When it is missing, another one, or cannot be decrypted.
    fn get(
        &self,
        place: ValuePlace<'_>,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<SecretValue, ValueError>;

    /// Checks without any identity that the stored value is the one that `binding` names; of a destroyed one there is
    /// nothing to check.
    ///
    /// # Errors
    ///
    /// When it is missing or another one.
    fn check(
        &self,
        place: ValuePlace<'_>,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<(), ValueError>;

    /// Lists the versions of an environment that are kept, whether a ledger names them or not.
    ///
    /// # Errors
    ///
    /// When they cannot be listed.
    fn list(&self, place: ValuePlace<'_>) -> Result<Vec<StoredVersion>, ValueError>;

    /// Deletes a version; one that is not there is no error.
    ///
    /// # Errors
    ///
    /// When it cannot be deleted.
    fn delete(&self, place: ValuePlace<'_>, name: &SecretName, version: VersionId) -> Result<(), ValueError>;
}

/// Where values belong: a store and an environment of it.
#[derive(Clone, Copy, Debug)]
pub struct ValuePlace<'a> {
    /// The store.
    pub store: &'a StoreId,
    /// Its keys, which tie a record to a value where there is no ciphertext.
    pub keys: &'a StoreKeys,
    /// The environment.
    pub environment: &'a EnvironmentName,
}

/// A version that a store keeps.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct StoredVersion {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// The version.
    pub version: VersionId,
}

/// A version to write.
#[derive(Debug)]
pub struct NewValue<'a> {
    /// The secret.
    pub name: &'a SecretName,
    /// The version.
    pub version: VersionId,
    /// The value.
    pub value: &'a SecretValue,
}

/// Why a value is not to be had.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ValueError {
    /// What is stored is not what the ledger names.
    #[error("the stored value is not the one that the ledger names: changed or swapped")]
    Changed,
    /// It cannot be encrypted or decrypted.
    #[error(transparent)]
    Cipher(#[from] CipherError),
    /// The policy did not keep it.
    #[error("the value was destroyed: the policy keeps fewer former values")]
    Destroyed,
    /// The keychain does not do it.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
    /// It is gone.
    #[error("the stored value is missing")]
    Missing,
    /// It cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
