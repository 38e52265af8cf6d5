//! An env file, edited without touching anything else in it.

use std::path::Path;
use std::path::PathBuf;

use ring::hmac;

use crate::adapters::sinks::env_edit;
use crate::adapters::sinks::foreign::Content;
use crate::adapters::sinks::kept_file::KeptFile;
use crate::adapters::sinks::kept_file::all_failed;
use crate::adapters::sinks::kept_file::once_written;
use crate::adapters::sinks::variables;
use crate::adapters::sinks::variables::Assignment;
use crate::dotenv::EnvFile;
use crate::ports::Abilities;
use crate::ports::Change;
use crate::ports::Failure;
use crate::ports::Shown;
use crate::ports::Sink;
use crate::ports::SinkError;
use crate::secret::SecretValue;

/// Keeps secrets as variables of an env file. One call writes the file once, whatever the number of changes.
pub(super) struct EnvFileSink {
    name: String,
    root: PathBuf,
    path: String,
}

impl EnvFileSink {
    /// Keeps secrets in the env file at `path` below `root`, which is made when it is not there.
    pub(super) fn new(name: String, root: &Path, path: String) -> Self {
        Self {
            name,
            root: root.to_owned(),
            path,
        }
    }

    fn file(&self) -> KeptFile<'_> {
        KeptFile::new(&self.root, &self.path, None)
    }

    fn read(&self) -> Result<(Option<Content>, EnvFile), SinkError> {
        let bytes = self.file().read()?;
        let file = EnvFile::parse(bytes.as_deref().map(Vec::as_slice).unwrap_or_default());
        Ok((bytes, file))
    }

    /// Returns what the file holds of a change.
    fn shown(&self, file: &EnvFile, change: &Change<'_>, key: &hmac::Key) -> Shown {
        let held = |name: &str| file.last(name).map(|entry| entry.value());
        variables::read((change.name, change.fallback), &held, key)
    }

    /// Returns whether every variable of a change is as it is to be.
    fn check(&self, file: &EnvFile, change: &Change<'_>) -> Result<(), SinkError> {
        for (name, wanted) in variables::written(change)? {
            if file.last(&name).map(|entry| entry.value()) != wanted.as_ref() {
                return Err(self
                    .file()
                    .differs(&format!("does not hold {name} as it was set")));
            }
        }
        Ok(())
    }
}

impl Sink for EnvFileSink {
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
        let (before, mut file) = match self.read() {
            Ok(read) => read,
            Err(error) => return all_failed(changes.len(), &error),
        };
        let outcomes = assign_all(&mut file, changes);
        let written = self.file().hold(before.as_ref(), file.source().expose());
        once_written(outcomes, &written)
    }

    fn show(&self, changes: &[Change<'_>], key: &hmac::Key) -> Vec<Result<Shown, SinkError>> {
        match self.read() {
            Ok((_, file)) => changes
                .iter()
                .map(|change| Ok(self.shown(&file, change, key)))
                .collect(),
            Err(error) => all_failed(changes.len(), &error),
        }
    }

    fn test(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        match self.read() {
            Ok((_, file)) => changes.iter().map(|change| self.check(&file, change)).collect(),
            Err(error) => all_failed(changes.len(), &error),
        }
    }
}

/// Makes every change that the file can hold, at once where that can be done.
fn assign_all(file: &mut EnvFile, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
    let written: Vec<Result<Vec<Assignment>, SinkError>> = changes.iter().map(variables::written).collect();
    let all: Vec<&Assignment> = written.iter().flatten().flatten().collect();
    if let Some(edited) = env_edit::edited(file, &all) {
        *file = edited;
        return written.into_iter().map(|one| one.map(|_| ())).collect();
    }
    let one_by_one = written.into_iter();
    one_by_one
        .map(|one| one.and_then(|all| assign(file, &all)))
        .collect()
}

/// Makes every assignment of one secret, or none of them.
fn assign(file: &mut EnvFile, all: &[Assignment]) -> Result<(), SinkError> {
    let before = SecretValue::new(file.source().expose().to_vec());
    for (name, value) in all {
        let set = match value {
            Some(value) => env_edit::set(file, name, value),
            None => {
                file.remove(name);
                Ok(())
            }
        };
        if let Err(error) = set {
            *file = EnvFile::of(&before);
            let what = format!("{name} cannot be set: {error}");
            return Err(SinkError::new(Failure::Rejected, what));
        }
    }
    Ok(())
}
