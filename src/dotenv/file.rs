//! A whole env file, line by line and without loss.

use std::collections::HashMap;
use std::fmt;

use crate::dotenv::line::Content;
use crate::dotenv::line::Entry;
use crate::dotenv::line::Line;
use crate::dotenv::line::Problem;
use crate::dotenv::line::ProblemKind;
use crate::dotenv::reader;
use crate::dotenv::reader::BYTE_ORDER_MARK;
use crate::secret::SecretValue;

/// An env file as lines that cover the input byte for byte.
///
/// Nothing is executed, expanded or looked up. The value of an entry is what
/// most readers see; see the [module documentation](crate::dotenv) for the rules.
pub struct EnvFile {
    source: SecretValue,
    lines: Vec<Line>,
    problems: Vec<Problem>,
    last: HashMap<String, usize>,
}

impl EnvFile {
    /// Reads a file that is kept like a value, as one is that holds some.
    pub fn of(content: &SecretValue) -> Self {
        Self::parse(content.expose())
    }

    /// Reads `bytes`. It never fails: what cannot be read is kept as an unreadable line and reported as a problem.
    ///
    /// # Security
    ///
    /// The file and its values are copied into wiped memory; `bytes` stays with the caller, who wipes it.
    pub fn parse(bytes: &[u8]) -> Self {
        let (lines, mut problems) = reader::read(bytes);
        let mut last: HashMap<String, usize> = HashMap::new();
        for (index, line) in lines.iter().enumerate() {
            let Content::Entry(entry) = &line.content else {
                continue;
            };
            if let Some(before) = last.insert(entry.name.clone(), index) {
                problems.push(Problem {
                    line: entry.line,
                    name: Some(entry.name.clone()),
                    kind: ProblemKind::Duplicate {
                        earlier: lines[before].number,
                    },
                });
            }
        }
        problems.sort_by_key(|problem| problem.line);
        Self {
            source: SecretValue::copied_from(bytes),
            lines,
            problems,
            last,
        }
    }

    /// Returns the file, byte for byte as it was read or as edits have left it.
    pub fn source(&self) -> &SecretValue {
        &self.source
    }

    /// Returns the length of the byte order mark at the start.
    pub(super) fn byte_order_mark(&self) -> usize {
        if self.source.expose().starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        }
    }

    /// Returns every line in order. Their spans follow one another without a gap and cover the input.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Returns the assignments in the order of the file, duplicates included.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.lines.iter().filter_map(|line| match &line.content {
            Content::Entry(entry) => Some(entry),
            _ => None,
        })
    }

    /// Returns the assignment of `name` that counts, which is the last one.
    pub fn last(&self, name: &str) -> Option<&Entry> {
        match &self.lines.get(*self.last.get(name)?)?.content {
            Content::Entry(entry) => Some(entry),
            _ => None,
        }
    }

    /// Returns the comments that look like switched-off assignments, `# KEY=value`.
    pub fn commented_out(&self) -> impl Iterator<Item = &Entry> {
        self.lines.iter().filter_map(|line| match &line.content {
            Content::CommentedOut(entry) => Some(entry),
            _ => None,
        })
    }

    /// Returns what is wrong with the file, by line.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter()
    }
}

impl fmt::Debug for EnvFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvFile")
            .field("lines", &self.lines)
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}
