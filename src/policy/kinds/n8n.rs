//! The kind `n8n`.

use crate::policy::Encoding;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Encrypts the stored credentials of n8n.
pub(super) const N8N: Kind = Kind {
    name: "n8n",
    summary: "`N8N_ENCRYPTION_KEY` of n8n: 24 random bytes as 32 characters of base64",
    advice: "n8n does not start when this and its settings file differ; export the credentials decrypted before it changes",
    source: "n8n source (`randomBytes(24)` as base64)",
    overlap: OverlapClass::DataAtRest,
    role: Role::Generated,
    floor_bits: 192,
    hazard: Some(Hazard::DataAtRest),
    consumed: None,
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("n8n", &["encoding"])?;
    bytes::text_recipe("n8n", shape, 24, shape.encoding.unwrap_or(Encoding::Base64))
}

/// Every character counts as it is, so any text that is long enough will do.
fn accepts(_: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    bytes::accepts_ascii(text, 32, usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_whole_base64_without_padding() {
        let recipe = build(&Shape::default()).unwrap();

        assert_eq!(recipe.min_length(), 32);
        assert!((recipe.bits() - 191.9).abs() < 0.01, "{}", recipe.bits());
        assert!(recipe.reaches(192));
    }

    #[test]
    fn shorter_texts_and_pasted_newlines_are_refused() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());

        assert_eq!(accepts(&"x".repeat(32)), Ok(()));
        assert!(matches!(
            accepts(&"x".repeat(31)),
            Err(Mismatch::Length { found: 31, .. })
        ));
        assert_eq!(
            accepts(&["x".repeat(32), "\n".to_owned()].concat()),
            Err(Mismatch::Whitespace)
        );
    }
}
