//! Values as plain age files.

use ring::digest;

use crate::ledger::Binding;
use crate::policy::StoreKind;
use crate::ports::Cipher;
use crate::ports::NewFile;
use crate::ports::NewValue;
use crate::ports::Storage;
use crate::ports::StoredVersion;
use crate::ports::ValueError;
use crate::ports::ValuePlace;
use crate::ports::ValueStore;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::VersionId;

/// Keeps each version as `<environment>/values/<NAME>/<version>.age`, a plain age file of exactly the value.
pub struct AgeValues<'a> {
    storage: &'a dyn Storage,
    cipher: &'a dyn Cipher,
}

impl<'a> AgeValues<'a> {
    /// Keeps values in `storage`, encrypted by `cipher`.
    pub fn new(storage: &'a dyn Storage, cipher: &'a dyn Cipher) -> Self {
        Self { storage, cipher }
    }

    fn file(
        &self,
        environment: &EnvironmentName,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<Vec<u8>, ValueError> {
        if *binding == Binding::Destroyed {
            return Err(ValueError::Destroyed);
        }
        let file = self
            .storage
            .get(&path(environment, name, version))?
            .ok_or(ValueError::Missing)?;
        if bind(&file) == *binding {
            Ok(file)
        } else {
            Err(ValueError::Changed)
        }
    }
}

impl ValueStore for AgeValues<'_> {
    fn kind(&self, _: &EnvironmentName) -> StoreKind {
        StoreKind::Age
    }

    fn put(
        &self,
        place: ValuePlace<'_>,
        values: &[NewValue<'_>],
        recipients: &[String],
    ) -> Result<Vec<Binding>, ValueError> {
        let mut files = Vec::with_capacity(values.len());
        for new in values {
            files.push(NewFile {
                path: path(place.environment, new.name, new.version),
                bytes: self.cipher.encrypt(new.value, recipients)?,
            });
        }
        let bindings = files.iter().map(|file| bind(&file.bytes)).collect();
        self.storage.create(&files)?;
        Ok(bindings)
    }

    fn get(
        &self,
        place: ValuePlace<'_>,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<SecretValue, ValueError> {
        let file = self.file(place.environment, name, version, binding)?;
        Ok(self.cipher.decrypt(&file)?)
    }

    fn check(
        &self,
        place: ValuePlace<'_>,
        name: &SecretName,
        version: VersionId,
        binding: &Binding,
    ) -> Result<(), ValueError> {
        match self.file(place.environment, name, version, binding) {
            Ok(_) | Err(ValueError::Destroyed) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn list(&self, place: ValuePlace<'_>) -> Result<Vec<StoredVersion>, ValueError> {
        let directory = format!("{}/values", place.environment);
        let paths = self.storage.list(&directory)?;
        let version_of = |path: &String| {
            let below = path
                .strip_prefix(&directory)
                .unwrap_or(path)
                .trim_start_matches('/');
            let (name, file) = below.split_once('/')?;
            Some(StoredVersion {
                environment: place.environment.clone(),
                name: name.parse().ok()?,
                version: file.strip_suffix(".age")?.parse().ok()?,
            })
        };
        Ok(paths.iter().filter_map(version_of).collect())
    }

    fn delete(&self, place: ValuePlace<'_>, name: &SecretName, version: VersionId) -> Result<(), ValueError> {
        Ok(self.storage.delete(&path(place.environment, name, version))?)
    }
}

fn path(environment: &EnvironmentName, name: &SecretName, version: VersionId) -> String {
    format!("{environment}/values/{name}/{version}.age")
}

fn bind(file: &[u8]) -> Binding {
    Binding::Sha256(hex::encode(digest::digest(&digest::SHA256, file)))
}
