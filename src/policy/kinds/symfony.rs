//! The kind `symfony`.

use crate::policy::Encoding;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Signs the links and remember-me cookies of Symfony.
pub(super) const SYMFONY: Kind = Kind {
    name: "symfony",
    summary: "`APP_SECRET` of Symfony: 16 random bytes as 32 hexadecimal characters",
    advice: "there is no list of old ones: remember-me cookies and signed links end with the old value",
    source: "Symfony documentation, `framework.secret`",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("symfony", &["bytes", "length"])?;
    bytes::recipe("symfony", shape, 16, Encoding::Hex)
}

fn accepts(shape: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    bytes::accepts(shape, text, Encoding::Hex, 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_recipe_of_symfony_makes_passes() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());

        assert_eq!(accepts(&"a1".repeat(16)), Ok(()));
        assert!(matches!(
            accepts(&"a1".repeat(15)),
            Err(Mismatch::Length { found: 15, .. })
        ));
        assert_eq!(accepts(&"zz".repeat(16)), Err(Mismatch::Encoding(Encoding::Hex)));
    }
}
