//! Values that only say that a value belongs there.

/// Returns whether `text` is empty, a word for nothing, or something to be replaced.
///
/// The words have four letters or more: shorter ones occur by chance in random values.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let is = |word: &&str| text.eq_ignore_ascii_case(word);
    NOTHING.iter().any(is) || DEFAULTS.iter().any(is) || is_framed(text) || is_run(text) || has_marker(text)
}

/// `<password>`, `[password]`, `%password%`; JSON is none.
fn is_framed(text: &str) -> bool {
    [('<', '>'), ('[', ']'), ('%', '%')]
        .iter()
        .any(|(open, close)| text.len() > 2 && text.starts_with(*open) && text.ends_with(*close))
}

/// One character, or two in turn, over and over.
fn is_run(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 3 && bytes.iter().all(|byte| *byte == bytes[0])
}

fn has_marker(text: &str) -> bool {
    let bytes = text.as_bytes();
    MARKERS.iter().any(|marker| {
        bytes
            .windows(marker.len())
            .any(|window| window.eq_ignore_ascii_case(marker.as_bytes()))
    })
}

const NOTHING: &[&str] = &[
    "", "null", "nil", "none", "false", "disabled", "ignored", "test", "dev", "xxx", "sk-", "n/a", "tbd",
];

/// Values that examples put where a password belongs.
const DEFAULTS: &[&str] = &[
    "1234",
    "12345",
    "123456",
    "12345678",
    "admin",
    "cafebabe",
    "clickhouse",
    "deadbeef",
    "debug",
    "guest",
    "masterkey",
    "minioadmin",
    "mysalt",
    "postgres",
    "root",
    "sk-1234",
    "user",
];

const MARKERS: &[&str] = &[
    "abcdef",
    "change",
    "dummy",
    "example",
    "fake",
    "fixme",
    "generate",
    "get_a_key",
    "get_the",
    "insecure",
    "insert",
    "passwd",
    "password",
    "paste",
    "placeholder",
    "random",
    "replace",
    "sample",
    "secret",
    "somerandom",
    "todo",
    "xxxx",
    "your",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_known() {
        for text in [
            "",
            "null",
            "none",
            "false",
            "disabled",
            "ignored",
            "test",
            "dev",
            "xxx",
            "sk-",
            "sk-proj-xxxxxxxx",
            "replace-me",
            "YOUR_GENERATED_64_CHAR_HEX_SECRET_HERE",
            "change-this-secret-key",
            "<password>",
            "[password]",
            "00000000000000000000000000000000",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn random_values_are_none() {
        for text in [
            "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "Zm9vYmFyYmF6cXV4Zm9v",
            "k7Qw-zT9_mX2",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
