//! The words of a variable's name.

/// A name as words in upper case, `dbPassword_1` as `_DB_PASSWORD_`.
///
/// Questions are asked in whole words, so that `LETSENCRYPT` is no `ENCRYPT` and `PROXY_BYPASS` no `PASS`.
pub(super) struct Name {
    /// All words, each with `_` on both sides.
    words: String,
    /// How much of `words` is left without the words that say which one of several it is.
    core: usize,
}

impl Name {
    pub(super) fn new(name: &str) -> Self {
        let mut words = String::from("_");
        let mut before = '_';
        for c in name.chars() {
            let boundary =
                !c.is_ascii_alphanumeric() || (before.is_ascii_lowercase() && c.is_ascii_uppercase());
            if boundary && !words.ends_with('_') {
                words.push('_');
            }
            if c.is_ascii_alphanumeric() {
                words.push(c.to_ascii_uppercase());
            }
            before = c;
        }
        if !words.ends_with('_') {
            words.push('_');
        }
        let core = core_length(&words);
        Self { words, core }
    }

    /// Returns whether the words of `sequence`, joined with `_`, occur one after the other.
    pub(super) fn has(&self, sequence: &str) -> bool {
        sequence.is_empty()
            || self
                .words
                .match_indices(sequence)
                .any(|(at, _)| self.is_whole(at, sequence))
    }

    /// Returns whether one of `sequences` occurs.
    pub(super) fn has_any(&self, sequences: &[&str]) -> bool {
        sequences.iter().any(|sequence| self.has(sequence))
    }

    /// Returns whether the name ends in `sequence`, a number or an environment behind it left aside.
    pub(super) fn ends_in(&self, sequence: &str) -> bool {
        [self.core, self.words.len()].into_iter().any(|end| {
            self.words[..end - 1]
                .strip_suffix(sequence)
                .is_some_and(|rest| rest.ends_with('_'))
        })
    }

    /// Returns whether the name ends in one of `sequences`.
    pub(super) fn ends_in_any(&self, sequences: &[&str]) -> bool {
        sequences.iter().any(|sequence| self.ends_in(sequence))
    }

    /// Returns whether the name starts with `sequence`.
    pub(super) fn starts_with(&self, sequence: &str) -> bool {
        self.words
            .get(1..)
            .and_then(|words| words.strip_prefix(sequence))
            .is_some_and(|rest| rest.starts_with('_'))
    }

    /// Returns whether the name is `sequence` and nothing else.
    pub(super) fn is(&self, sequence: &str) -> bool {
        self.starts_with(sequence) && self.core == sequence.len() + 2
    }

    fn is_whole(&self, at: usize, sequence: &str) -> bool {
        let bytes = self.words.as_bytes();
        at > 0 && bytes.get(at - 1) == Some(&b'_') && bytes.get(at + sequence.len()) == Some(&b'_')
    }
}

fn core_length(words: &str) -> usize {
    let mut core = words.len();
    while let Some((rest, last)) = words[..core - 1].rsplit_once('_') {
        let numbered = last
            .trim_start_matches('V')
            .bytes()
            .all(|byte| byte.is_ascii_digit());
        if rest.is_empty() || !(numbered || WHICH_ONE.contains(&last)) {
            break;
        }
        core = rest.len() + 1;
    }
    core
}

/// Words that say which one of several it is, or how it is written.
const WHICH_ONE: &[&str] = &[
    "B64",
    "BASE64",
    "CURRENT",
    "DEFAULT",
    "DEV",
    "DEVELOPMENT",
    "FALLBACK",
    "FALLBACKS",
    "LIVE",
    "LOCAL",
    "NEW",
    "NEXT",
    "OLD",
    "PREV",
    "PREVIOUS",
    "PROD",
    "PRODUCTION",
    "SANDBOX",
    "SECONDARY",
    "STAGING",
    "TEST",
    "VALUE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_count() {
        let name = Name::new("LETSENCRYPT_PROXY_BYPASS");

        assert!(name.has("PROXY") && name.has("PROXY_BYPASS") && name.starts_with("LETSENCRYPT"));
        assert!(!name.has("ENCRYPT") && !name.has("PROX") && !name.ends_in("PASS"));
    }

    #[test]
    fn numbers_and_environments_at_the_end_are_left_aside() {
        for name in [
            "_APP_OPENSSL_KEY_V1",
            "openssl.key.2",
            "opensslKey",
            "OPENSSL__KEY_OLD_2",
        ] {
            assert!(Name::new(name).ends_in("OPENSSL_KEY"), "{name}");
        }
        assert!(Name::new("KEY").is("KEY"));
        assert!(Name::new("KEY_V2").is("KEY"));
        assert!(!Name::new("KEY_ID").is("KEY"));
        for name in ["", "_", "...", "é", "V1", "1_2"] {
            assert!(!Name::new(name).ends_in("KEY"), "{name}");
        }
    }
}
