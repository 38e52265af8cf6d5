//! What the kinds made of random bytes share.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;
use zeroize::Zeroizing;

use crate::policy::Encoding;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;

/// Most random bytes of one value.
pub(super) const MAX_BYTES: u32 = 1_024;

/// Returns the recipe of `kind` for random bytes, `default_bytes` of them unless the shape says otherwise.
pub(super) fn recipe(
    kind: &'static str,
    shape: &Shape,
    default_bytes: u32,
    encoding: Encoding,
) -> Result<Recipe, ShapeError> {
    let bytes = count(kind, shape, default_bytes, encoding)?;
    Ok(Recipe::Bytes {
        bytes,
        encoding,
        prefix: String::new(),
        plain_edges: false,
    })
}

/// Returns the recipe of `kind` for random bytes that are used as text: as [`recipe`], with plain edges.
pub(super) fn text_recipe(
    kind: &'static str,
    shape: &Shape,
    default_bytes: u32,
    encoding: Encoding,
) -> Result<Recipe, ShapeError> {
    Ok(Recipe::Bytes {
        bytes: count(kind, shape, default_bytes, encoding)?,
        encoding,
        prefix: String::new(),
        plain_edges: true,
    })
}

/// Returns the number of random bytes that the shape asks for; `length` counts characters of hex only.
pub(super) fn count(
    kind: &'static str,
    shape: &Shape,
    default_bytes: u32,
    encoding: Encoding,
) -> Result<u32, ShapeError> {
    let bytes = match (shape.bytes, shape.length) {
        (Some(_), Some(_)) => {
            return Err(ShapeError::Conflict {
                first: "bytes",
                second: "length",
            });
        }
        (Some(bytes), None) => bytes,
        (None, Some(length)) if encoding == Encoding::Hex && length % 2 == 0 => length / 2,
        (None, Some(_)) => {
            return Err(ShapeError::NotApplicable {
                kind,
                field: if encoding == Encoding::Hex {
                    "length (an odd number)"
                } else {
                    "length"
                },
            });
        }
        (None, None) => default_bytes,
    };
    if bytes == 0 || bytes > MAX_BYTES {
        return Err(ShapeError::OutOfRange {
            kind,
            field: "bytes",
            found: bytes,
            least: 1,
            most: MAX_BYTES,
        });
    }
    Ok(bytes)
}

/// Decodes `text`; padding is optional, and hexadecimal may be of either case.
pub(super) fn decode(text: &[u8], encoding: Encoding) -> Result<Zeroizing<Vec<u8>>, Mismatch> {
    let wrong = Mismatch::Encoding(encoding);
    if text.is_empty() {
        return Err(Mismatch::Empty);
    }
    match encoding {
        Encoding::Hex => hex::decode(text).map_err(|_| wrong),
        Encoding::Base64 => STANDARD.decode(text).map_err(|_| wrong),
        Encoding::Base64url => URL_SAFE.decode(text).map_err(|_| wrong),
    }
    .map(Zeroizing::new)
}

/// Decodes standard base64 as libraries do that take no other: with its padding.
pub(super) fn decode_padded(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, Mismatch> {
    let decoded = decode(text, Encoding::Base64)?;
    if text.len().is_multiple_of(4) {
        return Ok(decoded);
    }
    Err(Mismatch::Form(
        "base64 with its padding: a `=` at the end is missing",
    ))
}

/// Accepts text that decodes to what the shape asks for, or to at least `least` bytes when it asks for nothing.
pub(super) fn accepts(shape: &Shape, text: &[u8], encoding: Encoding, least: usize) -> Result<(), Mismatch> {
    let decoded = decode(text, encoding)?;
    let asked = shape
        .bytes
        .map(|bytes| bytes as usize)
        .or(shape.length.map(|length| length as usize / 2));
    match asked {
        Some(bytes) if decoded.len() != bytes => Err(Mismatch::Length {
            found: decoded.len(),
            needed: bytes.to_string(),
            unit: "bytes",
        }),
        None if decoded.len() < least => Err(Mismatch::Length {
            found: decoded.len(),
            needed: format!("at least {least}"),
            unit: "bytes",
        }),
        _ => Ok(()),
    }
}

/// Accepts visible ASCII without white space, at least one character.
pub(super) fn accepts_token(text: &[u8]) -> Result<(), Mismatch> {
    if text.is_empty() {
        return Err(Mismatch::Empty);
    }
    if text
        .iter()
        .any(|byte| byte.is_ascii_control() || byte.is_ascii_whitespace())
    {
        return Err(Mismatch::Whitespace);
    }
    Ok(())
}

/// Accepts `least` to `most` visible ASCII characters.
pub(super) fn accepts_ascii(text: &[u8], least: usize, most: usize) -> Result<(), Mismatch> {
    accepts_token(text)?;
    if !text.is_ascii() {
        return Err(Mismatch::Form("plain ASCII"));
    }
    if (least..=most).contains(&text.len()) {
        return Ok(());
    }
    Err(Mismatch::Length {
        found: text.len(),
        needed: match most {
            usize::MAX => format!("at least {least}"),
            most => format!("{least} to {most}"),
        },
        unit: "characters",
    })
}

const OPTIONAL_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, OPTIONAL_PADDING);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, OPTIONAL_PADDING);
