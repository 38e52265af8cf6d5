//! The kind `scram`.

use crate::policy::Mismatch;
use crate::policy::kinds::Derive;
use crate::policy::kinds::Kind;
use crate::policy::kinds::derived;
use crate::policy::kinds::verifiers;

/// What PostgreSQL keeps in place of a password.
pub(super) const SCRAM: Kind = Kind {
    name: "scram",
    summary: "SCRAM-SHA-256 verifier of a password (`from`), as PostgreSQL and pgbouncer keep it",
    advice: "ALTER ROLE … PASSWORD takes it in place of the password, which then never travels",
    source: "RFC 7677; PostgreSQL documentation, `CREATE ROLE`",
    accepts: |_, text| match text.starts_with(b"SCRAM-SHA-256$") {
        true => Ok(()),
        false => Err(Mismatch::Prefix("SCRAM-SHA-256$".to_owned())),
    },
    ..derived(
        "scram",
        Derive::Computed {
            of: verifiers::scram_sha_256,
            holds: verifiers::scram_holds,
        },
    )
};
