//! Checking everything that can be checked.

use std::collections::BTreeSet;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app::AppError;
use crate::app::Store;
use crate::app::World;
use crate::app::journals;
use crate::app::layout::KEYS;
use crate::app::layout::SETTINGS;
use crate::app::layout::check_present;
use crate::app::layout::is_kept;
use crate::app::layout::read_settings;
use crate::ledger::Action;
use crate::ledger::Binding;
use crate::ledger::Damage;
use crate::ledger::EventDraft;
use crate::ledger::Journal;
use crate::ledger::Ledger;
use crate::ledger::Phase;
use crate::ledger::RotationId;
use crate::ledger::StepState;
use crate::ledger::WalkPhase;
use crate::ports::StoredVersion;
use crate::rotation;
use crate::rotation::Next;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// What was checked and what is wrong.
#[derive(Debug, Default, Serialize)]
pub struct VerifyReport {
    /// Secrets whose records were checked.
    pub secrets: u64,
    /// Versions whose files were checked.
    pub versions: u64,
    /// Versions that were decrypted too.
    pub decrypted: u64,
    /// Audit events that were checked.
    pub events: u64,
    /// What is wrong.
    pub damage: Vec<Damage>,
    /// Files that neither a ledger nor this program names: what an interrupted run left.
    pub leftovers: Vec<String>,
    /// Values in keychains that no ledger names: likewise.
    pub strays: Vec<StoredVersion>,
    /// Rotations that are under way.
    pub rotations: Vec<OpenRotation>,
    /// Whether the store was seen for the first time, so that a rollback would not be noticed.
    pub first_sight: bool,
}

/// A rotation that is under way: running it again goes on with it.
#[derive(Clone, Debug, Serialize)]
pub struct OpenRotation {
    /// Its id.
    pub rotation: RotationId,
    /// Where.
    pub environment: EnvironmentName,
    /// The secrets.
    pub secrets: Vec<SecretName>,
    /// Who began it.
    pub by: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// What the sinks are to hold.
    pub phase: WalkPhase,
    /// How many steps at sinks are proved, of how many.
    pub tested: usize,
    /// How many steps at sinks there are.
    pub steps: usize,
}

/// Checks every MAC, hash and chain; `deep` decrypts every version too.
///
/// # Errors
///
/// When the store does not open at all, or cannot be read.
pub fn verify(world: World<'_>, deep: bool) -> Result<VerifyReport, AppError> {
    check_present(world.storage)?;
    // Without the lock, a change that is under way could look like damage.
    let guard = world.storage.lock();
    let first_sight = match read_settings(world.storage)? {
        Some(settings) => world.state.pin(&settings.store)?.is_none(),
        None => true,
    };
    let mut store = Store::open(world)?;
    let mut report = VerifyReport {
        damage: store.damage().to_vec(),
        first_sight,
        ..VerifyReport::default()
    };
    let mut named: BTreeSet<String> = [
        KEYS,
        SETTINGS,
        ".gitattributes",
        ".gitignore",
        "lock",
        "rotation.lock",
    ]
    .map(str::to_owned)
    .into();
    let (journals, broken) = store.journals()?;
    report.damage.extend(broken.iter().cloned());
    named.extend(broken.iter().filter_map(broken_journal));
    for environment in store.environments()? {
        let checked = store.ledger(&environment)?;
        report.damage.extend(checked.damage.iter().cloned());
        report
            .damage
            .extend(store.damaged_values(&environment, &checked.ledger)?);
        named.insert(format!("{environment}/ledger.jsonl"));
        name_values(&environment, &checked.ledger, &mut named);
        for open in journals
            .iter()
            .filter(|open| open.journal.environment == environment)
        {
            report
                .rotations
                .extend(open_rotation(&open.journal, &checked.ledger, &mut named));
        }
        report
            .strays
            .extend(strays(&store, world, &environment, &checked.ledger)?);
        store.remember(&environment, &checked);
        for record in checked.ledger.records() {
            report.secrets += 1;
            report.versions += record.versions.len() as u64;
            if !deep {
                continue;
            }
            for version in record.versions.iter().filter(|version| is_kept(version.stage)) {
                if version.binding == Binding::Destroyed {
                    continue;
                }
                match store.value(&environment, &checked, &record.name, version) {
                    Ok(_) => report.decrypted += 1,
                    Err(AppError::DamagedSecret { damage, .. }) => {
                        report.damage.extend(damage);
                    }
                    Err(other) => return Err(other),
                }
            }
        }
    }
    let (events, damage) = store.check_audit()?;
    report.events = events;
    report.damage.extend(damage);
    let mut seen = Vec::new();
    report.damage.retain(|damage| {
        let is_new = !seen.contains(damage);
        seen.push(damage.clone());
        is_new
    });
    report.leftovers = world
        .storage
        .list("")?
        .into_iter()
        .filter(|path| !named.contains(path) && !path.starts_with("audit/"))
        .collect();
    drop(guard);
    Ok(report)
}

/// What a person accepts that this machine has not seen so.
#[derive(Clone, Debug, Default)]
pub struct Accepted {
    /// These secrets may be missing or older.
    pub secrets: Vec<SecretName>,
    /// This directory may hold another store than before.
    pub store: bool,
}

/// What [`fix`] did.
#[derive(Debug, Default, Serialize)]
pub struct FixReport {
    /// Environments whose ledger was sealed anew.
    pub sealed: Vec<EnvironmentName>,
    /// Leftover files that were removed.
    pub removed: u64,
}

/// Removes leftovers and seals ledgers anew in which every line proves authentic.
///
/// Damage is never repaired by guessing: a secret that is missing or older than this machine has seen it is
/// accepted only when `accepted` says so, and a machine without a pin cannot tell, so it seals nothing. A run
/// that seals removes nothing: what an older ledger does not name may be the only copy of a newer value.
///
/// # Errors
///
/// When something is damaged that sealing does not mend, or a file cannot be written.
pub fn fix(world: World<'_>, report: &VerifyReport, accepted: &Accepted) -> Result<FixReport, AppError> {
    let unmendable: Vec<Damage> = report
        .damage
        .iter()
        .filter(|damage| match damage {
            Damage::StoreReplaced => !accepted.store,
            _ => report.first_sight || !is_mended_by_seal(damage, &accepted.secrets),
        })
        .cloned()
        .collect();
    if !unmendable.is_empty() {
        return Err(AppError::Damaged(unmendable));
    }
    let mut done = FixReport::default();
    if report.damage.is_empty() && report.leftovers.is_empty() && report.strays.is_empty() {
        return Ok(done);
    }
    let guard = world.storage.lock()?;
    let mut store = Store::open(world)?;
    if accepted.store {
        world.state.bind_checkout(&store.settings().store)?;
        store = Store::open(world)?;
    }
    for environment in store.environments()? {
        let checked = store.ledger(&environment)?;
        // Another process may have written since the report.
        if checked
            .damage
            .iter()
            .any(|damage| !is_mended_by_seal(damage, &accepted.secrets))
        {
            return Err(AppError::Damaged(checked.damage));
        }
        if !checked.damage.is_empty() {
            store.seal_anew(&environment, checked)?;
            done.sealed.push(environment);
        }
    }
    if !done.sealed.is_empty() {
        return Ok(done);
    }
    let mut named = BTreeSet::new();
    for environment in store.environments()? {
        name_values(&environment, &store.ledger(&environment)?.ledger, &mut named);
    }
    for open in store.journals()?.0 {
        let ledger = store.ledger(&open.journal.environment)?.ledger;
        open_rotation(&open.journal, &ledger, &mut named);
    }
    for path in report.leftovers.iter().filter(|path| !named.contains(*path)) {
        world.storage.delete(path)?;
        done.removed += 1;
    }
    for environment in store.environments()? {
        let ledger = store.ledger(&environment)?.ledger;
        for stray in strays(&store, world, &environment, &ledger)? {
            let place = store.place(&environment);
            let deleted = world.values.delete(place, &stray.name, stray.version);
            deleted.map_err(|source| AppError::Value {
                name: stray.name,
                environment: environment.clone(),
                source,
            })?;
            done.removed += 1;
        }
    }
    drop(guard);
    store.record(vec![EventDraft {
        phase: Phase::Done,
        ..store.event(Action::Clean)
    }])?;
    Ok(done)
}

/// Lists values of a local environment that its ledger does not name; those of age files are leftovers.
fn strays(
    store: &Store<'_>,
    world: World<'_>,
    environment: &EnvironmentName,
    ledger: &Ledger,
) -> Result<Vec<StoredVersion>, AppError> {
    if !world.values.kind(environment).is_local() {
        return Ok(Vec::new());
    }
    let place = store.place(environment);
    let mut kept = world
        .values
        .list(place)
        .map_err(|source| AppError::ValuesNotListed {
            environment: environment.clone(),
            source,
        })?;
    kept.retain(|stored| {
        let record = ledger.record(&stored.name);
        let version = record.and_then(|record| record.version(stored.version));
        version.is_none_or(|version| version.binding == Binding::Destroyed)
    });
    Ok(kept)
}

fn is_mended_by_seal(damage: &Damage, accepted: &[SecretName]) -> bool {
    match damage {
        // What made a ledger older is named secret by secret.
        Damage::LedgerRolledBack { .. } | Damage::SealBroken { .. } | Damage::SealMissing { .. } => true,
        Damage::SecretMissing { name, .. } | Damage::SecretRolledBack { name, .. } => accepted.contains(name),
        _ => false,
    }
}

/// Reports a rotation that goes on, and names its journal; one that is over leaves its journal behind.
fn open_rotation(journal: &Journal, ledger: &Ledger, named: &mut BTreeSet<String>) -> Option<OpenRotation> {
    match rotation::next(journal, ledger) {
        Next::Continue(journal) | Next::Undo(journal) => {
            named.insert(journals::path(&journal.rotation.to_string()));
            let tested = journal
                .steps
                .iter()
                .filter(|step| step.state == StepState::Tested);
            Some(OpenRotation {
                rotation: journal.rotation,
                environment: journal.environment.clone(),
                secrets: journal.secrets.iter().map(|entry| entry.name.clone()).collect(),
                by: journal.by.clone(),
                started_at: journal.started_at,
                phase: journal.phase,
                tested: tested.count(),
                steps: journal.steps.len(),
            })
        }
        Next::Close | Next::Discard(_) => None,
    }
}

/// Names the file of a broken journal: it is damage, and no leftover.
fn broken_journal(damage: &Damage) -> Option<String> {
    match damage {
        Damage::JournalBroken { rotation } => Some(journals::path(rotation)),
        _ => None,
    }
}

fn name_values(environment: &EnvironmentName, ledger: &Ledger, named: &mut BTreeSet<String>) {
    for record in ledger.records() {
        // What was destroyed and is still there was not deleted yet.
        let kept = record.versions.iter();
        for version in kept.filter(|version| version.binding != Binding::Destroyed) {
            named.insert(format!("{environment}/values/{}/{}.age", record.name, version.id));
        }
    }
}
