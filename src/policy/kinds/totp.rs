//! The kind `totp`.

use data_encoding::BASE32_NOPAD;
use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::policy::Made;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::kinds::Companion;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::secret::SecretValue;

/// What an authenticator app and a server share.
pub(super) const TOTP: Kind = Kind {
    name: "totp",
    summary: "TOTP secret: 20 random bytes as base32 without padding",
    advice: "it is no password: store it encrypted, and enrol the person again when it changes",
    source: "RFC 6238, RFC 4226 §4 (R6)",
    overlap: OverlapClass::Human,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[Companion {
        name: "otpauth",
        about: "goes into the authenticator app, as a QR code; as secret as the value",
        is_secret: true,
        of: |value, _| otpauth(value.expose()),
    }],
    build: |shape| {
        shape.only("totp", &[])?;
        Ok(Recipe::Made(MADE))
    },
    accepts: |_, text| accepts(text),
};

fn make(rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let mut secret = Zeroizing::new([0; BYTES]);
    rng.fill_bytes(secret.as_mut());
    Some(SecretValue::init_with(LENGTH, |text| {
        BASE32_NOPAD.encode_mut(secret.as_ref(), text);
    }))
}

/// Many apps know SHA-1, 6 digits and 30 seconds only, whatever the rest of the address says.
fn otpauth(text: &[u8]) -> Option<SecretValue> {
    accepts(text).ok()?;
    let parts: [&[u8]; 3] = [
        b"otpauth://totp/mintage?secret=",
        text,
        b"&algorithm=SHA1&digits=6&period=30",
    ];
    Some(SecretValue::new(parts.concat()))
}

/// Accepts capitals and digits of base32 for 16 bytes or more, as RFC 4226 demands.
fn accepts(text: &[u8]) -> Result<(), Mismatch> {
    if text.is_empty() {
        return Err(Mismatch::Empty);
    }
    let secret = BASE32_NOPAD
        .decode(text)
        .map(Zeroizing::new)
        .map_err(|_| Mismatch::Form("base32 in capitals without padding"))?;
    if secret.len() >= LEAST {
        return Ok(());
    }
    Err(Mismatch::Length {
        found: secret.len(),
        needed: format!("at least {LEAST}"),
        unit: "bytes",
    })
}

const BYTES: usize = 20;
const LENGTH: usize = 32;
const LEAST: usize = 16;

const MADE: Made = Made {
    make,
    bits: 160.0,
    min_length: LENGTH,
    punctuation: "",
    what: "20 random bytes as base32 without padding",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_of_rfc_6238_passes_and_goes_into_the_address() {
        let secret = BASE32_NOPAD.encode(b"12345678901234567890");

        let address = otpauth(secret.as_bytes()).unwrap();

        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(accepts(secret.as_bytes()), Ok(()));
        assert_eq!(
            address.expose(),
            format!("otpauth://totp/mintage?secret={secret}&algorithm=SHA1&digits=6&period=30").as_bytes()
        );
    }

    #[test]
    fn short_padded_and_foreign_text_does_not_pass() {
        let form = Err(Mismatch::Form("base32 in capitals without padding"));

        assert_eq!(
            accepts(b"GEZDGNBVGY3TQOJQ"),
            Err(Mismatch::Length {
                found: 10,
                needed: "at least 16".to_owned(),
                unit: "bytes"
            })
        );
        assert_eq!(accepts(b"GEZDGNBVGY3TQOJQGEZDGNBVGY======"), form);
        assert_eq!(accepts(b"gezdgnbvgy3tqojqgezdgnbvgy3tqojq"), form);
        assert_eq!(accepts(b"GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"), form);
        assert_eq!(accepts(b""), Err(Mismatch::Empty));
    }
}
