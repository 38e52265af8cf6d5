//! What the characters of human text cost, one by one.

use crate::scoring::bigrams::AFTER;

/// Returns the bits of the character at `at` in English text with separators, digits and symbols in between.
///
/// `is_text` says that the value is UTF-8; other bytes are nothing that a person types.
pub(super) fn cost(value: &[u8], at: usize, is_text: bool) -> f32 {
    let byte = value[at];
    let before = at.checked_sub(1).map(|before| value[before]);
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' => LETTER + letter_after(before, byte) + case_after(before, byte),
        b'0'..=b'9' => DIGIT,
        b'-' | b'_' | b'.' | b' ' => USUAL_SEPARATOR,
        b'/' | b':' | b',' | b'+' | b'=' | b'@' | b'!' | b'#' | b'?' | b'\'' => OTHER_SEPARATOR,
        0x80..=0xff if !is_text => SYMBOL,
        0x80..=0xbf => 0.0,
        0xc0..=0xff => WIDE,
        _ => SYMBOL,
    }
}

/// Returns what a letter costs after the character before it, in bits.
pub(super) fn letter_after(before: Option<u8>, byte: u8) -> f32 {
    let row = match before {
        Some(before) if before.is_ascii_alphabetic() => usize::from(before & 0x1f) - 1,
        _ => AFTER.len() - 1,
    };
    f32::from(AFTER[row][usize::from(byte & 0x1f) - 1]) / 16.0
}

/// Words start with a capital now and then, and inside a word the case rarely changes.
fn case_after(before: Option<u8>, byte: u8) -> f32 {
    let upper = byte.is_ascii_uppercase();
    match before {
        Some(b'A'..=b'Z') if upper => 0.5,
        Some(b'A'..=b'Z') => 2.0,
        Some(b'a'..=b'z') if upper => 3.5,
        Some(b'a'..=b'z') => 0.15,
        _ if upper => 1.5,
        _ => 0.6,
    }
}

/// −log2 of the share of letters, 84 %.
const LETTER: f32 = 0.25;

/// One digit of ten, of a share of 4 %.
const DIGIT: f32 = 8.0;

const USUAL_SEPARATOR: f32 = 5.0;
const OTHER_SEPARATOR: f32 = 8.0;
const SYMBOL: f32 = 10.0;

/// A letter outside ASCII, whatever its script.
const WIDE: f32 = 5.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn total(text: &str) -> f32 {
        (0..text.len()).map(|at| cost(text.as_bytes(), at, true)).sum()
    }

    #[test]
    fn english_is_cheaper_than_its_alphabet_and_noise_is_not() {
        let (english, noise) = ("thisisareasonablesentence", "xqjzvkwpqxgjzkvbqfxzjwkqv");

        assert!(total(english) < 4.5 * english.len() as f32);
        assert!(total(noise) > 6.0 * noise.len() as f32);
    }

    #[test]
    fn no_context_makes_letters_cheaper_than_possible() {
        for before in 0..=26_u8 {
            let before = (before < 26).then_some(b'a' + before);
            let sum: f32 = (b'a'..=b'z')
                .map(|byte| (-letter_after(before, byte)).exp2())
                .sum();

            assert!((0.97..1.03).contains(&sum), "{before:?}: {sum}");
        }
    }
}
