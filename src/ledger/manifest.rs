//! The manifest of evidence: what belongs to it, and the MAC that says that this store made it.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use ring::digest;
use ring::hmac;
use serde::Deserialize;
use serde::Serialize;

use crate::ledger::AuditHead;
use crate::ledger::KeyId;
use crate::ledger::StoreId;
use crate::ledger::line;
use crate::ledger::line::Domain;

/// What belongs to a piece of evidence.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this form.
    pub evidence: u32,
    /// The store that it is of.
    pub store: StoreId,
    /// The id of the store's keys.
    pub keys: KeyId,
    /// The start of the period.
    pub from: DateTime<Utc>,
    /// The end of the period.
    pub until: DateTime<Utc>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Who made it: user and host, as the operating system names them.
    pub made_by: String,
    /// The version of the program that made it.
    pub program: String,
    /// The last event of every audit log when it was made, by writer.
    pub heads: BTreeMap<String, AuditHead>,
    /// Every other part, by path.
    pub parts: BTreeMap<String, Part>,
}

/// A part, by what it holds.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
}

impl Part {
    /// Describes the content of a part.
    pub fn of(content: &[u8]) -> Self {
        Self {
            bytes: content.len() as u64,
            sha256: hex::encode(digest::digest(&digest::SHA256, content)),
        }
    }
}

/// A manifest as it was read, not yet believed.
#[derive(Debug)]
pub struct SignedManifest {
    /// What it says.
    pub manifest: Manifest,
    body: String,
    mac: String,
}

impl Manifest {
    /// The form that this program reads and writes.
    pub const FORM: u32 = 1;

    /// Writes the manifest as one line with its MAC.
    pub fn to_line(&self, key: &hmac::Key) -> String {
        let body = serde_json::to_string(self).unwrap_or_default();
        let mac = domain(&self.store).mac(key, &[body.as_bytes()]);
        line::join(&body, &mac) + "\n"
    }
}

impl SignedManifest {
    /// Reads a manifest; `None` when it is none.
    pub fn read(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let (body, mac) = line::split(text.strip_suffix('\n')?)?;
        Some(Self {
            manifest: serde_json::from_str(&body).ok()?,
            mac: mac.to_owned(),
            body,
        })
    }

    /// Returns whether the store with this key wrote it.
    pub fn is_authentic(&self, key: &hmac::Key) -> bool {
        domain(&self.manifest.store).mac(key, &[self.body.as_bytes()]) == self.mac
    }
}

fn domain(store: &StoreId) -> Domain<'_> {
    Domain {
        purpose: "evidence",
        store: store.as_str(),
        place: "",
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;
    use crate::ledger::StoreKeys;

    fn manifest() -> Manifest {
        Manifest {
            evidence: 1,
            store: StoreId::try_from("0192d0c0-0000-7000-8000-000000000001".to_owned()).unwrap(),
            keys: StoreKeys::generate(&mut ChaCha20Rng::seed_from_u64(1))
                .id()
                .clone(),
            from: DateTime::UNIX_EPOCH,
            until: DateTime::UNIX_EPOCH,
            made_at: DateTime::UNIX_EPOCH,
            made_by: "ana@host".to_owned(),
            program: "0.1.0".to_owned(),
            heads: BTreeMap::new(),
            parts: BTreeMap::from([("README.md".to_owned(), Part::of(b"x"))]),
        }
    }

    #[test]
    fn every_flipped_byte_is_seen() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[4; 32]);
        let line = manifest().to_line(&key);
        assert!(SignedManifest::read(line.as_bytes()).unwrap().is_authentic(&key));

        for place in 0..line.len() {
            let mut bytes = line.clone().into_bytes();
            bytes[place] ^= 1;
            let read = SignedManifest::read(&bytes);
            assert!(!read.is_some_and(|read| read.is_authentic(&key)), "byte {place}");
        }
    }
}
