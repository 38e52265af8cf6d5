//! The kind `mysql-password`.

use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::policy::kinds::password;

/// The password of a MySQL account.
pub(super) const MYSQL: Kind = Kind {
    name: "mysql-password",
    summary: "password of a MySQL account: letters, digits, `-` and `_`, 32 unless said otherwise",
    advice: "from 8.0.14 an account has two: ALTER USER … RETAIN CURRENT PASSWORD, later DISCARD OLD PASSWORD; MariaDB has one",
    source: "MySQL documentation, dual password support",
    overlap: OverlapClass::ServerMultiVerifier,
    role: Role::Generated,
    floor_bits: 96,
    hazard: None,
    consumed: None,
    companions: &[],
    build: |shape| password::build("mysql-password", shape),
    accepts: |_, text| bytes::accepts_ascii(text, LEAST, MOST),
};

/// Least characters.
const LEAST: usize = 8;

/// Most characters, of what `caching_sha2_password` takes.
const MOST: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Mismatch;
    use crate::policy::Shape;

    #[test]
    fn plain_text_of_a_length_that_the_server_takes_passes() {
        let accepts = |text: &str| (MYSQL.accepts)(&Shape::default(), text.as_bytes());

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
