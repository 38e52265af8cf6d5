//! The kind `redis-password`.

use crate::policy::kinds::Companion;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::policy::kinds::password;
use crate::policy::kinds::verifiers;

/// A password of a Redis user.
pub(super) const REDIS: Kind = Kind {
    name: "redis-password",
    summary: "password of a Redis user: letters, digits, `-` and `_`, 32 unless said otherwise",
    advice: "a user can have several: ACL SETUSER adds `#hash`, then removes `!hash` of the old one; ACL SAVE keeps it",
    source: "Redis documentation, `ACL SETUSER`",
    overlap: OverlapClass::ServerMultiVerifier,
    role: Role::Generated,
    floor_bits: 96,
    hazard: None,
    consumed: None,
    companions: &[Companion {
        name: "acl-hash",
        about: "what ACL SETUSER and ACL files take in place of the password",
        is_secret: false,
        of: verifiers::redis_acl,
    }],
    build: |shape| password::build("redis-password", shape),
    accepts: |_, text| bytes::accepts_ascii(text, LEAST, MOST),
};

/// Least characters.
const LEAST: usize = 8;

/// Most characters, far more than is of use.
const MOST: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Mismatch;
    use crate::policy::Shape;

    #[test]
    fn plain_text_of_a_length_that_the_server_takes_passes() {
        let accepts = |text: &str| (REDIS.accepts)(&Shape::default(), text.as_bytes());

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
