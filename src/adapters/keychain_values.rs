//! Values as entries of a keychain.

use ring::hmac;

use crate::ledger::Binding;
use crate::policy::StoreKind;
use crate::ports::Keychain;
use crate::ports::KeychainEntry;
use crate::ports::NewValue;
use crate::ports::StoredVersion;
use crate::ports::ValueError;
use crate::ports::ValuePlace;
use crate::ports::ValueStore;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::VersionId;

/// Keeps each version under the service `mintage:<store-id>` and the user `<environment>/<NAME>/<version>`.
pub struct KeychainValues<'a> {
    keychain: &'a dyn Keychain,
    kind: StoreKind,
}

impl<'a> KeychainValues<'a> {
    /// Keeps values in `keychain`, which policies call `kind`.
    pub fn new(keychain: &'a dyn Keychain, kind: StoreKind) -> Self {
        Self { keychain, kind }
    }

    fn held(
        &self,
        place: ValuePlace<'_>,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<SecretValue, ValueError> {
        if *binding == Binding::Destroyed {
            return Err(ValueError::Destroyed);
        }
        let found = self.keychain.get(&entry(place, name, version))?;
        let value = found.ok_or(ValueError::Missing)?;
        if bind(place, name, version, &value) == *binding {
            Ok(value)
        } else {
            Err(ValueError::Changed)
        }
    }
}

impl ValueStore for KeychainValues<'_> {
    fn kind(&self, _: &EnvironmentName) -> StoreKind {
        self.kind
    }

    fn put(
        &self,
        place: ValuePlace<'_>,
        values: &[NewValue<'_>],
        _: &[String],
    ) -> Result<Vec<Binding>, ValueError> {
        let mut bindings = Vec::with_capacity(values.len());
        for new in values {
            let entry = entry(place, new.name, new.version);
            let label = format!("mintage: {} in {}", new.name, place.environment);
            self.keychain.set(&entry, &label, new.value)?;
            bindings.push(bind(place, new.name, new.version, new.value));
        }
        // What a keychain answers is not always what it kept: a ledger names only what was read back.
        for (new, binding) in values.iter().zip(&bindings) {
            self.held(place, new.name, new.version, binding)?;
        }
        Ok(bindings)
    }

    fn get(
        &self,
        place: ValuePlace<'_>,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<SecretValue, ValueError> {
        self.held(place, name, version, binding)
    }

    fn check(
        &self,
        place: ValuePlace<'_>,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<(), ValueError> {
        match self.held(place, name, version, binding) {
            Ok(_) | Err(ValueError::Destroyed) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn list(&self, place: ValuePlace<'_>) -> Result<Vec<StoredVersion>, ValueError> {
        let users = self.keychain.users(&service(place))?.unwrap_or_default();
        let version_of = |user: &String| {
            let mut parts = user.split('/');
            let environment = parts.next()?.parse().ok()?;
            let (name, version) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            let is_here = environment == *place.environment && parts.next().is_none();
            is_here.then_some(StoredVersion {
                environment,
                name,
                version,
            })
        };
        let mut found: Vec<StoredVersion> = users.iter().filter_map(version_of).collect();
        found.sort();
        Ok(found)
    }

    fn delete(&self, place: ValuePlace<'_>, name: &SecretName, version: VersionId) -> Result<(), ValueError> {
        Ok(self.keychain.delete(&entry(place, name, version))?)
    }
}

/// The service of a store: no other program uses it, so that nothing else answers to the same words.
fn service(place: ValuePlace<'_>) -> String {
    format!("mintage:{}", place.store)
}

fn entry(place: ValuePlace<'_>, name: &SecretName, version: VersionId) -> KeychainEntry {
    KeychainEntry {
        service: service(place),
        user: format!("{}/{name}/{version}", place.environment),
    }
}

/// Ties a record to a value where anybody who is logged in could exchange it: an HMAC that only the store's key makes.
fn bind(place: ValuePlace<'_>, name: &SecretName, version: VersionId, value: &SecretValue) -> Binding {
    let mut mac = hmac::Context::with_key(place.keys.ledger_key());
    mac.update(format!("mintage/keychain-value/1\0{}\0", entry(place, name, version).user).as_bytes());
    mac.update(value.expose());
    Binding::Hmac(hex::encode(mac.sign()))
}
