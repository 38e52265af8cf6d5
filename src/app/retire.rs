//! Ending overlaps: sinks drop the former values.
//!
//! The ledger itself is the queue: a `previous` version whose overlap is over is in it until every sink has dropped
//! the value and proved it. What a crash leaves is in the queue still, and telling a sink again changes nothing.

use std::collections::BTreeSet;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::DestroyedVersion;
use crate::app::SinkFailure;
use crate::app::Store;
use crate::app::admission::of_value;
use crate::app::create::distinct;
use crate::app::deliver::bring;
use crate::app::destroy::destroy_beyond;
use crate::app::environment_of;
use crate::app::rotate::lock_rotations;
use crate::app::walk::Ground;
use crate::ledger::Action;
use crate::ledger::SecretRecord;
use crate::policy::kinds::Role;
use crate::rotation;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::Stage;
use crate::secret::VersionId;

/// What `retire` did.
#[derive(Debug, Default, Serialize)]
pub struct RetireReport {
    /// The versions that are valid nowhere any more.
    pub retired: Vec<RetiredVersion>,
    /// Secrets with a rotation under way, which retires on its own.
    pub rotating: Vec<SecretName>,
    /// Secrets that somebody else makes and whose former values are now known to be revoked there.
    pub revoked: Vec<SecretName>,
    /// Retired versions that the policy does not keep and whose values are destroyed.
    pub destroyed: Vec<DestroyedVersion>,
}

/// A version that is valid nowhere any more.
#[derive(Clone, Debug, Serialize)]
pub struct RetiredVersion {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// The version.
    pub version: VersionId,
    /// The short form of its fingerprint.
    pub fingerprint: String,
    /// When its overlap was over.
    pub overlap_ended_at: DateTime<Utc>,
}

/// Retires the former versions whose overlap is over; for `names`, also those whose overlap still runs. Then destroys
/// what the policy does not keep.
///
/// # Errors
///
/// When a name has no value, the store cannot be written, or a sink did not drop a value:
/// [`AppError::RetireIncomplete`]. What was not dropped stays in the queue.
pub fn retire(ground: Ground<'_>, names: &[SecretName]) -> Result<RetireReport, AppError> {
    let environment = ground.environment;
    environment_of(ground.policy, environment)?;
    let _rotations = lock_rotations(ground)?;
    let (report, failures) = retire_over(ground, names)?;
    if failures.is_empty() {
        Ok(report)
    } else {
        Err(AppError::RetireIncomplete {
            environment: environment.clone(),
            failures,
        })
    }
}

/// The same, while nobody else rotates; returns also what sinks did not drop.
pub(super) fn retire_over(
    ground: Ground<'_>,
    names: &[SecretName],
) -> Result<(RetireReport, Vec<SinkFailure>), AppError> {
    let environment = ground.environment;
    let mut store = Store::open_for_writing(ground.world, environment)?;
    let mut checked = store.ledger(environment)?;
    let now = store.now();
    let mut report = RetireReport::default();
    let ended = ended_early(&checked, environment, &distinct(names), now)?;
    if !ended.is_empty() {
        store.commit(environment, checked, ended, &[], (Action::Retire, None))?;
        checked = store.ledger(environment)?;
    }
    let (rotating, queue) = queue(&checked, names, now)
        .into_iter()
        .partition(|record| record.at_stage(Stage::Pending).is_some());
    report.rotating = names_of(rotating);
    let queue = names_of(queue);
    store.unlock();
    let failures = bring(ground, &mut store, &checked, &queue)?;
    drop(store);
    let failed: BTreeSet<&SecretName> = failures.iter().map(|failure| &failure.secret).collect();
    let dropped: Vec<&SecretName> = queue.iter().filter(|name| !failed.contains(name)).collect();
    report.retired = commit(ground, &dropped, now)?;
    let is_clear = |name: &&SecretName| !failed.contains(name) && !report.rotating.contains(name);
    let confirmed: Vec<&SecretName> = names.iter().filter(is_clear).collect();
    report.revoked = confirm_revoked(ground, &confirmed)?;
    report.destroyed = destroy_beyond(ground, names)?;
    Ok((report, failures))
}

/// Notes for the named secrets that somebody else makes that their former values are revoked there.
fn confirm_revoked(ground: Ground<'_>, names: &[&SecretName]) -> Result<Vec<SecretName>, AppError> {
    let environment = ground.environment;
    let is_issued = |name: &&&SecretName| {
        let secret = ground.policy.secret(name, environment);
        secret.is_some_and(|secret| secret.kind().role == Role::Issued)
    };
    let issued: Vec<&&SecretName> = names.iter().filter(is_issued).collect();
    if issued.is_empty() {
        return Ok(Vec::new());
    }
    let mut store = Store::open_for_writing(ground.world, environment)?;
    let checked = store.ledger(environment)?;
    let now = store.now();
    let records: Vec<SecretRecord> = issued
        .into_iter()
        .filter_map(|name| rotation::revoke(checked.ledger.record(name)?, now))
        .collect();
    let revoked = records.iter().map(|record| record.name.clone()).collect();
    if !records.is_empty() {
        store.commit(environment, checked, records, &[], (Action::Revoke, None))?;
    }
    Ok(revoked)
}

/// Returns the versions that are in the queue and would be retired now.
pub(super) fn over(ground: Ground<'_>, checked: &Checked, now: DateTime<Utc>) -> Vec<RetiredVersion> {
    let records = queue(checked, &[], now).into_iter();
    let records = records.filter(|record| record.at_stage(Stage::Pending).is_none());
    records
        .flat_map(|record| retired(ground.environment, record, now))
        .collect()
}

/// Returns the records with versions in the queue.
fn queue<'c>(checked: &'c Checked, names: &[SecretName], now: DateTime<Utc>) -> Vec<&'c SecretRecord> {
    let is_meant = |record: &&SecretRecord| names.is_empty() || names.contains(&record.name);
    let is_over = |record: &&SecretRecord| rotation::retirable(record, now).next().is_some();
    checked
        .ledger
        .records()
        .filter(is_meant)
        .filter(is_over)
        .collect()
}

fn names_of(records: Vec<&SecretRecord>) -> Vec<SecretName> {
    records.into_iter().map(|record| record.name.clone()).collect()
}

/// Ends the overlaps of the named secrets that still run.
fn ended_early(
    checked: &Checked,
    environment: &EnvironmentName,
    names: &[SecretName],
    now: DateTime<Utc>,
) -> Result<Vec<SecretRecord>, AppError> {
    let mut ended = Vec::new();
    for name in names {
        ended.extend(rotation::end_overlaps(of_value(checked, name, environment)?, now));
    }
    Ok(ended)
}

/// Retires in the ledger what every sink dropped.
fn commit(
    ground: Ground<'_>,
    names: &[&SecretName],
    now: DateTime<Utc>,
) -> Result<Vec<RetiredVersion>, AppError> {
    let environment = ground.environment;
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut store = Store::open_for_writing(ground.world, environment)?;
    let checked = store.ledger(environment)?;
    let (mut records, mut retired) = (Vec::new(), Vec::new());
    for record in names.iter().filter_map(|name| checked.ledger.record(name)) {
        retired.extend(self::retired(environment, record, now));
        records.extend(rotation::retire(record, now));
    }
    store.commit(environment, checked, records, &[], (Action::Retire, None))?;
    Ok(retired)
}

/// Reports the versions of a record that are in the queue.
fn retired(environment: &EnvironmentName, record: &SecretRecord, now: DateTime<Utc>) -> Vec<RetiredVersion> {
    let over = rotation::retirable(record, now).filter_map(|version| {
        Some(RetiredVersion {
            environment: environment.clone(),
            name: record.name.clone(),
            version: version.id,
            fingerprint: version.fingerprint.to_string(),
            overlap_ended_at: version.overlap_ends_at?,
        })
    });
    over.collect()
}
