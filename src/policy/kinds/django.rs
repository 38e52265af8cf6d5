//! The kind `django`.

use zeroize::Zeroize;

use crate::policy::Alphabet;
use crate::policy::Characters;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::policy::kinds::consumed::KeyRule;
use crate::policy::kinds::consumed::Reading;

/// Signs sessions, tokens and password resets of Django.
pub(super) const DJANGO: Kind = Kind {
    name: "django",
    summary: "`SECRET_KEY` of Django: 50 or more letters, digits, `-` and `_`",
    advice: "move the old key to SECRET_KEY_FALLBACKS: Django goes on accepting what it signed, and signs with the new one",
    source: "Django `security.W009`, `SECRET_KEY_FALLBACKS`",
    overlap: OverlapClass::AppFallbackList,
    role: Role::Generated,
    floor_bits: 256,
    hazard: None,
    consumed: Some(KeyRule {
        different: LEAST_DIFFERENT,
        ..KeyRule::at_least(LEAST as usize, Reading::Text, "Django `security.W009`")
    }),
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("django", &["length"])?;
    let length = shape.length.unwrap_or(LEAST);
    if !(LEAST..=Characters::MAX_LENGTH).contains(&length) {
        return Err(ShapeError::OutOfRange {
            kind: "django",
            field: "length",
            found: length,
            least: LEAST,
            most: Characters::MAX_LENGTH,
        });
    }
    let alphabet = "safe".parse().unwrap_or(Alphabet::new(""));
    Characters::new("django", alphabet, length)?
        .with_plain_edges()
        .map(Recipe::Characters)
}

/// What `check --deploy` of Django warns of is refused.
fn accepts(_: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    bytes::accepts_ascii(text, LEAST as usize, usize::MAX)?;
    if text.starts_with(b"django-insecure-") {
        return Err(Mismatch::Form("for production: `startproject` made it"));
    }
    let mut seen = text.to_vec();
    seen.sort_unstable();
    seen.dedup();
    let different = seen.len();
    seen.zeroize();
    if different < LEAST_DIFFERENT {
        return Err(Mismatch::Length {
            found: different,
            needed: format!("at least {LEAST_DIFFERENT}"),
            unit: "different characters",
        });
    }
    Ok(())
}

/// Least characters, by Django's own check.
const LEAST: u32 = 50;

/// Least different characters, by Django's own check.
const LEAST_DIFFERENT: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_django_warns_of_is_refused() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());

        assert_eq!(accepts(&"abcde".repeat(10)), Ok(()));
        assert_eq!(
            accepts(&"abcde".repeat(9)).unwrap_err().to_string(),
            "it has 45 characters, the policy says at least 50"
        );
        assert_eq!(
            accepts(&"abcd".repeat(13)).unwrap_err().to_string(),
            "it has 4 different characters, the policy says at least 5"
        );
        assert_eq!(
            accepts(&["django-insecure-", &"abcde".repeat(10)].concat()),
            Err(Mismatch::Form("for production: `startproject` made it"))
        );
    }

    #[test]
    fn shorter_keys_are_not_made() {
        let shape = Shape {
            length: Some(49),
            ..Shape::default()
        };

        assert!(matches!(
            build(&shape),
            Err(ShapeError::OutOfRange { least: 50, .. })
        ));
    }
}
