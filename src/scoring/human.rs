//! What the characters of human text cost, one by one.

use crate::scoring::languages::Language;
use crate::scoring::languages::Languages;
use crate::scoring::letters;
use crate::scoring::letters::Before;
use crate::scoring::models::FOLD;

/// Fills in the bits of each character of `value` as text with separators, digits and symbols in between.
///
/// `is_text` says that the value is UTF-8; other bytes are nothing that a person types.
pub(super) fn costs(value: &[u8], is_text: bool, costs: &mut Vec<f32>) {
    costs.clear();
    let mut reader = Reader {
        has_others: value.iter().any(|byte| !byte.is_ascii_alphabetic()),
        has_capitals: value.iter().any(u8::is_ascii_uppercase),
        ..Reader::default()
    };
    let (mut languages, mut read) = (Languages::new(), Vec::with_capacity(value.len()));
    for byte in value {
        let letter = byte
            .is_ascii_alphabetic()
            .then(|| letters::letter(*byte))
            .flatten();
        let before = reader.beginning(*byte);
        if let Some(letter) = letter {
            languages.read(before, letter);
        }
        read.push((before, letter));
        costs.push(reader.cost(*byte, is_text));
    }
    if let Some(language) = languages.likeliest() {
        in_language(language, &read, costs);
    }
}

/// Mixes what letters cost in all languages together with what they cost in one.
fn in_language(language: Language, read: &[(Before, Option<u8>)], costs: &mut [f32]) {
    let mut trust = 0.5_f32;
    for (cost, (before, letter)) in costs.iter_mut().zip(read) {
        let Some(letter) = letter else { continue };
        let of_all = before.cost(*letter);
        let (all, one) = ((-of_all).exp2(), (-language.cost(*before, *letter)).exp2());
        let share = trust * one + (1.0 - trust) * all;
        *cost -= of_all + share.log2();
        trust = (trust * one / share).clamp(0.1, 0.9);
    }
}

/// Where a reader of text is.
#[derive(Default)]
struct Reader {
    before: Before,
    /// The byte before, 0 at the start.
    last: u8,
    /// How many capitals end here.
    capitals: u32,
    separator: Option<u8>,
    /// Whether there is anything but letters, and whether some are capitals.
    has_others: bool,
    has_capitals: bool,
}

impl Reader {
    fn cost(&mut self, byte: u8, is_text: bool) -> f32 {
        let cost = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => self.letter(byte),
            b'-' | b'_' | b'.' | b' ' if self.separator == Some(byte) => SAME_SEPARATOR,
            b'-' | b'_' | b'.' | b' ' => USUAL_SEPARATOR,
            0x80..=0xff if !is_text => SYMBOL,
            0x80..=0xbf => 0.0,
            0xc0..=0xff => WIDE,
            b'0'..=b'9' => self.instead_of_letter(byte).min(self.digit()),
            b'/' | b':' | b',' | b'+' | b'=' | b'?' | b'\'' => OTHER_SEPARATOR,
            b'!' | b'@' | b'#' | b'$' => self.instead_of_letter(byte).min(OTHER_SEPARATOR),
            _ => SYMBOL,
        };
        self.advance(byte);
        cost
    }

    fn letter(&self, byte: u8) -> f32 {
        let class = if !self.has_others {
            0.0
        } else if self.last.is_ascii_digit() {
            LETTER_AFTER_DIGIT
        } else {
            LETTER
        };
        let letter = letters::letter(byte).unwrap_or_default();
        class + self.beginning(byte).cost(letter) + self.case_after(byte)
    }

    fn digit(&self) -> f32 {
        match self.last {
            b'0'..=b'9' => DIGIT_AFTER_DIGIT,
            _ => DIGIT,
        }
    }

    /// A digit or sign for the letter that it looks like, inside a word.
    fn instead_of_letter(&self, byte: u8) -> f32 {
        match letters::letter(FOLD[usize::from(byte)]) {
            Some(letter) if self.before != Before::NOTHING => LEET + self.before.cost(letter),
            _ => f32::INFINITY,
        }
    }

    /// Words start with a capital now and then, and inside a word the case rarely changes.
    fn case_after(&self, byte: u8) -> f32 {
        let upper = byte.is_ascii_uppercase();
        match self.last {
            _ if !self.has_capitals => 0.0,
            b'A'..=b'Z' if upper && self.capitals > 1 => 0.3,
            b'A'..=b'Z' if upper => 1.6,
            b'A'..=b'Z' if self.capitals > 1 => 2.0,
            b'A'..=b'Z' => 0.6,
            b'a'..=b'z' if upper => 3.0,
            b'a'..=b'z' => 0.2,
            _ if upper => 1.5,
            _ => 0.6,
        }
    }

    /// A capital behind a small letter begins a word.
    fn beginning(&self, byte: u8) -> Before {
        if byte.is_ascii_uppercase() && self.last.is_ascii_lowercase() {
            Before::NOTHING
        } else {
            self.before
        }
    }

    fn advance(&mut self, byte: u8) {
        self.capitals = if byte.is_ascii_uppercase() {
            self.capitals + 1
        } else {
            0
        };
        self.before = self.beginning(byte);
        let read = if byte.is_ascii_alphabetic() {
            byte
        } else {
            FOLD[usize::from(byte)]
        };
        self.before = match letters::letter(read) {
            Some(letter) if byte.is_ascii_alphabetic() || self.before != Before::NOTHING => {
                self.before.then(letter)
            }
            _ => Before::NOTHING,
        };
        if matches!(byte, b'-' | b'_' | b'.' | b' ') {
            self.separator = Some(byte);
        }
        self.last = byte;
    }
}

/// −log2 of the share of letters, 84 %; after a digit they are fewer.
const LETTER: f32 = 0.25;
const LETTER_AFTER_DIGIT: f32 = 1.5;

/// A digit of ten where digits are rare, and where one has begun a number.
const DIGIT: f32 = 7.3;
const DIGIT_AFTER_DIGIT: f32 = 4.3;

/// What a letter costs more when a digit or sign stands for it.
const LEET: f32 = 3.0;

const SAME_SEPARATOR: f32 = 4.0;
const USUAL_SEPARATOR: f32 = 5.5;
const OTHER_SEPARATOR: f32 = 8.5;
const SYMBOL: f32 = 10.0;

/// A letter outside ASCII, whatever its script.
const WIDE: f32 = 5.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn total(text: &str) -> f32 {
        let mut found = Vec::new();
        costs(text.as_bytes(), true, &mut found);
        found.iter().sum()
    }

    #[test]
    fn text_is_cheaper_than_its_alphabet_and_noise_is_not() {
        let (english, noise) = ("thisisareasonablesentence", "xqjzvkwpqxgjzkvbqfxzjwkqv");

        assert!(total(english) < 4.0 * english.len() as f32);
        assert!(total(noise) > 6.0 * noise.len() as f32);
    }

    #[test]
    fn digits_for_letters_cost_little_more() {
        let (plain, leet) = ("reasonablesentences", "r3as0nabl3sent3nces");

        assert!(total(leet) < total(plain) + 6.0 * 5.0);
        assert!(total("reasonable2024") < total("reasonable") + 27.0);
    }
}
