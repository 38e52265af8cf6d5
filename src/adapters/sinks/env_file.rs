//! An env file, edited without touching anything else in it.

use std::path::PathBuf;

use ring::hmac;

use crate::adapters::sinks::foreign;
use crate::adapters::sinks::foreign::Content;
use crate::adapters::sinks::variables;
use crate::adapters::sinks::variables::Assignment;
use crate::dotenv::Dialect;
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
    path: PathBuf,
}

impl EnvFileSink {
    /// Keeps secrets in the env file at `path`, which is made when it is not there.
    pub(super) fn new(name: String, path: PathBuf) -> Self {
        Self { name, path }
    }

    fn read(&self) -> Result<(Option<Content>, EnvFile), SinkError> {
        let bytes = foreign::read(&self.path)?;
        let file = EnvFile::parse(bytes.as_deref().map(Vec::as_slice).unwrap_or_default());
        Ok((bytes, file))
    }

    fn write(&self, before: Option<&[u8]>, file: &EnvFile) -> Result<(), SinkError> {
        foreign::tidy(&self.path);
        let after = file.source().expose();
        if before == Some(after) {
            return Ok(());
        }
        foreign::replace(&self.path, before, after, None)
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
                let what = format!("`{}`: {name} is not as it was set", self.path.display());
                return Err(SinkError::new(Failure::Transient, what));
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
            Err(error) => return changes.iter().map(|_| Err(error.clone())).collect(),
        };
        let mut edited = Vec::with_capacity(changes.len());
        for change in changes {
            edited.push(variables::written(change).and_then(|all| assign(&mut file, &all)));
        }
        if let Err(error) = self.write(before.as_deref().map(Vec::as_slice), &file) {
            let failed = edited.into_iter().map(|one| one.and(Err(error.clone())));
            return failed.collect();
        }
        edited
    }

    fn show(&self, changes: &[Change<'_>], key: &hmac::Key) -> Vec<Result<Shown, SinkError>> {
        match self.read() {
            Ok((_, file)) => changes
                .iter()
                .map(|change| Ok(self.shown(&file, change, key)))
                .collect(),
            Err(error) => changes.iter().map(|_| Err(error.clone())).collect(),
        }
    }

    fn test(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        match self.read() {
            Ok((_, file)) => changes.iter().map(|change| self.check(&file, change)).collect(),
            Err(error) => changes.iter().map(|_| Err(error.clone())).collect(),
        }
    }
}

/// Makes every assignment of one secret, or none of them.
fn assign(file: &mut EnvFile, all: &[Assignment]) -> Result<(), SinkError> {
    let before = SecretValue::new(file.source().expose().to_vec());
    for (name, value) in all {
        let set = match value {
            Some(value) => set(file, name, value),
            None => {
                file.remove(name);
                Ok(())
            }
        };
        if let Err(error) = set {
            *file = EnvFile::parse(before.expose());
            return Err(error);
        }
    }
    Ok(())
}

/// Sets one variable. A value of plain characters is spelled alike for every reader; any other is written so that
/// all of them read it, or, where no spelling does that, as most do.
fn set(file: &mut EnvFile, name: &str, value: &SecretValue) -> Result<(), SinkError> {
    if !value.expose().iter().all(is_plain) && file.set(name, value, &Dialect::ALL).is_ok() {
        return Ok(());
    }
    let edited = file.set(name, value, &[]);
    edited
        .map(|_| ())
        .map_err(|error| SinkError::new(Failure::Rejected, format!("{name} cannot be set: {error}")))
}

/// Returns whether every reader of env files takes the character as it is, without quotes.
fn is_plain(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-./+:=".contains(byte)
}
