//! The kind `postgres-password`.

use crate::policy::kinds::Companion;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::policy::kinds::password;
use crate::policy::kinds::verifiers;

/// The password of a PostgreSQL role.
pub(super) const POSTGRES: Kind = Kind {
    name: "postgres-password",
    summary: "password of a PostgreSQL role: letters, digits, `-` and `_`, 32 unless said otherwise",
    advice: "a role has one password: give ALTER ROLE the verifier, so that the password is in no log; open sessions go on",
    source: "PostgreSQL documentation, `ALTER ROLE`; RFC 5802, RFC 7677",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 96,
    hazard: None,
    consumed: None,
    companions: &[Companion {
        name: "scram-sha-256",
        about: "what ALTER ROLE … PASSWORD and pgbouncer take in place of the password",
        is_secret: false,
        of: verifiers::scram_sha_256,
    }],
    build: |shape| password::build("postgres-password", shape),
    accepts: |_, text| bytes::accepts_ascii(text, LEAST, MOST),
};

/// Least characters.
const LEAST: usize = 8;

/// Most characters, of which every client and pooler takes as many.
const MOST: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Mismatch;
    use crate::policy::Shape;

    #[test]
    fn plain_text_of_a_length_that_the_server_takes_passes() {
        let accepts = |text: &str| (POSTGRES.accepts)(&Shape::default(), text.as_bytes());

        assert_eq!(accepts(&"x".repeat(MOST)), Ok(()));
        assert!(matches!(
            accepts(&"x".repeat(MOST + 1)),
            Err(Mismatch::Length { .. })
        ));
        assert!(matches!(
            accepts("secret"),
            Err(Mismatch::Length { found: 6, .. })
        ));
        assert_eq!(accepts("p\u{e4}ssword"), Err(Mismatch::Form("plain ASCII")));
        assert_eq!(accepts("pass word"), Err(Mismatch::Whitespace));
    }
}
