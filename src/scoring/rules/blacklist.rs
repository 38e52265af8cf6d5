//! The ten values that the Lumiku checklist forbids.

/// Returns whether the ten make up half of `value` or more, in any case.
///
/// All of them are shorter than the 32 characters that production demands, so comparing whole values, as the
/// checklist says, would never be what refuses one there.
pub(in crate::scoring) fn dominates(value: &[u8]) -> bool {
    let (mut at, mut covered) = (0, 0);
    while at < value.len() {
        let found = length_at(&value[at..]);
        covered += found;
        at += found.max(1);
    }
    covered > 0 && 2 * covered >= value.len()
}

/// Returns the length of the longest of the ten at the start of `text`, 0 when there is none.
fn length_at(text: &[u8]) -> usize {
    let start = text.first().map(u8::to_ascii_lowercase);
    if !matches!(start, Some(b'c' | b'd' | b'm' | b'p' | b's' | b't' | b'y')) {
        return 0;
    }
    TEN.iter()
        .filter(|word| {
            let front = text.get(..word.len());
            front.is_some_and(|front| front.eq_ignore_ascii_case(word.as_bytes()))
        })
        .map(|word| word.len())
        .max()
        .unwrap_or(0)
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
