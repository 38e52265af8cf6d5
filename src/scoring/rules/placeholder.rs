//! Texts that were meant to be replaced.

use zeroize::Zeroizing;

use crate::scoring::rules::prefix;

/// Returns whether `value` talks about the value that should be there; ask only when it is not random.
pub(in crate::scoring) fn recognise(value: &[u8]) -> bool {
    let body = &value[prefix::length(value)..];
    let lower = Zeroizing::new(value.to_ascii_lowercase());
    body.is_empty()
        || is_crossed_out(body)
        || FRAGMENTS
            .iter()
            .any(|fragment| contains(&lower, fragment.as_bytes()))
        || tokens(value).any(|token| {
            MARKERS
                .iter()
                .any(|marker| token.eq_ignore_ascii_case(marker.as_bytes()))
        })
}

/// Returns whether a quarter of the value or more is a run of `x`, as in `sk-xxxx`.
fn is_crossed_out(body: &[u8]) -> bool {
    let longest = body
        .chunk_by(|left, right| left.eq_ignore_ascii_case(right))
        .filter(|run| run[0].eq_ignore_ascii_case(&b'x'))
        .map(<[u8]>::len)
        .max();
    longest.is_some_and(|longest| longest >= 3 && 4 * longest >= body.len())
}

fn contains(text: &[u8], fragment: &[u8]) -> bool {
    text.windows(fragment.len()).any(|window| window == fragment)
}

/// Cuts at everything but letters, and where a capital follows a small letter.
fn tokens(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| !byte.is_ascii_alphabetic()).flat_map(|part| {
        part.chunk_by(|left, right| !(left.is_ascii_lowercase() && right.is_ascii_uppercase()))
    })
}

/// Words that give a placeholder away wherever they stand alone.
const MARKERS: [&str; 19] = [
    "change",
    "dummy",
    "enter",
    "example",
    "fixme",
    "generate",
    "generated",
    "goes",
    "here",
    "insert",
    "paste",
    "placeholder",
    "replace",
    "sample",
    "should",
    "tbd",
    "todo",
    "xxx",
    "your",
];

/// Fragments that do so even inside other letters.
const FRAGMENTS: [&str; 7] = [
    "changeit",
    "changeme",
    "changethis",
    "exampl",
    "placeholder",
    "replaceme",
    "yoursecret",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn example_files_are_full_of_these() {
        for value in [
            "YOUR_GENERATED_64_CHAR_HEX_SECRET_HERE",
            "your-actual-api-key-from-dashboard",
            "please-change-this-secret-key-in-production",
            "ReplaceThisWithSomethingLong",
            "sk-proj-xxxxxxxx",
            "sk-",
            "replace-me",
            "thisshouldbechangedchangeme",
            "generate-with-openssl-rand",
            "AKIAIOSFODNN7EXAMPLE",
        ] {
            assert!(recognise(value.as_bytes()), "{value}");
        }
        for value in ["dragonfire", "MyCompany-Production", "thereof"] {
            assert!(!recognise(value.as_bytes()), "{value}");
        }
    }
}
