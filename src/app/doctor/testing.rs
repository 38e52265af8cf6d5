//! A machine that tests make up.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use chrono::DateTime;
use chrono::Utc;

use crate::app::doctor::Condition;
use crate::app::doctor::Opening;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;
use crate::app::doctor::StoredValue;
use crate::ports::FileState;
use crate::ports::Machine;
use crate::ports::StorageError;
use crate::secret::SecretValue;

/// Files by path.
#[derive(Default)]
pub(super) struct Files(BTreeMap<PathBuf, MadeUp>);

/// Content, mode and time of a file.
type MadeUp = (Vec<u8>, u32, Option<DateTime<Utc>>);

impl Files {
    pub(super) fn with(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.0
            .insert(path.into(), (content.as_ref().to_vec(), 0o600, None));
        self
    }

    pub(super) fn with_mode(mut self, path: &str, mode: u32) -> Self {
        self.0.insert(path.into(), (Vec::new(), mode, None));
        self
    }

    pub(super) fn written_at(mut self, path: &str, time: DateTime<Utc>) -> Self {
        self.0.insert(path.into(), (Vec::new(), 0o600, Some(time)));
        self
    }
}

impl Machine for Files {
    fn state(&self, path: &Path) -> Option<FileState> {
        let (_, mode, modified) = self.0.get(path)?;
        Some(FileState {
            place: path.to_owned(),
            mode: *mode,
            is_own: true,
            modified: *modified,
        })
    }

    fn read(&self, path: &Path) -> Result<Option<SecretValue>, StorageError> {
        let found = self.0.get(path);
        Ok(found.map(|(content, ..)| SecretValue::new(content.clone())))
    }
}

/// The surroundings of somebody with a home and nothing else.
pub(super) fn scene(machine: &dyn Machine) -> Scene<'_> {
    Scene {
        machine,
        project: None,
        home: Some("/home/ana".into()),
        variables: BTreeMap::new(),
        identities: Vec::new(),
        keychain: Ok("the Secret Service"),
        opening: Opening::NoStore,
        stored: Vec::new(),
        last_entry: None,
        umask: Some(0o022),
        core_limit: Some(0),
        now: now(),
    }
}

pub(super) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

pub(super) fn stored(name: &str, value: &str) -> StoredValue {
    StoredValue {
        environment: "production".parse().unwrap(),
        name: name.parse().unwrap(),
        is_current: true,
        value: SecretValue::new(value.as_bytes().to_vec()),
    }
}

/// The worst of some remarks.
pub(super) fn worst(remarks: &[Remark]) -> Condition {
    remarks.iter().map(|remark| remark.condition).max().unwrap()
}
