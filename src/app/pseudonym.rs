//! Names for what must not be named.

use ring::hmac;

use crate::app::AppError;
use crate::app::layout;
use crate::ports::Storage;

/// Gives names that tell secrets apart and tell nothing else about them.
///
/// They are an HMAC-SHA-256 under the random id of the store: the same in every run and every checkout, and without
/// the store nobody can try names until one fits.
#[derive(Debug)]
pub struct Pseudonyms {
    key: hmac::Key,
}

impl Pseudonyms {
    /// Reads the id of the store; needs no identity.
    ///
    /// # Errors
    ///
    /// When there is no store, or its settings cannot be read.
    pub fn of_store(storage: &dyn Storage) -> Result<Self, AppError> {
        let settings = layout::existing_settings(storage)?;
        Ok(Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, settings.store.as_str().as_bytes()),
        })
    }

    /// Returns the name of what `parts` name together: 32 hexadecimal digits.
    pub fn of(&self, parts: &[&str]) -> String {
        let mut text = String::from("mintage/pseudonym/1");
        for part in parts {
            text.push('\0');
            text.push_str(part);
        }
        hex::encode(&hmac::sign(&self.key, text.as_bytes()).as_ref()[..16])
    }
}
