//! python-dotenv, as of version 1.2.

use crate::dotenv::dialect::cursor::Cursor;
use crate::dotenv::dialect::cursor::trim_end;
use crate::dotenv::dialect::cursor::with_line_feeds;
use crate::dotenv::dialect::cursor::without_mark;
use crate::dotenv::dialect::reading::Outcome;
use crate::dotenv::dialect::reading::Reading;
use crate::dotenv::dialect::reading::RefusalKind;
use crate::secret::SecretBuffer;
use crate::secret::SecretValue;

/// Reads quoted values with the escapes of Python; a `#` after white space starts a comment; `${NAME}` is expanded
/// within any quotes. A line that it cannot read is skipped, bytes that are not UTF-8 refuse the file.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let mut reading = Reading::default();
    if let Err(error) = std::str::from_utf8(bytes) {
        let before = with_line_feeds(&bytes[..error.valid_up_to()]);
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        reading.refuse(u32::try_from(line).unwrap_or(u32::MAX), RefusalKind::NotUtf8);
        return reading;
    }
    let text = with_line_feeds(without_mark(bytes));
    let mut cursor = Cursor::new(&text);
    while !cursor.is_at_end() {
        if binding(&mut cursor, &mut reading).is_none() {
            cursor.skip_line();
            cursor.skip(1);
        }
    }
    reading
}

/// Reads one line; `None`, with the place where it went wrong, for one that cannot be read.
fn binding(cursor: &mut Cursor<'_>, reading: &mut Reading) -> Option<()> {
    cursor.skip_chars(is_space);
    if cursor.is_at_end() {
        return Some(());
    }
    let rest = cursor.rest();
    if let Some(after) = rest.strip_prefix(b"export") {
        let mut ahead = Cursor::new(after);
        let blanks = ahead.skip_chars(is_blank).len();
        if blanks > 0 {
            cursor.skip(6 + blanks);
        }
    }
    let line = cursor.line();
    let name = name(cursor)?;
    cursor.skip_chars(is_blank);
    let mut value = None;
    if cursor.take(b"=") {
        let blanks = cursor.skip_chars(is_blank);
        value = Some(match cursor.peek() {
            Some(b'#') if !blanks.is_empty() => SecretValue::new(Vec::new()),
            Some(quote @ (b'\'' | b'"')) => quoted(cursor, quote)?,
            _ => unquoted(cursor),
        });
    }
    cursor.skip_chars(is_blank);
    if cursor.peek() == Some(b'#') {
        cursor.skip_line();
    }
    if !cursor.is_at_end() && !cursor.take(b"\n") {
        return None;
    }
    if let Some(name) = name {
        let outcome = match value {
            None => Outcome::Unset,
            Some(value) if is_expanded(value.expose()) => Outcome::Expanded,
            Some(value) => Outcome::Value(value),
        };
        reading.push(name, line, outcome);
    }
    Some(())
}

/// Reads a name, which may be quoted; the inner `None` stands for a comment.
fn name<'a>(cursor: &mut Cursor<'a>) -> Option<Option<&'a [u8]>> {
    match cursor.peek() {
        Some(b'#') => Some(None),
        Some(b'\'') => {
            let length = cursor.rest()[1..].iter().position(|byte| *byte == b'\'')?;
            if length == 0 {
                return None;
            }
            cursor.skip(1);
            let name = cursor.skip(length);
            cursor.skip(1);
            Some(Some(name))
        }
        _ => {
            let name = cursor.skip_chars(|found| !matches!(found, '=' | '#') && !is_space(found));
            (!name.is_empty()).then_some(Some(name))
        }
    }
}

fn unquoted(cursor: &mut Cursor<'_>) -> SecretValue {
    let line = cursor.skip_line();
    let text = String::from_utf8_lossy(line);
    let mut is_after_space = false;
    let hash = text.char_indices().find(|(_, found)| {
        let starts = *found == '#' && is_after_space;
        is_after_space = is_space(*found);
        starts
    });
    let end = hash.map_or(line.len(), |(place, _)| place);
    SecretValue::new(trim_end(&line[..end], is_space).to_vec())
}

fn quoted(cursor: &mut Cursor<'_>, quote: u8) -> Option<SecretValue> {
    let rest = cursor.rest();
    let mut at = 1;
    while *rest.get(at)? != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    let inner = &rest[1..at];
    cursor.skip(at + 1);
    let mut value = SecretBuffer::new();
    let mut left = inner;
    while let Some((byte, after)) = left.split_first() {
        let escaped = after
            .first()
            .and_then(|next| escape(*next, quote))
            .filter(|_| *byte == b'\\');
        value.push(escaped.unwrap_or(*byte));
        left = if escaped.is_some() { &after[1..] } else { after };
    }
    Some(value.finish())
}

fn escape(byte: u8, quote: u8) -> Option<u8> {
    match byte {
        b'\\' | b'\'' => Some(byte),
        _ if quote == b'\'' => None,
        b'"' => Some(b'"'),
        b'a' => Some(0x07),
        b'b' => Some(0x08),
        b'f' => Some(0x0c),
        b'n' => Some(b'\n'),
        b'r' => Some(b'\r'),
        b't' => Some(b'\t'),
        b'v' => Some(0x0b),
        _ => None,
    }
}

/// Returns whether `${NAME}` or `${NAME:-default}` is in it.
fn is_expanded(value: &[u8]) -> bool {
    let mut rest = value;
    while let Some(place) = rest.windows(2).position(|pair| pair == b"${") {
        rest = &rest[place + 2..];
        let end = rest.iter().position(|byte| matches!(byte, b'}' | b':'));
        let is_reference = end.is_some_and(|end| {
            rest[end] == b'}' || rest[end..].starts_with(b":-") && rest[end..].contains(&b'}')
        });
        if is_reference {
            return true;
        }
    }
    false
}

/// White space as Python's `str.isspace` knows it.
fn is_space(found: char) -> bool {
    found.is_whitespace() || matches!(found, '\u{1c}'..='\u{1f}')
}

fn is_blank(found: char) -> bool {
    is_space(found) && !matches!(found, '\r' | '\n')
}
