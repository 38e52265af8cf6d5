//! `store.toml`: what a store is and who can decrypt it.

use std::fmt;

use rand::CryptoRng;
use ring::hmac;
use serde::Deserialize;
use serde::Serialize;
use thiserror::Error;
use uuid::Uuid;

use crate::ledger::KeyId;
use crate::ledger::line::Domain;

/// The settings of a store.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// Version of the layout on disk.
    pub format: u32,
    /// The id of the store.
    pub store: StoreId,
    /// The id of the keys in `keys.age`.
    pub keys: KeyId,
    /// MAC over the other fields.
    mac: String,
    /// Who can decrypt.
    pub recipients: Vec<NamedRecipient>,
}

/// A recipient with the name people know it by.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NamedRecipient {
    /// Who holds the identity.
    pub name: String,
    /// The public key: `age1…` or `ssh-…`.
    pub recipient: String,
}

impl StoreSettings {
    /// The layout that this program reads and writes.
    pub const FORMAT: u32 = 1;

    /// Makes the settings of a store and their MAC.
    pub fn new(store: StoreId, keys: KeyId, recipients: Vec<NamedRecipient>, key: &hmac::Key) -> Self {
        let mut settings = Self {
            format: Self::FORMAT,
            store,
            keys,
            mac: String::new(),
            recipients,
        };
        settings.mac = settings.expected_mac(key);
        settings
    }

    /// Reads `store.toml`.
    ///
    /// # Errors
    ///
    /// When it is not TOML of this form, or of a later format.
    pub fn parse(text: &str) -> Result<Self, MalformedSettings> {
        let settings: Self = toml::from_str(text).map_err(|error| MalformedSettings::Syntax {
            line: line_of(text, error.span().map_or(0, |span| span.start)),
        })?;
        if settings.format != Self::FORMAT {
            return Err(MalformedSettings::Format {
                found: settings.format,
            });
        }
        Ok(settings)
    }

    /// Writes `store.toml`.
    pub fn to_text(&self) -> String {
        let body = toml::to_string(self).unwrap_or_default();
        format!("# Kept by mintage. Recipients are changed by its commands, never by hand.\n{body}")
    }

    /// Returns whether the MAC fits.
    pub fn is_authentic(&self, key: &hmac::Key) -> bool {
        self.expected_mac(key) == self.mac
    }

    fn expected_mac(&self, key: &hmac::Key) -> String {
        let domain = Domain {
            purpose: "settings",
            store: self.store.as_str(),
            place: "",
        };
        let mut text = format!("{}\n{}\n", self.format, self.keys);
        for NamedRecipient { name, recipient } in &self.recipients {
            text.push_str(&format!("{}:{name}{}:{recipient}\n", name.len(), recipient.len()));
        }
        domain.mac(key, &[text.as_bytes()])
    }
}

/// The id of a store: a random UUID. It names the directory of the pin.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct StoreId(String);

impl StoreId {
    /// Draws an id.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut random = [0; 16];
        rng.fill_bytes(&mut random);
        Self(uuid::Builder::from_random_bytes(random).into_uuid().to_string())
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for StoreId {
    type Error = uuid::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Uuid::try_parse(&text).map(|id| Self(id.hyphenated().to_string()))
    }
}

impl From<StoreId> for String {
    fn from(id: StoreId) -> Self {
        id.0
    }
}

impl fmt::Display for StoreId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A `store.toml` that cannot be read.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum MalformedSettings {
    /// Written by a later version of this program.
    #[error(
        "store.toml: format {found} is newer than this mintage reads ({})",
        StoreSettings::FORMAT
    )]
    Format {
        /// The format found.
        found: u32,
    },
    /// Not TOML of this form.
    #[error("store.toml: line {line} is not what mintage wrote")]
    Syntax {
        /// The line, counted from 1.
        line: usize,
    },
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;
    use crate::ledger::StoreKeys;

    fn made() -> (StoreSettings, StoreKeys) {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let keys = StoreKeys::generate(&mut rng);
        let settings = StoreSettings::new(
            StoreId::generate(&mut rng),
            keys.id().clone(),
            vec![NamedRecipient {
                name: "ana".to_owned(),
                recipient: "age1ana".to_owned(),
            }],
            keys.ledger_key(),
        );
        (settings, keys)
    }

    #[test]
    fn settings_survive_their_file() {
        let (settings, keys) = made();

        let read = StoreSettings::parse(&settings.to_text()).unwrap();

        assert_eq!(read, settings);
        assert!(read.is_authentic(keys.ledger_key()));
    }

    #[test]
    fn an_added_recipient_breaks_the_mac() {
        let (settings, keys) = made();
        let edited = settings.to_text() + "\n[[recipients]]\nname = \"eve\"\nrecipient = \"age1eve\"\n";

        assert!(
            !StoreSettings::parse(&edited)
                .unwrap()
                .is_authentic(keys.ledger_key())
        );
    }

    #[test]
    fn a_text_cannot_move_between_name_and_recipient() {
        let (settings, keys) = made();
        let mut moved = settings.clone();
        moved.recipients[0].name = "an".to_owned();
        moved.recipients[0].recipient = "aage1ana".to_owned();

        assert!(!moved.is_authentic(keys.ledger_key()));
    }

    #[test]
    fn a_later_format_is_refused() {
        let later = made().0.to_text().replace("format = 1", "format = 2");

        assert_eq!(
            StoreSettings::parse(&later),
            Err(MalformedSettings::Format { found: 2 })
        );
    }
}
