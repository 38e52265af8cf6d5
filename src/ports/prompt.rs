//! Questions to a person.

use thiserror::Error;

use crate::secret::SecretValue;

/// Asks the person at the terminal.
pub trait Prompt: Send + Sync {
    /// Asks for a value without showing what is typed.
    ///
    /// # Errors
    ///
    /// When nobody can be asked, or the person cancels.
    fn hidden(&self, question: &str) -> Result<SecretValue, PromptError>;

    /// Asks whether to go on; everything but `y` or `yes` is no.
    ///
    /// # Errors
    ///
    /// When nobody can be asked.
    fn agrees(&self, question: &str) -> Result<bool, PromptError>;
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum PromptError {
    /// The person pressed Ctrl-C or closed the input.
    #[error("cancelled at the prompt")]
    Cancelled,
    /// The two answers to a new value differ.
    #[error("the two answers differ")]
    Differs,
    /// Nobody can be asked: there is no terminal, or questions are switched off.
    #[error("a question would be needed, but there is nobody to ask")]
    Nobody,
    /// More than one line was pasted, on a terminal that does not mark what is pasted.
    #[error("more than one line came at once")]
    SeveralLines,
    /// The terminal failed.
    #[error("the terminal cannot be read")]
    Terminal,
}
