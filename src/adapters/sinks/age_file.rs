//! A file of exactly one value, encrypted by age to recipients of its own.
//!
//! One file per secret: several values in one file could only be kept by whoever can decrypt it, and the recipients
//! of such a file are as a rule others than those of the store.

use std::path::Path;
use std::path::PathBuf;
use std::rc::Rc;

use ring::hmac;

use crate::adapters::sinks::kept_file::KeptFile;
use crate::ports::Abilities;
use crate::ports::Change;
use crate::ports::Cipher;
use crate::ports::CipherError;
use crate::ports::Failure;
use crate::ports::Shown;
use crate::ports::Sink;
use crate::ports::SinkError;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::SecretValue;

/// Keeps each secret in an age file of its own, which `age -d` opens.
pub(super) struct AgeFileSink {
    name: String,
    root: PathBuf,
    path: String,
    recipients: Vec<String>,
    mode: Option<u32>,
    cipher: Rc<dyn Cipher>,
}

/// What is known of a file.
enum Held {
    /// It is not there.
    Nothing,
    /// It is an age file that none of the identities at hand opens.
    Sealed,
    /// It holds this.
    Value(SecretValue),
}

impl AgeFileSink {
    /// Keeps a secret at `path` below `root`, where `{name}` stands for its name, encrypted to `recipients`.
    pub(super) fn new(
        (name, (root, path)): (String, (&Path, String)),
        (recipients, mode): (&[String], Option<u32>),
        cipher: Rc<dyn Cipher>,
    ) -> Self {
        Self {
            name,
            root: root.to_owned(),
            path,
            recipients: recipients.to_vec(),
            mode,
            cipher,
        }
    }

    /// Returns where a secret is kept.
    fn file(&self, secret: &SecretName) -> KeptFile<'_> {
        let path = self.path.replace("{name}", secret.as_str());
        KeptFile::new(&self.root, path, self.mode)
    }

    fn held(&self, secret: &SecretName) -> Result<Held, SinkError> {
        let file = self.file(secret);
        let Some(bytes) = file.read()?.filter(|bytes| !bytes.is_empty()) else {
            return Ok(Held::Nothing);
        };
        match self.cipher.decrypt(&bytes) {
            Ok(value) => Ok(Held::Value(value)),
            Err(CipherError::Damaged) => Err(file.refused("it is damaged or no age file, and would be lost")),
            Err(_) => Ok(Held::Sealed),
        }
    }

    fn write(&self, change: &Change<'_>) -> Result<(), SinkError> {
        if matches!(self.held(change.name)?, Held::Value(value) if value == *change.current.value) {
            return Ok(());
        }
        let ciphertext = self
            .cipher
            .encrypt(change.current.value, &self.recipients)
            .map_err(|error| SinkError::new(Failure::Rejected, format!("`{}`: {error}", self.name)))?;
        let file = self.file(change.name);
        file.hold(file.read()?.as_ref(), &ciphertext)
    }

    fn check(&self, change: &Change<'_>) -> Result<(), SinkError> {
        match self.held(change.name)? {
            Held::Value(value) if value == *change.current.value => Ok(()),
            // Only its recipients can tell.
            Held::Sealed => Ok(()),
            Held::Nothing | Held::Value(_) => {
                Err(self.file(change.name).differs("does not hold the new value"))
            }
        }
    }
}

impl Sink for AgeFileSink {
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
        changes.iter().map(|change| self.write(change)).collect()
    }

    fn show(&self, changes: &[Change<'_>], key: &hmac::Key) -> Vec<Result<Shown, SinkError>> {
        let show = |change: &Change<'_>| {
            let current = match self.held(change.name)? {
                Held::Sealed => return Ok(Shown::Hidden),
                Held::Nothing => None,
                Held::Value(value) => Some(Fingerprint::of(&value, key)),
            };
            Ok(Shown::Values {
                current,
                accepted: Vec::new(),
            })
        };
        changes.iter().map(show).collect()
    }

    fn test(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        changes.iter().map(|change| self.check(change)).collect()
    }
}
