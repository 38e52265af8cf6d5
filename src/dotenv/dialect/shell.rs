//! A file that `sh` or `bash` sources.

use crate::dotenv::dialect::cursor::Cursor;
use crate::dotenv::dialect::reading::Outcome;
use crate::dotenv::dialect::reading::Reading;
use crate::dotenv::dialect::reading::RefusalKind;
use crate::dotenv::dialect::shell_word;
use crate::dotenv::dialect::shell_word::Word;

/// Reads assignments, alone or behind `export`, as both dash and bash do. What follows other words is a command that
/// runs. Keywords, here documents, arrays and nested expansions are refused: that is a program.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let mut reading = Reading::default();
    let mut cursor = Cursor::new(bytes);
    while !cursor.is_at_end() {
        let line = cursor.line();
        if let Err(kind) = command(&mut cursor, &mut reading) {
            reading.refuse(line, kind);
            break;
        }
    }
    reading
}

/// How a simple command ends.
#[derive(Clone, Copy, Eq, PartialEq)]
enum End {
    /// At the end of the line, or at a `;`.
    Plain,
    /// In a child process or with a redirection: what it assigns is lost.
    Elsewhere,
}

fn command(cursor: &mut Cursor<'_>, reading: &mut Reading) -> Result<(), RefusalKind> {
    let mut words = Vec::new();
    let mut redirected = false;
    let end = loop {
        skip_blanks(cursor);
        match cursor.peek() {
            None => break End::Plain,
            Some(b'#') => {
                cursor.skip_line();
            }
            Some(b'\n') => {
                cursor.skip(1);
                break End::Plain;
            }
            Some(b';' | b'&' | b'|') => break operator(cursor, words.is_empty() && !redirected)?,
            Some(b'(' | b')') => return Err(RefusalKind::SyntaxError),
            Some(b'<' | b'>') => {
                redirection(cursor)?;
                redirected = true;
            }
            Some(_) => words.push(shell_word::read(cursor)?),
        }
    };
    let end = if redirected { End::Elsewhere } else { end };
    finish(words, end, reading)
}

/// Notes what the words of one command assign.
fn finish(words: Vec<Word>, end: End, reading: &mut Reading) -> Result<(), RefusalKind> {
    let first = words.iter().position(|word| word.name.is_none());
    if first.is_some_and(|first| words[first].is_keyword()) {
        return Err(RefusalKind::ShellProgram);
    }
    let is_export = first == Some(0) && words[0].is_plain(b"export");
    let runs_command = first.is_some() && !is_export;
    for word in words {
        let Some(name) = word.name else { continue };
        let outcome = if runs_command || end == End::Elsewhere || word.is_executed {
            Outcome::Executed
        } else if word.is_expanded || is_export && word.has_braces {
            Outcome::Expanded
        } else {
            Outcome::Value(word.text.finish())
        };
        reading.push(&name, word.line, outcome);
    }
    Ok(())
}

fn operator(cursor: &mut Cursor<'_>, is_empty: bool) -> Result<End, RefusalKind> {
    if is_empty {
        return Err(RefusalKind::SyntaxError);
    }
    let rest = cursor.rest();
    if rest.starts_with(b"&&") || rest.starts_with(b"||") || rest.starts_with(b";;") {
        return Err(RefusalKind::ShellProgram);
    }
    let end = if cursor.peek() == Some(b';') {
        End::Plain
    } else {
        End::Elsewhere
    };
    cursor.skip(1);
    if rest.first() == Some(&b'|') {
        return Err(RefusalKind::ShellProgram);
    }
    Ok(end)
}

/// Passes one redirection to or from a file.
fn redirection(cursor: &mut Cursor<'_>) -> Result<(), RefusalKind> {
    let rest = cursor.rest();
    if rest.starts_with(b"<<") || matches!(rest.get(1), Some(b'&' | b'(' | b'|')) {
        return Err(RefusalKind::ShellProgram);
    }
    cursor.skip(if rest.starts_with(b">>") || rest.starts_with(b"<>") {
        2
    } else {
        1
    });
    skip_blanks(cursor);
    match cursor.peek() {
        None | Some(b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' | b'#') => {
            Err(RefusalKind::SyntaxError)
        }
        Some(_) => shell_word::read(cursor).map(|_| ()),
    }
}

/// Passes blanks and continued lines.
fn skip_blanks(cursor: &mut Cursor<'_>) {
    loop {
        let blanks = cursor.skip_while(|byte| matches!(byte, b' ' | b'\t'));
        if blanks.is_empty() && !cursor.take(b"\\\n") {
            break;
        }
    }
}

impl Word {
    /// Returns whether the word is this one, spelled without quotes.
    fn is_plain(&self, text: &[u8]) -> bool {
        !self.is_quoted && !self.is_expanded && !self.is_executed && self.text.expose() == text
    }

    fn is_keyword(&self) -> bool {
        KEYWORDS.iter().any(|keyword| self.is_plain(keyword.as_bytes()))
    }
}

/// Reserved words, and builtins that change how later lines are read or end the file.
const KEYWORDS: &[&str] = &[
    "!",
    "[[",
    "]]",
    "alias",
    "break",
    "builtin",
    "case",
    "command",
    "continue",
    "coproc",
    "declare",
    "do",
    "done",
    "elif",
    "else",
    "enable",
    "esac",
    "eval",
    "exec",
    "exit",
    "fi",
    "for",
    "function",
    "if",
    "in",
    "let",
    "local",
    "logout",
    "mapfile",
    "printf",
    "read",
    "readarray",
    "readonly",
    "return",
    "select",
    "set",
    "shift",
    "shopt",
    "source",
    ".",
    "then",
    "time",
    "trap",
    "typeset",
    "ulimit",
    "unalias",
    "unset",
    "until",
    "while",
    "{",
    "}",
];
