//! What a reader of env files finds in one.

use std::fmt;

use thiserror::Error;

use crate::secret::SecretValue;

/// What one dialect reads in a file.
#[derive(Debug, Default)]
pub struct Reading {
    entries: Vec<Found>,
    refusal: Option<Refusal>,
}

impl Reading {
    /// Returns what was found, in the order of the file. After a refusal it is what stood before it.
    pub fn entries(&self) -> &[Found] {
        &self.entries
    }

    /// Returns what became of `name`; of several assignments, the last counts in every dialect.
    pub fn last(&self, name: &str) -> Option<&Found> {
        self.entries.iter().rev().find(|found| found.name == name)
    }

    /// Returns why the reader takes nothing of the file, where it does not.
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    pub(super) fn push(&mut self, name: &[u8], line: u32, outcome: Outcome) {
        self.entries.push(Found {
            name: String::from_utf8_lossy(name).into_owned(),
            line,
            outcome,
        });
    }

    pub(super) fn refuse(&mut self, line: u32, kind: RefusalKind) {
        self.refusal = Some(Refusal { line, kind });
    }
}

/// One variable that a reader found. `Debug` does not show the name: a reader may take a pasted value for one.
pub struct Found {
    name: String,
    line: u32,
    outcome: Outcome,
}

impl Found {
    /// Returns the name as this reader sees it, which may be a whole line that was meant as something else.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the line on which it starts, counted from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Returns what becomes of it.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("line", &self.line)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

/// What becomes of a variable.
#[derive(Debug, Eq, PartialEq)]
pub enum Outcome {
    /// A command runs, and the variable is not set or holds what the command prints.
    Executed,
    /// Other variables are put in, or the shell's own business: what it holds depends on where it is read.
    Expanded,
    /// It is taken from the environment of the reader.
    Inherited,
    /// It is named without a value, and is not set, whatever an earlier line says.
    Unset,
    /// This value, whatever surrounds the reader.
    Value(SecretValue),
}

/// Why a reader takes nothing of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// The line, counted from 1.
    pub line: u32,
    /// Why.
    pub kind: RefusalKind,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.kind)
    }
}

/// Why a reader takes nothing of a file.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum RefusalKind {
    /// A `$` that starts nothing the reader knows.
    #[error("a `$` that starts no variable")]
    InvalidExpansion,
    /// A character that names cannot have.
    #[error("a character that its names cannot have")]
    InvalidName,
    /// More bytes than it takes in one line.
    #[error("a line of 64 KiB or more")]
    LineTooLong,
    /// No name before the `=`.
    #[error("no name before the `=`")]
    MissingName,
    /// Bytes that are not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// A NUL byte, which no environment can hold.
    #[error("a NUL byte, which no environment can hold")]
    Nul,
    /// More than assignments: keywords, here documents, nested expansions.
    #[error("a shell program and not a list of assignments")]
    ShellProgram,
    /// White space in a name, as after `export`.
    #[error("white space in a name, as `export` leaves it")]
    SpaceInName,
    /// The shell cannot parse it.
    #[error("a syntax error of the shell")]
    SyntaxError,
    /// A quote that nothing closes.
    #[error("a quote that is never closed")]
    UnterminatedQuote,
}
