//! The kind `redis-acl`.

use crate::policy::Mismatch;
use crate::policy::kinds::Derive;
use crate::policy::kinds::Kind;
use crate::policy::kinds::derived;
use crate::policy::kinds::verifiers;

/// What Redis keeps in place of a password.
pub(super) const REDIS_ACL: Kind = Kind {
    name: "redis-acl",
    summary: "SHA-256 of a password (`from`), as Redis ACL files and ACL SETUSER take it",
    advice: "it has no salt: only a password of high entropy is safe behind it",
    source: "Redis documentation, `ACL SETUSER`",
    accepts: |_, text| {
        let is_hash = text.len() == 65 && text[0] == b'#' && text[1..].iter().all(u8::is_ascii_hexdigit);
        if is_hash {
            Ok(())
        } else {
            Err(Mismatch::Form("`#` and 64 hexadecimal digits"))
        }
    },
    ..derived(
        "redis-acl",
        Derive::Computed {
            of: verifiers::redis_acl,
            holds: |root, stored, rng| verifiers::redis_acl(root, rng).as_ref() == Some(stored),
        },
    )
};
