//! Every store of values that a policy names, behind one.

use std::collections::BTreeMap;

use crate::adapters::AgeValues;
use crate::adapters::KeychainValues;
use crate::ledger::Binding;
use crate::policy::StoreKind;
use crate::ports::NewValue;
use crate::ports::StoredVersion;
use crate::ports::ValueError;
use crate::ports::ValuePlace;
use crate::ports::ValueStore;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::VersionId;

/// Writes new values where the policy says, and finds old ones where their records say.
pub struct ValuesByStore<'a> {
    /// Age files.
    pub age: AgeValues<'a>,
    /// The keychain of the session.
    pub keychain: KeychainValues<'a>,
    /// The keys of the kernel.
    pub keyutils: KeychainValues<'a>,
    /// What keeps the values of each environment of the policy.
    pub kinds: BTreeMap<EnvironmentName, StoreKind>,
}

impl ValuesByStore<'_> {
    fn of_kind(&self, kind: StoreKind) -> &dyn ValueStore {
        match kind {
            StoreKind::Age => &self.age,
            StoreKind::Keychain => &self.keychain,
            StoreKind::Keyutils => &self.keyutils,
        }
    }

    /// Returns what keeps new values of an environment.
    fn of(&self, environment: &EnvironmentName) -> &dyn ValueStore {
        self.of_kind(self.kind(environment))
    }

    /// Returns what keeps the value of a record, even after the policy named another store.
    fn of_binding(&self, environment: &EnvironmentName, binding: &Binding) -> &dyn ValueStore {
        match (binding, self.kind(environment)) {
            (Binding::Sha256(_), _) => &self.age,
            (Binding::Hmac(_), StoreKind::Age) => &self.keychain,
            (_, kind) => self.of_kind(kind),
        }
    }
}

impl ValueStore for ValuesByStore<'_> {
    fn kind(&self, environment: &EnvironmentName) -> StoreKind {
        self.kinds.get(environment).copied().unwrap_or_default()
    }

    fn put(
        &self,
        place: ValuePlace<'_>,
        values: &[NewValue<'_>],
        recipients: &[String],
    ) -> Result<Vec<Binding>, ValueError> {
        self.of(place.environment).put(place, values, recipients)
    }

    fn get(
        &self,
        place: ValuePlace<'_>,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<SecretValue, ValueError> {
        let store = self.of_binding(place.environment, binding);
        store.get(place, name, version, binding)
    }

    fn check(
        &self,
        place: ValuePlace<'_>,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<(), ValueError> {
        let store = self.of_binding(place.environment, binding);
        store.check(place, name, version, binding)
    }

    fn list(&self, place: ValuePlace<'_>) -> Result<Vec<StoredVersion>, ValueError> {
        self.of(place.environment).list(place)
    }

    fn delete(&self, place: ValuePlace<'_>, name: &SecretName, version: VersionId) -> Result<(), ValueError> {
        self.of(place.environment).delete(place, name, version)
    }
}
