//! Whether the stored values are the ones that a ledger names.

use crate::app::AppError;
use crate::app::Store;
use crate::ledger::Damage;
use crate::ledger::Ledger;
use crate::ports::ValueError;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::VersionId;

impl Store<'_> {
    /// Names the version files of an environment that are missing or not what the ledger names.
    ///
    /// # Errors
    ///
    /// When files cannot be read at all.
    pub fn damaged_values(
        &self,
        environment: &EnvironmentName,
        ledger: &Ledger,
    ) -> Result<Vec<Damage>, AppError> {
        let mut damage = Vec::new();
        for record in ledger.records() {
            for version in &record.versions {
                let checked = self.world.values.check(
                    self.place(environment),
                    &record.name,
                    version.id,
                    &version.binding,
                );
                let Err(error) = checked else {
                    continue;
                };
                match damage_of_value(environment, &record.name, version.id, &error) {
                    Some(found) => damage.push(found),
                    None => {
                        return Err(AppError::Value {
                            name: record.name.clone(),
                            environment: environment.clone(),
                            source: error,
                        });
                    }
                }
            }
        }
        Ok(damage)
    }
}

/// Returns what is wrong with a stored value, where it is that and nothing else that failed.
pub(super) fn damage_of_value(
    environment: &EnvironmentName,
    name: &SecretName,
    version: VersionId,
    error: &ValueError,
) -> Option<Damage> {
    let (environment, name) = (environment.clone(), name.clone());
    match error {
        ValueError::Changed => Some(Damage::ValueChanged {
            environment,
            name,
            version,
        }),
        ValueError::Missing => Some(Damage::ValueMissing {
            environment,
            name,
            version,
        }),
        ValueError::Cipher(_) => Some(Damage::ValueUnopened {
            environment,
            name,
            version,
        }),
        ValueError::Destroyed | ValueError::Keychain(_) | ValueError::Storage(_) => None,
    }
}
