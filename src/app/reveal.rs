//! Handing a stored value out.

use crate::app::AppError;
use crate::app::Store;
use crate::app::World;
use crate::app::secret_of;
use crate::ledger::Action;
use crate::ledger::EventDraft;
use crate::policy::Policy;
use crate::policy::kinds::Role;
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
    let record = checked.ledger.record(name).ok_or_else(|| {
        let damage = checked.damage_of(name);
        if damage.is_empty() {
            without_value(policy, environment, name)
        } else {
            AppError::DamagedSecret {
                environment: environment.clone(),
                name: name.clone(),
                damage,
            }
        }
    })?;
    let found = match version {
        Some(id) => record.version(id).ok_or_else(|| AppError::NoVersion {
            name: name.clone(),
            environment: environment.clone(),
            version: id,
        })?,
        None => record
            .current()
            .ok_or_else(|| without_value(policy, environment, name))?,
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

/// Says why a secret has no value to hand out.
pub(super) fn without_value(policy: &Policy, environment: &EnvironmentName, name: &SecretName) -> AppError {
    let (name, environment) = (name.clone(), environment.clone());
    match secret_of(policy, &name, &environment) {
        Err(unknown) => unknown,
        Ok(secret) if secret.kind().role == Role::Issued => AppError::NotBroughtIn { name, environment },
        Ok(_) => AppError::NoValue { name, environment },
    }
}
