//! What a comment or a placeholder says about how a value is made.

use crate::policy::Encoding;

/// What a comment or a placeholder says about how a value is made.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Hint {
    /// Random bytes.
    pub(super) bytes: Option<u32>,
    /// Characters.
    pub(super) length: Option<Length>,
    /// How bytes become text.
    pub(super) encoding: Option<Encoding>,
    /// The words that say so; set when it is a command that makes random values.
    pub(super) command: Option<&'static str>,
    /// Whether the Standard Webhooks specification is named.
    pub(super) webhook: bool,
}

/// A number of characters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Length {
    /// So many or more.
    AtLeast(u32),
    /// So many, or it is not said.
    Exactly(u32),
}

impl Hint {
    /// Reads `text`; no part of it is kept.
    pub(super) fn of(text: &str) -> Self {
        let words: Vec<&str> = text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let mut hint = command(&words).unwrap_or_else(|| description(&words));
        hint.webhook = text.contains("whsec_") || find(&words, "standard webhook").is_some();
        hint.webhook |= find(&words, "standard webhooks").is_some();
        hint
    }

    /// Returns this hint, or `other` when this one says nothing about the form.
    pub(super) fn or(self, other: Self) -> Self {
        let says_form = self.bytes.is_some() || self.length.is_some() || self.command.is_some();
        let mut hint = if says_form { self } else { other };
        hint.webhook = self.webhook || other.webhook;
        hint
    }
}

fn command(words: &[&str]) -> Option<Hint> {
    COMMANDS.iter().find_map(|(pattern, encoding, default, shown)| {
        let number = find(words, pattern)?;
        Some(Hint {
            bytes: number.or(*default).filter(|bytes| SIZES.contains(bytes)),
            encoding: Some(*encoding),
            command: Some(shown),
            ..Hint::default()
        })
    })
}

fn description(words: &[&str]) -> Hint {
    let number = |patterns: &[&str]| {
        patterns
            .iter()
            .find_map(|pattern| find(words, pattern).flatten())
            .filter(|number| SIZES.contains(number))
    };
    let encoding = [("base64url", Encoding::Base64url), ("base64", Encoding::Base64)]
        .into_iter()
        .find_map(|(word, encoding)| find(words, word).map(|_| encoding));
    if let Some(digits) = number(&[
        "# hex",
        "# hexadecimal",
        "# char hex",
        "# character hex",
        "# digit hex",
    ]) {
        return Hint {
            bytes: Some(digits / 2).filter(|bytes| *bytes >= 8),
            encoding: Some(Encoding::Hex),
            ..Hint::default()
        };
    }
    let bits = number(&["# bit", "# bits"]).map(|bits| bits / 8);
    if let Some(bytes) = number(&["# byte", "# bytes", "# random byte", "# random bytes"]).or(bits) {
        return Hint {
            bytes: Some(bytes),
            encoding: encoding.or(find(words, "hex").map(|_| Encoding::Hex)),
            ..Hint::default()
        };
    }
    Hint {
        length: number(CHARACTERS).and_then(|count| length(words, count)),
        ..Hint::default()
    }
}

/// Says whether `count` characters are the least or the number; a greatest number says nothing.
fn length(words: &[&str], count: u32) -> Option<Length> {
    let any = |list: &[&str]| {
        list.iter()
            .any(|word| words.iter().any(|found| found.eq_ignore_ascii_case(word)))
    };
    if any(&["most", "max", "maximum", "than"]) {
        None
    } else if any(&["least", "min", "minimum", "more", "longer"]) {
        Some(Length::AtLeast(count))
    } else {
        Some(Length::Exactly(count))
    }
}

/// Looks for the words of `pattern` in a row, `#` for a number and `*` for any word; returns the number if it has one.
#[expect(clippy::option_option, reason = "found or not, with or without a number")]
fn find(words: &[&str], pattern: &str) -> Option<Option<u32>> {
    let wanted = pattern.split(' ').count();
    words.windows(wanted).find_map(|window| {
        let mut number = None;
        for (word, wanted) in window.iter().zip(pattern.split(' ')) {
            if wanted == "#" {
                number = Some(word.parse().ok()?);
            } else if wanted != "*" && !word.eq_ignore_ascii_case(wanted) {
                return None;
            }
        }
        Some(number)
    })
}

/// Commands that make random values: words to look for, their encoding, their bytes unless said, how to show it.
type Command = (&'static str, Encoding, Option<u32>, &'static str);

const COMMANDS: &[Command] = &[
    ("openssl rand hex #", Encoding::Hex, None, "openssl rand -hex"),
    (
        "openssl rand base64 #",
        Encoding::Base64,
        None,
        "openssl rand -base64",
    ),
    (
        "openssl rand # base64",
        Encoding::Base64,
        None,
        "openssl rand | base64",
    ),
    ("openssl rand hex", Encoding::Hex, None, "openssl rand -hex"),
    (
        "openssl rand base64",
        Encoding::Base64,
        None,
        "openssl rand -base64",
    ),
    (
        "c # dev urandom base64",
        Encoding::Base64,
        None,
        "head /dev/urandom | base64",
    ),
    (
        "randomBytes # toString hex",
        Encoding::Hex,
        None,
        "randomBytes().toString('hex')",
    ),
    (
        "randomBytes # toString base64",
        Encoding::Base64,
        None,
        "randomBytes().toString('base64')",
    ),
    (
        "randomBytes # toString base64url",
        Encoding::Base64url,
        None,
        "randomBytes().toString('base64url')",
    ),
    ("token hex #", Encoding::Hex, None, "secrets.token_hex"),
    ("token hex", Encoding::Hex, Some(32), "secrets.token_hex"),
    (
        "token urlsafe #",
        Encoding::Base64url,
        None,
        "secrets.token_urlsafe",
    ),
    (
        "token urlsafe",
        Encoding::Base64url,
        Some(32),
        "secrets.token_urlsafe",
    ),
    (
        "artisan key generate",
        Encoding::Base64,
        Some(32),
        "php artisan key:generate",
    ),
    ("phx gen secret", Encoding::Base64, Some(48), "mix phx.gen.secret"),
    ("rails secret", Encoding::Hex, Some(64), "rails secret"),
    ("rake secret", Encoding::Hex, Some(64), "rake secret"),
];

const CHARACTERS: &[&str] = &[
    "# char",
    "# chars",
    "# character",
    "# characters",
    "# * char",
    "# * chars",
    "# * character",
    "# * characters",
];

/// Sizes that can be meant.
const SIZES: std::ops::RangeInclusive<u32> = 8..=1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_say_bytes_and_encoding() {
        for (text, bytes, encoding) in [
            ("Use `openssl rand -hex 32`.", Some(32), Encoding::Hex),
            ("generate-with-openssl-rand-base64-24", Some(24), Encoding::Base64),
            ("openssl rand 60 | base64 -w 0", Some(60), Encoding::Base64),
            ("crypto.randomBytes(64).toString('hex')", Some(64), Encoding::Hex),
            ("secrets.token_urlsafe(48)", Some(48), Encoding::Base64url),
            ("php artisan key:generate", Some(32), Encoding::Base64),
            ("openssl rand -hex 99999", None, Encoding::Hex),
        ] {
            let hint = Hint::of(text);
            assert_eq!((hint.bytes, hint.encoding), (bytes, Some(encoding)), "{text}");
            assert!(hint.command.is_some(), "{text}");
        }
    }

    #[test]
    fn sentences_say_sizes() {
        for (text, bytes, length) in [
            ("64 hex characters", Some(32), None),
            ("a hex-encoded 32-byte random key", Some(32), None),
            ("your-256-bit-secret", Some(32), None),
            ("must be 32 characters", None, Some(Length::Exactly(32))),
            ("at least 32 characters long", None, Some(Length::AtLeast(32))),
            ("min-32-chars", None, Some(Length::AtLeast(32))),
            ("64 random characters", None, Some(Length::Exactly(64))),
            ("At most 99 characters", None, None),
            ("3 chars", None, None),
            ("signs tokens", None, None),
        ] {
            let hint = Hint::of(text);
            assert_eq!((hint.bytes, hint.length), (bytes, length), "{text}");
        }
    }
}
