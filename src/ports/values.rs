//! The values of a store.

use thiserror::Error;

use crate::ledger::Binding;
use crate::ports::CipherError;
use crate::ports::StorageError;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::VersionId;

/// Keeps the values of versions. A version is written once and never changed.
pub trait ValueStore {
    /// Writes new versions and returns, in the same order, what ties a ledger record to each.
    ///
    /// # Errors
    ///
    /// When one cannot be written; the others may have been, and are then leftovers that no ledger names.
    fn put(
        &self,
        environment: &EnvironmentName,
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
        environment: &EnvironmentName,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<SecretValue, ValueError>;

    /// Checks without any key that the stored value is the one that `binding` names; of a destroyed one there is
    /// nothing to check.
    ///
    /// # Errors
    ///
    /// When it is missing or another one.
    fn check(
        &self,
        environment: &EnvironmentName,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<(), ValueError>;
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
    /// It is gone.
    #[error("the stored value is missing")]
    Missing,
    /// It cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
