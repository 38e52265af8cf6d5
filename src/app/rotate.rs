//! Replacing values by new ones.

use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;
use serde::Serialize;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::CreatedSecret;
use crate::app::Incoming;
use crate::app::Motive;
use crate::app::ReusedSecret;
use crate::app::Selection;
use crate::app::SkippedSecret;
use crate::app::Store;
use crate::app::WrittenVersion;
use crate::app::admission::admitted;
use crate::app::admission::made_here;
use crate::app::admission::rotatable;
use crate::app::admission::with_derived;
use crate::app::batch::Batch;
use crate::app::batch::affected;
use crate::app::batch::sinks_of;
use crate::app::compromise;
use crate::app::create::created;
use crate::app::create::distinct;
use crate::app::create::new_version;
use crate::app::derive::Along;
use crate::app::derive::Change;
use crate::app::environment_of;
use crate::app::issued::given_version;
use crate::app::journals::OpenJournal;
use crate::app::journals::journals_unverified;
use crate::app::secret_of;
use crate::app::walk::Ground;
use crate::app::walk::Walk;
use crate::ledger::Action;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::ledger::WalkPhase;
use crate::ports::Guard;
use crate::ports::StorageError;
use crate::rotation;
use crate::rotation::Plan;
use crate::rotation::Terms;
use crate::secret::SecretName;

/// What `rotate` did.
#[derive(Debug, Default, Serialize)]
pub struct RotateReport {
    /// The new versions: what was asked for, then what is derived from it.
    pub secrets: Vec<CreatedSecret>,
    /// How many of them were asked for, or stood open from before.
    #[serde(skip)]
    pub rotated: usize,
    /// Until when old versions stay valid, in the order of `secrets`.
    pub overlap_ends_at: Vec<Option<DateTime<Utc>>>,
    /// What each rotation does to those who use the old value, in the order of `secrets`.
    pub consequences: Vec<String>,
    /// The sinks that hold each new value and proved it, in the order of `secrets`.
    pub sinks: Vec<Vec<String>>,
    /// Secrets whose unfinished rotation was undone first.
    pub undone: Vec<SecretName>,
    /// Secrets that were not rotated with all others.
    pub skipped: Vec<SkippedSecret>,
    /// Secrets that are in use with a value that is marked as compromised.
    pub reused: Vec<ReusedSecret>,
}

/// What is to be rotated.
#[derive(Clone, Copy, Debug)]
pub struct RotateRequest<'a> {
    /// Which secrets; no names at all is what stands open.
    pub selection: &'a Selection,
    /// Why.
    pub motive: Motive,
    /// New values of secrets that somebody else makes.
    pub given: &'a [Incoming],
}

/// Rotates the named secrets and whatever is derived from them, as one batch; without names, goes on with what is open.
///
/// A rotation of one of them that stands open is finished in place of a new one, with the value that it has
/// already; after a compromise a new one takes its place.
///
/// # Errors
///
/// When one cannot be rotated, or the store cannot be believed or written: nothing has changed then. When a sink
/// cannot be told: [`AppError::RotationIncomplete`].
pub fn rotate(
    ground: Ground<'_>,
    request: RotateRequest<'_>,
    rng: &mut dyn CryptoRng,
) -> Result<RotateReport, AppError> {
    let mut report = rotate_named(ground, request, rng)?;
    if request.motive.reason == Reason::Compromise {
        report.reused = compromise::reused(&Store::open(ground.world)?)?;
    }
    Ok(report)
}

fn rotate_named(
    ground: Ground<'_>,
    request: RotateRequest<'_>,
    rng: &mut dyn CryptoRng,
) -> Result<RotateReport, AppError> {
    let environment = ground.environment;
    environment_of(ground.policy, environment)?;
    if let Selection::Names(names) = request.selection {
        for name in names {
            secret_of(ground.policy, name, environment)?;
        }
    }
    let _rotations = lock_rotations(ground)?;
    let mut store = Store::open_for_writing(ground.world, environment)?;
    let checked = store.ledger(environment)?;
    let mut report = RotateReport::default();
    let mut names = match request.selection {
        Selection::Names(names) => distinct(names),
        Selection::All => {
            let (names, skipped) = rotatable(ground, &checked, request.motive, store.now());
            report.skipped = skipped;
            names
        }
    };
    let open = store.open_rotations((ground.policy, environment), &checked, rng)?;
    let open = concerned(ground, &names, open);
    if names.is_empty() && open.is_empty() {
        return nothing_open(ground, request.selection, report);
    }
    if request.motive.reason == Reason::Compromise || open.is_empty() {
        start(
            ground,
            (store, checked),
            (&names, request),
            (open, rng),
            &mut report,
        )?;
        return Ok(report);
    }
    for open in open {
        go_on(ground, &mut store, open, &mut report)?;
    }
    names.retain(|name| report.secrets.iter().all(|done| done.name != *name));
    if !names.is_empty() {
        drop(store);
        let store = Store::open_for_writing(ground.world, environment)?;
        let checked = store.ledger(environment)?;
        start(
            ground,
            (store, checked),
            (&names, request),
            (Vec::new(), rng),
            &mut report,
        )?;
    }
    Ok(report)
}

/// Returns the open rotations that concern the named secrets or what is derived from them; without names, all.
fn concerned(ground: Ground<'_>, names: &[SecretName], mut open: Vec<OpenJournal>) -> Vec<OpenJournal> {
    if !names.is_empty() {
        let touched = with_derived(ground, names);
        open.retain(|open| {
            open.journal
                .secrets
                .iter()
                .any(|entry| touched.contains(&entry.name))
        });
    }
    open
}

/// Says that there was nothing to do, which is an error only where something open was asked for.
fn nothing_open(
    ground: Ground<'_>,
    selection: &Selection,
    report: RotateReport,
) -> Result<RotateReport, AppError> {
    match selection {
        Selection::All => Ok(report),
        Selection::Names(_) => Err(AppError::NothingOpen {
            environment: ground.environment.clone(),
        }),
    }
}

/// Rotates secrets of which no rotation is open, or the ones in `superseded`.
pub(super) fn start(
    ground: Ground<'_>,
    (mut store, checked): (Store<'_>, Checked),
    (names, request): (&[SecretName], RotateRequest<'_>),
    (superseded, rng): (Vec<OpenJournal>, &mut dyn CryptoRng),
    report: &mut RotateReport,
) -> Result<(), AppError> {
    let mut change = Change::default();
    for name in names {
        add_rotation(ground, (&store, &checked), (name, request), (&mut change, rng))?;
    }
    let asked = change.records.len();
    let reason = request.motive.reason;
    along(ground, (&store, &checked), reason).derive(&mut change, &[], rng)?;
    let batch = Batch {
        action: Action::Rotate,
        reason,
        change,
        superseded,
    };
    let written = batch.run(ground, (&mut store, checked), rng)?;
    report.add(ground, &written, reason);
    report.rotated += asked;
    Ok(())
}

impl RotateReport {
    /// Adds what was promoted.
    pub(super) fn add(&mut self, ground: Ground<'_>, written: &[SecretRecord], reason: Reason) {
        let environment = ground.environment;
        for record in written {
            let Some(secret) = created(environment, record) else {
                continue;
            };
            let declared = ground.policy.secret(&record.name, environment);
            let sinks = declared
                .map(|declared| sinks_of(ground, declared))
                .unwrap_or_default();
            let plan = declared.map(|declared| Plan::of(&affected(ground, declared, reason, &sinks)));
            self.secrets.push(secret);
            self.overlap_ends_at
                .push(rotation::open_overlap(record, ground.world.clock.now()));
            self.consequences.push(match plan {
                Some(plan) => plan.consequences.join("; "),
                None => String::new(),
            });
            self.sinks.push(sinks.into_iter().map(|(sink, _)| sink).collect());
        }
    }
}

/// Finishes an open rotation, or the undoing of one.
pub(super) fn go_on(
    ground: Ground<'_>,
    store: &mut Store<'_>,
    open: OpenJournal,
    report: &mut RotateReport,
) -> Result<(), AppError> {
    let (phase, reason) = (open.journal.phase, open.journal.reason);
    let walk = Walk::new(ground, open);
    if phase == WalkPhase::Undo {
        let undone = walk.undo(store)?;
        report.undone.extend(undone.into_iter().map(|record| record.name));
        return Ok(());
    }
    let written = walk.finish(store)?;
    report.rotated += written.len();
    report.add(ground, &written, reason);
    Ok(())
}

/// Undoes the open rotations of the named secrets, or all of the environment: sinks go back to the current values,
/// and what was pending is retired. Returns the secrets.
///
/// # Errors
///
/// When none is open, or a sink cannot be told; the same call goes on then.
pub fn abort(
    ground: Ground<'_>,
    names: &[SecretName],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<SecretName>, AppError> {
    let environment = ground.environment;
    environment_of(ground.policy, environment)?;
    let _rotations = lock_rotations(ground)?;
    let mut store = Store::open_for_writing(ground.world, environment)?;
    let checked = store.ledger(environment)?;
    let mut open = store.open_rotations((ground.policy, environment), &checked, rng)?;
    let is_meant = |open: &OpenJournal| names.iter().any(|name| open.journal.entry(name).is_some());
    open.retain(|open| names.is_empty() || is_meant(open));
    if open.is_empty() {
        return Err(AppError::NothingOpen {
            environment: environment.clone(),
        });
    }
    let mut undone = Vec::new();
    for open in open {
        let records = Walk::new(ground, open).undo(&mut store)?;
        undone.extend(records.into_iter().map(|record| record.name));
    }
    Ok(undone)
}

/// Waits for other rotations of this store to end.
pub(super) fn lock_rotations(ground: Ground<'_>) -> Result<Box<dyn Guard>, AppError> {
    crate::app::layout::check_present(ground.world.storage)?;
    ground
        .world
        .storage
        .lock_rotations()
        .map_err(|error| match error {
            StorageError::Busy { seconds } => AppError::RotationBusy {
                seconds,
                journals: journals_unverified(ground.world.storage).unwrap_or_default(),
            },
            other => other.into(),
        })
}

/// Prepares to compute what is derived from a change.
pub(super) fn along<'a>(
    ground: Ground<'a>,
    (store, checked): (&'a Store<'a>, &'a Checked),
    reason: Reason,
) -> Along<'a> {
    Along {
        store,
        policy: ground.policy,
        environment: ground.environment,
        checked,
        reason,
    }
}

/// Checks that a secret may be rotated, and adds its new version.
fn add_rotation(
    ground: Ground<'_>,
    (store, checked): (&Store<'_>, &Checked),
    (name, request): (&SecretName, RotateRequest<'_>),
    (change, rng): (&mut Change, &mut dyn CryptoRng),
) -> Result<(), AppError> {
    let environment = ground.environment;
    let secret = secret_of(ground.policy, name, environment)?;
    let given = request.given.iter().find(|given| given.name == *name);
    if given.is_none() {
        made_here(ground, secret)?;
    }
    let record = admitted(ground, checked, secret, request.motive, store.now())?;
    let (value, version) = match given {
        Some(given) => given_version(ground, store, (secret, record), given, rng)?,
        None => {
            let tier = environment_of(ground.policy, environment)?.tier();
            new_version(store, ground.policy, secret, tier, rng)?
        }
    };
    let terms = Terms {
        now: version.recorded_at,
        reason: request.motive.reason,
        overlap: secret.overlap(),
        keep_previous: secret.keep_previous(),
    };
    change.versions.push(WrittenVersion {
        name: name.clone(),
        value,
        id: version.id,
    });
    let mut next = rotation::promote(record, version, terms);
    secret.kind_name().clone_into(&mut next.kind);
    change.records.push(next);
    Ok(())
}
