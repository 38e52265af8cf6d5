//! The ways to write one value.

use crate::dotenv::line::Quote;
use crate::policy::Embed;
use crate::secret::SecretBuffer;
use crate::secret::SecretValue;

/// One way to write a value. Whether a reader takes it back unchanged is for that reader to say.
#[derive(Debug)]
pub(super) struct Spelling {
    pub(super) quote: Quote,
    /// Line ends are spelled as escapes.
    pub(super) is_escaped: bool,
    pub(super) text: SecretValue,
}

/// Returns the ways to write `value`, the plainest first: bare when every reader takes it so, then in quotes, then bare
/// for readers that know no quotes.
pub(super) fn spellings(value: &SecretValue) -> Vec<Spelling> {
    let bytes = value.expose();
    let mut found: Vec<Spelling> = STYLES.iter().map(|style| style.spell(bytes)).collect();
    let bare = Spelling {
        quote: Quote::None,
        is_escaped: false,
        text: SecretValue::copied_from(bytes),
    };
    let place = if is_portable(bytes) { 0 } else { found.len() };
    found.insert(place, bare);
    found
}

/// Returns whether a value needs no quotes in any dialect.
fn is_portable(value: &[u8]) -> bool {
    value.iter().all(|byte| Embed::Dotenv.takes(*byte))
}

/// How a value stands between quotes.
struct Style {
    quote: Quote,
    /// Bytes that get a backslash in front.
    escaped: &'static [u8],
    /// Whether line ends become `\n` and `\r`.
    line_ends: bool,
    /// What stands for the quote itself, where a backslash cannot.
    instead: Option<&'static [u8]>,
}

impl Style {
    fn spell(&self, value: &[u8]) -> Spelling {
        let mark: &[u8] = match self.quote {
            Quote::Backtick => b"`",
            Quote::Double => b"\"",
            Quote::None => b"",
            Quote::Single => b"'",
        };
        let mut text = SecretBuffer::new();
        text.extend(mark);
        for byte in value {
            match (byte, self.instead) {
                (b'\n', _) if self.line_ends => text.extend(b"\\n"),
                (b'\r', _) if self.line_ends => text.extend(b"\\r"),
                (byte, Some(instead)) if mark == [*byte] => text.extend(instead),
                (byte, _) => {
                    if self.escaped.contains(byte) {
                        text.push(b'\\');
                    }
                    text.push(*byte);
                }
            }
        }
        text.extend(mark);
        Spelling {
            quote: self.quote,
            is_escaped: self.line_ends,
            text: text.finish(),
        }
    }
}

const fn style(quote: Quote, escaped: &'static [u8], line_ends: bool) -> Style {
    Style {
        quote,
        escaped,
        line_ends,
        instead: None,
    }
}

/// Every style that some reader needs.
const STYLES: &[Style] = &[
    style(Quote::Single, b"", false),
    style(Quote::Double, b"", false),
    // Compose, our own reader; shells and systemd, unless there is a line end.
    style(Quote::Double, b"\\\"$", true),
    // Python.
    style(Quote::Double, b"\\\"", true),
    // Node, which knows no other escape.
    style(Quote::Double, b"", true),
    // Shells and systemd.
    style(Quote::Double, b"\\\"$`", false),
    style(Quote::Double, b"\\\"", false),
    // Compose, and our own reader.
    style(Quote::Single, b"'", false),
    // Python.
    style(Quote::Single, b"'\\", false),
    // Shells.
    Style {
        quote: Quote::Single,
        escaped: b"",
        line_ends: false,
        instead: Some(b"'\\''"),
    },
    style(Quote::Backtick, b"", false),
];
