//! Many changes to one env file, line by line.
//!
//! [`EnvFile::set`] reads the whole file again for every variable. Here each line is edited as a file of its own, and
//! the whole is read once more at the end, which must show exactly what was asked for and everything else as before.

use std::collections::HashMap;
use std::collections::HashSet;
use std::ops::Range;

use crate::adapters::sinks::variables::Assignment;
use crate::dotenv::Content;
use crate::dotenv::Dialect;
use crate::dotenv::EditError;
use crate::dotenv::Entry;
use crate::dotenv::EnvFile;
use crate::dotenv::Line;
use crate::secret::SecretBuffer;
use crate::secret::SecretValue;

/// Returns the file with all assignments made, in time that is linear in its length; `None` where a line cannot be
/// edited by itself.
pub(super) fn edited(file: &EnvFile, all: &[&Assignment]) -> Option<EnvFile> {
    let places = Places::of(file);
    let names: HashSet<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    if names.len() != all.len() {
        return None;
    }
    let mut pieces: Vec<(Range<usize>, SecretValue)> = Vec::new();
    let mut tail = SecretBuffer::new();
    for (name, value) in all {
        match (value, places.last(name)) {
            (None, _) => pieces.extend(
                places
                    .spans(name)
                    .map(|span| (span, SecretValue::new(Vec::new()))),
            ),
            (Some(value), Some(span)) => {
                let mut line = EnvFile::parse(&file.source().expose()[span.clone()]);
                set(&mut line, name, value).ok()?;
                pieces.push((span, copy(line.source())));
            }
            (Some(value), None) => {
                let mut line = EnvFile::parse(b"");
                set(&mut line, name, value).ok()?;
                tail.extend(line.source().expose());
            }
        }
    }
    let source = file.source().expose();
    let appends_plainly = source.is_empty() || source.ends_with(b"\n") && !source.contains(&b'\r');
    if !tail.is_empty() && !appends_plainly {
        return None;
    }
    pieces.sort_by_key(|(span, _)| span.start);
    let edited = EnvFile::parse(joined(source, &pieces, &tail).expose());
    (holds(&edited, all) && rest(file, &names).eq(rest(&edited, &names))).then_some(edited)
}

/// Sets one variable. A value of plain characters is spelled alike for every reader; any other is written so that
/// all of them read it, or, where no spelling does that, as most do.
///
/// # Errors
///
/// When no spelling of the value survives. The file is as it was then.
pub(super) fn set(file: &mut EnvFile, name: &str, value: &SecretValue) -> Result<(), EditError> {
    if !value.expose().iter().all(is_plain) && file.set(name, value, &Dialect::ALL).is_ok() {
        return Ok(());
    }
    file.set(name, value, &[]).map(|_| ())
}

/// Returns whether every reader of env files takes the character as it is, without quotes.
fn is_plain(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-./+:=".contains(byte)
}

/// Where the lines of each variable are.
struct Places<'a> {
    assigned: HashMap<&'a str, Vec<&'a Line>>,
    switched_off: HashMap<&'a str, &'a Line>,
}

impl<'a> Places<'a> {
    fn of(file: &'a EnvFile) -> Self {
        let mut places = Self {
            assigned: HashMap::new(),
            switched_off: HashMap::new(),
        };
        for line in file.lines() {
            match line.content() {
                Content::Entry(entry) => places.assigned.entry(entry.name()).or_default().push(line),
                Content::CommentedOut(entry) => drop(places.switched_off.insert(entry.name(), line)),
                _ => {}
            }
        }
        places
    }

    fn spans(&self, name: &str) -> impl Iterator<Item = Range<usize>> {
        let lines = self.assigned.get(name).map(Vec::as_slice).unwrap_or_default();
        lines.iter().map(|line| line.span())
    }

    /// Returns the line that is to hold the value: the assignment that counts, or the last one that is switched off.
    fn last(&self, name: &str) -> Option<Range<usize>> {
        let switched_off = || self.switched_off.get(name).map(|line| line.span());
        self.spans(name).last().or_else(switched_off)
    }
}

fn joined(source: &[u8], pieces: &[(Range<usize>, SecretValue)], tail: &SecretBuffer) -> SecretValue {
    let mut out = SecretBuffer::new();
    let mut from = 0;
    for (span, text) in pieces {
        out.extend(&source[from..span.start]);
        out.extend(text.expose());
        from = span.end;
    }
    out.extend(&source[from..]);
    out.extend(tail.expose());
    out.finish()
}

fn holds(file: &EnvFile, all: &[&Assignment]) -> bool {
    all.iter()
        .all(|(name, value)| file.last(name).map(Entry::value) == value.as_ref())
}

/// Returns the assignments of all other variables.
fn rest<'a>(file: &'a EnvFile, names: &'a HashSet<&str>) -> impl Iterator<Item = (&'a str, &'a SecretValue)> {
    file.entries()
        .filter(|entry| !names.contains(entry.name()))
        .map(|entry| (entry.name(), entry.value()))
}

fn copy(value: &SecretValue) -> SecretValue {
    SecretValue::new(value.expose().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, all: &[(&str, Option<&str>)]) -> Option<String> {
        let value = |text: &str| SecretValue::new(text.as_bytes().to_vec());
        let all: Vec<Assignment> = all
            .iter()
            .map(|(name, held)| ((*name).to_owned(), held.map(value)))
            .collect();
        let all: Vec<&Assignment> = all.iter().collect();
        let edited = edited(&EnvFile::parse(text.as_bytes()), &all)?;
        Some(String::from_utf8(edited.source().expose().to_vec()).unwrap())
    }

    #[test]
    fn lines_are_changed_in_place_switched_on_added_and_taken_out() {
        let text = "\u{feff}A='1' # a\n# BB=old\nC=3\nC=4\nexport D=\"x\ny\"\n";

        let edited = after(
            text,
            &[
                ("A", Some("new")),
                ("BB", Some("2")),
                ("C", None),
                ("E", Some("5")),
            ],
        );

        assert_eq!(
            edited.as_deref(),
            Some("\u{feff}A='new' # a\nBB=2\nexport D=\"x\ny\"\nE=5\n")
        );
    }

    #[test]
    fn what_a_line_alone_cannot_tell_is_left_to_the_whole_file() {
        assert_eq!(
            after("A=1", &[("B", Some("2"))]),
            None,
            "the last line has no end"
        );
        assert_eq!(after("A=1\r\n", &[("B", Some("2"))]), None, "other line ends");
        assert_eq!(
            after("A=1\n", &[("A", Some("2")), ("A", Some("3"))]),
            None,
            "twice"
        );
        assert_eq!(after("A=1\r\n", &[("A", Some("2"))]).as_deref(), Some("A=2\r\n"));
    }
}
