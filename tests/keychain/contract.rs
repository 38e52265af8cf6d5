//! What every store of values does alike. A new store is one line in `every`.

use std::sync::Arc;

use mintage::adapters::AgeCipher;
use mintage::adapters::AgeValues;
use mintage::adapters::Directory;
use mintage::adapters::IdentityFile;
use mintage::adapters::IdentitySource;
use mintage::adapters::KeychainValues;
use mintage::adapters::NewIdentity;
use mintage::adapters::OsRandom;
use mintage::adapters::Silence;
use mintage::ledger::Binding;
use mintage::ledger::StoreId;
use mintage::ledger::StoreKeys;
use mintage::policy::StoreKind;
use mintage::ports::NewValue;
use mintage::ports::ValueError;
use mintage::ports::ValuePlace;
use mintage::ports::ValueStore;
use mintage::secret::EnvironmentName;
use mintage::secret::SecretName;
use mintage::secret::SecretValue;
use mintage::secret::VersionId;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use tempfile::TempDir;

use crate::desktop::Desktop;

/// What a case needs beside a store.
struct Case<'a> {
    values: &'a dyn ValueStore,
    recipients: &'a [String],
    keys: StoreKeys,
    store: StoreId,
    here: EnvironmentName,
    there: EnvironmentName,
    name: SecretName,
    ids: Vec<VersionId>,
}

impl Case<'_> {
    fn place(&self) -> ValuePlace<'_> {
        ValuePlace {
            store: &self.store,
            keys: &self.keys,
            environment: &self.here,
        }
    }

    fn put(&self, version: VersionId, value: &str) -> Binding {
        let value = SecretValue::new(value.as_bytes().to_vec());
        let new = NewValue {
            name: &self.name,
            version,
            value: &value,
        };
        self.values
            .put(self.place(), &[new], self.recipients)
            .unwrap()
            .remove(0)
    }

    fn get(&self, version: VersionId, binding: &Binding) -> Result<Vec<u8>, ValueError> {
        let value = self.values.get(self.place(), &self.name, version, binding)?;
        Ok(value.expose().to_vec())
    }
}

fn every(case: impl Fn(&Case<'_>)) {
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    let directory = TempDir::new().unwrap();
    let identity = NewIdentity::generate();
    let file = directory.path().join("identity");
    identity
        .save(&file, "2026-01-01T00:00:00Z", &mut OsRandom::new().unwrap())
        .unwrap();
    let source = IdentitySource::File {
        path: file,
        named: true,
    };
    let cipher = AgeCipher::new(IdentityFile::load(&source).unwrap(), Arc::new(Silence));
    let storage = Directory::new(directory.path().join("store"), Box::new(OsRandom::new().unwrap()));
    let age = AgeValues::new(&storage, &cipher);
    let desktop = Desktop::default();
    let keychain = KeychainValues::new(&desktop, StoreKind::Keychain);
    for values in [&age as &dyn ValueStore, &keychain] {
        let keys = StoreKeys::generate(&mut rng);
        case(&Case {
            values,
            recipients: &[identity.recipient()],
            store: StoreId::generate(&mut rng),
            keys,
            here: "development".parse().unwrap(),
            there: "staging".parse().unwrap(),
            name: "API_KEY".parse().unwrap(),
            ids: (0..3)
                .map(|_| VersionId::new(chrono::DateTime::UNIX_EPOCH, &mut rng))
                .collect(),
        });
    }
}

#[test]
fn a_value_comes_back_whole_and_versions_stay_apart() {
    every(|case| {
        let first = case.put(case.ids[0], "one\nvalue $HOME \"quoted\"");
        let second = case.put(case.ids[1], "another value");

        assert_eq!(
            case.get(case.ids[0], &first).unwrap(),
            b"one\nvalue $HOME \"quoted\""
        );
        assert_eq!(case.get(case.ids[1], &second).unwrap(), b"another value");
        case.values
            .check(case.place(), &case.name, case.ids[0], &first)
            .unwrap();
    });
}

#[test]
fn a_record_of_another_version_does_not_fit() {
    every(|case| {
        let first = case.put(case.ids[0], "the same value");
        let second = case.put(case.ids[1], "the same value");

        assert_ne!(first, second, "equal values must not be exchangeable");
        assert!(matches!(case.get(case.ids[0], &second), Err(ValueError::Changed)));
    });
}

#[test]
fn what_is_not_there_is_missing_and_what_was_destroyed_is_known() {
    every(|case| {
        let binding = case.put(case.ids[0], "a value");

        assert!(matches!(
            case.get(case.ids[2], &binding),
            Err(ValueError::Missing)
        ));
        assert!(matches!(
            case.get(case.ids[0], &Binding::Destroyed),
            Err(ValueError::Destroyed)
        ));
        case.values
            .check(case.place(), &case.name, case.ids[0], &Binding::Destroyed)
            .unwrap();
    });
}

#[test]
fn versions_are_listed_by_environment_and_deleted_once() {
    every(|case| {
        let binding = case.put(case.ids[0], "a value");
        case.put(case.ids[1], "another value");
        let elsewhere = ValuePlace {
            environment: &case.there,
            ..case.place()
        };

        let mut listed: Vec<VersionId> = case
            .values
            .list(case.place())
            .unwrap()
            .iter()
            .map(|one| one.version)
            .collect();
        listed.sort();
        let mut expected = vec![case.ids[0], case.ids[1]];
        expected.sort();
        assert_eq!(listed, expected);
        assert_eq!(case.values.list(elsewhere).unwrap(), []);
        for _ in 0..2 {
            case.values.delete(case.place(), &case.name, case.ids[0]).unwrap();
        }
        assert!(matches!(
            case.get(case.ids[0], &binding),
            Err(ValueError::Missing)
        ));
        assert_eq!(case.values.list(case.place()).unwrap().len(), 1);
    });
}
