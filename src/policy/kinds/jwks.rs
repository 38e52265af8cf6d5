//! The kind `jwks`.

use crate::policy::Mismatch;
use crate::policy::kinds::Derive;
use crate::policy::kinds::Kind;
use crate::policy::kinds::derived;
use crate::policy::kinds::jwk;

/// The public half of a signing key.
pub(super) const JWKS: Kind = Kind {
    name: "jwks",
    summary: "public key set of a jwt-eddsa, jwt-es256 or jwt-rs256 key (`from`), without private members",
    advice: "publish the new set before the new key signs, and keep the old key in it while its tokens live",
    source: "RFC 7517 §5, RFC 7638",
    accepts: |_, text| match text.starts_with(b"{") {
        true => Ok(()),
        false => Err(Mismatch::Form("a JSON object")),
    },
    ..derived(
        "jwks",
        Derive::Computed {
            of: |key, rng| jwk::companion_of_any(jwk::JWKS, key, rng),
            holds: |key, stored, rng| jwk::companion_of_any(jwk::JWKS, key, rng).as_ref() == Some(stored),
        },
    )
};
