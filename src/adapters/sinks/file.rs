//! A file of exactly one value.

use std::path::Path;
use std::path::PathBuf;

use ring::hmac;

use crate::adapters::sinks::foreign;
use crate::adapters::sinks::foreign::Content;
use crate::ports::Abilities;
use crate::ports::Change;
use crate::ports::Failure;
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
    fn path(&self, secret: &SecretName) -> PathBuf {
        self.root.join(self.path.replace("{name}", secret.as_str()))
    }

    fn read(&self, path: &Path) -> Result<Option<Content>, SinkError> {
        foreign::check_inside(&self.root, path)?;
        foreign::read(path)
    }

    fn write(&self, path: &Path, value: &SecretValue) -> Result<(), SinkError> {
        let before = self.read(path)?;
        foreign::tidy(path);
        if before
            .as_deref()
            .is_some_and(|before| before.as_slice() == value.expose())
        {
            return Ok(());
        }
        let before = before.as_deref().map(Vec::as_slice);
        foreign::replace(path, before, value.expose(), self.mode)
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
        let applied = changes
            .iter()
            .map(|change| self.write(&self.path(change.name), change.current.value));
        applied.collect()
    }

    fn show(&self, changes: &[Change<'_>], key: &hmac::Key) -> Vec<Result<Shown, SinkError>> {
        let show = |change: &Change<'_>| {
            let bytes = self.read(&self.path(change.name))?;
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
            let path = self.path(change.name);
            let held = self.read(&path)?;
            let is_held = held.is_some_and(|held| held.as_slice() == change.current.value.expose());
            is_held.then_some(()).ok_or_else(|| {
                let what = format!("`{}` does not hold the new value", path.display());
                SinkError::new(Failure::Transient, what)
            })
        };
        changes.iter().map(test).collect()
    }
}
