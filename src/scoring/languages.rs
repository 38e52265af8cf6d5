//! How surprising a letter is after the two letters before it, in each of 32 languages.

use crate::scoring::letters::Before;

/// What a text costs in every language at once.
pub(super) struct Languages {
    steps: [u16; COUNT],
    letters: u16,
}

impl Languages {
    pub(super) const fn new() -> Self {
        Self {
            steps: [0; COUNT],
            letters: 0,
        }
    }

    /// Reads a letter, 0 for `a` to 25 for `z`, and what comes before it.
    pub(super) fn read(&mut self, before: Before, letter: u8) {
        let (low, high) = self.steps.split_at_mut(PACKED);
        for ((low, high), pair) in low.iter_mut().zip(high).zip(row(before, letter)) {
            *low += u16::from(pair & 15);
            *high += u16::from(pair >> 4);
        }
        self.letters += 1;
    }

    /// Returns the language in which the letters cost least, if they are worth being read in one at all.
    pub(super) fn likeliest(&self) -> Option<Language> {
        let (place, steps) = self.steps.iter().enumerate().min_by_key(|(_, steps)| **steps)?;
        let letters = f32::from(self.letters);
        let bits = LEAST * letters + STEP * f32::from(*steps);
        (self.letters > 0 && bits < MOST_A_LETTER * letters).then_some(Language(place))
    }
}

/// A language, by its place in the table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Language(usize);

impl Language {
    /// Returns what a letter costs in the language, in bits.
    pub(super) fn cost(self, before: Before, letter: u8) -> f32 {
        let pair = row(before, letter)[self.0 % PACKED];
        let steps = if self.0 < PACKED { pair & 15 } else { pair >> 4 };
        LEAST + STEP * f32::from(steps)
    }
}

/// The steps of a letter in all languages, the first half in the lower four bits.
fn row(before: Before, letter: u8) -> &'static [u8; PACKED] {
    &TABLE[before.two() * 26 + usize::from(letter)]
}

/// Number of languages, two to a byte.
const COUNT: usize = 2 * PACKED;
const PACKED: usize = 16;

/// Bits of the cheapest letter, and of a step.
const LEAST: f32 = 0.4;
const STEP: f32 = 0.7;

/// Bits a letter beyond which no language is worth a closer look: one of 26 letters is 4.7.
const MOST_A_LETTER: f32 = 4.9;

/// See `tables/README.md`.
static TABLE: [[u8; PACKED]; 27 * 27 * 26] = {
    let bytes = include_bytes!("tables/languages.bin");
    let mut table = [[0; PACKED]; 27 * 27 * 26];
    let mut at = 0;
    while at < bytes.len() {
        table[at / PACKED][at % PACKED] = bytes[at];
        at += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::letters;

    fn read(text: &str) -> Option<Language> {
        let (mut languages, mut before) = (Languages::new(), Before::NOTHING);
        for letter in text.bytes().filter_map(letters::letter) {
            languages.read(before, letter);
            before = before.then(letter);
        }
        languages.likeliest()
    }

    #[test]
    fn a_language_is_told_by_a_phrase_and_noise_is_in_none() {
        let languages = [
            "thisisareasonablesentence",
            "dasisteinvernuenftigersatz",
            "yarinsabahokulagidecegiz",
            "minhundaterbrodvarjedag",
            "ngaymaichungtoidihoc",
        ]
        .map(read);

        for (place, language) in languages.iter().enumerate() {
            assert!(
                language.is_some() && !languages[..place].contains(language),
                "{place}"
            );
        }
        assert_eq!(read("xqjzvkwpqxgjzkvbqfxzjwkqv"), None);
    }

    #[test]
    fn no_language_makes_letters_cheaper_than_possible() {
        let (mut worst, mut before) = (0.0_f32, Before::NOTHING);
        for step in 0..27 * 27 {
            for place in 0..COUNT {
                let sum: f32 = (0..26)
                    .map(|letter| (-Language(place).cost(before, letter)).exp2())
                    .sum();
                worst = worst.max(sum);
            }
            before = Before::NOTHING
                .then((step / 26 % 26) as u8)
                .then((step % 26) as u8);
        }

        assert!(worst < 1.001, "{worst}");
    }
}
