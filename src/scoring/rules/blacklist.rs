//! The ten values that the Lumiku checklist forbids.

use zeroize::Zeroizing;

/// Returns whether one of the ten makes up half of `value` or more, once or repeated.
///
/// All of them are shorter than the 32 characters that production demands, so comparing whole values, as the
/// checklist says, would never be what refuses one there.
pub(in crate::scoring) fn dominates(value: &[u8]) -> bool {
    if value.is_empty() {
        return false;
    }
    let lower = Zeroizing::new(value.to_ascii_lowercase());
    TEN.iter()
        .any(|word| 2 * word.len() * count(&lower, word.as_bytes()) >= value.len())
}

fn count(text: &[u8], word: &[u8]) -> usize {
    let (mut rest, mut found) = (text, 0);
    while rest.len() >= word.len() {
        let step = if rest.starts_with(word) { word.len() } else { 1 };
        found += usize::from(step == word.len());
        rest = &rest[step..];
    }
    found
}

const TEN: [&str; 10] = [
    "change-this-secret-key",
    "changeme",
    "dev-secret",
    "development-secret-key",
    "mysecretkey",
    "password",
    "secret",
    "test-secret",
    "your-256-bit-secret",
    "your-secret-key-here",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ten_are_refused_alone_repeated_and_with_a_tail() {
        for word in TEN {
            for value in [
                word.to_owned(),
                word.to_uppercase(),
                word.repeat(6),
                format!("{word}-01"),
                [word, word, word].join("-"),
            ] {
                assert!(dominates(value.as_bytes()), "{value}");
            }
        }
    }

    #[test]
    fn a_chance_hit_in_a_long_value_is_no_match() {
        assert!(!dominates(b"q9Zx7secret0LwPfT2rVbY4kNd8mHs"));
        assert!(!dominates(b""));
    }
}
