//! Passphrases of the EFF long list.

use zeroize::Zeroizing;

use crate::policy::kinds::words;

/// Returns the exact bits of `value` when every word of it is in the list: 12.92 for each word.
///
/// Words are separated by one of `.`, `-`, `_` and space throughout. A word that occurs again tells little, as
/// chance repeats one now and then; repeats that save more than chance explains count for nothing.
pub(in crate::scoring) fn bits(value: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(value).ok()?;
    let separator = SEPARATORS.into_iter().find(|letter| text.contains(*letter))?;
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    let mut parts = Vec::new();
    let mut pieces = lower.split(separator).peekable();
    while let Some(piece) = pieces.next() {
        parts.push(whole_word(&lower, piece, separator, &mut pieces)?);
    }
    let count = parts.len();
    if count < LEAST_WORDS {
        return None;
    }
    parts.sort_unstable();
    let distinct = parts.chunk_by(|left, right| left == right).count();
    let word = (words::count() as f64).log2();
    let saved = (count - distinct) as f64 * (word - (count as f64).log2());
    let counted = if saved < CHANCE_BITS { count } else { distinct };
    Some(counted as f64 * word)
}

/// Returns `piece` if it is a word, or with its next piece where the list has a word with a dash (`yo-yo`).
fn whole_word<'a>(
    text: &'a str,
    piece: &'a str,
    separator: char,
    rest: &mut std::iter::Peekable<std::str::Split<'a, char>>,
) -> Option<&'a str> {
    if words::contains(piece) {
        return Some(piece);
    }
    let next = rest.next_if(|_| separator == '-')?;
    let start = piece.as_ptr().addr() - text.as_ptr().addr();
    let joined = text.get(start..start + piece.len() + 1 + next.len())?;
    words::contains(joined).then_some(joined)
}

/// The dash comes last, as four words of the list hold one.
const SEPARATORS: [char; 4] = [' ', '.', '_', '-'];

/// Fewer words are judged like any other text.
const LEAST_WORDS: usize = 4;

/// Bits of repeats that chance explains.
const CHANCE_BITS: f64 = 20.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(words: &[&str], separator: &str) -> Option<u32> {
        bits(words.join(separator).as_bytes()).map(|bits| bits as u32)
    }

    #[test]
    fn each_word_counts_for_what_it_was_drawn_from() {
        let six = ["zoologist", "abacus", "crayon", "dwelled", "yo-yo", "unpaired"];

        for separator in [".", "-", " ", "_"] {
            assert_eq!(phrase(&six, separator), Some(77));
        }
        assert_eq!(
            phrase(&["Zoologist", "ABACUS", "crayon", "dwelled"], "."),
            Some(51)
        );
        assert_eq!(phrase(&["abacus", "crayon", "notaword", "dwelled"], "."), None);
        assert_eq!(phrase(&["t-shirt", "crayon", "yo-yo", "dwelled"], "."), Some(51));
        assert_eq!(phrase(&["abacus", "crayon"], "."), None);
    }

    #[test]
    fn the_same_word_again_and_again_counts_once() {
        assert_eq!(phrase(&["zoologist"; 10], "."), Some(12));
    }
}
