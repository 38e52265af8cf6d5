//! Words: those that placeholders and passwords are made of, and the EFF long list.

use std::sync::LazyLock;

use crate::policy::kinds::words;
use crate::scoring::models::Arc;
use crate::scoring::models::FOLD;
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
    let rest = &folded[start..];
    candidates(rest)
        .iter()
        .filter(move |entry| {
            rest.len() >= entry.word.len()
                && entry
                    .word
                    .bytes()
                    .zip(rest)
                    .skip(KEY)
                    .all(|(letter, folded)| FOLD[usize::from(letter)] == *folded)
        })
        .map(|entry| (entry.word.len(), entry.bits))
}

/// Returns whether `text` is a word of the list that placeholders and passwords are made of.
pub(in crate::scoring) fn is_common(folded: &[u8]) -> bool {
    at(folded, 0).any(|(length, bits)| length == folded.len() && bits < EFF_BITS)
}

/// Returns whether hexadecimal digits spell a word of six letters or more.
pub(in crate::scoring) fn is_spelled_in(hexadecimal: &[u8]) -> bool {
    let starts = &*HEXADECIMAL_STARTS;
    let (mut first, mut second) = (0, 0);
    for (at, byte) in hexadecimal.iter().enumerate() {
        let third = usize::from(FOLD[usize::from(*byte)].wrapping_sub(b'a').min(25));
        let key = (first * 26 + second) * 26 + third;
        (first, second) = (second, third);
        if at + 1 < KEY || starts[key >> 6] >> (key & 63) & 1 == 0 {
            continue;
        }
        let rest = &hexadecimal[at + 1 - KEY..];
        let spells = |entry: &Entry| {
            entry.word.len() >= LEAST_HEXADECIMAL
                && rest.len() >= entry.word.len()
                && entry
                    .word
                    .bytes()
                    .zip(rest)
                    .all(|(letter, digit)| FOLD[usize::from(letter)] == FOLD[usize::from(*digit)])
        };
        if INDEX.under(key).iter().any(spells) {
            return true;
        }
    }
    false
}

fn candidates(rest: &[u8]) -> &'static [Entry] {
    let index = &*INDEX;
    let Some(key) = rest.first_chunk().and_then(key) else {
        return &[];
    };
    index.under(key)
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

/// The place of three letters, read as in [`FOLD`], in the index.
fn key(letters: &[u8; KEY]) -> Option<usize> {
    letters.iter().try_fold(0, |key, letter| {
        letter
            .is_ascii_lowercase()
            .then(|| key * 26 + usize::from(letter - b'a'))
    })
}

struct Entry {
    word: &'static str,
    bits: f32,
}

/// Words by their first three letters.
struct Index {
    entries: Vec<Entry>,
    heads: Vec<u16>,
}

impl Index {
    fn under(&self, key: usize) -> &[Entry] {
        &self.entries[usize::from(self.heads[key])..usize::from(self.heads[key + 1])]
    }
}

/// Built once: about ten thousand words.
static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let own = LIST
        .lines()
        .enumerate()
        .map(|(rank, word)| (word, rank_bits(rank)));
    let eff = words::all().map(|word| (word, EFF_BITS));
    let mut keyed: Vec<(usize, Entry)> = own
        .chain(eff)
        .filter_map(|(word, bits)| {
            let first: [u8; KEY] = word.as_bytes().first_chunk().copied()?;
            let key = key(&first.map(|letter| FOLD[usize::from(letter)]))?;
            Some((key, Entry { word, bits }))
        })
        .collect();
    keyed.sort_by_key(|(key, _)| *key);
    let mut heads = vec![0; KEYS + 1];
    for (key, _) in &keyed {
        heads[key + 1] += 1;
    }
    let mut sum = 0;
    for head in &mut heads {
        sum += *head;
        *head = sum;
    }
    let entries = keyed.into_iter().map(|(_, entry)| entry).collect();
    Index { entries, heads }
});

/// A bit for the first three letters of each word of six letters or more that hexadecimal digits can spell.
static HEXADECIMAL_STARTS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut starts = vec![0; KEYS.div_ceil(64)];
    for Entry { word, .. } in &INDEX.entries {
        let spelled = word
            .bytes()
            .all(|letter| matches!(FOLD[usize::from(letter)], b'a'..=b'f' | b'i' | b'o' | b's' | b't'));
        let first = word.as_bytes().first_chunk::<KEY>();
        if word.len() < LEAST_HEXADECIMAL || !spelled {
            continue;
        }
        if let Some(key) = first.and_then(|first| key(&first.map(|letter| FOLD[usize::from(letter)]))) {
            starts[key >> 6] |= 1 << (key & 63);
        }
    }
    starts
});

/// The list begins with the commonest words, so a word costs the logarithm of its rank and a little.
fn rank_bits(rank: usize) -> f32 {
    ((rank + 1) as f32).log2().max(5.0) + 2.0
}

/// log2 of 7,776 and a bit to say that it is the other list.
const EFF_BITS: f32 = 14.0;

/// Letters by which the index finds a word.
const KEY: usize = 3;

/// Letters of the shortest word that is worth telling from hexadecimal digits.
const LEAST_HEXADECIMAL: usize = 6;

/// Number of keys of so many letters.
const KEYS: usize = 26 * 26 * 26;

/// Placeholder vocabulary first, then common passwords, English words and names.
const LIST: &str = include_str!("../words.txt");

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
        for word in LIST.lines() {
            assert!(is_common(&fold(word.as_bytes())), "{word}");
        }
    }

    #[test]
    fn plain_spelling_is_free_and_odd_spelling_is_not() {
        let bits =
            ["secret", "Secret", "SECRET", "sEcReT", "s3cret"].map(|text| spelling_bits(text.as_bytes()));

        assert_eq!(bits, [0.0, 1.0, 1.0, 6.0, 2.0]);
    }
}
