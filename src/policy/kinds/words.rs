//! The EFF long word list (7,776 words, CC BY 3.0 US, Electronic Frontier Foundation).

/// Returns the words in alphabetical order.
pub fn all() -> impl Iterator<Item = &'static str> {
    LIST.lines()
}

/// Returns the number of words.
pub const fn count() -> usize {
    COUNT
}

/// Returns whether `word` is in the list.
pub fn contains(word: &str) -> bool {
    index().binary_search(&word).is_ok()
}

/// Returns the word at `index`.
///
/// # Panics
///
/// When `index` is not below [`count`].
pub fn nth(place: usize) -> &'static str {
    index()[place]
}

fn index() -> &'static [&'static str] {
    static INDEX: std::sync::OnceLock<Vec<&'static str>> = std::sync::OnceLock::new();
    INDEX.get_or_init(|| LIST.lines().collect())
}

const COUNT: usize = 7_776;
const LIST: &str = include_str!("eff-large-wordlist.txt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_sorted_and_without_dots() {
        let words: Vec<_> = all().collect();

        assert_eq!(words.len(), count());
        assert!(words.is_sorted());
        assert!(words.iter().all(|word| word.len() >= 3 && !word.contains('.')));
        assert!(contains("zoom") && !contains("zzz"));
    }
}
