//! The kinds `wireguard` and `wireguard-psk`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::CryptoRng;
use x25519_dalek::PublicKey;
use x25519_dalek::StaticSecret;
use zeroize::Zeroizing;

use crate::policy::Encoding;
use crate::policy::Made;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::kinds::Companion;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::secret::SecretValue;

/// The private key of a WireGuard peer.
pub(super) const PRIVATE_KEY: Kind = Kind {
    name: "wireguard",
    summary: "WireGuard private key: 32 random bytes, clamped, as base64",
    advice: "peers learn the public key only; after a change every peer needs the new one",
    consumed: None,
    companions: &[Companion {
        name: "public-key",
        about: "goes to the peers",
        is_secret: false,
        of: |value, _| public(value.expose()),
    }],
    build: |shape| {
        shape.only("wireguard", &[])?;
        Ok(Recipe::Made(MADE))
    },
    accepts: |_, text| private_key(text).map(drop),
    ..COMMON
};

/// The key that two peers share beside their own.
pub(super) const PRESHARED_KEY: Kind = Kind {
    name: "wireguard-psk",
    summary: "WireGuard preshared key: 32 random bytes as base64",
    advice: "one for each pair of peers; both have to change at once",
    build: |shape| {
        shape.only("wireguard-psk", &[])?;
        Ok(Recipe::Bytes {
            bytes: 32,
            encoding: Encoding::Base64,
            prefix: String::new(),
            plain_edges: false,
        })
    },
    accepts: |_, text| key(text).map(drop),
    ..COMMON
};

const COMMON: Kind = Kind {
    name: "",
    summary: "",
    advice: "",
    source: "wg(8) and genkey.c of wireguard-tools, RFC 7748",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[],
    build: |_| Ok(Recipe::Given),
    accepts: |_, _| Ok(()),
};

fn make(rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let mut key = Zeroizing::new([0; 32]);
    rng.fill_bytes(key.as_mut());
    clamp(&mut key);
    Some(SecretValue::new(STANDARD.encode(key).into_bytes()))
}

/// Makes a scalar of 32 bytes as RFC 7748 §5 says.
fn clamp(key: &mut [u8; 32]) {
    key[0] &= 248;
    key[31] = (key[31] & 127) | 64;
}

fn public(text: &[u8]) -> Option<SecretValue> {
    let secret = StaticSecret::from(*private_key(text).ok()?);
    let public = PublicKey::from(&secret);
    Some(SecretValue::new(STANDARD.encode(public).into_bytes()))
}

/// A key that is not clamped is most likely the public one.
fn private_key(text: &[u8]) -> Result<Zeroizing<[u8; 32]>, Mismatch> {
    let key = key(text)?;
    let mut clamped = key.clone();
    clamp(&mut clamped);
    if key == clamped {
        Ok(key)
    } else {
        Err(Mismatch::Form(
            "a private key, which is clamped; is it the public one?",
        ))
    }
}

fn key(text: &[u8]) -> Result<Zeroizing<[u8; 32]>, Mismatch> {
    if text.is_empty() {
        return Err(Mismatch::Empty);
    }
    if text.len() != LENGTH {
        return Err(Mismatch::Length {
            found: text.len(),
            needed: LENGTH.to_string(),
            unit: "characters",
        });
    }
    let mut key = Zeroizing::new([0; 32]);
    // `decode_slice` wants room for the padding too.
    let mut room = Zeroizing::new([0; 33]);
    match STANDARD.decode_slice(text, room.as_mut()) {
        Ok(32) => key.copy_from_slice(&room[..32]),
        _ => return Err(Mismatch::Encoding(Encoding::Base64)),
    }
    Ok(key)
}

/// Characters of 32 bytes as base64 with padding.
const LENGTH: usize = 44;

const MADE: Made = Made {
    make,
    bits: 251.0,
    min_length: LENGTH,
    punctuation: "+/=",
    what: "an X25519 key of 32 random bytes, clamped, as base64",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Shape;

    fn accepts(kind: &Kind, key: &[u8]) -> Result<(), Mismatch> {
        (kind.accepts)(&Shape::default(), STANDARD.encode(key).as_bytes())
    }

    #[test]
    fn the_public_key_is_that_of_rfc_7748() {
        let alice = hex::decode(ALICE).unwrap();
        let public = public(STANDARD.encode(clamped(&alice)).as_bytes()).unwrap();

        assert_eq!(
            hex::encode(STANDARD.decode(public.expose()).unwrap()),
            HER_PUBLIC_KEY
        );
    }

    /// RFC 7748 §6.1, and what `X25519` makes of it before it multiplies.
    const ALICE: &str = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    const HER_PUBLIC_KEY: &str = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";

    fn clamped(key: &[u8]) -> [u8; 32] {
        let mut key = key.try_into().unwrap();
        clamp(&mut key);
        key
    }

    #[test]
    fn unclamped_keys_are_preshared_keys_only() {
        let mut clamped = [0xff; 32];
        clamp(&mut clamped);

        assert_eq!(accepts(&PRIVATE_KEY, &clamped), Ok(()));
        assert_eq!(
            accepts(&PRIVATE_KEY, &[0xff; 32]),
            Err(Mismatch::Form(
                "a private key, which is clamped; is it the public one?"
            ))
        );
        assert_eq!(accepts(&PRESHARED_KEY, &[0xff; 32]), Ok(()));
    }

    #[test]
    fn other_lengths_and_other_alphabets_do_not_pass() {
        let no_padding = "A".repeat(43);
        let url_safe = format!("{}-_=", "A".repeat(41));
        let accepts = |text: &str| (PRESHARED_KEY.accepts)(&Shape::default(), text.as_bytes());

        assert_eq!(
            accepts(&no_padding),
            Err(Mismatch::Length {
                found: 43,
                needed: "44".to_owned(),
                unit: "characters"
            })
        );
        assert_eq!(accepts(&url_safe), Err(Mismatch::Encoding(Encoding::Base64)));
        assert_eq!(accepts(""), Err(Mismatch::Empty));
    }
}
