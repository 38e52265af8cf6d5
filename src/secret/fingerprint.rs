//! Keyed fingerprints of values.

use std::fmt;

use ring::hmac;
use serde::Deserialize;
use serde::Serialize;

use crate::secret::SecretValue;

/// A keyed HMAC-SHA-256 of a value, cut to 128 bits; shown as its first 40 bits, `fp:xxxx-xxxx`.
///
/// Equal values have equal fingerprints, and nobody without the store's key can test a guess.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Computes the fingerprint of `value` under the store's fingerprint key.
    pub fn of(value: &SecretValue, key: &hmac::Key) -> Self {
        let mut context = hmac::Context::with_key(key);
        context.update(b"mintage/fingerprint/1\0");
        context.update(value.expose());
        let mut cut = [0; 16];
        cut.copy_from_slice(&context.sign().as_ref()[..16]);
        Self(cut)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bits = self.0[..5]
            .iter()
            .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let mut text = *b"fp:xxxx-xxxx";
        for place in [11, 10, 9, 8, 6, 5, 4, 3] {
            text[place] = DIGITS[(bits & 31) as usize];
            bits >>= 5;
        }
        f.pad(&String::from_utf8_lossy(&text))
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        hex::encode(fingerprint.0)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = hex::FromHexError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

/// Crockford's base32 digits in lower case: no `i`, `l`, `o`, `u` to misread.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &[byte; 32])
    }

    #[test]
    fn equal_values_share_a_fingerprint_under_one_key_only() {
        let one = SecretValue::new(b"value".to_vec());
        let same = SecretValue::new(b"value".to_vec());

        assert_eq!(Fingerprint::of(&one, &key(1)), Fingerprint::of(&same, &key(1)));
        assert_ne!(Fingerprint::of(&one, &key(1)), Fingerprint::of(&same, &key(2)));
    }

    #[test]
    fn short_form_is_the_first_forty_bits() {
        let mut bytes = [0; 16];
        bytes[..5].copy_from_slice(&[0xff, 0x00, 0x00, 0x00, 0x01]);

        assert_eq!(Fingerprint(bytes).to_string(), "fp:zw00-0001");
    }
}
