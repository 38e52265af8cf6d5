//! Handing a stored value out.

use crate::app::AppError;
use crate::app::Store;
use crate::app::World;
use crate::app::lookup::value_missing;
use crate::ledger::Action;
use crate::ledger::EventDraft;
use crate::policy::Policy;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::VersionId;

/// Returns a stored value, after the audit log has durably recorded that it is handed out.
///
/// # Errors
///
/// When there is no such value, it cannot be believed, or the audit log cannot be written.
pub fn reveal(
    world: World<'_>,
    policy: &Policy,
    environment: &EnvironmentName,
    name: &SecretName,
    version: Option<VersionId>,
) -> Result<SecretValue, AppError> {
    let mut store = Store::open(world)?;
    let checked = store.ledger(environment)?;
    let missing = || value_missing(policy, environment, name, &checked);
    let record = checked.ledger.record(name).ok_or_else(missing)?;
    let found = match version {
        Some(id) => record.version(id).ok_or_else(|| AppError::NoVersion {
            name: name.clone(),
            environment: environment.clone(),
            version: id,
        })?,
        None => record.current().ok_or_else(missing)?,
    };
    let value = store.value(environment, &checked, name, found)?;
    store.record(vec![EventDraft {
        environment: Some(environment.clone()),
        secret: Some(name.clone()),
        version: Some(found.id),
        ..store.event(Action::Reveal)
    }])?;
    store.remember(environment, &checked);
    Ok(value)
}
