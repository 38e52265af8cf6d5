//! The kind `flask`.

use crate::policy::Encoding;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Signs the sessions of Flask.
pub(super) const FLASK: Kind = Kind {
    name: "flask",
    summary: "`SECRET_KEY` of Flask: 32 random bytes as 64 hexadecimal characters",
    advice: "Flask 3.1 takes old keys from SECRET_KEY_FALLBACKS; some extensions read SECRET_KEY only",
    source: "Flask documentation, `SECRET_KEY` (`secrets.token_hex()`)",
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
    shape.only("flask", &["bytes", "length"])?;
    bytes::recipe("flask", shape, 32, Encoding::Hex)
}

fn accepts(shape: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    bytes::accepts(shape, text, Encoding::Hex, 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_token_hex_makes_passes() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());

        assert_eq!(accepts(&"a1".repeat(32)), Ok(()));
        assert!(matches!(
            accepts(&"a1".repeat(31)),
            Err(Mismatch::Length { found: 31, .. })
        ));
        assert_eq!(accepts(&"zz".repeat(32)), Err(Mismatch::Encoding(Encoding::Hex)));
    }
}
