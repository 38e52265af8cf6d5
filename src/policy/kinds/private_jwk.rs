//! The kind `private-jwk`.

use crate::policy::Mismatch;
use crate::policy::kinds::Derive;
use crate::policy::kinds::Kind;
use crate::policy::kinds::derived;
use crate::policy::kinds::jwk;

/// A signing key for libraries that read JWK and no PEM.
pub(super) const PRIVATE_JWK: Kind = Kind {
    name: "private-jwk",
    summary: "a jwt-eddsa, jwt-es256 or jwt-rs256 key (`from`) as one JWK with its private members",
    advice: "as secret as the key itself: publish `jwks`, never this",
    source: "RFC 7517 §4, RFC 7518 §6, RFC 8037 §2",
    accepts: |_, text| match text.starts_with(b"{") {
        true => Ok(()),
        false => Err(Mismatch::Form("a JSON object")),
    },
    ..derived(
        "private-jwk",
        Derive::Computed {
            of: |key, rng| jwk::companion_of_any(jwk::PRIVATE_JWK, key, rng),
            holds: |key, stored, rng| {
                jwk::companion_of_any(jwk::PRIVATE_JWK, key, rng).as_ref() == Some(stored)
            },
        },
    )
};
