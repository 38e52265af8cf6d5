//! The kind `rabbitmq-password`.

use crate::policy::kinds::Companion;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::policy::kinds::password;
use crate::policy::kinds::verifiers;

/// The password of a RabbitMQ user.
pub(super) const RABBITMQ_PASSWORD: Kind = Kind {
    name: "rabbitmq-password",
    summary: "password of a RabbitMQ user: letters, digits, `-` and `_`, 32 unless said otherwise",
    advice: "a user has one password; a definitions file takes its hash; open connections go on until they are closed",
    source: "RabbitMQ documentation, password hashing",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 96,
    hazard: None,
    consumed: None,
    companions: &[Companion {
        name: "password-hash",
        about: "what definitions files take in place of the password",
        is_secret: false,
        of: verifiers::rabbitmq,
    }],
    build: |shape| password::build("rabbitmq-password", shape),
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
        let accepts = |text: &str| (RABBITMQ_PASSWORD.accepts)(&Shape::default(), text.as_bytes());

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
