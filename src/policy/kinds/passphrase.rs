//! The kind `passphrase`.

use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;

/// Words for a person to type.
pub(super) const PASSPHRASE: Kind = Kind {
    name: "passphrase",
    summary: "words of the EFF long list joined by dots, 10 of them unless said otherwise",
    advice: "12.9 bits a word: 10 words carry 129 bits, 6 words 77",
    source: "EFF long word list (7,776 words)",
    overlap: OverlapClass::Human,
    role: Role::Generated,
    floor_bits: 77,
    hazard: None,
    consumed: None,
    companions: &[],
    build,
    accepts: |_, text| match std::str::from_utf8(text) {
        Ok("") => Err(Mismatch::Empty),
        Ok(text) if text.trim() != text => Err(Mismatch::Whitespace),
        Ok(_) => Ok(()),
        Err(_) => Err(Mismatch::Form("text")),
    },
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("passphrase", &["words"])?;
    let words = shape.words.unwrap_or(10);
    if !(1..=64).contains(&words) {
        return Err(ShapeError::OutOfRange {
            kind: "passphrase",
            field: "words",
            found: words,
            least: 1,
            most: 64,
        });
    }
    Ok(Recipe::Words { words })
}
