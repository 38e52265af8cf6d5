//! The kind `htpasswd`.

use crate::policy::ShapeError;
use crate::policy::kinds::Companion;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::policy::kinds::consumed::KeyRule;
use crate::policy::kinds::consumed::Reading;
use crate::policy::kinds::password;
use crate::policy::kinds::verifiers;

/// A password of HTTP basic authentication.
pub(super) const HTPASSWD: Kind = Kind {
    name: "htpasswd",
    summary: "password for an htpasswd file: letters, digits, `-` and `_`, 32 unless said otherwise",
    advice: "put `NAME:` and the bcrypt line into the file; bcrypt reads 72 bytes only, so longer ones are refused",
    source: "Apache documentation, password formats",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 96,
    hazard: None,
    consumed: Some(KeyRule {
        most: MOST,
        ..KeyRule::at_least(1, Reading::Text, "bcrypt")
    }),
    companions: &[Companion {
        name: "bcrypt",
        about: "what stands behind `NAME:` in an htpasswd file (bcrypt, cost 12)",
        is_secret: false,
        of: verifiers::bcrypt,
    }],
    build: |shape| match shape.length {
        Some(found) if found > MOST as u32 => Err(ShapeError::OutOfRange {
            kind: "htpasswd",
            field: "length",
            found,
            least: 1,
            most: MOST as u32,
        }),
        _ => password::build("htpasswd", shape),
    },
    accepts: |_, text| bytes::accepts_ascii(text, LEAST, MOST),
};

/// Least characters.
const LEAST: usize = 8;

/// Most characters, because bcrypt reads no more.
const MOST: usize = 72;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Mismatch;
    use crate::policy::Shape;

    #[test]
    fn plain_text_of_a_length_that_the_server_takes_passes() {
        let accepts = |text: &str| (HTPASSWD.accepts)(&Shape::default(), text.as_bytes());

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
