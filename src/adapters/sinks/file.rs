//! A file of exactly one value.

use std::path::Path;
use std::path::PathBuf;

use ring::hmac;

use crate::adapters::sinks::kept_file::KeptFile;
use crate::ports::Abilities;
use crate::ports::Change;
use crate::ports::Shown;
use crate::ports::Sink;
use crate::ports::SinkError;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::SecretValue;

/// Keeps each secret in a file of its own, which holds the value and nothing else.
pub(super) struct FileSink {
    name: String,
    root: PathBuf,
    path: String,
    mode: Option<u32>,
}

impl FileSink {
    /// Keeps a secret at `path` below `root`, where `{name}` stands for its name; `mode` as the policy states it.
    pub(super) fn new(name: String, root: &Path, path: String, mode: Option<u32>) -> Self {
        Self {
            name,
            root: root.to_owned(),
            path,
            mode,
        }
    }

    /// Returns where a secret is kept.
    fn file(&self, secret: &SecretName) -> KeptFile<'_> {
        let path = self.path.replace("{name}", secret.as_str());
        KeptFile::new(&self.root, path, self.mode)
    }
}

impl Sink for FileSink {
    fn name(&self) -> &str {
        &self.name
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            shows: true,
            holds_two: false,
            needs_approval: false,
        }
    }

    fn apply(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        let apply = |change: &Change<'_>| {
            let file = self.file(change.name);
            file.hold(file.read()?.as_ref(), change.current.value.expose())
        };
        changes.iter().map(apply).collect()
    }

    fn show(&self, changes: &[Change<'_>], key: &hmac::Key) -> Vec<Result<Shown, SinkError>> {
        let show = |change: &Change<'_>| {
            let bytes = self.file(change.name).read()?;
            // An empty file holds nothing that could be lost.
            let value = bytes
                .filter(|bytes| !bytes.is_empty())
                .map(|bytes| SecretValue::new(bytes.to_vec()));
            Ok(Shown::Values {
                current: value.map(|value| Fingerprint::of(&value, key)),
                accepted: Vec::new(),
            })
        };
        changes.iter().map(show).collect()
    }

    fn test(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        let test = |change: &Change<'_>| {
            let file = self.file(change.name);
            let held = file.read()?;
            let is_held = held.is_some_and(|held| held.as_slice() == change.current.value.expose());
            is_held
                .then_some(())
                .ok_or_else(|| file.differs("does not hold the new value"))
        };
        changes.iter().map(test).collect()
    }
}
