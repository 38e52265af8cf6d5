//! Passwords that leaked.

use std::error::Error;

/// A list of passwords that leaked, by their SHA-1.
pub trait Breaches: Sync {
    /// Returns how often the password with this digest leaked, `None` when it is not listed.
    ///
    /// # Errors
    ///
    /// When the list cannot be read, or what stands there is none.
    fn count(&self, digest: &[u8; 20]) -> Result<Option<u64>, BreachError>;
}

/// Why a list of leaked passwords does not answer.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct BreachError {
    what: String,
    #[source]
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl BreachError {
    /// Says what is wrong with the list.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            cause: None,
        }
    }

    /// Adds what the operating system said.
    pub fn because(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }
}
