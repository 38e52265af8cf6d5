//! Names of secrets and variables.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::Serialize;
use thiserror::Error;

/// The name of a secret or a variable: `[A-Za-z_][A-Za-z0-9_]{0,127}`.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretName(String);

impl SecretName {
    /// Longest name, in bytes.
    pub const MAX: usize = 128;

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares without regard to ASCII case. Names are unique in this sense, because some file systems are.
    pub fn cmp_ignore_case(&self, other: &Self) -> Ordering {
        self.0
            .bytes()
            .map(|byte| byte.to_ascii_lowercase())
            .cmp(other.0.bytes().map(|byte| byte.to_ascii_lowercase()))
    }
}

impl FromStr for SecretName {
    type Err = InvalidSecretName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = text.bytes();
        let first_fits = bytes
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        if first_fits
            && text.len() <= Self::MAX
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSecretName)
        }
    }
}

impl TryFrom<String> for SecretName {
    type Error = InvalidSecretName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SecretName> for String {
    fn from(name: SecretName) -> Self {
        name.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A text that is no name. It does not carry the text, which may be a pasted value.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error(
    "not a name: a letter or `_`, then letters, digits or `_`, at most {} characters",
    SecretName::MAX
)]
pub struct InvalidSecretName;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shell_identifiers() {
        for good in ["A", "_", "JWT_SECRET", "a1", &"x".repeat(128)] {
            assert!(good.parse::<SecretName>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "1A",
            "A-B",
            "A.B",
            "../x",
            "é",
            "A B",
            "A\n",
            &"x".repeat(129),
        ] {
            assert_eq!(bad.parse::<SecretName>(), Err(InvalidSecretName), "{bad}");
        }
    }
}
