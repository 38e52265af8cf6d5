//! The kind `hex`.

use crate::policy::Encoding;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Random bytes in hexadecimal.
pub(super) const HEX: Kind = Kind {
    name: "hex",
    summary: "random bytes in lower-case hexadecimal, 32 bytes unless said otherwise",
    advice: "safe in every env file, URL and shell; twice as long as its bytes",
    source: "RFC 4648 §8",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[],
    build: |shape| {
        shape.only("hex", &["bytes", "length"])?;
        bytes::recipe("hex", shape, 32, Encoding::Hex)
    },
    accepts: |shape, text| bytes::accepts(shape, text, Encoding::Hex, 16),
};
