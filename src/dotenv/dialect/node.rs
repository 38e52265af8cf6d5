//! The package `dotenv` of node, as of version 18.

use std::sync::OnceLock;

use regex_lite::Regex;
use zeroize::Zeroizing;

use crate::dotenv::dialect::cursor::with_line_feeds;
use crate::dotenv::dialect::reading::Outcome;
use crate::dotenv::dialect::reading::Reading;
use crate::secret::SecretBuffer;

/// Reads whatever its pattern finds; nothing is ever refused. A `#` outside of quotes ends a value; in double quotes
/// only `\n` and `\r` are escapes; a quote that nothing closes ends with its line.
///
/// The two line ends of Unicode, which JavaScript knows too, are taken for white space only.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let mut reading = Reading::default();
    let Some(pattern) = pattern() else {
        return reading;
    };
    let text = Zeroizing::new(String::from_utf8_lossy(&with_line_feeds(bytes)).into_owned());
    let (mut line, mut counted) = (1_u32, 0);
    for found in pattern.captures_iter(&text) {
        let Some(name) = found.get(1) else { continue };
        let passed = text.as_bytes()[counted..name.start()].iter();
        line = line
            .saturating_add(u32::try_from(passed.filter(|byte| **byte == b'\n').count()).unwrap_or(u32::MAX));
        counted = name.start();
        let raw = found.get(2).map_or("", |value| value.as_str());
        reading.push(
            name.as_str().as_bytes(),
            line,
            Outcome::Value(decode(raw.trim_matches(is_space))),
        );
    }
    reading
}

fn decode(raw: &str) -> crate::secret::SecretValue {
    let quote = raw
        .chars()
        .next()
        .filter(|first| matches!(first, '\'' | '"' | '`'));
    let inner = quote.and_then(|quote| raw.strip_prefix(quote)?.strip_suffix(quote));
    let mut rest = inner.unwrap_or(raw).as_bytes();
    let mut value = SecretBuffer::new();
    while let Some((byte, after)) = rest.split_first() {
        let escaped = match (quote, byte, after.first()) {
            (Some('"'), b'\\', Some(b'n')) => Some(b'\n'),
            (Some('"'), b'\\', Some(b'r')) => Some(b'\r'),
            _ => None,
        };
        value.push(escaped.unwrap_or(*byte));
        rest = if escaped.is_some() { &after[1..] } else { after };
    }
    value.finish()
}

/// The pattern of the package, with the white space of JavaScript spelled out.
fn pattern() -> Option<&'static Regex> {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    let compiled = || {
        let space = format!("[{SPACE}]");
        let text = [
            r"(?m)^S*(?:exportS+)?([0-9A-Za-z_.-]+)(?:S*=S*?|:S+?)",
            r#"(S*'(?:\\'|[^'])*'|S*"(?:\\"|[^"])*"|S*`(?:\\`|[^`])*`|[^#\r\n]+)?S*(?:#.*)?$"#,
        ];
        Regex::new(&text.concat().replace('S', &space)).ok()
    };
    PATTERN.get_or_init(compiled).as_ref()
}

fn is_space(found: char) -> bool {
    found.is_whitespace() && found != '\u{85}' || found == '\u{feff}'
}

/// White space of JavaScript (ECMA-262, `WhiteSpace` and `LineTerminator`) for a class of a pattern.
const SPACE: &str =
    "\\t\\n\\x0B\\x0C\\r \u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";
