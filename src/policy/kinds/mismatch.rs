//! Why a value from elsewhere does not fit.

use thiserror::Error;

use crate::policy::Encoding;

/// Why a value from elsewhere does not fit its kind. It never holds a character of the value.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum Mismatch {
    /// A token that says something else than the policy asks for.
    #[error("it is a token with other claims than the policy asks for")]
    Claims,
    /// The check characters do not fit the rest.
    #[error("its checksum does not fit: mistyped or cut")]
    Checksum,
    /// Not the expected encoding.
    #[error("it is not {0}")]
    Encoding(Encoding),
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// Another length than the policy says.
    #[error("it has {found} {unit}, the policy says {needed}")]
    Length {
        /// What was found.
        found: usize,
        /// What the policy says.
        needed: String,
        /// Characters or bytes.
        unit: &'static str,
    },
    /// It is what another issuer makes.
    #[error("it looks like a value of {0}, which belongs elsewhere")]
    Issuer(&'static str),
    /// It is not what its issuer makes.
    #[error("it does not have the shape `{0}`")]
    Shape(&'static str),
    /// It opens nothing but a test mode.
    #[error("it is a key of its issuer's test mode, and the environment is of tier production")]
    TestMode,
    /// The fixed text in front is missing.
    #[error("it does not start with `{0}`")]
    Prefix(String),
    /// It does not fit the policy's pattern.
    #[error("it does not fit the pattern of the policy")]
    Pattern,
    /// Whitespace or control characters, as a bad paste leaves them.
    #[error("it holds white space or control characters, as a bad paste leaves them")]
    Whitespace,
    /// Some other form, named.
    #[error("it is not {0}")]
    Form(&'static str),
}
