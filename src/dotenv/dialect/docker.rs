//! `docker run --env-file`, as of the docker CLI 28.2: every line is taken as it is.

use crate::dotenv::dialect::cursor::Cursor;
use crate::dotenv::dialect::cursor::without_mark;
use crate::dotenv::dialect::reading::Outcome;
use crate::dotenv::dialect::reading::Reading;
use crate::dotenv::dialect::reading::RefusalKind;
use crate::secret::SecretValue;

/// Reads quotes, `#`, `$` and trailing white space as parts of the value. One bad line refuses the file.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let mut reading = Reading::default();
    let mut cursor = Cursor::new(without_mark(bytes));
    while !cursor.is_at_end() {
        let number = cursor.line();
        let line = cursor.skip_line();
        cursor.skip(1);
        if let Err(kind) = read_line(line, number, &mut reading) {
            reading.refuse(number, kind);
            break;
        }
    }
    reading
}

fn read_line(line: &[u8], number: u32, reading: &mut Reading) -> Result<(), RefusalKind> {
    if line.len() >= LONGEST_LINE {
        return Err(RefusalKind::LineTooLong);
    }
    let text = std::str::from_utf8(line).map_err(|_| RefusalKind::NotUtf8)?;
    let text = text.strip_suffix('\r').unwrap_or(text);
    let text = text.trim_start_matches(char::is_whitespace);
    if text.is_empty() || text.starts_with('#') {
        return Ok(());
    }
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    if name.is_empty() {
        return Err(RefusalKind::MissingName);
    }
    if name.contains([' ', '\t']) {
        return Err(RefusalKind::SpaceInName);
    }
    let outcome = match value {
        Some(value) => Outcome::Value(SecretValue::new(value.as_bytes().to_vec())),
        None => Outcome::Inherited,
    };
    reading.push(name.as_bytes(), number, outcome);
    Ok(())
}

/// Bytes at which Go's line scanner gives up.
const LONGEST_LINE: usize = 64 * 1_024;
