//! The kind `webhook-raw`.

use crate::policy::Encoding;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Signs webhooks with all of its characters.
pub(super) const WEBHOOK_RAW: Kind = Kind {
    name: "webhook-raw",
    summary: "webhook secret of which every character is key, as GitHub uses it: 32 random bytes as hex",
    advice: "GitHub holds one per hook: let the receiver accept the old and the new one first, then change the hook",
    source: "GitHub documentation, `X-Hub-Signature-256`",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 256,
    hazard: None,
    consumed: None,
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("webhook-raw", &["bytes", "length"])?;
    bytes::recipe("webhook-raw", shape, 32, Encoding::Hex)
}

fn accepts(shape: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    bytes::accepts(shape, text, Encoding::Hex, 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_strings_of_hexadecimal_characters_pass() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());

        assert_eq!(accepts(&"a1".repeat(32)), Ok(()));
        assert!(matches!(
            accepts(&"a1".repeat(31)),
            Err(Mismatch::Length { found: 31, .. })
        ));
        assert_eq!(accepts(&"zz".repeat(32)), Err(Mismatch::Encoding(Encoding::Hex)));
    }
}
