//! Changing one variable of an env file and nothing else.

use std::ops::Range;

use thiserror::Error;

use crate::dotenv::assignment;
use crate::dotenv::dialect::Dialect;
use crate::dotenv::dialect::Refusal;
use crate::dotenv::edit_place::Place;
use crate::dotenv::edit_terms::Terms;
use crate::dotenv::file::EnvFile;
use crate::dotenv::line::Content;
use crate::dotenv::line::Entry;
use crate::dotenv::line::Line;
use crate::secret::SecretBuffer;
use crate::secret::SecretValue;

/// What an edit did.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Edit {
    /// How.
    pub change: Change,
    /// The line of the variable now, counted from 1.
    pub line: u32,
    /// The lines of earlier assignments of the same name, which do not count but were left as they are.
    pub shadowed: Vec<u32>,
}

/// How a file was changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// A line was added at the end.
    Added,
    /// A switched-off assignment was switched on.
    CommentedIn,
    /// The value of a line was replaced.
    Replaced,
    /// The value was there already.
    Unchanged,
}

/// Why a variable was not set. The file is as it was.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum EditError {
    /// The name cannot stand in an env file.
    #[error("a name has letters, digits, `_`, `.` and `-` only")]
    InvalidName,
    /// The reader takes nothing of this file, whatever is written into it.
    #[error("{} refuses the file: {refusal}", .dialect.reader())]
    Refused {
        /// The reader.
        dialect: Dialect,
        /// Why.
        refusal: Refusal,
    },
    /// No spelling on this line is read back as the value.
    #[error("line {line}: no spelling of the value survives here{}", named(.dialects))]
    Unspellable {
        /// The line, counted from 1.
        line: u32,
        /// Those that read none of the spellings, or all that were asked for when no one spelling fits them all.
        dialects: Vec<Dialect>,
    },
}

fn named(dialects: &[Dialect]) -> String {
    if dialects.is_empty() {
        return String::new();
    }
    let readers: Vec<&str> = dialects.iter().map(|dialect| dialect.reader()).collect();
    format!(" in {}", readers.join(", "))
}

impl EnvFile {
    /// Gives `name` a value, so that each of `dialects` reads exactly it, and everything else as before.
    ///
    /// The assignment that counts is changed in place: `export`, spacing, quotes and the comment behind it stay, and
    /// so does every other byte of the file. Without one, a switched-off assignment is switched on; without that, a
    /// line is added, with the line end of the file.
    ///
    /// # Errors
    ///
    /// When no spelling survives in all of `dialects` and in this reader. The file is as it was then.
    pub fn set(&mut self, name: &str, value: &SecretValue, dialects: &[Dialect]) -> Result<Edit, EditError> {
        if name.is_empty() || !name.bytes().all(assignment::is_name_byte) {
            return Err(EditError::InvalidName);
        }
        let terms = Terms::new(self, name, value, dialects);
        let shadowed = self.shadowed(name);
        let (place, change) = self.place_for(name);
        let at = place.line;
        if change == Change::Replaced && terms.hold(self) {
            let change = Change::Unchanged;
            return Ok(Edit {
                change,
                line: at,
                shadowed,
            });
        }
        let edited = place.candidates(value).map(|source| Self::parse(source.expose()));
        let Some(edited) = edited.into_iter().find(|file| terms.hold(file)) else {
            let failing = terms.failing(place.candidates(value));
            return Err(terms.refused().unwrap_or(EditError::Unspellable {
                line: at,
                dialects: failing,
            }));
        };
        *self = edited;
        let line = self.last(name).map_or(at, Entry::line);
        Ok(Edit {
            change,
            line,
            shadowed,
        })
    }

    /// Switches the last switched-off assignment of `name` on, with the value that stands there.
    ///
    /// Returns `None`, and changes nothing, when there is none or `name` is assigned already.
    pub fn comment_in(&mut self, name: &str) -> Option<Edit> {
        if self.last(name).is_some() {
            return None;
        }
        let (line, _) = self.switched_off(name)?;
        let marks = self.comment_marks(line);
        let number = line.number();
        let edited = Self::parse(without(self.source(), marks).expose());
        edited.last(name)?;
        *self = edited;
        Some(Edit {
            change: Change::CommentedIn,
            line: number,
            shadowed: Vec::new(),
        })
    }

    /// Takes every assignment of `name` out, since an earlier one would count without the last. Returns their lines.
    ///
    /// Comments stay, those that are switched-off assignments of the name too.
    pub fn remove(&mut self, name: &str) -> Vec<u32> {
        let is_of_name =
            |line: &&Line| matches!(line.content(), Content::Entry(entry) if entry.name() == name);
        let removed: Vec<u32> = self.lines().iter().filter(is_of_name).map(Line::number).collect();
        if removed.is_empty() {
            return removed;
        }
        let mark = self.byte_order_mark();
        let mut kept = SecretBuffer::new();
        kept.extend(&self.source().expose()[..mark]);
        let mut gone = mark;
        for line in self.lines() {
            let span = line.span();
            if is_of_name(&line) {
                gone = self.whole_of(line);
            } else if span.end > gone {
                kept.extend(&self.source().expose()[span.start.max(mark)..span.end]);
            }
        }
        *self = Self::parse(kept.finish().expose());
        removed
    }

    /// Returns where a line ends, with the lines of a PEM block that nobody put in quotes.
    fn whole_of(&self, line: &Line) -> usize {
        let end = line.span().end;
        let Content::Entry(entry) = line.content() else {
            return end;
        };
        let source = self.source().expose();
        let value = &source[entry.value_span()];
        if !value.starts_with(b"-----BEGIN") {
            return end;
        }
        let below = self.lines().iter().filter(|below| below.span().start >= end);
        let mut block = below.take_while(|below| matches!(below.content(), Content::Unreadable));
        let last = block.find(|below| source[below.span()].trim_ascii().starts_with(b"-----END"));
        last.map_or(end, |last| last.span().end)
    }

    fn shadowed(&self, name: &str) -> Vec<u32> {
        let mut lines: Vec<u32> = self
            .entries()
            .filter(|entry| entry.name() == name)
            .map(Entry::line)
            .collect();
        lines.pop();
        lines
    }

    fn assigned(&self, name: &str) -> Option<(&Line, &Entry)> {
        self.lines().iter().rev().find_map(|line| match line.content() {
            Content::Entry(entry) if entry.name() == name => Some((line, entry)),
            _ => None,
        })
    }

    fn switched_off(&self, name: &str) -> Option<(&Line, &Entry)> {
        self.lines().iter().rev().find_map(|line| match line.content() {
            Content::CommentedOut(entry) if entry.name() == name => Some((line, entry)),
            _ => None,
        })
    }

    /// Returns the bytes that make a comment of a line: `#` and the white space behind it.
    fn comment_marks(&self, line: &Line) -> Range<usize> {
        let source = self.source().expose();
        let start = line.span().start.max(self.byte_order_mark());
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
        let first = start + source[start..].iter().take_while(blank).count();
        let marks = source[first..]
            .iter()
            .take_while(|byte| blank(byte) || **byte == b'#')
            .count();
        first..first + marks
    }

    /// Returns where the value of `name` goes, and what that change is called.
    fn place_for(&self, name: &str) -> (Place<'_>, Change) {
        let source = self.source().expose();
        if let Some((line, entry)) = self.assigned(name) {
            let place = Place::of_entry(source, entry, 0..0);
            let whole = self.whole_of(line);
            let place = if whole > line.span().end {
                place.up_to(source[..whole].trim_ascii_end().len())
            } else {
                place
            };
            return (place, Change::Replaced);
        }
        if let Some((line, entry)) = self.switched_off(name) {
            let marks = self.comment_marks(line);
            return (Place::of_entry(source, entry, marks), Change::CommentedIn);
        }
        let mark = self.byte_order_mark();
        (Place::at_end(source, mark, name), Change::Added)
    }
}

fn without(source: &SecretValue, place: Range<usize>) -> SecretValue {
    let mut out = SecretBuffer::new();
    out.extend(&source.expose()[..place.start]);
    out.extend(&source.expose()[place.end..]);
    out.finish()
}
