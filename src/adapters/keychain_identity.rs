//! The age identity of a person, kept in the keychain.
//!
//! Other tools find it too: `secret-tool lookup service mintage-identity username age` prints what `age -d -i` reads.

use crate::adapters::IdentityError;
use crate::adapters::IdentityFile;
use crate::adapters::IdentitySource;
use crate::adapters::NewIdentity;
use crate::ports::Keychain;
use crate::ports::KeychainEntry;
use crate::ports::KeychainError;
use crate::secret::SecretValue;

/// Reads the identity that is kept; `None` when there is none.
///
/// # Errors
///
/// When the keychain does not answer or is locked.
pub fn kept_identity(keychain: &dyn Keychain) -> Result<Option<IdentitySource>, KeychainError> {
    let text = keychain.get(&entry())?;
    Ok(text.map(|text| IdentitySource::Text {
        label: "the identity in the keychain",
        text,
    }))
}

/// Keeps a new identity, made at the date `made_at`. What is kept already is never written over.
///
/// # Errors
///
/// When one is kept already, or the keychain does not take it.
pub fn keep_identity(
    keychain: &dyn Keychain,
    identity: &NewIdentity,
    made_at: &str,
) -> Result<(), KeychainError> {
    if keychain.get(&entry())?.is_some() {
        return Err(KeychainError::Failed {
            why: "it keeps an identity already".to_owned(),
        });
    }
    let text = SecretValue::new(identity.text(made_at).as_bytes().to_vec());
    keychain.set(&entry(), "mintage: age identity", &text)?;
    // A store that nobody can open must not come into being.
    match keychain.get(&entry())? {
        Some(kept) if kept.expose() == text.expose() => Ok(()),
        _ => Err(KeychainError::Failed {
            why: "it does not give back what it was given".to_owned(),
        }),
    }
}

/// Loads the identities of the keychain for decryption; one that cannot be read counts as none.
///
/// # Errors
///
/// When the keychain is there and does not open: it may hold what is needed.
pub fn load_kept(keychain: &dyn Keychain) -> Result<Vec<IdentityFile>, KeychainError> {
    match kept_identity(keychain) {
        Ok(None) | Err(KeychainError::Absent { .. } | KeychainError::NoCollection) => Ok(Vec::new()),
        Ok(Some(source)) => IdentityFile::load(&source).map_err(|_: IdentityError| KeychainError::Failed {
            why: "what it keeps as the identity is none".to_owned(),
        }),
        Err(error) => Err(error),
    }
}

fn entry() -> KeychainEntry {
    KeychainEntry {
        service: "mintage-identity".to_owned(),
        user: "age".to_owned(),
    }
}
