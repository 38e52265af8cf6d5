//! The kind `webhook-ed25519`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::policy::Made;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::kinds::Companion;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::policy::kinds::ed25519;
use crate::secret::SecretValue;

/// Signs webhooks by the asymmetric scheme of the Standard Webhooks specification.
pub(super) const WEBHOOK_ED25519: Kind = Kind {
    name: "webhook-ed25519",
    summary: "Standard Webhooks signing key: `whsk_` and an Ed25519 key pair of 64 bytes as base64",
    advice: "the 64 bytes are the seed and the public key; receivers get the `whpk_` key only",
    source: "Standard Webhooks specification, RFC 8032",
    overlap: OverlapClass::ServerMultiVerifier,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[Companion {
        name: "public-key",
        about: "goes to the receivers",
        is_secret: false,
        of: |value, _| {
            let pair = pair(value.expose()).ok()?;
            let key = [PUBLIC, &STANDARD.encode(&pair[32..])].concat();
            Some(SecretValue::new(key.into_bytes()))
        },
    }],
    build: |shape| {
        shape.only("webhook-ed25519", &[])?;
        Ok(Recipe::Made(MADE))
    },
    accepts: |_, text| pair(text).map(drop),
};

fn make(rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    written(&ed25519::seed(rng))
}

fn written(seed: &[u8; 32]) -> Option<SecretValue> {
    let mut pair = Zeroizing::new([0; 64]);
    pair[..32].copy_from_slice(seed);
    pair[32..].copy_from_slice(&ed25519::public(seed)?);
    let mut text = Zeroizing::new(vec![0; LENGTH]);
    text[..SECRET.len()].copy_from_slice(SECRET.as_bytes());
    STANDARD
        .encode_slice(pair.as_slice(), &mut text[SECRET.len()..])
        .ok()?;
    Some(SecretValue::new(std::mem::take(&mut *text)))
}

/// Returns the seed and the public key that fits it.
fn pair(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, Mismatch> {
    let encoded = text
        .strip_prefix(SECRET.as_bytes())
        .ok_or_else(|| Mismatch::Prefix(SECRET.to_owned()))?;
    let pair = bytes::decode_padded(encoded)?;
    let Some((seed, public)) = pair
        .split_first_chunk::<32>()
        .filter(|(_, public)| public.len() == 32)
    else {
        return Err(Mismatch::Length {
            found: pair.len(),
            needed: "64".to_owned(),
            unit: "bytes",
        });
    };
    if ed25519::public(seed).is_some_and(|own| own == public) {
        Ok(pair)
    } else {
        Err(Mismatch::Form("an Ed25519 seed with its own public key"))
    }
}

const SECRET: &str = "whsk_";
const PUBLIC: &str = "whpk_";

/// Characters of the prefix and 64 bytes as base64.
const LENGTH: usize = 93;

const MADE: Made = Made {
    make,
    bits: 256.0,
    min_length: LENGTH,
    punctuation: "_+/=",
    what: "`whsk_` and an Ed25519 key pair from 32 random bytes as base64",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pair_of_rfc_8032_is_written_and_passes() {
        let value = written(&ed25519::vector::seed()).unwrap();

        let pair = pair(value.expose()).unwrap();

        assert_eq!(pair[..32], ed25519::vector::seed());
        assert_eq!(value.len(), LENGTH);
    }

    #[test]
    fn seeds_alone_public_keys_and_unequal_pairs_do_not_pass() {
        let of = |prefix: &str, key: &[u8]| pair([prefix, &STANDARD.encode(key)].concat().as_bytes());

        assert_eq!(
            of("whsk_", &[7; 32]).map(drop),
            Err(Mismatch::Length {
                found: 32,
                needed: "64".to_owned(),
                unit: "bytes"
            })
        );
        assert_eq!(
            of("whpk_", &[7; 32]).map(drop),
            Err(Mismatch::Prefix("whsk_".to_owned()))
        );
        assert_eq!(
            of("whsk_", &[7; 64]).map(drop),
            Err(Mismatch::Form("an Ed25519 seed with its own public key"))
        );
    }
}
