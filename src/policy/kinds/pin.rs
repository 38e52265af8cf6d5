//! The kind `pin`.

use crate::policy::Alphabet;
use crate::policy::Characters;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// A number for a person to type.
pub(super) const PIN: Kind = Kind {
    name: "pin",
    summary: "decimal digits, 6 unless said otherwise, 4 to 12",
    advice: "not for production: 6 digits carry 20 bits and hold only where few tries are allowed, as on a locked device",
    source: "NIST SP 800-63B (activation secrets)",
    overlap: OverlapClass::Human,
    role: Role::Generated,
    floor_bits: 13,
    hazard: None,
    consumed: None,
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("pin", &["length"])?;
    let length = shape.length.unwrap_or(6);
    if !(LEAST..=MOST).contains(&length) {
        return Err(ShapeError::OutOfRange {
            kind: "pin",
            field: "length",
            found: length,
            least: LEAST,
            most: MOST,
        });
    }
    let alphabet = "digits".parse().unwrap_or(Alphabet::new(""));
    Characters::new("pin", alphabet, length).map(Recipe::Characters)
}

fn accepts(shape: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    let (least, most) = shape.length.map_or((LEAST, MOST), |length| (length, length));
    bytes::accepts_ascii(text, least as usize, most as usize)?;
    if text.iter().all(u8::is_ascii_digit) {
        Ok(())
    } else {
        Err(Mismatch::Form("of digits only"))
    }
}

/// Least digits.
const LEAST: u32 = 4;

/// Most digits.
const MOST: u32 = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_to_twelve_digits_pass() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());

        assert_eq!(accepts("8391"), Ok(()));
        assert_eq!(accepts("839175028461"), Ok(()));
        assert!(matches!(accepts("839"), Err(Mismatch::Length { found: 3, .. })));
        assert!(matches!(
            accepts("8391750284613"),
            Err(Mismatch::Length { found: 13, .. })
        ));
        assert_eq!(accepts("839a"), Err(Mismatch::Form("of digits only")));
    }

    #[test]
    fn six_digits_carry_what_they_carry() {
        let recipe = build(&Shape::default()).unwrap();

        assert!((recipe.bits() - 19.93).abs() < 0.01, "{}", recipe.bits());
    }
}
