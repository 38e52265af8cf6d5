//! Where an edit writes a value, and what the file may look like then.

use std::ops::Range;

use crate::dotenv::line::Entry;
use crate::dotenv::line::Quote;
use crate::dotenv::reader::count_lines;
use crate::dotenv::spelling::Spelling;
use crate::dotenv::spelling::spellings;
use crate::secret::SecretBuffer;
use crate::secret::SecretValue;

/// Where a value is written.
pub(super) struct Place<'a> {
    source: &'a [u8],
    /// What is left out before it.
    dropped: Range<usize>,
    /// What it replaces.
    value: Range<usize>,
    /// Where an empty value could stand as well: directly behind the sign, with the white space behind it.
    tight: Option<usize>,
    before: Vec<u8>,
    after: Vec<u8>,
    quote: Quote,
    is_escaped: bool,
    pub(super) line: u32,
}

impl<'a> Place<'a> {
    /// The value of an assignment, without the bytes `dropped` in front of its name.
    pub(super) fn of_entry(source: &'a [u8], entry: &Entry, dropped: Range<usize>) -> Self {
        let value = entry.value_span();
        let blanks = source[..value.start]
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        Self {
            source,
            dropped,
            tight: (value.is_empty() && blanks > 0).then(|| value.start - blanks),
            is_escaped: source[value.clone()].windows(2).any(|pair| pair == b"\\n"),
            value,
            before: Vec::new(),
            after: Vec::new(),
            quote: entry.quote(),
            line: entry.line(),
        }
    }

    /// The same, where the value goes on up to `end` on lines that only a person takes for a part of it.
    pub(super) fn up_to(mut self, end: usize) -> Self {
        self.value.end = end;
        self
    }

    /// A new line at the end. A file whose last line has no end gets one in front, and has none behind.
    pub(super) fn at_end(source: &'a [u8], mark: usize, name: &str) -> Self {
        let line_end: &[u8] = match source.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(place) if source[place..].starts_with(b"\r\n") => b"\r\n",
            Some(place) if source[place] == b'\r' => b"\r",
            _ => b"\n",
        };
        let is_ended = source.len() <= mark || matches!(source.last(), Some(b'\n' | b'\r'));
        let assignment = [name.as_bytes(), b"="].concat();
        let (before, after) = if is_ended {
            (assignment, line_end.to_vec())
        } else {
            ([line_end, &assignment].concat(), Vec::new())
        };
        Self {
            source,
            dropped: 0..0,
            value: source.len()..source.len(),
            tight: None,
            before,
            after,
            quote: Quote::None,
            is_escaped: false,
            line: count_lines(source).saturating_add(1),
        }
    }

    /// Returns the files that hold `value` here, the one that looks most like before first.
    pub(super) fn candidates(&self, value: &SecretValue) -> impl Iterator<Item = SecretValue> {
        let mut ways = spellings(value);
        // Quotes with escapes that were not there before are read by fewer than other quotes.
        let rank = |way: &Spelling| {
            let is_plain = way.text.len() <= value.len() + 2 && !way.is_escaped;
            match way.quote == self.quote {
                true if way.is_escaped && self.is_escaped => 0,
                true if is_plain => 1,
                _ => 2,
            }
        };
        // A bare value stays bare only where every reader takes it so; `spellings` puts it first then.
        let bare_first = ways.first().is_some_and(|way| way.quote == Quote::None);
        if self.quote != Quote::None || bare_first {
            ways.sort_by_key(rank);
        }
        let places = [Some(self.value.clone()), self.tight.map(|at| at..at)];
        ways.into_iter().flat_map(move |way| {
            places
                .clone()
                .into_iter()
                .flatten()
                .map(move |place| self.with(place, &way))
                .collect::<Vec<_>>()
        })
    }

    fn with(&self, place: Range<usize>, way: &Spelling) -> SecretValue {
        let mut out = SecretBuffer::new();
        if self.dropped.is_empty() {
            out.extend(&self.source[..place.start]);
        } else {
            out.extend(&self.source[..self.dropped.start]);
            out.extend(&self.source[self.dropped.end..place.start]);
        }
        out.extend(&self.before);
        out.extend(way.text.expose());
        out.extend(&self.after);
        out.extend(&self.source[place.end..]);
        out.finish()
    }
}
