//! The kind `base64`.

use crate::policy::Encoding;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Random bytes in standard base64.
pub(super) const BASE64: Kind = Kind {
    name: "base64",
    summary: "random bytes in standard base64, 32 bytes unless said otherwise",
    advice: "holds `+`, `/` and `=`: not for URLs; take base64url or hex there",
    source: "RFC 4648 §4",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[],
    build: |shape| {
        shape.only("base64", &["bytes"])?;
        bytes::text_recipe("base64", shape, 32, Encoding::Base64)
    },
    accepts: |shape, text| bytes::accepts(shape, text, Encoding::Base64, 16),
};
