//! Finding what a person named in the policy.

use crate::app::AppError;
use crate::app::Checked;
use crate::policy::Environment;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::kinds::Role;
use crate::policy::nearest;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Returns the environment of this name.
///
/// # Errors
///
/// When the policy has none.
pub fn environment_of<'a>(policy: &'a Policy, name: &EnvironmentName) -> Result<&'a Environment, AppError> {
    policy
        .environment(name)
        .ok_or_else(|| AppError::EnvironmentUnknown {
            name: name.clone(),
            known: policy
                .environments()
                .map(|known| known.name().to_string())
                .collect(),
        })
}

/// Returns what the policy says of a secret in an environment.
///
/// # Errors
///
/// When the policy says nothing of it.
pub fn secret_of<'a>(
    policy: &'a Policy,
    name: &SecretName,
    environment: &EnvironmentName,
) -> Result<&'a SecretPolicy, AppError> {
    policy
        .secret(name, environment)
        .ok_or_else(|| AppError::SecretUnknown {
            name: name.clone(),
            nearest: nearest(name.as_str(), policy.secret_names().map(SecretName::as_str)).map(str::to_owned),
        })
}

/// Says why a secret has no value to hand out: its line cannot be believed, or there never was one.
pub(super) fn value_missing(
    policy: &Policy,
    environment: &EnvironmentName,
    name: &SecretName,
    checked: &Checked,
) -> AppError {
    let damage = checked.damage_of(name);
    let (name, environment) = (name.clone(), environment.clone());
    if !damage.is_empty() {
        return AppError::DamagedSecret {
            environment,
            name,
            damage,
        };
    }
    match secret_of(policy, &name, &environment) {
        Err(unknown) => unknown,
        Ok(secret) if secret.kind().role == Role::Issued => AppError::NotBroughtIn { name, environment },
        Ok(_) => AppError::NoValue { name, environment },
    }
}
