//! The store's own keys, kept in `keys.age`.

use std::fmt;

use rand::CryptoRng;
use ring::hmac;
use serde::Deserialize;
use serde::Serialize;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::secret::SecretValue;

/// The keys that every keyed fingerprint and every MAC of one store is made with.
pub struct StoreKeys {
    id: KeyId,
    fingerprint: hmac::Key,
    ledger: hmac::Key,
    plaintext: SecretValue,
}

impl StoreKeys {
    /// Draws new keys.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut random = Zeroizing::new([0; 2 * KEY_BYTES]);
        rng.fill_bytes(random.as_mut_slice());
        let plaintext = SecretValue::init_with(PLAINTEXT_BYTES, |text| {
            let (front, rest) = text.split_at_mut(HEADER.len());
            front.copy_from_slice(HEADER);
            let (digits, end) = rest.split_at_mut(4 * KEY_BYTES);
            // Two digits a byte: the slice has exactly this length.
            let written = hex::encode_to_slice(random.as_slice(), digits).is_ok();
            debug_assert!(written);
            end.copy_from_slice(b"\n");
        });
        Self::from_random(&random, plaintext)
    }

    /// Reads the plaintext of `keys.age`.
    ///
    /// # Errors
    ///
    /// When it is not the header line, 128 hexadecimal digits and a line end.
    pub fn parse(plaintext: SecretValue) -> Result<Self, MalformedKeys> {
        let digits = plaintext
            .expose()
            .strip_prefix(HEADER)
            .and_then(|rest| rest.strip_suffix(b"\n"))
            .ok_or(MalformedKeys)?;
        let mut random = Zeroizing::new([0; 2 * KEY_BYTES]);
        hex::decode_to_slice(digits, random.as_mut_slice()).map_err(|_| MalformedKeys)?;
        Ok(Self::from_random(&random, plaintext))
    }

    fn from_random(random: &[u8; 2 * KEY_BYTES], plaintext: SecretValue) -> Self {
        let (fingerprint, ledger) = random.split_at(KEY_BYTES);
        let ledger = hmac::Key::new(hmac::HMAC_SHA256, ledger);
        Self {
            id: KeyId::of(&ledger),
            fingerprint: hmac::Key::new(hmac::HMAC_SHA256, fingerprint),
            ledger,
            plaintext,
        }
    }

    /// Returns the id, which names the keys without revealing them.
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// Returns the key of fingerprints.
    pub fn fingerprint_key(&self) -> &hmac::Key {
        &self.fingerprint
    }

    /// Returns the key of MACs.
    pub fn ledger_key(&self) -> &hmac::Key {
        &self.ledger
    }

    /// Returns what `keys.age` holds, for encrypting it.
    pub fn plaintext(&self) -> &SecretValue {
        &self.plaintext
    }
}

impl fmt::Debug for StoreKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreKeys({})", self.id.0)
    }
}

/// Names a set of store keys: an HMAC under the ledger key, so that it cannot be copied to other keys.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    fn of(ledger: &hmac::Key) -> Self {
        let tag = hmac::sign(ledger, b"mintage/key-id/1\0");
        Self(hex::encode(&tag.as_ref()[..8]))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A plaintext of `keys.age` that holds no keys.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("`keys.age` opens, but does not hold store keys")]
pub struct MalformedKeys;

const HEADER: &[u8] = b"mintage store keys 1\n";
const KEY_BYTES: usize = 32;
const PLAINTEXT_BYTES: usize = HEADER.len() + 4 * KEY_BYTES + 1;

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    #[test]
    fn keys_survive_their_file() {
        let keys = StoreKeys::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let file = SecretValue::new(keys.plaintext().expose().to_vec());

        let read = StoreKeys::parse(file).unwrap();

        assert_eq!(read.id(), keys.id());
        assert_eq!(format!("{read:?}"), format!("StoreKeys({})", keys.id()));
    }

    #[test]
    fn other_plaintexts_are_refused() {
        for text in [&b""[..], b"mintage store keys 1\n", b"mintage store keys 2\n00\n"] {
            assert!(StoreKeys::parse(SecretValue::new(text.to_vec())).is_err());
        }
    }
}
