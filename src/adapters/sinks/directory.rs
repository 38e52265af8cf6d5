//! A directory of files of one value each, as Docker Compose takes secrets and systemd takes credentials.
//!
//! Each file holds exactly the value. Neither adds or expects a line end: systemd hands a credential over byte by
//! byte, and what reads a secret of Compose raw would take a line end for a part of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use ring::hmac;

use crate::adapters::sinks::kept_file::KeptFile;
use crate::adapters::sinks::variables;
use crate::adapters::sinks::variables::Assignment;
use crate::ports::Abilities;
use crate::ports::Change;
use crate::ports::Failure;
use crate::ports::Shown;
use crate::ports::Sink;
use crate::ports::SinkError;
use crate::secret::SecretValue;

/// Keeps each secret in a file named like it, and former values in files named like the variables of its fallback.
pub(super) struct DirectorySink {
    name: String,
    root: PathBuf,
    path: String,
    terms: Terms,
}

/// How the files are kept.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    /// The permission bits; `None` keeps those of a file, and makes a new one private to the user.
    pub mode: Option<u32>,
    /// Whether the most recent former value stays as `NAME.previous` where the policy names no variable for it.
    pub previous: bool,
    /// Largest value, in bytes.
    pub most: usize,
}

impl DirectorySink {
    /// Keeps secrets in the directory `path` below `root`, which is made when it is not there.
    pub(super) fn new(name: String, (root, path): (&Path, String), terms: Terms) -> Self {
        Self {
            name,
            root: root.to_owned(),
            path,
            terms,
        }
    }

    fn file(&self, name: &str) -> KeptFile<'_> {
        KeptFile::new(&self.root, Path::new(&self.path).join(name), self.terms.mode)
    }

    /// Returns what each file of a secret is to hold, those first that have to be there before the others change.
    fn written(&self, change: &Change<'_>) -> Result<Vec<Assignment>, SinkError> {
        let mut files = variables::written(change)?;
        if self.terms.previous && change.fallback.is_none() {
            let former = change.accepted.first();
            let former = former.map(|former| SecretValue::new(former.value.expose().to_vec()));
            files.push((format!("{}.previous", change.name), former));
        }
        let largest = files
            .iter()
            .filter_map(|(_, value)| value.as_ref())
            .map(SecretValue::len)
            .max();
        if largest.is_some_and(|largest| largest > self.terms.most) {
            let what = format!(
                "a value of `{}` is larger than {} bytes",
                change.name, self.terms.most
            );
            return Err(SinkError::new(Failure::Rejected, what));
        }
        // What is accepted beside is there before the current value changes, and goes after it did.
        files.sort_by_key(|(name, value)| match value {
            Some(_) if name != change.name.as_str() => 0,
            Some(_) => 1,
            None => 2,
        });
        Ok(files)
    }

    fn write(&self, change: &Change<'_>) -> Result<(), SinkError> {
        for (name, value) in self.written(change)? {
            let file = self.file(&name);
            let before = file.read()?;
            match value {
                Some(value) => file.hold(before.as_ref(), value.expose())?,
                None => file.remove()?,
            }
        }
        Ok(())
    }

    fn shown(&self, change: &Change<'_>, key: &hmac::Key) -> Result<Shown, SinkError> {
        let mut held = BTreeMap::new();
        for (name, _) in variables::written(change)? {
            if let Some(bytes) = self.file(&name).read()? {
                held.insert(name, SecretValue::new(bytes.to_vec()));
            }
        }
        Ok(variables::read(
            (change.name, change.fallback),
            &|name| held.get(name),
            key,
        ))
    }

    fn check(&self, change: &Change<'_>) -> Result<(), SinkError> {
        for (name, wanted) in self.written(change)? {
            let file = self.file(&name);
            let held = file.read()?;
            if held.as_deref().map(Vec::as_slice) != wanted.as_ref().map(SecretValue::expose) {
                return Err(file.differs("is not as it was written"));
            }
        }
        Ok(())
    }
}

impl Sink for DirectorySink {
    fn name(&self) -> &str {
        &self.name
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            shows: true,
            holds_two: true,
            needs_approval: false,
        }
    }

    fn apply(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        changes.iter().map(|change| self.write(change)).collect()
    }

    fn show(&self, changes: &[Change<'_>], key: &hmac::Key) -> Vec<Result<Shown, SinkError>> {
        changes.iter().map(|change| self.shown(change, key)).collect()
    }

    fn test(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        changes.iter().map(|change| self.check(change)).collect()
    }
}
