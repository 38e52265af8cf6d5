//! The kind `phoenix`.

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

/// Derives the keys of Phoenix.
pub(super) const PHOENIX: Kind = Kind {
    name: "phoenix",
    summary: "`secret_key_base` of Phoenix: 48 random bytes as 64 characters of base64",
    advice: "Plug refuses less than 64 bytes; there is no list of old ones, so everyone is logged out",
    source: "Phoenix `mix phx.gen.secret`; Plug `Plug.Session.COOKIE`",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 384,
    hazard: None,
    consumed: Some(KeyRule::at_least(64, Reading::Text, "Plug")),
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("phoenix", &["encoding"])?;
    bytes::text_recipe("phoenix", shape, 48, shape.encoding.unwrap_or(Encoding::Base64))
}

/// Every character counts as it is, so any text that is long enough will do.
fn accepts(_: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    bytes::accepts_ascii(text, 64, usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_whole_base64_without_padding() {
        let recipe = build(&Shape::default()).unwrap();

        assert_eq!(recipe.min_length(), 64);
        assert!((recipe.bits() - 383.9).abs() < 0.01, "{}", recipe.bits());
        assert!(recipe.reaches(384) && !recipe.reaches(385));
    }

    #[test]
    fn shorter_texts_and_pasted_newlines_are_refused() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());

        assert_eq!(accepts(&"x".repeat(64)), Ok(()));
        assert!(matches!(
            accepts(&"x".repeat(63)),
            Err(Mismatch::Length { found: 63, .. })
        ));
        assert_eq!(
            accepts(&["x".repeat(64), "\n".to_owned()].concat()),
            Err(Mismatch::Whitespace)
        );
    }
}
