//! The kind `aes-256`.

use crate::policy::Encoding;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::policy::kinds::consumed::KeyRule;
use crate::policy::kinds::consumed::Reading;

/// Encrypts data at rest with AES-256.
pub(super) const AES_256: Kind = Kind {
    name: "aes-256",
    summary: "AES-256 key: exactly 32 random bytes, as base64 unless said otherwise",
    advice: "decode it: 32 hexadecimal characters used as they are carry 128 bits only",
    source: "FIPS 197",
    overlap: OverlapClass::DataAtRest,
    role: Role::Generated,
    floor_bits: 256,
    hazard: Some(Hazard::DataAtRest),
    consumed: Some(KeyRule::exactly(
        32,
        Reading::Asked(Some(Encoding::Base64)),
        "FIPS 197",
    )),
    companions: &[],
    build: |shape| {
        shape.only("aes-256", &["bytes", "encoding"])?;
        match shape.bytes {
            None | Some(32) => bytes::recipe("aes-256", shape, 32, encoding(shape)),
            Some(found) => Err(ShapeError::OutOfRange {
                kind: "aes-256",
                field: "bytes",
                found,
                least: 32,
                most: 32,
            }),
        }
    },
    accepts: |shape, text| {
        let exact = Shape {
            bytes: Some(32),
            ..Shape::default()
        };
        bytes::accepts(&exact, text, encoding(shape), 32)
    },
};

fn encoding(shape: &Shape) -> Encoding {
    shape.encoding.unwrap_or(Encoding::Base64)
}
