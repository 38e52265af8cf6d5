//! The kind `webhook`.

use crate::policy::Encoding;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::policy::kinds::consumed::KeyRule;
use crate::policy::kinds::consumed::Reading;

/// Signs webhooks by the Standard Webhooks specification.
pub(super) const WEBHOOK: Kind = Kind {
    name: "webhook",
    summary: "Standard Webhooks secret: `whsec_` and 24 to 64 random bytes as base64, 32 unless said otherwise",
    advice: "libraries decode the base64 after `whsec_`; Stripe's secrets look alike and are used whole",
    source: "Standard Webhooks specification",
    overlap: OverlapClass::ServerMultiVerifier,
    role: Role::Generated,
    floor_bits: 192,
    hazard: None,
    consumed: Some(KeyRule {
        prefix: PREFIX,
        padded: true,
        most: 64,
        ..KeyRule::at_least(
            24,
            Reading::Decoded(Encoding::Base64),
            "the Standard Webhooks specification",
        )
    }),
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("webhook", &["bytes"])?;
    let bytes = shape.bytes.unwrap_or(32);
    if !(24..=64).contains(&bytes) {
        return Err(ShapeError::OutOfRange {
            kind: "webhook",
            field: "bytes",
            found: bytes,
            least: 24,
            most: 64,
        });
    }
    Ok(Recipe::Bytes {
        bytes,
        encoding: Encoding::Base64,
        prefix: PREFIX.to_owned(),
        plain_edges: false,
    })
}

fn accepts(_: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    let encoded = text
        .strip_prefix(PREFIX.as_bytes())
        .ok_or_else(|| Mismatch::Prefix(PREFIX.to_owned()))?;
    let key = bytes::decode_padded(encoded)?;
    if (24..=64).contains(&key.len()) {
        return Ok(());
    }
    Err(Mismatch::Length {
        found: key.len(),
        needed: "24 to 64".to_owned(),
        unit: "bytes",
    })
}

const PREFIX: &str = "whsec_";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specifications_own_secret_passes() {
        let published = ["whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"].concat();

        assert_eq!(accepts(&Shape::default(), published.as_bytes()), Ok(()));
    }

    #[test]
    fn padding_that_libraries_insist_on_is_not_left_out() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());
        let unpadded = ["whsec_", &"A".repeat(43)].concat();

        assert_eq!(accepts(&format!("{unpadded}=")), Ok(()));
        assert_eq!(
            accepts(&unpadded),
            Err(Mismatch::Form(
                "base64 with its padding: a `=` at the end is missing"
            ))
        );
    }

    #[test]
    fn hex_and_short_keys_are_not_standard_webhooks() {
        assert_eq!(
            accepts(&Shape::default(), b"whsec_AAAA"),
            Err(Mismatch::Length {
                found: 3,
                needed: "24 to 64".to_owned(),
                unit: "bytes"
            })
        );
        assert_eq!(
            accepts(&Shape::default(), b"whsec_a-b_"),
            Err(Mismatch::Encoding(Encoding::Base64))
        );
        assert!(accepts(&Shape::default(), b"AAAA").is_err());
    }
}
