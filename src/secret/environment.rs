//! Names of environments.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::Serialize;
use thiserror::Error;

/// The name of an environment: `[a-z][a-z0-9-]{0,31}`, except the names that the store uses itself.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct EnvironmentName(String);

impl EnvironmentName {
    /// Longest name, in bytes.
    pub const MAX: usize = 32;

    /// Names of directories of the store.
    pub const RESERVED: [&'static str; 3] = ["audit", "journal", "values"];

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EnvironmentName {
    type Err = InvalidEnvironmentName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if Self::RESERVED.contains(&text) {
            return Err(InvalidEnvironmentName::Reserved);
        }
        let mut bytes = text.bytes();
        let first_fits = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase());
        if first_fits
            && text.len() <= Self::MAX
            && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidEnvironmentName::Grammar)
        }
    }
}

impl TryFrom<String> for EnvironmentName {
    type Error = InvalidEnvironmentName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EnvironmentName> for String {
    fn from(name: EnvironmentName) -> Self {
        name.0
    }
}

impl fmt::Display for EnvironmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A text that cannot name an environment.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum InvalidEnvironmentName {
    /// The characters do not fit.
    #[error(
        "not an environment name: a lower-case letter, then lower-case letters, digits or `-`, at most {} characters",
        EnvironmentName::MAX
    )]
    Grammar,
    /// The store has a directory of this name.
    #[error("`audit`, `journal` and `values` are names of the store itself, no environment can have them")]
    Reserved,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environment_names_are_safe_directories() {
        assert!("production".parse::<EnvironmentName>().is_ok());
        assert!("eu-west-1".parse::<EnvironmentName>().is_ok());
        for bad in ["", "Prod", "1x", "..", "a/b", "a_b", &"x".repeat(33)] {
            assert_eq!(
                bad.parse::<EnvironmentName>(),
                Err(InvalidEnvironmentName::Grammar),
                "{bad}"
            );
        }
        assert_eq!(
            "audit".parse::<EnvironmentName>(),
            Err(InvalidEnvironmentName::Reserved)
        );
    }
}
