//! Encryption to the recipients of a store.

use thiserror::Error;

use crate::ports::KeychainError;
use crate::secret::SecretValue;

/// Encrypts to the recipients of a store and decrypts with the identities at hand.
pub trait Cipher {
    /// Encrypts a value to every recipient.
    ///
    /// # Errors
    ///
    /// When a recipient cannot be encrypted to.
    fn encrypt(&self, value: &SecretValue, recipients: &[String]) -> Result<Vec<u8>, CipherError>;

    /// Decrypts a ciphertext; nothing is released before its end was authenticated.
    ///
    /// # Errors
    ///
    /// When no identity fits or the ciphertext is damaged.
    fn decrypt(&self, ciphertext: &[u8]) -> Result<SecretValue, CipherError>;
}

/// Why something could not be encrypted or decrypted.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CipherError {
    /// The person cancelled, or nobody was there to type the passphrase.
    #[error("the passphrase of an identity is needed and was not given")]
    NoPassphrase,
    /// The ciphertext is not what was once written.
    #[error("the file is damaged or is no age file")]
    Damaged,
    /// No identity at hand opens it, and the keychain, which may hold one, does not open either.
    #[error("no identity at hand opens it, and the keychain that may hold one does not answer")]
    Keychain(#[source] KeychainError),
    /// Not a public key that we can encrypt to.
    #[error("`{recipient}` is no recipient that can be encrypted to")]
    InvalidRecipient {
        /// The text, which is public.
        recipient: String,
    },
    /// No identity was found anywhere.
    #[error("no identity was found")]
    NoIdentity,
    /// None of the identities at hand is among the recipients.
    #[error("no identity at hand can open it ({tried} tried)")]
    NoMatch {
        /// How many were tried.
        tried: usize,
    },
    /// It would take more memory or time than a file of ours ever does.
    #[error("the file asks for more work than this program is ready to do")]
    TooMuchWork,
    /// The passphrase does not fit.
    #[error("the passphrase does not fit")]
    WrongPassphrase,
}
