//! Destroying former values that the policy does not keep.
//!
//! The ledger forgets the value first, in one rename, and then the files are deleted: what a crash leaves between the
//! two are files that the ledger needs no more, which `verify` names as leftovers.

use serde::Serialize;

use crate::app::AppError;
use crate::app::Store;
use crate::app::walk::Ground;
use crate::ledger::Action;
use crate::ledger::Binding;
use crate::ledger::SecretRecord;
use crate::rotation;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::VersionId;

/// A version whose value is no more.
#[derive(Clone, Debug, Serialize)]
pub struct DestroyedVersion {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// The version.
    pub version: VersionId,
}

/// Destroys the retired values of the named secrets, or of all, that go beyond what the policy keeps. Of what data is
/// encrypted with, none is; while any rotation of the environment is open, nothing is.
pub(super) fn destroy_beyond(
    ground: Ground<'_>,
    names: &[SecretName],
) -> Result<Vec<DestroyedVersion>, AppError> {
    let environment = ground.environment;
    let mut store = Store::open_for_writing(ground.world, environment)?;
    let journals = store.journals()?.0;
    if journals
        .iter()
        .any(|open| open.journal.environment == *environment)
    {
        return Ok(Vec::new());
    }
    let checked = store.ledger(environment)?;
    let is_meant = |record: &&SecretRecord| names.is_empty() || names.contains(&record.name);
    let records: Vec<SecretRecord> = checked
        .ledger
        .records()
        .filter(is_meant)
        .filter_map(|record| {
            let secret = ground.policy.secret(&record.name, environment)?;
            // Data may still be encrypted with any of them.
            let is_hazardous = secret.hazard().is_some();
            rotation::destroy(record, secret.keep_previous()).filter(|_| !is_hazardous)
        })
        .collect();
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let is_gone = |name: &SecretName, id| {
        let before = checked.ledger.record(name).and_then(|record| record.version(id));
        before.is_some_and(|before| before.binding == Binding::Destroyed)
    };
    let mut destroyed = Vec::new();
    for record in &records {
        let gone = record.versions.iter();
        let gone = gone.filter(|version| version.binding == Binding::Destroyed);
        let gone = gone.filter(|version| !is_gone(&record.name, version.id));
        destroyed.extend(gone.map(|version| DestroyedVersion {
            environment: environment.clone(),
            name: record.name.clone(),
            version: version.id,
        }));
    }
    store.commit(environment, checked, records, &[], (Action::Destroy, None))?;
    for one in &destroyed {
        let deleted = ground
            .world
            .values
            .delete(store.place(environment), &one.name, one.version);
        deleted.map_err(|source| AppError::Value {
            name: one.name.clone(),
            environment: environment.clone(),
            source,
        })?;
    }
    Ok(destroyed)
}
