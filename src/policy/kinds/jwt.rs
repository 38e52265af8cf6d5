//! The kinds `jwt-hs256`, `jwt-hs384` and `jwt-hs512`.

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

/// Signs JWTs with HMAC-SHA-256.
pub(super) const HS256: Kind = Kind {
    name: "jwt-hs256",
    summary: "JWT signing key for HS256: 32 random bytes or more, as hex unless said otherwise",
    floor_bits: 256,
    consumed: Some(key(32)),
    build: |shape| build("jwt-hs256", shape, 32),
    accepts: |shape, text| accepts(shape, text, 32),
    ..COMMON
};

/// Signs JWTs with HMAC-SHA-384.
pub(super) const HS384: Kind = Kind {
    name: "jwt-hs384",
    summary: "JWT signing key for HS384: 48 random bytes or more, as hex unless said otherwise",
    floor_bits: 384,
    consumed: Some(key(48)),
    build: |shape| build("jwt-hs384", shape, 48),
    accepts: |shape, text| accepts(shape, text, 48),
    ..COMMON
};

/// Signs JWTs with HMAC-SHA-512.
pub(super) const HS512: Kind = Kind {
    name: "jwt-hs512",
    summary: "JWT signing key for HS512: 64 random bytes or more, as hex unless said otherwise",
    floor_bits: 512,
    consumed: Some(key(64)),
    build: |shape| build("jwt-hs512", shape, 64),
    accepts: |shape, text| accepts(shape, text, 64),
    ..COMMON
};

const COMMON: Kind = Kind {
    name: "",
    summary: "",
    advice: "keep accepting the previous key for as long as tokens live, or everyone is logged out",
    source: "RFC 7518 §3.2",
    overlap: OverlapClass::AppFallbackList,
    role: Role::Generated,
    floor_bits: 256,
    hazard: None,
    consumed: None,
    companions: &[],
    build: |shape| build("jwt-hs256", shape, 32),
    accepts: |shape, text| accepts(shape, text, 32),
};

/// Libraries take the characters for the key, unless they are told to decode them.
const fn key(least: usize) -> KeyRule {
    KeyRule::at_least(least, Reading::Asked(None), "RFC 7518 §3.2")
}

fn build(kind: &'static str, shape: &Shape, default_bytes: u32) -> Result<Recipe, ShapeError> {
    shape.only(kind, &["bytes", "length", "encoding"])?;
    bytes::recipe(
        kind,
        shape,
        default_bytes,
        shape.encoding.unwrap_or(Encoding::Hex),
    )
}

/// The encoding says which bytes are the key; without one, libraries take the characters themselves.
fn accepts(shape: &Shape, text: &[u8], least: usize) -> Result<(), Mismatch> {
    bytes::accepts_token(text)?;
    match shape.encoding {
        Some(encoding) => bytes::accepts(shape, text, encoding, least),
        None if text.len() < least => Err(Mismatch::Length {
            found: text.len(),
            needed: format!("at least {least}"),
            unit: "bytes",
        }),
        None => Ok(()),
    }
}
