//! Env files of Docker Compose, as of compose-go 2.13.

use crate::dotenv::dialect::cursor::Cursor;
use crate::dotenv::dialect::cursor::char_at;
use crate::dotenv::dialect::cursor::trim_end;
use crate::dotenv::dialect::cursor::without_mark;
use crate::dotenv::dialect::reading::Outcome;
use crate::dotenv::dialect::reading::Reading;
use crate::dotenv::dialect::reading::RefusalKind;
use crate::secret::SecretBuffer;
use crate::secret::SecretValue;

/// Reads single quotes as they are, double quotes with escapes, and `$` as a variable in all but single quotes, where
/// `$$` is one `$`. A space and a `#` end an unquoted value. One bad line refuses the file.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let mut reading = Reading::default();
    let mut cursor = Cursor::new(without_mark(bytes));
    loop {
        cursor.skip_chars(char::is_whitespace);
        match cursor.peek() {
            None => return reading,
            Some(b'#') => {
                cursor.skip_line();
            }
            Some(_) => {
                let line = cursor.line();
                if let Err(kind) = statement(&mut cursor, &mut reading) {
                    reading.refuse(line, kind);
                    return reading;
                }
            }
        }
    }
}

fn statement(cursor: &mut Cursor<'_>, reading: &mut Reading) -> Result<(), RefusalKind> {
    let rest = cursor.rest();
    let after_export = rest.strip_prefix(b"export").filter(|after| {
        after
            .first()
            .is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c))
    });
    if after_export.is_some() {
        cursor.skip(6);
        cursor.skip_chars(is_blank);
    }
    let line = cursor.line();
    let (name, sign) = name(cursor.rest())?;
    let name_length = name.len();
    cursor.skip(if sign.is_some() { name_length + 1 } else { 0 });
    cursor.skip_chars(is_blank);
    let name = trim_end(name, char::is_whitespace);
    if name.contains(&b' ') {
        return Err(RefusalKind::SpaceInName);
    }
    let outcome = if sign == Some('\n') {
        Outcome::Inherited
    } else {
        value(cursor)?
    };
    if !name.is_empty() {
        reading.push(name, line, outcome);
    }
    Ok(())
}

/// Returns the name that `rest` begins with, and the character that ends it; without one, the name is empty.
fn name(rest: &[u8]) -> Result<(&[u8], Option<char>), RefusalKind> {
    let mut at = 0;
    while at < rest.len() {
        let found = char_at(rest, at).ok_or(RefusalKind::InvalidName)?;
        match found {
            '=' | ':' | '\n' => return Ok((&rest[..at], Some(found))),
            '_' | '.' | '-' | '[' | ']' => {}
            found if is_blank(found) || found.is_alphanumeric() => {}
            _ => return Err(RefusalKind::InvalidName),
        }
        at += found.len_utf8();
    }
    Ok((&[], None))
}

fn value(cursor: &mut Cursor<'_>) -> Result<Outcome, RefusalKind> {
    match cursor.peek() {
        Some(b'\'') => Ok(Outcome::Value(quoted(cursor, b'\'')?)),
        Some(b'"') => {
            let inner = quoted(cursor, b'"')?;
            expand(unescape(inner.expose()).expose())
        }
        _ => {
            let line = cursor.skip_line();
            cursor.skip(1);
            let end = line
                .windows(2)
                .position(|pair| pair == b" #")
                .unwrap_or(line.len());
            expand(trim_end(&line[..end], char::is_whitespace))
        }
    }
}

/// Reads to the closing quote; a backslash before a quote of the same kind goes, any other stays.
fn quoted(cursor: &mut Cursor<'_>, quote: u8) -> Result<SecretValue, RefusalKind> {
    let mut value = SecretBuffer::new();
    cursor.skip(1);
    loop {
        match cursor.next().ok_or(RefusalKind::UnterminatedQuote)? {
            byte if byte == quote => return Ok(value.finish()),
            b'\\' => {
                let next = cursor.next().ok_or(RefusalKind::UnterminatedQuote)?;
                if next != quote {
                    value.push(b'\\');
                }
                value.push(next);
            }
            byte => value.push(byte),
        }
    }
}

/// Resolves the escapes of double quotes; `\$` becomes `$$`, which expansion reads as `$`.
fn unescape(inner: &[u8]) -> SecretValue {
    let mut value = SecretBuffer::new();
    let mut rest = inner;
    while let Some((byte, after)) = rest.split_first() {
        let next = after.first().filter(|_| *byte == b'\\');
        let simple: Option<&[u8]> = match next {
            Some(b'a') => Some(b"\x07"),
            Some(b'b') => Some(b"\x08"),
            Some(b'f') => Some(b"\x0c"),
            Some(b'n') => Some(b"\n"),
            Some(b'r') => Some(b"\r"),
            Some(b't') => Some(b"\t"),
            Some(b'v') => Some(b"\x0b"),
            Some(b'"') => Some(b"\""),
            Some(b'\\') => Some(b"\\"),
            Some(b'$') => Some(b"$$"),
            Some(b'c') => Some(b"\\c"),
            _ => None,
        };
        if let Some(text) = simple {
            value.extend(text);
            rest = &after[1..];
        } else if next == Some(&b'0') {
            rest = octal(&after[1..], &mut value);
        } else {
            value.push(*byte);
            rest = after;
        }
    }
    value.finish()
}

/// Reads up to three digits behind `\0`: three that make an octal byte are that character, others lose the zero.
fn octal<'a>(rest: &'a [u8], value: &mut SecretBuffer) -> &'a [u8] {
    let count = rest
        .iter()
        .take(3)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (digits, after) = rest.split_at(count);
    let is_octal = count == 3 && digits.iter().all(|digit| *digit < b'8') && digits[0] < b'4';
    if is_octal {
        let code = digits
            .iter()
            .fold(0_u32, |code, digit| code * 8 + u32::from(digit - b'0'));
        let mut encoded = [0; 4];
        let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        value.extend(character.encode_utf8(&mut encoded).as_bytes());
    } else {
        value.push(b'\\');
        value.extend(digits);
    }
    after
}

/// Reads `$$` as `$`; `${` has to start a variable, and another `$` may stand for itself.
fn expand(text: &[u8]) -> Result<Outcome, RefusalKind> {
    let mut value = SecretBuffer::new();
    let mut is_expanded = false;
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'$' {
            value.push(*byte);
            continue;
        }
        match after.first() {
            Some(b'$') => {
                value.push(b'$');
                rest = &after[1..];
            }
            Some(b'{') if !is_braced(&after[1..]) => return Err(RefusalKind::InvalidExpansion),
            Some(first) if matches!(first, b'_' | b'{') || first.is_ascii_alphabetic() => is_expanded = true,
            _ => value.push(b'$'),
        }
    }
    Ok(if is_expanded {
        Outcome::Expanded
    } else {
        Outcome::Value(value.finish())
    })
}

/// Returns whether `NAME}` comes, or `NAME` with an operator and a `}` before the line ends.
fn is_braced(rest: &[u8]) -> bool {
    let is_start = rest
        .first()
        .is_some_and(|byte| *byte == b'_' || byte.is_ascii_alphabetic());
    let length = rest
        .iter()
        .take_while(|byte| **byte == b'_' || byte.is_ascii_alphanumeric())
        .count();
    let after = &rest[length..];
    let operator = after.strip_prefix(b":").unwrap_or(after);
    let has_operator = matches!(operator.first(), Some(b'-' | b'?' | b'+'));
    let line = operator.split(|byte| *byte == b'\n').next().unwrap_or_default();
    is_start && (after.first() == Some(&b'}') || has_operator && line.contains(&b'}'))
}

/// White space of compose that does not end a line.
fn is_blank(found: char) -> bool {
    matches!(found, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}
