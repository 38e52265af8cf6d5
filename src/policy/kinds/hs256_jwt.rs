//! The kind `hs256-jwt`.

use crate::policy::Mismatch;
use crate::policy::kinds::Derive;
use crate::policy::kinds::Kind;
use crate::policy::kinds::derived;

/// A long-lived token that another secret signs.
pub(super) const HS256_JWT: Kind = Kind {
    name: "hs256-jwt",
    summary: "a JWT signed with another secret (`from`, `claims`, `lifetime`), such as Supabase's ANON_KEY",
    advice: "it dies with its signing key: rotate the key, and every token derived from it is made again",
    source: "RFC 7515, RFC 7519",
    accepts: |_, text| match text
        .split(|byte| *byte == b'.')
        .filter(|part| !part.is_empty())
        .count()
    {
        3 => Ok(()),
        _ => Err(Mismatch::Form("three parts joined by `.`, as a JWT is")),
    },
    ..derived("hs256-jwt", Derive::Signed)
};
