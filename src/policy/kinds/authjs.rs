//! The kind `authjs`.

use crate::policy::Encoding;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Encrypts the sessions of Auth.js.
pub(super) const AUTHJS: Kind = Kind {
    name: "authjs",
    summary: "`AUTH_SECRET` of Auth.js (NextAuth): 33 random bytes as 44 characters of base64",
    advice: "the highest-numbered one encrypts: keep AUTH_SECRET, set AUTH_SECRET_1 to the new one, swap when sessions have ended",
    source: "Auth.js documentation (`openssl rand -base64 33`)",
    overlap: OverlapClass::AppFallbackList,
    role: Role::Generated,
    floor_bits: 256,
    hazard: None,
    consumed: None,
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("authjs", &["encoding"])?;
    bytes::text_recipe("authjs", shape, 33, shape.encoding.unwrap_or(Encoding::Base64))
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

        assert_eq!(recipe.min_length(), 44);
        assert!((recipe.bits() - 263.9).abs() < 0.01, "{}", recipe.bits());
        assert!(recipe.reaches(264));
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
