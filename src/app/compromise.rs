//! Values that are marked as compromised, wherever they are.
//!
//! Fingerprints are keyed by the store, so that a value is found again under another name and in another
//! environment without decrypting anything.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::app::AppError;
use crate::app::Store;
use crate::ledger::Ledger;
use crate::ledger::VersionRecord;
use crate::secret::EnvironmentName;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::Stage;

/// A secret whose value is marked as compromised elsewhere.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ReusedSecret {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
}

/// Returns the fingerprints of every value that is marked as compromised in any environment.
///
/// # Errors
///
/// When a ledger cannot be read.
pub(super) fn known(store: &Store<'_>) -> Result<BTreeSet<Fingerprint>, AppError> {
    let mut known = BTreeSet::new();
    for environment in store.environments()? {
        known.extend(of_ledger(&store.ledger(&environment)?.ledger));
    }
    Ok(known)
}

/// Returns the fingerprints of the values that one ledger marks as compromised.
pub(super) fn of_ledger(ledger: &Ledger) -> impl Iterator<Item = Fingerprint> {
    let versions = ledger.records().flat_map(|record| &record.versions);
    versions
        .filter(|version| version.compromised)
        .map(|version| version.fingerprint)
}

/// Returns the secrets of any environment that are in use with a value that is marked as compromised.
///
/// # Errors
///
/// When a ledger cannot be read.
pub(super) fn reused(store: &Store<'_>) -> Result<Vec<ReusedSecret>, AppError> {
    let known = known(store)?;
    let mut reused = Vec::new();
    for environment in store.environments()? {
        let ledger = store.ledger(&environment)?.ledger;
        let is_known =
            |version: &VersionRecord| version.stage == Stage::Current && known.contains(&version.fingerprint);
        let records = ledger
            .records()
            .filter(|record| record.versions.iter().any(is_known));
        reused.extend(records.map(|record| ReusedSecret {
            environment: environment.clone(),
            name: record.name.clone(),
        }));
    }
    Ok(reused)
}
