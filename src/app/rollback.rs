//! Bringing the value before back.

use rand::CryptoRng;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::RotateReport;
use crate::app::Store;
use crate::app::WrittenVersion;
use crate::app::admission::of_value;
use crate::app::admission::refuse_derived;
use crate::app::batch::Batch;
use crate::app::compromise;
use crate::app::create::distinct;
use crate::app::derive::Change;
use crate::app::environment_of;
use crate::app::rotate::along;
use crate::app::rotate::lock_rotations;
use crate::app::secret_of;
use crate::app::walk::Ground;
use crate::ledger::Action;
use crate::ledger::Binding;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::SecretPolicy;
use crate::rotation;
use crate::rotation::Refusal;
use crate::rotation::Terms;
use crate::secret::SecretName;
use crate::secret::Stage;
use crate::secret::VersionId;

/// Makes the value before the current one current again, as a new version that is as old as the value, through the
/// same steps as a rotation. The value that it replaces stays valid for the overlap. What is derived follows.
///
/// # Errors
///
/// When there is no value before, it is compromised, a rotation is open, or as with
/// [`rotate`](crate::app::rotate).
pub fn rollback(
    ground: Ground<'_>,
    names: &[SecretName],
    rng: &mut dyn CryptoRng,
) -> Result<RotateReport, AppError> {
    let environment = ground.environment;
    environment_of(ground.policy, environment)?;
    let _rotations = lock_rotations(ground)?;
    let mut store = Store::open_for_writing(ground.world, environment)?;
    let checked = store.ledger(environment)?;
    let mut change = Change::default();
    for name in &distinct(names) {
        add_rollback(ground, (&store, &checked), name, (&mut change, rng))?;
    }
    let asked = change.records.len();
    along(ground, (&store, &checked), Reason::Scheduled).derive(&mut change, &[], rng)?;
    refuse_open(ground, &checked, &change)?;
    let batch = Batch {
        action: Action::Rollback,
        reason: Reason::Scheduled,
        change,
        superseded: Vec::new(),
    };
    let written = batch.run(ground, (&mut store, checked), rng)?;
    let mut report = RotateReport::default();
    report.add(ground, &written, Reason::Scheduled);
    report.rotated = asked;
    Ok(report)
}

/// Refuses secrets of which a rotation is open: undoing that is another command.
pub(super) fn refuse_open(ground: Ground<'_>, checked: &Checked, change: &Change) -> Result<(), AppError> {
    let is_open = |name: &SecretName| {
        let before = checked.ledger.record(name);
        before.is_some_and(|before| before.at_stage(Stage::Pending).is_some())
    };
    let mut names = change.records.iter().map(|record| &record.name);
    match names.find(|name| is_open(name)) {
        Some(name) => Err(AppError::RotationOpen {
            name: name.clone(),
            environment: ground.environment.clone(),
        }),
        None => Ok(()),
    }
}

fn add_rollback(
    ground: Ground<'_>,
    (store, checked): (&Store<'_>, &Checked),
    name: &SecretName,
    (change, rng): (&mut Change, &mut dyn CryptoRng),
) -> Result<(), AppError> {
    let environment = ground.environment;
    let secret = secret_of(ground.policy, name, environment)?;
    refuse_derived(ground, secret, "it is computed anew whenever that is rolled back")?;
    let record = of_value(checked, name, environment)?;
    let refuse = |refusal| AppError::Rollback {
        name: name.clone(),
        refusal,
    };
    let target = rotation::rollback_target(record).map_err(refuse)?;
    if compromise::known(store)?.contains(&target.fingerprint) {
        return Err(refuse(Refusal::Compromised));
    }
    bring_back(ground, (store, checked), (secret, record, target), (change, rng))
}

/// Adds a new version that has the value of a former one and is as old as it.
pub(super) fn bring_back(
    ground: Ground<'_>,
    (store, checked): (&Store<'_>, &Checked),
    (secret, record, target): (&SecretPolicy, &SecretRecord, &VersionRecord),
    (change, rng): (&mut Change, &mut dyn CryptoRng),
) -> Result<(), AppError> {
    let (name, environment) = (secret.name(), ground.environment);
    let value = store.value(environment, checked, name, target)?;
    let now = store.now();
    let version = VersionRecord {
        id: VersionId::new(now, rng),
        stage: Stage::Pending,
        recorded_at: now,
        promoted_at: None,
        replaced_at: None,
        overlap_ends_at: None,
        revoked_at: None,
        binding: Binding::Sha256(String::new()),
        ..target.clone()
    };
    let terms = Terms {
        now,
        reason: Reason::Scheduled,
        overlap: secret.overlap(),
        keep_previous: secret.keep_previous(),
    };
    change.versions.push(WrittenVersion {
        name: name.clone(),
        value,
        id: version.id,
    });
    change.records.push(rotation::promote(record, version, terms));
    Ok(())
}
