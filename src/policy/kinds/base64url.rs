//! The kind `base64url`.

use crate::policy::Encoding;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Random bytes in base64url.
pub(super) const BASE64URL: Kind = Kind {
    name: "base64url",
    summary: "random bytes in base64url without padding, 32 bytes unless said otherwise",
    advice: "may start with `-`: quote it on command lines",
    source: "RFC 4648 §5",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[],
    build: |shape| {
        shape.only("base64url", &["bytes"])?;
        bytes::text_recipe("base64url", shape, 32, Encoding::Base64url)
    },
    accepts: |shape, text| bytes::accepts(shape, text, Encoding::Base64url, 16),
};
