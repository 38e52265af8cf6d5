//! Where certificates are looked at: files, hosts, and what hosts showed before.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use serde::Deserialize;
use serde::Serialize;

use crate::contract::certificate::Trust;
use crate::policy::HostAddress;
use crate::ports::StorageError;
use crate::secret::SecretValue;

/// Reads the files of a project that certificates stand in.
pub trait CertificateFiles {
    /// Returns the content of a file and its permission bits, or `None` when there is no such file. A private key may
    /// stand in it.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn read(&self, path: &str) -> Result<Option<(SecretValue, u32)>, StorageError>;
}

/// Asks hosts for the certificates that they serve: a TLS handshake, and not a byte of data after it.
pub trait Handshakes {
    /// Asks every host at the same time, and returns the answers in their order: what it showed, or why it did not,
    /// in a few words.
    fn ask(&self, questions: &[Question], now: DateTime<Utc>) -> Vec<Result<ShownChain, String>>;
}

/// Remembers, per user and checkout, what hosts showed.
pub trait CertificateMemory {
    /// Returns what hosts showed; nothing where it cannot be read, since they can be asked again.
    fn recall(&self) -> BTreeMap<String, ShownChain>;

    /// Replaces what is remembered.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn remember(&self, shown: &BTreeMap<String, ShownChain>) -> Result<(), StorageError>;
}

/// Whom to ask, and for whose certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Question {
    /// The host.
    pub address: HostAddress,
    /// The name that a host of many names is asked for.
    pub server_name: String,
}

impl Question {
    /// Returns under what its answer is remembered.
    pub fn key(&self) -> String {
        format!("{} {}", self.address, self.server_name)
    }
}

/// What a host showed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ShownChain {
    /// When.
    pub seen_at: DateTime<Utc>,
    /// Whether this machine would trust it.
    pub trust: Trust,
    /// The certificates in DER, in the order of the handshake.
    #[serde(with = "base64_list")]
    pub chain: Vec<Vec<u8>>,
}

/// Bytes in base64, one text each.
mod base64_list {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::Deserialize;
    use serde::Deserializer;
    use serde::Serializer;
    use serde::de::Error;

    pub(super) fn serialize<S: Serializer>(chain: &[Vec<u8>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(chain.iter().map(|der| STANDARD.encode(der)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<u8>>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let bytes = texts.iter().map(|text| STANDARD.decode(text));
        bytes
            .collect::<Result<_, _>>()
            .map_err(|_| D::Error::custom("no base64"))
    }
}
