//! Reads one assignment.

use std::ops::Range;

use crate::dotenv::line::ProblemKind;
use crate::dotenv::line::Quote;
use crate::dotenv::reader::line_end;
use crate::secret::SecretValue;

/// One assignment as it was found.
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) value: SecretValue,
    pub(super) value_span: Range<usize>,
    pub(super) quote: Quote,
    pub(super) note: Option<String>,
    pub(super) exported: bool,
    /// Where the text of its last physical line ends.
    pub(super) end: usize,
    pub(super) doubtful_hash: bool,
    pub(super) is_pem_start: bool,
}

/// Why a line is no assignment.
pub(super) struct Failure {
    pub(super) name: Option<String>,
    pub(super) kind: ProblemKind,
}

/// Reads the assignment on the physical line `start..end`; a quoted value may go on below it.
pub(super) fn read(bytes: &[u8], start: usize, end: usize) -> Result<Assignment, Failure> {
    let head = Head::read(bytes, start, end)?;
    let value = Value::read(bytes, head.value_at, end).map_err(|kind| Failure {
        name: Some(head.name.clone()),
        kind,
    })?;
    Ok(join(bytes, head, value))
}

/// Reads `# KEY=value`, if the name looks like a variable and not like a word of a sentence.
pub(super) fn read_commented_out(bytes: &[u8], start: usize, end: usize) -> Option<Assignment> {
    let hashes = bytes[start..end]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'#'))
        .count();
    let head = Head::read(bytes, start + hashes, end).ok()?;
    if head.separator != b'=' || !looks_like_variable(&head) {
        return None;
    }
    let value = Value::read(bytes, head.value_at, end).ok()?;
    (value.end == end).then(|| join(bytes, head, value))
}

fn looks_like_variable(head: &Head) -> bool {
    let upper = head.name.bytes().any(|byte| byte.is_ascii_uppercase());
    let lower = head.name.bytes().any(|byte| byte.is_ascii_lowercase());
    if upper && !lower {
        return head.name.len() >= 2;
    }
    lower && !head.spaced && head.name.contains(['_', '.'])
}

fn join(bytes: &[u8], head: Head, value: Value) -> Assignment {
    let raw = &bytes[value.raw.clone()];
    Assignment {
        name: head.name,
        value: decode(raw, value.quote),
        quote: value.quote,
        note: value.note.and_then(|span| note(&bytes[span])),
        exported: head.exported,
        end: value.end,
        doubtful_hash: value.quote == Quote::None && raw.contains(&b'#'),
        is_pem_start: value.quote == Quote::None
            && raw.starts_with(b"-----BEGIN")
            && !raw.windows(8).any(|window| window == b"-----END"),
        value_span: value.raw,
    }
}

/// Everything up to the value.
struct Head {
    name: String,
    exported: bool,
    separator: u8,
    /// Whether white space stands before the separator.
    spaced: bool,
    value_at: usize,
}

impl Head {
    fn read(bytes: &[u8], start: usize, end: usize) -> Result<Self, Failure> {
        let line = &bytes[..end];
        let mut at = skip_blanks(line, start);
        let after_export = line[at..].strip_prefix(b"export").map(|_| at + 6);
        let exported = after_export.is_some_and(|after| {
            matches!(line.get(after), Some(b' ' | b'\t'))
                && line
                    .get(skip_blanks(line, after))
                    .is_some_and(|byte| is_name_byte(*byte))
        });
        if exported {
            at = skip_blanks(line, at + 6);
        }
        let name_end = at + line[at..].iter().take_while(|byte| is_name_byte(**byte)).count();
        let separator_at = skip_blanks(line, name_end);
        let kind = match (name_end > at, line.get(separator_at)) {
            (true, Some(b'=')) => None,
            (true, Some(b':')) if matches!(line.get(separator_at + 1), None | Some(b' ' | b'\t')) => None,
            (true, None) => Some(ProblemKind::MissingEquals),
            _ => Some(ProblemKind::Unreadable),
        };
        if let Some(kind) = kind {
            // Without a separator the text may be a pasted value: it is no name.
            return Err(Failure { name: None, kind });
        }
        Ok(Self {
            name: String::from_utf8_lossy(&line[at..name_end]).into_owned(),
            exported,
            separator: line[separator_at],
            spaced: separator_at > name_end,
            value_at: separator_at + 1,
        })
    }
}

/// Where a value stands.
struct Value {
    /// The value as it is spelled, quotes included.
    raw: Range<usize>,
    quote: Quote,
    note: Option<Range<usize>>,
    end: usize,
}

impl Value {
    fn read(bytes: &[u8], from: usize, end: usize) -> Result<Self, ProblemKind> {
        let at = skip_blanks(&bytes[..end], from);
        let quote = match bytes[..end].get(at) {
            Some(b'"') => Quote::Double,
            Some(b'\'') => Quote::Single,
            Some(b'`') => Quote::Backtick,
            _ => return Ok(Self::unquoted(bytes, from, at, end)),
        };
        Self::quoted(bytes, at, quote)
    }

    /// A `#` starts a comment after white space only.
    fn unquoted(bytes: &[u8], from: usize, at: usize, end: usize) -> Self {
        let hash = (at..end)
            .find(|place| bytes[*place] == b'#' && *place > from && matches!(bytes[place - 1], b' ' | b'\t'));
        let text = bytes[at..hash.unwrap_or(end)].trim_ascii_end();
        Self {
            raw: at..at + text.len(),
            quote: Quote::None,
            note: hash.map(|hash| hash..end),
            end,
        }
    }

    /// Reads to the closing quote, over line ends.
    fn quoted(bytes: &[u8], open: usize, quote: Quote) -> Result<Self, ProblemKind> {
        let close = closing_quote(bytes, open).ok_or(ProblemKind::UnterminatedQuote)?;
        let (end, _) = line_end(bytes, close);
        let after = skip_blanks(&bytes[..end], close + 1);
        if after < end && bytes[after] != b'#' {
            let one_line = line_end(bytes, open).0 == end;
            return Err(if one_line {
                ProblemKind::TextAfterQuote
            } else {
                ProblemKind::UnterminatedQuote
            });
        }
        Ok(Self {
            raw: open..close + 1,
            quote,
            note: (after < end).then_some(after..end),
            end,
        })
    }
}

fn closing_quote(bytes: &[u8], open: usize) -> Option<usize> {
    let quote = bytes[open];
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        let escapes = *byte == b'\\' && (quote == b'"' || bytes.get(at + 1) == Some(&quote));
        if escapes {
            at += 2;
        } else if *byte == quote {
            return Some(at);
        } else {
            at += 1;
        }
    }
    None
}

/// Returns the value that `raw` spells. The buffer has room for all of it and is wiped, so no copy stays behind.
fn decode(raw: &[u8], quote: Quote) -> SecretValue {
    let inner = match quote {
        Quote::None => return SecretValue::copied_from(raw),
        _ => raw.get(1..raw.len() - 1).unwrap_or_default(),
    };
    let mut value = Vec::with_capacity(inner.len());
    let mut at = 0;
    while let Some(byte) = inner.get(at) {
        let (decoded, taken) = match (*byte, inner.get(at + 1)) {
            (b'\r', Some(b'\n')) => (b'\n', 2),
            (b'\\', Some(next)) => match unescape(*next, quote) {
                Some(decoded) => (decoded, 2),
                None => (b'\\', 1),
            },
            (byte, _) => (byte, 1),
        };
        value.push(decoded);
        at += taken;
    }
    SecretValue::new(value)
}

/// Returns what a backslash and `byte` mean, or `None` when the backslash stands for itself.
fn unescape(byte: u8, quote: Quote) -> Option<u8> {
    match (quote, byte) {
        (Quote::Double, b'n') => Some(b'\n'),
        (Quote::Double, b'r') => Some(b'\r'),
        (Quote::Double, b't') => Some(b'\t'),
        (Quote::Double, b'"' | b'\\' | b'$') | (Quote::Single, b'\'') | (Quote::Backtick, b'`') => Some(byte),
        _ => None,
    }
}

fn note(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    let text = text.trim_matches(|c: char| c == '#' || c.is_whitespace());
    (!text.is_empty()).then(|| text.to_owned())
}

fn skip_blanks(line: &[u8], from: usize) -> usize {
    from + line
        .get(from..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()
}

pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}
