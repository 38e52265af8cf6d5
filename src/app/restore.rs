//! Bringing an environment back to what was current at a time.

use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;
use serde::Serialize;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::CreatedSecret;
use crate::app::Store;
use crate::app::admission::of_value;
use crate::app::admission::refuse_derived;
use crate::app::batch::Batch;
use crate::app::compromise;
use crate::app::create::created;
use crate::app::create::distinct;
use crate::app::derive::Change;
use crate::app::environment_of;
use crate::app::rollback::bring_back;
use crate::app::rollback::refuse_open;
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
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::VersionId;

/// What is to be brought back.
#[derive(Clone, Debug)]
pub struct RestoreRequest {
    /// The secrets; none is the whole environment.
    pub names: Vec<SecretName>,
    /// As of when.
    pub at: DateTime<Utc>,
    /// Look only.
    pub dry_run: bool,
}

/// What was brought back, and what was not.
#[derive(Debug, Serialize)]
pub struct RestoreReport {
    /// As of when.
    pub at: DateTime<Utc>,
    /// Whether it was only looked at.
    pub dry_run: bool,
    /// Secret by secret; what is derived is not listed.
    pub secrets: Vec<RestoredSecret>,
    /// What is derived from them and was computed anew.
    pub derived: Vec<CreatedSecret>,
}

/// What became of one secret.
#[derive(Clone, Debug, Serialize)]
pub struct RestoredSecret {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// What became of it.
    pub fate: Fate,
    /// The version that was current then, where there was one.
    pub version: Option<VersionId>,
    /// The short form of the fingerprint of the value that was current then.
    pub fingerprint: Option<String>,
    /// The short form of the fingerprint of the value that was current until now.
    pub before: Option<String>,
}

/// What became of a secret that was to be brought back.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It had no value then, and keeps the one it has.
    Absent,
    /// The value of then is known to somebody: it never comes back.
    Compromised,
    /// The policy did not keep the value of then.
    Destroyed,
    /// Data may be encrypted with the value that it has now, or a service read it once: name it to bring it back.
    Hazard,
    /// It was brought back, or would be.
    Restored,
    /// It has the value that it had then.
    Unchanged,
}

impl Fate {
    /// Returns the name as reports spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "had no value",
            Self::Compromised => "compromised",
            Self::Destroyed => "destroyed",
            Self::Hazard => "held back",
            Self::Restored => "restored",
            Self::Unchanged => "unchanged",
        }
    }
}

impl RestoreReport {
    /// Returns whether something was not brought back that was asked for.
    pub fn is_partial(&self) -> bool {
        let is_left =
            |one: &RestoredSecret| matches!(one.fate, Fate::Compromised | Fate::Destroyed | Fate::Hazard);
        self.secrets.iter().any(is_left)
    }
}

/// Makes the values current again that were current at a time, as new versions that are as old as the values, in one
/// batch and through the same steps as a rotation. What is derived is computed anew.
///
/// Of a whole environment, what data is encrypted with is left out: the data of today needs the value of today.
///
/// # Errors
///
/// When a named secret is unknown, derived, or had no value ever, a rotation of one is open, or as with
/// [`rotate`](crate::app::rotate).
pub fn restore(
    ground: Ground<'_>,
    request: &RestoreRequest,
    rng: &mut dyn CryptoRng,
) -> Result<RestoreReport, AppError> {
    let environment = ground.environment;
    environment_of(ground.policy, environment)?;
    let _rotations = match request.dry_run {
        true => None,
        false => Some(lock_rotations(ground)?),
    };
    let mut store = match request.dry_run {
        true => Store::open(ground.world)?,
        false => Store::open_for_writing(ground.world, environment)?,
    };
    let checked = store.ledger(environment)?;
    let known = compromise::known(&store)?;
    let mut report = RestoreReport {
        at: request.at,
        dry_run: request.dry_run,
        secrets: Vec::new(),
        derived: Vec::new(),
    };
    let mut change = Change::default();
    for (secret, record) in meant(ground, &checked, request)? {
        let target = as_of(record, request.at);
        let fate = match target {
            Some(target) if known.contains(&target.fingerprint) => Fate::Compromised,
            _ => fate(secret, record, target, request),
        };
        report.secrets.push(row(ground, record, target, fate));
        if let Some(target) = target.filter(|_| fate == Fate::Restored) {
            bring_back(
                ground,
                (&store, &checked),
                (secret, record, target),
                (&mut change, rng),
            )?;
        }
    }
    let asked = change.records.len();
    along(ground, (&store, &checked), Reason::Scheduled).derive(&mut change, &[], rng)?;
    refuse_open(ground, &checked, &change)?;
    let records: Vec<SecretRecord> = if request.dry_run || change.records.is_empty() {
        change.records
    } else {
        let batch = Batch {
            action: Action::Restore,
            reason: Reason::Scheduled,
            change,
            superseded: Vec::new(),
        };
        batch.run(ground, (&mut store, checked), rng)?
    };
    let derived = records.iter().skip(asked);
    report.derived = derived
        .filter_map(|record| created(environment, record))
        .collect();
    Ok(report)
}

/// Returns the secrets that were named, or all that the policy declares and that have or had a value.
fn meant<'c>(
    ground: Ground<'c>,
    checked: &'c Checked,
    request: &RestoreRequest,
) -> Result<Vec<(&'c SecretPolicy, &'c SecretRecord)>, AppError> {
    let environment = ground.environment;
    let mut meant = Vec::new();
    for name in &distinct(&request.names) {
        let secret = secret_of(ground.policy, name, environment)?;
        refuse_derived(ground, secret, "it is computed anew whenever that is restored")?;
        meant.push((secret, of_value(checked, name, environment)?));
    }
    if request.names.is_empty() {
        let declared = checked.ledger.records().filter_map(|record| {
            let secret = ground.policy.secret(&record.name, environment)?;
            secret.derivation().is_none().then_some((secret, record))
        });
        meant.extend(declared);
    }
    Ok(meant)
}

/// Returns the version that was current then, or a later one of the same value that is still there.
fn as_of(record: &SecretRecord, at: DateTime<Utc>) -> Option<&VersionRecord> {
    let then = record.current_at(at)?;
    let is_same =
        |other: &&VersionRecord| other.fingerprint == then.fingerprint && other.binding != Binding::Destroyed;
    record.versions.iter().rev().find(is_same).or(Some(then))
}

fn fate(
    secret: &SecretPolicy,
    record: &SecretRecord,
    target: Option<&VersionRecord>,
    request: &RestoreRequest,
) -> Fate {
    let Some(target) = target else {
        return Fate::Absent;
    };
    let current = record.current().map(|current| current.fingerprint);
    if current == Some(target.fingerprint) {
        return Fate::Unchanged;
    }
    if target.binding == Binding::Destroyed {
        return Fate::Destroyed;
    }
    if request.names.is_empty() && secret.hazard().is_some() {
        return Fate::Hazard;
    }
    Fate::Restored
}

fn row(
    ground: Ground<'_>,
    record: &SecretRecord,
    target: Option<&VersionRecord>,
    fate: Fate,
) -> RestoredSecret {
    RestoredSecret {
        environment: ground.environment.clone(),
        name: record.name.clone(),
        fate,
        version: target.map(|target| target.id),
        fingerprint: target.map(|target| target.fingerprint.to_string()),
        before: record.current().map(|current| current.fingerprint.to_string()),
    }
}
