//! The kind `fernet`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::policy::Encoding;
use crate::policy::Made;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::consumed::KeyRule;
use crate::policy::kinds::consumed::Reading;
use crate::secret::SecretValue;

/// Encrypts and signs Fernet tokens.
pub(super) const FERNET: Kind = Kind {
    name: "fernet",
    summary: "Fernet key: exactly 32 random bytes as base64url with padding, 44 characters",
    advice: "MultiFernet([new, old]) reads both and encrypts with the first; half of the key signs, so AES has 128 bits",
    source: "Fernet specification",
    overlap: OverlapClass::AppFallbackList,
    role: Role::Generated,
    floor_bits: 256,
    hazard: Some(Hazard::DataAtRest),
    consumed: Some(KeyRule {
        padded: true,
        ..KeyRule::exactly(
            32,
            Reading::Decoded(Encoding::Base64url),
            "the Fernet specification",
        )
    }),
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("fernet", &[])?;
    Ok(Recipe::Made(Made {
        make,
        bits: 256.0,
        min_length: 44,
        punctuation: "-_=",
        what: "32 random bytes as base64url with padding",
    }))
}

fn make(rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let mut key = Zeroizing::new([0; 32]);
    rng.fill_bytes(key.as_mut());
    Some(SecretValue::init_with(44, |text| {
        // The buffer has exactly the length of the encoding, so this cannot fail.
        let written = URL_SAFE.encode_slice(*key, text).is_ok();
        debug_assert!(written);
    }))
}

fn accepts(_: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    if text.is_empty() {
        return Err(Mismatch::Empty);
    }
    let key = URL_SAFE
        .decode(text)
        .map(Zeroizing::new)
        .map_err(|_| Mismatch::Form("base64url with padding"))?;
    if key.len() == 32 {
        return Ok(());
    }
    Err(Mismatch::Length {
        found: key.len(),
        needed: "32".to_owned(),
        unit: "bytes",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_specification_passes_and_only_with_its_padding() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());
        let published = ["cw_0x689RpI-jtRR7oE8", "h_eQsKImvJapLeSbXpwF4e4="].concat();

        assert_eq!(accepts(&published), Ok(()));
        assert_eq!(
            accepts(published.trim_end_matches('=')),
            Err(Mismatch::Form("base64url with padding"))
        );
        assert_eq!(
            accepts(&published.replace('-', "+")),
            Err(Mismatch::Form("base64url with padding"))
        );
        assert!(matches!(
            accepts("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            Err(Mismatch::Length { found: 24, .. })
        ));
    }
}
