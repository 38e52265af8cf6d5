//! What a timer runs: goes on with what is open, retires what is over, starts what is due, and says what is left.

use rand::CryptoRng;
use serde::Serialize;

use crate::app::AppError;
use crate::app::DestroyedVersion;
use crate::app::Motive;
use crate::app::PlannedSecret;
use crate::app::RetiredVersion;
use crate::app::RotateReport;
use crate::app::RotateRequest;
use crate::app::Selection;
use crate::app::SinkFailure;
use crate::app::Store;
use crate::app::admission::with_derived;
use crate::app::environment_of;
use crate::app::plan::planned;
use crate::app::retire::over;
use crate::app::retire::retire_over;
use crate::app::rotate::go_on;
use crate::app::rotate::lock_rotations;
use crate::app::rotate::start;
use crate::app::turns::Turns;
use crate::app::turns::Waiting;
use crate::app::turns::Why;
use crate::app::turns::deaf;
use crate::app::turns::turns;
use crate::app::walk::Ground;
use crate::ports::Failure;
use crate::rotation;
use crate::rotation::Next;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// What `rotate --due` did.
#[derive(Debug, Default, Serialize)]
pub struct DueReport {
    /// What was rotated or finished.
    #[serde(flatten)]
    pub rotated: RotateReport,
    /// The versions whose overlap was over and that are valid nowhere any more.
    pub retired: Vec<RetiredVersion>,
    /// Retired versions that the policy does not keep and whose values are destroyed.
    pub destroyed: Vec<DestroyedVersion>,
    /// Secrets whose turn has come and that wait, or need a person.
    pub waiting: Vec<Waiting>,
    /// What sinks did not do.
    pub failures: Vec<FailedSecret>,
}

/// A secret at a sink that did not do what it was asked.
#[derive(Debug, Serialize)]
pub struct FailedSecret {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// The sink; `None` where no sink is to blame.
    pub sink: Option<String>,
    /// Why.
    pub message: String,
    /// Whether a rotation or a retirement stands half done, and goes on the next time.
    pub incomplete: bool,
    /// Whether it may pass by itself.
    pub transient: bool,
}

/// What `rotate --due` would do.
#[derive(Debug, Default, Serialize)]
pub struct DuePlan {
    /// Secrets whose open rotation would go on.
    pub continues: Vec<SecretName>,
    /// Versions whose overlap is over and that sinks would drop.
    pub retires: Vec<RetiredVersion>,
    /// Secrets that would get a new value, and what is derived from them.
    pub secrets: Vec<PlannedSecret>,
    /// Secrets whose turn has come and that wait, or need a person.
    pub waiting: Vec<Waiting>,
}

/// Does everything that needs no person: goes on with open rotations, has sinks drop values whose overlap is over,
/// and rotates what is due, as few batches as can be.
///
/// While a freeze holds, only open rotations go on: a sink that holds half of a change is worse than one more
/// change. What one secret or sink refuses does not keep the others from their turn.
///
/// # Errors
///
/// When the store cannot be believed or written, or another process rotates and does not end.
pub fn rotate_due(ground: Ground<'_>, rng: &mut dyn CryptoRng) -> Result<DueReport, AppError> {
    environment_of(ground.policy, ground.environment)?;
    let _rotations = lock_rotations(ground)?;
    let mut report = DueReport::default();
    go_on_with_open(ground, &mut report, rng)?;
    let now = ground.world.clock.now();
    if ground.policy.frozen(ground.environment, now).is_none() {
        let (retired, failures) = retire_over(ground, &[])?;
        report.retired = retired.retired;
        report.destroyed = retired.destroyed;
        report.hold_back(ground, failures);
    }
    let store = Store::open(ground.world)?;
    let checked = store.ledger(ground.environment)?;
    let Turns { batches, waiting } = turns(ground, &store, &checked, now)?;
    drop(store);
    report.wait(waiting);
    for names in batches {
        start_batch(ground, names, &mut report, rng)?;
    }
    Ok(report)
}

/// Says what [`rotate_due`] would do now. Changes nothing.
///
/// # Errors
///
/// When the store cannot be read.
pub fn plan_due(ground: Ground<'_>) -> Result<DuePlan, AppError> {
    let environment = ground.environment;
    environment_of(ground.policy, environment)?;
    let store = Store::open(ground.world)?;
    let checked = store.ledger(environment)?;
    let now = store.now();
    let mut plan = DuePlan::default();
    for open in store.journals()?.0 {
        if open.journal.environment != *environment {
            continue;
        }
        if let Next::Continue(journal) | Next::Undo(journal) = rotation::next(&open.journal, &checked.ledger)
        {
            plan.continues
                .extend(journal.secrets.into_iter().map(|entry| entry.name));
        }
    }
    if ground.policy.frozen(environment, now).is_none() {
        plan.retires = over(ground, &checked, now);
    }
    let Turns { batches, waiting } = turns(ground, &store, &checked, now)?;
    let names: Vec<SecretName> = batches.into_iter().flatten().collect();
    for name in with_derived(ground, &names) {
        plan.secrets.push(planned(ground, &name, Motive::default())?);
    }
    plan.waiting = waiting;
    Ok(plan)
}

fn go_on_with_open(
    ground: Ground<'_>,
    report: &mut DueReport,
    rng: &mut dyn CryptoRng,
) -> Result<(), AppError> {
    let mut store = Store::open_for_writing(ground.world, ground.environment)?;
    let checked = store.ledger(ground.environment)?;
    let place = (ground.policy, ground.environment);
    for open in store.open_rotations(place, &checked, rng)? {
        if let Err(error) = go_on(ground, &mut store, open, &mut report.rotated) {
            report.note(ground, error)?;
        }
    }
    Ok(())
}

/// Rotates secrets together. Those that a sink cannot be told of are left out, and the others are rotated.
fn start_batch(
    ground: Ground<'_>,
    mut names: Vec<SecretName>,
    report: &mut DueReport,
    rng: &mut dyn CryptoRng,
) -> Result<(), AppError> {
    while !names.is_empty() {
        let store = Store::open_for_writing(ground.world, ground.environment)?;
        let checked = store.ledger(ground.environment)?;
        let request = RotateRequest {
            selection: &Selection::All,
            motive: Motive::default(),
            given: &[],
        };
        let begun = start(
            ground,
            (store, checked),
            (&names, request),
            (Vec::new(), rng),
            &mut report.rotated,
        );
        let failures = match begun {
            Ok(()) => return Ok(()),
            Err(AppError::SinksNotReady { failures }) => failures,
            Err(error) => return report.note(ground, error),
        };
        let before = names.len();
        names.retain(|name| {
            let family = with_derived(ground, std::slice::from_ref(name));
            !failures.iter().any(|failure| family.contains(&failure.secret))
        });
        if names.len() == before {
            return Err(AppError::SinksNotReady { failures });
        }
        report.blame(ground, failures, false);
    }
    Ok(())
}

impl DueReport {
    /// Returns whether something stands half done.
    pub fn is_incomplete(&self) -> bool {
        self.failures.iter().any(|failure| failure.incomplete)
    }

    /// Returns whether something could not be reached, and nothing worse happened.
    pub fn is_unreachable(&self) -> bool {
        !self.failures.is_empty() && self.failures.iter().all(|failure| failure.transient)
    }

    /// Returns whether a person has to do something.
    pub fn needs_somebody(&self) -> bool {
        !self.failures.is_empty() || self.waiting.iter().any(|waiting| waiting.why.needs_somebody())
    }

    /// Keeps what became of a rotation that did not come to its end; any other error goes on up.
    fn note(&mut self, ground: Ground<'_>, error: AppError) -> Result<(), AppError> {
        match error {
            AppError::RotationIncomplete { journal, failures } if failures.is_empty() => {
                let environment = ground.environment;
                let halted = journal.secrets.into_iter().map(|entry| FailedSecret {
                    environment: environment.clone(),
                    name: entry.name,
                    sink: None,
                    message: "its rotation is not complete".to_owned(),
                    incomplete: true,
                    transient: false,
                });
                self.failures.extend(halted);
            }
            AppError::RotationIncomplete { failures, .. } => self.blame(ground, failures, true),
            AppError::RotationWaits { names, until, .. } => {
                let waiting = names.into_iter().map(|name| Waiting {
                    environment: ground.environment.clone(),
                    name,
                    why: Why::UsageDelay,
                    message:
                        "the new value is accepted everywhere, and is used when all may have heard of it"
                            .to_owned(),
                    until: Some(until),
                    fix: None,
                });
                self.waiting.extend(waiting);
            }
            other => return Err(other),
        }
        Ok(())
    }

    /// Keeps what was not retired: it waits where a sink waits for a person, and is half done otherwise.
    fn hold_back(&mut self, ground: Ground<'_>, mut failures: Vec<SinkFailure>) {
        failures.retain(|failure| match deaf(ground, &failure.secret, &failure.sink) {
            Some(waiting) => {
                self.wait(vec![waiting]);
                false
            }
            None => true,
        });
        self.blame(ground, failures, true);
    }

    /// Adds what waits, once for each secret and reason.
    fn wait(&mut self, waiting: Vec<Waiting>) {
        for one in waiting {
            let is_same = |other: &Waiting| (&other.name, other.why) == (&one.name, one.why);
            if !self.waiting.iter().any(is_same) {
                self.waiting.push(one);
            }
        }
    }

    fn blame(&mut self, ground: Ground<'_>, failures: Vec<SinkFailure>, incomplete: bool) {
        let failed = failures.into_iter().map(|failure| FailedSecret {
            environment: ground.environment.clone(),
            name: failure.secret,
            sink: Some(failure.sink),
            message: failure.error.to_string(),
            incomplete,
            transient: failure.error.failure == Failure::Transient,
        });
        self.failures.extend(failed);
    }
}
