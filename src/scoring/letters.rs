//! How surprising a letter is after the three letters before it, in some thirty languages at once.

/// The letters just read, up to three of them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Before(u16);

impl Before {
    /// Nothing: the start of a word.
    pub(super) const NOTHING: Self = Self(0);

    /// Returns what `letter` costs here, in bits; `letter` is 0 for `a` to 25 for `z`.
    pub(super) fn cost(self, letter: u8) -> f32 {
        let pair = TABLE[usize::from(self.0) * PAIRS + usize::from(letter / 2)];
        LEVELS[usize::from(pair >> (letter % 2 * 4) & 15)]
    }

    /// Returns the last two letters as a number below 27 × 27.
    pub(super) fn two(self) -> usize {
        usize::from(self.0 % (27 * 27))
    }

    /// Returns what comes before the letter after `letter`.
    pub(super) fn then(self, letter: u8) -> Self {
        Self(self.0 % (27 * 27) * 27 + u16::from(letter) + 1)
    }
}

/// Returns the letter of a byte in either case, 0 for `a` to 25 for `z`.
pub(super) fn letter(byte: u8) -> Option<u8> {
    byte.is_ascii_alphabetic().then(|| (byte & 0x1f) - 1)
}

/// Letters share a byte by twos.
const PAIRS: usize = 13;

/// Four bits for each letter after each three, an index into [`LEVELS`]; see `tables/README.md`.
static TABLE: [u8; 27 * 27 * 27 * PAIRS] = *include_bytes!("tables/letters.bin");

/// The costs that the table tells apart, in bits.
static LEVELS: [f32; 16] = [
    0.2, 0.6, 1.0, 1.4, 1.8, 2.3, 2.8, 3.3, 3.9, 4.5, 5.2, 6.0, 7.0, 8.2, 9.6, 11.5,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn bits_a_letter(text: &str) -> f32 {
        let (mut before, mut sum) = (Before::NOTHING, 0.0);
        for letter in text.bytes().filter_map(letter) {
            sum += before.cost(letter);
            before = before.then(letter);
        }
        sum / text.len() as f32
    }

    #[test]
    fn text_of_many_languages_is_cheap_and_noise_is_not() {
        for text in [
            "thisisareasonablesentence",
            "dasisteinvernuenftigersatz",
            "cecinestpasunepipe",
            "estaesunafraserazonable",
            "tojestrozsadnezdanie",
            "iniadalahkalimatyangmasukakal",
            "etorazumnoepredlozhenie",
            "yehekuchitvakyahai",
        ] {
            assert!(bits_a_letter(text) < 4.5, "{text}: {}", bits_a_letter(text));
        }
        assert!(bits_a_letter("xqjzvkwpqxgjzkvbqfxzjwkqv") > 6.0);
    }

    #[test]
    fn no_context_makes_letters_cheaper_than_possible() {
        for before in 0..27 * 27 * 27 {
            let sum: f32 = (0..26).map(|letter| (-Before(before).cost(letter)).exp2()).sum();

            assert!(sum < 1.001, "{before}: {sum}");
        }
    }
    /// A table that is older than the list is to be counted again, as `tables/README.md` says.
    #[test]
    fn the_tables_were_counted_over_the_list_of_words_as_it_is() {
        let digest = ring::digest::digest(&ring::digest::SHA256, include_bytes!("words.txt"));
        let now = hex::encode(digest);

        assert_eq!(include_str!("tables/letters.words").trim(), now);
        assert_eq!(include_str!("tables/languages.words").trim(), now);
    }
}
