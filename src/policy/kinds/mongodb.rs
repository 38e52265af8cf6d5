//! The kind `mongodb-keyfile`.

use crate::policy::Encoding;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Authenticates the members of a MongoDB cluster to each other.
pub(super) const MONGODB: Kind = Kind {
    name: "mongodb-keyfile",
    summary: "keyfile of MongoDB: 756 random bytes as 1,008 characters of base64",
    advice: "mode 0400; from 4.2 the file can be a YAML list: add the new key on every member, restart, then drop the old one",
    source: "MongoDB documentation, keyfile authentication",
    overlap: OverlapClass::ServerMultiVerifier,
    role: Role::Generated,
    floor_bits: 256,
    hazard: None,
    consumed: None,
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("mongodb-keyfile", &["bytes"])?;
    let found = shape.bytes.unwrap_or(756);
    if found > MOST_BYTES {
        return Err(ShapeError::OutOfRange {
            kind: "mongodb-keyfile",
            field: "bytes",
            found,
            least: 32,
            most: MOST_BYTES,
        });
    }
    bytes::recipe("mongodb-keyfile", shape, 756, Encoding::Base64)
}

/// The server skips white space, so lines as `openssl rand -base64` breaks them pass.
fn accepts(_: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    if text.is_empty() {
        return Err(Mismatch::Empty);
    }
    let fits =
        |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte) || byte.is_ascii_whitespace();
    if !text.iter().all(fits) {
        return Err(Mismatch::Encoding(Encoding::Base64));
    }
    let found = text.iter().filter(|byte| !byte.is_ascii_whitespace()).count();
    if (LEAST..=MOST).contains(&found) {
        return Ok(());
    }
    Err(Mismatch::Length {
        found,
        needed: format!("{LEAST} to {MOST}"),
        unit: "characters",
    })
}

/// Random bytes that fill the most characters.
const MOST_BYTES: u32 = 768;

/// Least characters that the server takes.
const LEAST: usize = 6;

/// Most characters that the server takes.
const MOST: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_takes_passes() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());

        assert_eq!(build(&Shape::default()).unwrap().min_length(), 1_008);
        assert_eq!(accepts("AbC+/="), Ok(()));
        assert_eq!(accepts(&["A".repeat(64), "B".repeat(64)].join("\n")), Ok(()));
        assert!(matches!(accepts("AbCdE"), Err(Mismatch::Length { found: 5, .. })));
        assert!(matches!(
            accepts(&"A".repeat(1_025)),
            Err(Mismatch::Length { found: 1_025, .. })
        ));
        assert_eq!(accepts("AbC-_x"), Err(Mismatch::Encoding(Encoding::Base64)));
    }
}
