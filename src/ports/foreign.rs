//! Values that other programs keep: what can be brought in, and what stays behind.

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;
use thiserror::Error;

use crate::ports::KeychainError;
use crate::secret::SecretValue;

/// A place that holds values under names of its own. It is only read.
pub trait ForeignSource {
    /// Lists its names, sorted. Values are not looked at yet.
    ///
    /// # Errors
    ///
    /// When it cannot be listed.
    fn names(&self) -> Result<Vec<String>, ForeignError>;

    /// Returns the value of a name.
    ///
    /// # Errors
    ///
    /// When the program that keeps it does not hand it out.
    fn value(&self, name: &str) -> Result<SecretValue, ForeignError>;

    /// Returns when the value came into being, as far as the source knows.
    fn changed(&self, name: &str) -> Option<DateTime<Utc>>;

    /// Says where the values still are once they were brought in.
    fn remains(&self, names: &[String]) -> Vec<Remainder>;
}

/// A place where a value still is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Remainder {
    /// The place.
    pub place: String,
    /// How it gets out of there.
    pub cure: String,
}

/// Why a source gives nothing. No variant holds a value or what a program said.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ForeignError {
    /// The program that keeps the values is not installed.
    #[error("there is no program `{0}`")]
    NoProgram(&'static str),
    /// The program failed.
    #[error("`{program}` does not hand out {name}: it ended with {end}")]
    Refused {
        /// The program.
        program: &'static str,
        /// What was asked for.
        name: String,
        /// How it ended.
        end: String,
    },
    /// The source is not there.
    #[error("`{0}` does not exist")]
    Absent(String),
    /// The source cannot be read as what it should be.
    #[error("{place} is not {wanted}")]
    Malformed {
        /// The source.
        place: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// The keychain does not give it.
    #[error("the entries of the keychain cannot be read")]
    Keychain(#[from] KeychainError),
    /// The source cannot be read at all.
    #[error("cannot read {place}: {why}")]
    Unreadable {
        /// The source.
        place: String,
        /// Why.
        why: String,
    },
}
