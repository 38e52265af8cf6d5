//! One word of a shell: quotes, escapes and what would be expanded.

use crate::dotenv::dialect::cursor::Cursor;
use crate::dotenv::dialect::reading::RefusalKind;
use crate::secret::SecretBuffer;

/// One word.
#[derive(Debug, Default)]
pub(super) struct Word {
    /// The name before an unquoted `=`; what follows is the text.
    pub(super) name: Option<Vec<u8>>,
    /// The text without its quotes.
    pub(super) text: SecretBuffer,
    pub(super) line: u32,
    /// Something in it depends on where it is read.
    pub(super) is_expanded: bool,
    /// A command runs in it.
    pub(super) is_executed: bool,
    /// Some part is quoted.
    pub(super) is_quoted: bool,
    /// It has an unquoted brace, which `export` may expand.
    pub(super) has_braces: bool,
    /// Whether an unquoted `~` in this place would be expanded.
    tilde_counts: bool,
}

/// Reads the word that starts here, up to unquoted white space or an operator.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Word, RefusalKind> {
    let mut word = Word {
        line: cursor.line(),
        tilde_counts: true,
        ..Word::default()
    };
    while let Some(byte) = cursor.peek() {
        match byte {
            b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b')' => break,
            b'(' => return Err(RefusalKind::SyntaxError),
            b'\\' => {
                cursor.skip(1);
                match cursor.next() {
                    Some(b'\n') => continue,
                    Some(escaped) => word.quoted(&[escaped]),
                    None => word.quoted(b"\\"),
                }
            }
            b'\'' => single(cursor, &mut word)?,
            b'"' => double(cursor, &mut word)?,
            b'`' => backticks(cursor, &mut word)?,
            b'$' => dollar(cursor, &mut word, false)?,
            _ => {
                cursor.skip(1);
                word.bare(byte);
            }
        }
    }
    Ok(word)
}

impl Word {
    fn quoted(&mut self, bytes: &[u8]) {
        self.text.extend(bytes);
        self.is_quoted = true;
        self.tilde_counts = false;
    }

    /// Takes an unquoted character.
    fn bare(&mut self, byte: u8) {
        if byte == b'=' && self.name.is_none() && !self.is_quoted && !self.is_expanded && !self.is_executed {
            let appends = self.text.expose().last() == Some(&b'+');
            let name = self.text.expose();
            let name = if appends { &name[..name.len() - 1] } else { name };
            if super::is_shell_name(name) {
                self.name = Some(name.to_vec());
                self.text = SecretBuffer::new();
                self.is_expanded = appends;
                self.tilde_counts = true;
                return;
            }
        }
        self.is_expanded |= byte == b'~' && self.tilde_counts;
        self.has_braces |= byte == b'{';
        self.tilde_counts = byte == b':' && self.name.is_some();
        self.text.push(byte);
    }
}

fn single(cursor: &mut Cursor<'_>, word: &mut Word) -> Result<(), RefusalKind> {
    cursor.skip(1);
    let inner = cursor.skip_while(|byte| byte != b'\'');
    word.quoted(inner);
    if cursor.take(b"'") {
        Ok(())
    } else {
        Err(RefusalKind::UnterminatedQuote)
    }
}

fn double(cursor: &mut Cursor<'_>, word: &mut Word) -> Result<(), RefusalKind> {
    cursor.skip(1);
    word.quoted(b"");
    loop {
        match cursor.peek().ok_or(RefusalKind::UnterminatedQuote)? {
            b'"' => {
                cursor.skip(1);
                return Ok(());
            }
            b'\\' => {
                cursor.skip(1);
                match cursor.next().ok_or(RefusalKind::UnterminatedQuote)? {
                    b'\n' => {}
                    escaped @ (b'$' | b'`' | b'"' | b'\\') => word.quoted(&[escaped]),
                    other => word.quoted(&[b'\\', other]),
                }
            }
            b'`' => backticks(cursor, word)?,
            b'$' => dollar(cursor, word, true)?,
            byte => {
                cursor.skip(1);
                word.quoted(&[byte]);
            }
        }
    }
}

/// Passes a command in backticks.
fn backticks(cursor: &mut Cursor<'_>, word: &mut Word) -> Result<(), RefusalKind> {
    cursor.skip(1);
    word.is_executed = true;
    simple_until(cursor, b'`')
}

/// Passes what a `$` starts.
fn dollar(cursor: &mut Cursor<'_>, word: &mut Word, in_quotes: bool) -> Result<(), RefusalKind> {
    cursor.skip(1);
    match cursor.peek() {
        Some(b'(') => {
            cursor.skip(1);
            word.is_executed = true;
            simple_until(cursor, b')')
        }
        Some(b'{') => {
            cursor.skip(1);
            word.is_expanded = true;
            simple_until(cursor, b'}')
        }
        Some(b'[') => {
            cursor.skip(1);
            word.is_expanded = true;
            simple_until(cursor, b']')
        }
        // `$'…'` and `$"…"` are quotes of bash only.
        Some(b'\'' | b'"') if !in_quotes => Err(RefusalKind::ShellProgram),
        Some(first) if first == b'_' || first.is_ascii_alphabetic() => {
            cursor.skip_while(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
            word.is_expanded = true;
            Ok(())
        }
        Some(b'0'..=b'9' | b'*' | b'@' | b'#' | b'?' | b'-' | b'$' | b'!') => {
            cursor.skip(1);
            word.is_expanded = true;
            Ok(())
        }
        _ if in_quotes => {
            word.quoted(b"$");
            Ok(())
        }
        _ => {
            word.bare(b'$');
            Ok(())
        }
    }
}

/// Passes text up to `end`; text that could hide an end is refused.
fn simple_until(cursor: &mut Cursor<'_>, end: u8) -> Result<(), RefusalKind> {
    let inner = cursor.skip_while(|byte| byte != end && !b"'\"`\\$(){}[]#\n<".contains(&byte));
    if end == b'}' && inner.is_empty() {
        return Err(RefusalKind::ShellProgram);
    }
    if cursor.peek() == Some(end) {
        cursor.skip(1);
        Ok(())
    } else {
        Err(RefusalKind::ShellProgram)
    }
}
