//! Finding what a person named in the policy.

use crate::app::AppError;
use crate::policy::Environment;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::StoreKind;
use crate::policy::nearest;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Returns the environment of this name.
///
/// # Errors
///
/// When the policy has none, or it keeps its values where this version cannot.
pub fn environment_of<'a>(policy: &'a Policy, name: &EnvironmentName) -> Result<&'a Environment, AppError> {
    let environment = policy
        .environment(name)
        .ok_or_else(|| AppError::EnvironmentUnknown {
            name: name.clone(),
            known: policy
                .environments()
                .map(|known| known.name().to_string())
                .collect(),
        })?;
    match environment.store() {
        StoreKind::Age => Ok(environment),
        StoreKind::Keychain => Err(AppError::KeychainEnvironment {
            environment: name.clone(),
        }),
    }
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
