//! The kind `alphanumeric`.

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

/// Letters and digits.
pub(super) const ALPHANUMERIC: Kind = Kind {
    name: "alphanumeric",
    summary: "letters and digits, 32 of them unless said otherwise",
    advice: "safe unquoted in every env file, URL and shell",
    source: "base62",
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
    shape.only(
        "alphanumeric",
        &[&["length", "exclude"], Shape::RULES_ON_TEXT].concat(),
    )?;
    let base62 = "base62".parse().unwrap_or(Alphabet::new(""));
    Characters::new(
        "alphanumeric",
        shape.alphabet(&base62),
        shape.length.unwrap_or(32),
    )?
    .with_rules_of("alphanumeric", shape)
    .map(Recipe::Characters)
}

fn accepts(shape: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    bytes::accepts_token(text)?;
    if !text.iter().all(u8::is_ascii_alphanumeric) {
        return Err(Mismatch::Form("letters and digits only"));
    }
    match shape.length {
        Some(length) if text.len() != length as usize => Err(Mismatch::Length {
            found: text.len(),
            needed: length.to_string(),
            unit: "characters",
        }),
        _ => Ok(()),
    }
}
