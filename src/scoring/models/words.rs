//! Words: those that placeholders and passwords are made of, the EFF long list, and common words of a dozen languages.

use crate::scoring::models::Arc;
use crate::scoring::models::Model;

/// Finds every word at every position; `folded` is `value` with digits and signs read as letters.
pub(super) fn find(value: &[u8], folded: &[u8], arcs: &mut Vec<Arc>) {
    for start in 0..folded.len() {
        for (length, bits) in at(folded, start) {
            let end = start + length;
            arcs.push(Arc {
                start: start as u32,
                end: end as u32,
                bits: bits + spelling_bits(&value[start..end]),
                model: Model::Word,
            });
        }
    }
}

/// Returns the lengths of the words at `start`, and what each word costs in bits before its spelling.
pub(in crate::scoring) fn at(folded: &[u8], start: usize) -> impl Iterator<Item = (usize, f32)> {
    entries(&folded[start..]).map(|entry| (entry.length, entry.bits))
}

/// Returns whether `text` is a word of the list that placeholders and passwords are made of.
pub(in crate::scoring) fn is_common(folded: &[u8]) -> bool {
    entries(folded).any(|entry| entry.length == folded.len() && entry.is_own)
}

/// Returns whether hexadecimal digits spell a word of six letters or more.
pub(in crate::scoring) fn is_spelled_in(folded: &[u8]) -> bool {
    (0..folded.len()).any(|start| at(folded, start).any(|(length, _)| length >= LEAST_HEXADECIMAL))
}

/// Bits to spell a word with capitals and with digits for letters.
fn spelling_bits(text: &[u8]) -> f32 {
    let capitals = text.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    let letters = text.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let first_only = capitals == 1 && text.first().is_some_and(u8::is_ascii_uppercase);
    let case = if capitals == 0 {
        0
    } else if first_only || capitals == letters {
        1
    } else {
        letters
    };
    (case + 2 * (text.len() - letters)) as f32
}

/// A word that a text begins with.
struct Entry {
    length: usize,
    bits: f32,
    /// Of the list that placeholders and passwords are made of.
    is_own: bool,
}

/// Finds the words that `folded` begins with.
fn entries(folded: &[u8]) -> Entries<'_> {
    let listed = folded.first_chunk().and_then(key).map_or(&[][..], |key| {
        let (from, to) = (offset(key), offset(key + 1));
        &TABLE[from..to]
    });
    Entries { listed, folded }
}

/// Words with the same first three letters.
struct Entries<'a> {
    listed: &'static [u8],
    folded: &'a [u8],
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        while let [length, bits, rest @ ..] = self.listed {
            let (is_own, length) = (length & OWN != 0, usize::from(length & !OWN));
            let (letters, behind) = rest.split_at_checked(length.checked_sub(KEY)?)?;
            self.listed = behind;
            if self
                .folded
                .get(KEY..)
                .is_some_and(|folded| folded.starts_with(letters))
            {
                let bits = f32::from(*bits) / 8.0;
                return Some(Entry { length, bits, is_own });
            }
        }
        None
    }
}

/// The place of three letters in the table.
fn key(letters: &[u8; KEY]) -> Option<usize> {
    letters.iter().try_fold(0, |key, letter| {
        letter
            .is_ascii_lowercase()
            .then(|| key * 26 + usize::from(letter - b'a'))
    })
}

/// Where the words with these first letters begin in the table.
fn offset(key: usize) -> usize {
    let mut offset = [0; 4];
    offset.copy_from_slice(&TABLE[4 * key..4 * key + 4]);
    4 * (KEYS + 1) + u32::from_le_bytes(offset) as usize
}

/// Letters by which words are found.
const KEY: usize = 3;

/// Number of keys of so many letters.
const KEYS: usize = 26 * 26 * 26;

/// Letters of the shortest word that is worth telling from hexadecimal digits.
const LEAST_HEXADECIMAL: usize = 6;

/// Marks the length of a word of our own list.
const OWN: u8 = 128;

/// Words of a dozen languages; see `tables/README.md`.
static TABLE: &[u8] = include_bytes!("../tables/words.bin");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::models::fold;

    fn longest(text: &str) -> usize {
        at(&fold(text.as_bytes()), 0)
            .map(|(length, _)| length)
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn words_are_found_in_any_case_and_spelling() {
        for text in ["password", "Password", "P4$$w0rd", "passw0rd", "zoologist"] {
            assert_eq!(longest(text), text.len(), "{text}");
        }
        assert_eq!(longest("zzxxqq"), 0);
    }

    #[test]
    fn every_line_of_the_list_is_found() {
        for word in include_str!("../words.txt").lines() {
            assert!(is_common(&fold(word.as_bytes())), "{word}");
        }
        for word in crate::policy::kinds::words::all().filter(|word| !word.contains('-')) {
            assert_eq!(longest(word), word.len(), "{word}");
        }
    }

    #[test]
    fn plain_spelling_is_free_and_odd_spelling_is_not() {
        let bits =
            ["secret", "Secret", "SECRET", "sEcReT", "s3cret"].map(|text| spelling_bits(text.as_bytes()));

        assert_eq!(bits, [0.0, 1.0, 1.0, 6.0, 2.0]);
    }
}
