//! The kind `rails`.

use crate::policy::Encoding;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Derives the keys of Rails.
pub(super) const RAILS: Kind = Kind {
    name: "rails",
    summary: "`secret_key_base` of Rails: 64 random bytes as 128 hexadecimal characters",
    advice: "rotate the message verifiers and, separately, the signed and encrypted cookies, or everyone is logged out",
    source: "Rails `bin/rails secret` (`SecureRandom.hex(64)`)",
    overlap: OverlapClass::AppFallbackList,
    role: Role::Generated,
    floor_bits: 512,
    hazard: None,
    consumed: None,
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("rails", &["bytes", "length"])?;
    bytes::recipe("rails", shape, 64, Encoding::Hex)
}

fn accepts(shape: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    bytes::accepts(shape, text, Encoding::Hex, 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rails_secret_makes_passes() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());

        assert_eq!(accepts(&"a1".repeat(64)), Ok(()));
        assert!(matches!(
            accepts(&"a1".repeat(63)),
            Err(Mismatch::Length { found: 63, .. })
        ));
        assert_eq!(accepts(&"zz".repeat(64)), Err(Mismatch::Encoding(Encoding::Hex)));
    }
}
