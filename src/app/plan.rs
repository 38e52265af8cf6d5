//! Saying in words what a rotation would do. Changes nothing.

use serde::Serialize;

use crate::app::AppError;
use crate::app::Motive;
use crate::app::Selection;
use crate::app::SkippedSecret;
use crate::app::Store;
use crate::app::admission::admitted;
use crate::app::admission::rotatable;
use crate::app::admission::with_derived;
use crate::app::batch::affected;
use crate::app::batch::sinks_of;
use crate::app::create::distinct;
use crate::app::environment_of;
use crate::app::secret_of;
use crate::app::walk::Ground;
use crate::ledger::Reason;
use crate::rotation::Plan;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// What a rotation would do.
#[derive(Debug, Serialize)]
pub struct PlanReport {
    /// Secret by secret: those that were named, then what is derived from them.
    pub secrets: Vec<PlannedSecret>,
    /// Secrets that would not be rotated with all others.
    pub skipped: Vec<SkippedSecret>,
}

/// What a rotation would do to one secret.
#[derive(Debug, Serialize)]
pub struct PlannedSecret {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// The kind.
    pub kind: String,
    /// The code of its overlap class.
    pub overlap_class: &'static str,
    /// Why.
    pub reason: Reason,
    /// The sinks, in the order in which they are told.
    pub sinks: Vec<String>,
    /// What would be done, in order.
    pub steps: Vec<String>,
    /// Who would be affected and how.
    pub consequences: Vec<String>,
}

/// Plans the rotation of the named secrets and of whatever is derived from them.
///
/// # Errors
///
/// When one cannot be rotated, as [`rotate`](crate::app::rotate) would say it.
pub fn plan(ground: Ground<'_>, selection: &Selection, motive: Motive) -> Result<PlanReport, AppError> {
    let environment = ground.environment;
    environment_of(ground.policy, environment)?;
    let store = Store::open(ground.world)?;
    let checked = store.ledger(environment)?;
    let (names, skipped) = match selection {
        Selection::All => rotatable(ground, &checked, motive, store.now()),
        Selection::Names(names) => (distinct(names), Vec::new()),
    };
    for name in &names {
        let secret = secret_of(ground.policy, name, environment)?;
        admitted(ground, &checked, secret, motive, store.now())?;
    }
    let mut secrets = Vec::new();
    for name in &with_derived(ground, &names) {
        secrets.push(planned(ground, name, motive)?);
    }
    Ok(PlanReport { secrets, skipped })
}

/// Says what a rotation would do to one secret.
pub(super) fn planned(
    ground: Ground<'_>,
    name: &SecretName,
    motive: Motive,
) -> Result<PlannedSecret, AppError> {
    let secret = secret_of(ground.policy, name, ground.environment)?;
    let sinks = sinks_of(ground, secret);
    let plan = Plan::of(&affected(ground, secret, motive.reason, &sinks));
    Ok(PlannedSecret {
        environment: ground.environment.clone(),
        name: name.clone(),
        kind: secret.kind_name().to_owned(),
        overlap_class: secret.overlap_class().code(),
        reason: motive.reason,
        sinks: sinks.into_iter().map(|(sink, _)| sink).collect(),
        steps: plan.steps,
        consequences: plan.consequences,
    })
}
