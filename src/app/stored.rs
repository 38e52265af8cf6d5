//! Whether the stored values are the ones that a ledger names.

use crate::app::AppError;
use crate::app::Store;
use crate::ledger::Binding;
use crate::ledger::Damage;
use crate::ledger::Ledger;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::ports::ValueError;
use crate::rotation::Holding;
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
                match damage_of_value(environment, &record.name, version, &error) {
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

    /// Returns whether a keychain has lost a version: its entry is gone, or holds something else.
    pub(super) fn is_lost(
        &self,
        environment: &EnvironmentName,
        name: &SecretName,
        version: &VersionRecord,
    ) -> bool {
        let place = self.place(environment);
        matches!(version.binding, Binding::Hmac(_))
            && matches!(
                self.world.values.check(place, name, version.id, &version.binding),
                Err(ValueError::Missing | ValueError::Changed)
            )
    }

    /// Returns what sinks are to hold of a secret outside of a rotation, as far as it is left.
    pub(super) fn steady(&self, environment: &EnvironmentName, record: &SecretRecord) -> Option<Holding> {
        let holding = Holding::steady(record, self.now())?;
        Some(self.without_lost(environment, record, holding))
    }

    /// Leaves out what a keychain has lost of the versions beside the one to be used: no sink can be told of it.
    pub(super) fn without_lost(
        &self,
        environment: &EnvironmentName,
        record: &SecretRecord,
        mut holding: Holding,
    ) -> Holding {
        let is_there = |id: &VersionId| {
            let version = record.version(*id);
            version.is_none_or(|version| !self.is_lost(environment, &record.name, version))
        };
        holding.accepted.retain(is_there);
        holding.gone.retain(is_there);
        holding
    }
}

/// Returns what is wrong with a stored value, where it is that and nothing else that failed.
pub(super) fn damage_of_value(
    environment: &EnvironmentName,
    name: &SecretName,
    record: &VersionRecord,
    error: &ValueError,
) -> Option<Damage> {
    let (environment, name, version) = (environment.clone(), name.clone(), record.id);
    let is_entry = matches!(record.binding, Binding::Hmac(_));
    match error {
        ValueError::Changed if is_entry => Some(Damage::EntryChanged {
            environment,
            name,
            version,
        }),
        ValueError::Changed => Some(Damage::ValueChanged {
            environment,
            name,
            version,
        }),
        ValueError::Missing if is_entry => Some(Damage::EntryMissing {
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
