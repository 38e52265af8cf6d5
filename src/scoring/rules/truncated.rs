//! Values that look as if a part of them was cut off.

use crate::policy::Encoding;
use crate::policy::Severity;
use crate::scoring::Context;
use crate::scoring::Grade;
use crate::scoring::Score;
use crate::scoring::rules;

/// Adds that the value seems to be the rest of a longer one.
pub(in crate::scoring) fn check(score: &mut Score, value: &[u8], context: &Context<'_>) {
    // Of what is no value at all, nothing is missing.
    if score.grade == Grade::F {
        return;
    }
    if let Some(message) = recognise(value, context) {
        let finding = rules::TRUNCATED.saying(Severity::Warning, message);
        score.findings.push(finding);
    }
}

/// Says where a part of `value` is missing; `None` where it looks whole.
pub(in crate::scoring) fn recognise(value: &[u8], context: &Context<'_>) -> Option<String> {
    let found = context
        .whole()
        .and_then(|whole| whole.missed_by(value, context.cut_at));
    found.or_else(|| half(value).map(str::to_owned))
}

/// The size that every value of a secret has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Whole {
    /// Fixed text in front, in characters.
    pub(in crate::scoring) prefix: usize,
    /// Bytes behind it.
    pub(in crate::scoring) bytes: usize,
    /// How they are encoded.
    pub(in crate::scoring) encoding: Encoding,
}

impl Whole {
    /// Says how much of a value is there when it is short and has no other characters than a whole one.
    fn missed_by(self, value: &[u8], cut_at: Option<char>) -> Option<String> {
        let body = value.get(self.prefix..).filter(|body| !body.is_empty())?;
        let length = length(self.encoding, self.bytes);
        if body.len() >= length || !body.iter().all(|byte| is_in(self.encoding, *byte)) {
            return None;
        }
        let how = match cut_at {
            Some(sign) => format!("cut at the `{sign}` that follows it on its line"),
            // A smaller key was asked for wrongly, not cut.
            None if USUAL_BYTES
                .iter()
                .any(|bytes| self.length_of(*bytes) == body.len()) =>
            {
                return None;
            }
            None => "cut short, as by a `#`, a `$` or a bad paste".to_owned(),
        };
        let (found, whole) = (self.prefix + body.len(), self.prefix + length);
        Some(format!(
            "{found} of {whole} characters, all of them of {}: {how}",
            self.encoding
        ))
    }

    fn length_of(self, bytes: usize) -> usize {
        length(self.encoding, bytes)
    }
}

/// Returns the characters of `bytes` bytes without padding.
fn length(encoding: Encoding, bytes: usize) -> usize {
    match encoding {
        Encoding::Hex => encoding.length_of(bytes),
        Encoding::Base64 | Encoding::Base64url => Encoding::Base64url.length_of(bytes),
    }
}

fn is_in(encoding: Encoding, byte: u8) -> bool {
    match encoding {
        Encoding::Hex => byte.is_ascii_hexdigit(),
        Encoding::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'),
        Encoding::Base64url => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
    }
}

/// Recognises one quote of two, and a backslash that goes on below, around what has no such sign otherwise.
fn half(value: &[u8]) -> Option<&'static str> {
    let is_plain = |body: &[u8]| {
        let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte);
        body.len() >= LEAST_PLAIN && body.iter().all(is_sign)
    };
    match value {
        [b'"' | b'\'', body @ ..] if is_plain(body) => Some("a quote in front that is never closed"),
        [body @ .., b'"' | b'\''] if is_plain(body) => Some("a quote behind that is never opened"),
        [body @ .., b'\\'] if is_plain(body) => {
            Some("ends with a backslash, as a line does that goes on below")
        }
        _ => None,
    }
}

/// Sizes of keys that are made on purpose, in bytes.
const USUAL_BYTES: [usize; 6] = [16, 20, 24, 32, 48, 64];

/// Characters from which a stray quote is no chance of a password with signs.
const LEAST_PLAIN: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Kind;

    fn told(kind: &str, value: &str, cut_at: Option<char>) -> Option<String> {
        let context = Context {
            kind: Kind::find(kind),
            cut_at,
            ..Context::default()
        };
        recognise(value.as_bytes(), &context)
    }

    #[test]
    fn the_rest_of_a_value_of_one_size_is_told_by_its_characters() {
        assert_eq!(
            told("langfuse", "0a9d3e1b4c7f28560", None).unwrap(),
            "17 of 64 characters, all of them of hex: cut short, as by a `#`, a `$` or a bad paste"
        );
        assert!(
            told("langfuse", "0a9d3e1b4c7f28560", Some('#'))
                .unwrap()
                .contains("cut at the `#`")
        );
        assert!(
            told("laravel", "base64:k7Qw+zT9", None)
                .unwrap()
                .starts_with("15 of 50 ")
        );
    }

    #[test]
    fn what_is_whole_or_small_on_purpose_is_not_cut() {
        let hex = "0a9d3e1b4c7f2856";

        assert_eq!(told("langfuse", &hex.repeat(4), None), None);
        assert_eq!(told("langfuse", &hex.repeat(2), None), None);
        assert!(told("langfuse", &hex.repeat(2), Some('#')).is_some());
        assert_eq!(told("langfuse", "not hex", None), None);
        assert_eq!(told("jwt-hs256", "0a9d3e1b4c7f28560", None), None);
        assert_eq!(told("fernet", &"AbCd".repeat(11)[..43], None), None);
    }

    #[test]
    fn one_quote_of_two_and_a_last_backslash_are_told() {
        assert!(
            told("password", "\"0a9d3e1b4c7f", None)
                .unwrap()
                .contains("never closed")
        );
        assert!(
            told("password", "0a9d3e1b4c7f'", None)
                .unwrap()
                .contains("never opened")
        );
        assert!(
            told("password", "0a9d3e1b4c7f\\", None)
                .unwrap()
                .contains("backslash")
        );
        for whole in ["\"0a9d3e1b4c7f\"", "'k7!Qw-zT9*mX", "0a9d3e1b4c7f", "\\", ""] {
            assert_eq!(told("password", whole, None), None, "{whole}");
        }
    }
}
