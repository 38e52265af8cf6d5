//! What somebody probably meant.

/// Returns the word of `known` that `found` was probably meant to be.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if found.len() > LONGEST_TYPO {
        return None;
    }
    let found = found.to_lowercase();
    let most = (found.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&found, &word.to_lowercase()), word))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, word)| word)
}

/// Longest text, in bytes, that is taken for a mistyped word.
const LONGEST_TYPO: usize = 128;
