//! What only the world outside can tell: files, the repository, the example, other environments, the store.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ring::hmac;

use crate::contract::RoleSignoff;
use crate::dotenv::EnvFile;
use crate::secret::EnvironmentName;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::Stage;

/// Where values were found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Source {
    /// An env file, as the user named it.
    EnvFile(String),
    /// The environment of a process.
    Process,
    /// The store, and what a command gets beside it; of no other names than these anything is known.
    Store(BTreeSet<SecretName>),
}

impl Source {
    /// Returns the file, where it is one.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::EnvFile(file) => Some(file),
            Self::Process | Self::Store(_) => None,
        }
    }

    /// Names the place in a sentence.
    pub(super) fn place(&self) -> &str {
        match self {
            Self::EnvFile(file) => file,
            Self::Process => "the environment of the process",
            Self::Store(_) => "the store",
        }
    }
}

/// What was found out about the world around the values.
#[derive(Debug)]
pub struct Facts {
    /// Where the values were found.
    pub source: Source,
    /// The day, for waivers that end.
    pub today: NaiveDate,
    /// The files that must be kept from others.
    pub files: Vec<FileFacts>,
    /// How far the repository could be asked.
    pub repository: Repository,
    /// The committed example of the env file.
    pub example: Option<Example>,
    /// The values of other environments and former values of this one.
    pub comparison: Option<Comparison>,
    /// Who has confirmed the present state; no role where nobody could look.
    pub signoffs: Vec<RoleSignoff>,
}

impl Facts {
    /// Knows nothing but where the values were found, and the day.
    pub fn new(source: Source, today: NaiveDate) -> Self {
        Self {
            source,
            today,
            files: Vec::new(),
            repository: Repository::Whole,
            example: None,
            comparison: None,
            signoffs: Vec::new(),
        }
    }
}

/// How far the repository could be asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Repository {
    /// There is none.
    Absent,
    /// Only the latest commits are here.
    Shallow,
    /// Git is not installed, or refuses to work here.
    Unreadable,
    /// Everything is known.
    Whole,
}

/// A file that values stand in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileFacts {
    /// The path, relative to the project.
    pub path: String,
    /// Why it matters.
    pub concern: Concern,
    /// Its permission bits; `None` when there is no such file.
    pub mode: Option<u32>,
    /// What git says; `None` when it was not asked or did not answer.
    pub git: Option<GitState>,
}

/// Why a file matters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Concern {
    /// It is the file that is checked.
    Checked,
    /// The policy has rules for it.
    Declared,
    /// It lies there and looks like an env file.
    Stray,
}

/// What git says about one path.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct GitState {
    /// A rule keeps it out of `git add`.
    pub ignored: bool,
    /// It is in the index.
    pub tracked: bool,
    /// Some commit that is here added it.
    pub committed: bool,
}

/// The committed example of an env file.
#[derive(Debug)]
pub struct Example {
    /// The file, as the user named it.
    pub shown: String,
    /// What it holds; `None` when the policy names it and it is not there.
    pub file: Option<EnvFile>,
}

/// Fingerprints under one key, of values that those in question are compared with.
#[derive(Debug)]
pub struct Comparison {
    /// The key: that of the store, or one that lives as long as this process.
    pub key: hmac::Key,
    /// Values of other environments.
    pub elsewhere: Vec<Elsewhere>,
    /// The versions that the store has of this environment.
    pub stored: Vec<StoredVersion>,
}

/// A value of another environment.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Elsewhere {
    /// The environment.
    pub environment: EnvironmentName,
    /// Its name there.
    pub name: String,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
}

/// A version of a secret in the store.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredVersion {
    /// The secret.
    pub name: String,
    /// Its stage.
    pub stage: Stage,
    /// Whether somebody else is known to have it.
    pub compromised: bool,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
}
