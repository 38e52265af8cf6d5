//! `node --env-file`, as of node 20.20.

use zeroize::Zeroizing;

use crate::dotenv::dialect::cursor::Cursor;
use crate::dotenv::dialect::reading::Outcome;
use crate::dotenv::dialect::reading::Reading;
use crate::secret::SecretBuffer;
use crate::secret::SecretValue;

/// Reads a name up to the next `=`, wherever that is. A `#` outside of quotes ends a value, the next quote of the same
/// kind ends a quoted one, and in double quotes only `\n` is an escape. Every carriage return is dropped, only spaces
/// are trimmed, and an empty name ends the file.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let mut reading = Reading::default();
    let mut text = SecretBuffer::new();
    // What is not UTF-8 is replaced on the way into the environment.
    let lossy = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
    for part in lossy.split('\r') {
        text.extend(part.as_bytes());
    }
    let mut cursor = Cursor::new(trim(text.expose()));
    while let Some(first) = cursor.peek() {
        let equals = position(cursor.rest(), b'=');
        let Some(equals) = equals.filter(|_| !matches!(first, b'\n' | b'#')) else {
            next_line(&mut cursor);
            continue;
        };
        let name = trim(&cursor.rest()[..equals]);
        let line = cursor.line();
        cursor.skip(equals + 1);
        if name.is_empty() {
            break;
        }
        let name = name.strip_prefix(b"export ").unwrap_or(name);
        if let Some(value) = value(&mut cursor) {
            reading.push(name, line, Outcome::Value(value));
        }
    }
    reading
}

/// Reads a value; `None` for one that begins with a quote on the last line, which has no line end.
fn value(cursor: &mut Cursor<'_>) -> Option<SecretValue> {
    cursor.skip_while(|byte| byte == b' ');
    let quote = cursor.peek().filter(|byte| matches!(byte, b'\'' | b'"' | b'`'));
    let close = quote.and_then(|quote| position(&cursor.rest()[1..], quote));
    if let (Some(quote), Some(length)) = (quote, close) {
        cursor.skip(1);
        let inner = cursor.skip(length);
        cursor.skip(1);
        next_line(cursor);
        return Some(unescape(inner, quote));
    }
    let line = cursor.skip_line();
    let is_last = cursor.skip(1).is_empty();
    if quote.is_some() {
        return (!is_last).then(|| SecretValue::new(line.to_vec()));
    }
    let end = position(line, b'#').unwrap_or(line.len());
    Some(SecretValue::new(trim(&line[..end]).to_vec()))
}

fn unescape(inner: &[u8], quote: u8) -> SecretValue {
    let mut value = SecretBuffer::new();
    let mut rest = inner;
    while let Some((byte, after)) = rest.split_first() {
        let is_escape = quote == b'"' && *byte == b'\\' && after.first() == Some(&b'n');
        value.push(if is_escape { b'\n' } else { *byte });
        rest = if is_escape { &after[1..] } else { after };
    }
    value.finish()
}

fn next_line(cursor: &mut Cursor<'_>) {
    cursor.skip_line();
    cursor.skip(1);
}

fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    bytes.iter().position(|byte| *byte == wanted)
}

fn trim(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().take_while(|byte| **byte == b' ').count();
    let rest = &bytes[start..];
    let end = rest
        .iter()
        .rposition(|byte| *byte != b' ')
        .map_or(0, |last| last + 1);
    &rest[..end]
}
