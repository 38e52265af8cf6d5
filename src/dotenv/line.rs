//! Lines of an env file and what can be wrong with them.

use std::fmt;
use std::ops::Range;

use thiserror::Error;

use crate::secret::SecretValue;

/// One line with its terminator; a quoted value may stretch it over several physical lines.
#[derive(Debug)]
pub struct Line {
    pub(super) span: Range<usize>,
    pub(super) number: u32,
    pub(super) content: Content,
}

impl Line {
    /// Returns the bytes of the input that the line covers, terminator included.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns the number of its first physical line, counted from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Returns what the line holds.
    pub fn content(&self) -> &Content {
        &self.content
    }
}

/// What a line holds.
#[derive(Debug)]
#[non_exhaustive]
pub enum Content {
    /// White space only.
    Blank,
    /// A comment.
    Comment,
    /// A comment that looks like an assignment somebody switched off.
    CommentedOut(Entry),
    /// An assignment.
    Entry(Entry),
    /// Anything else; a [`Problem`] says what.
    Unreadable,
}

/// One assignment. `Debug` shows neither the value nor the comments, which may hold one.
pub struct Entry {
    pub(super) name: String,
    pub(super) value: SecretValue,
    pub(super) line: u32,
    pub(super) comment: Option<String>,
    pub(super) note: Option<String>,
    pub(super) quote: Quote,
    pub(super) exported: bool,
    pub(super) value_span: Range<usize>,
}

impl Entry {
    /// Returns the name as the file spells it; it need not be a [`SecretName`](crate::secret::SecretName).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value as most readers see it.
    pub fn value(&self) -> &SecretValue {
        &self.value
    }

    /// Returns the number of the line it starts on, counted from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Returns the comment lines directly above, joined with spaces and trimmed.
    pub fn comment(&self) -> Option<&str> {
        self.comment.as_deref()
    }

    /// Returns the comment behind the value, on the same line.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Returns the sign at which a value without quotes ended although the line goes on.
    pub fn cut_at(&self) -> Option<char> {
        (self.quote == Quote::None && self.note.is_some()).then_some('#')
    }

    /// Returns the quotes around the value.
    pub fn quote(&self) -> Quote {
        self.quote
    }

    /// Returns whether `export` stands in front.
    pub fn is_exported(&self) -> bool {
        self.exported
    }

    /// Returns the bytes of the input that spell the value, quotes included.
    pub fn value_span(&self) -> Range<usize> {
        self.value_span.clone()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("name", &self.name)
            .field("value", &self.value)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// The quotes around a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Quote {
    /// `` ` ``: a quote for node only.
    Backtick,
    /// `"`: escapes count.
    Double,
    /// None.
    None,
    /// `'`: only `\'` is an escape.
    Single,
}

/// One thing wrong with a line. It never holds a character of a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: u32,
    /// The variable, where the line has a readable name.
    pub name: Option<String>,
    /// What is wrong.
    pub kind: ProblemKind,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "line {}: `{name}`: {}", self.line, self.kind),
            None => write!(f, "line {}: {}", self.line, self.kind),
        }
    }
}

/// What can be wrong with a line.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A UTF-8 byte order mark, which some readers take into the first name.
    #[error("the file starts with a byte order mark, which some readers take into the first name")]
    ByteOrderMark,
    /// A line end of Windows; reported once a file.
    #[error("lines end in CR LF, and a shell takes the CR into the value")]
    CarriageReturn,
    /// What a failed merge left.
    #[error("a merge conflict is not resolved")]
    ConflictMarker,
    /// The name was assigned before.
    #[error("assigned twice, first on line {earlier}: most readers take the last")]
    Duplicate {
        /// The line of the assignment before this one.
        earlier: u32,
    },
    /// An unquoted value with a `#` that some readers take for a comment.
    #[error("readers disagree whether the `#` starts a comment: put the value in quotes")]
    HashInValue,
    /// A name alone: some readers skip it, some take the value from their own environment.
    #[error("no `=`: some readers skip the line, some inherit the variable")]
    MissingEquals,
    /// Bytes that are not UTF-8.
    #[error("not UTF-8: some readers refuse the file")]
    NotUtf8,
    /// Text behind a closing quote.
    #[error("text follows the closing quote")]
    TextAfterQuote,
    /// A PEM block over several lines without quotes; only its first line counts.
    #[error("a PEM block without quotes: readers see its first line only")]
    UnquotedPem,
    /// Neither an assignment nor a comment.
    #[error("neither an assignment nor a comment")]
    Unreadable,
    /// A quote that nothing closes.
    #[error("the opening quote is never closed")]
    UnterminatedQuote,
}

impl ProblemKind {
    /// Returns a stable id for reports.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "byte-order-mark",
            Self::CarriageReturn => "carriage-return",
            Self::ConflictMarker => "conflict-marker",
            Self::Duplicate { .. } => "duplicate",
            Self::HashInValue => "hash-in-value",
            Self::MissingEquals => "missing-equals",
            Self::NotUtf8 => "not-utf8",
            Self::TextAfterQuote => "text-after-quote",
            Self::UnquotedPem => "unquoted-pem",
            Self::Unreadable => "unreadable-line",
            Self::UnterminatedQuote => "unterminated-quote",
        }
    }
}
