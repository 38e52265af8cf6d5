//! YAML as a tree in which every scalar knows where it begins.
//!
//! The tree is for comparing a text before and after an edit: aliases are not followed, so that it is never larger
//! than the text.

use std::fmt;

use saphyr_parser::Event;
use saphyr_parser::Parser;
use saphyr_parser::ScalarStyle;
use saphyr_parser::Span;
use saphyr_parser::StrInput;
use zeroize::Zeroizing;

/// A value and where it is. Two of them are equal when they mean the same, wherever they are.
#[derive(Clone)]
pub(super) struct Node {
    /// What it is.
    pub datum: Datum,
    /// Whether it has an anchor or a tag.
    pub is_marked: bool,
    /// Where it begins, as the parser counts.
    pub place: Place,
}

/// What a value is.
#[derive(Clone, PartialEq)]
pub(super) enum Datum {
    /// Another name of a value.
    Alias(usize),
    /// Keys and values in the order of the text.
    Map(Vec<(Node, Node)>),
    /// Values in the order of the text.
    Sequence(Vec<Node>),
    /// A text; a plain one may stand for a number or for nothing.
    Scalar { text: Zeroizing<String>, is_plain: bool },
}

/// A place in a text: characters from its start, lines from 1, columns from 0.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    /// Characters from the start.
    pub index: usize,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// The line on which it is over, for texts of several lines the one after it.
    pub end_line: usize,
    /// Whether it is a text of several lines behind `|` or `>`.
    pub is_block: bool,
    /// Whether it is a list or mapping in brackets or braces.
    pub is_flow: bool,
}

/// A document of a text.
#[derive(Clone, PartialEq)]
pub(super) struct Document {
    /// Its value.
    pub root: Node,
    /// Where its value is over.
    pub end: End,
}

/// The end of a document; all are equal.
#[derive(Clone, Copy)]
pub(super) struct End(pub usize);

impl PartialEq for End {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.datum == other.datum && self.is_marked == other.is_marked
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node")
            .field("line", &self.place.line)
            .finish_non_exhaustive()
    }
}

impl Node {
    /// A text that is nothing but a text.
    pub(super) fn quoted(text: &str) -> Self {
        Self::scalar(text, false)
    }

    /// A text that may stand for a number or for nothing.
    pub(super) fn plain(text: &str) -> Self {
        Self::scalar(text, true)
    }

    fn scalar(text: &str, is_plain: bool) -> Self {
        let text = Zeroizing::new(text.to_owned());
        Self::of(Datum::Scalar { text, is_plain })
    }

    /// A value that is nowhere yet.
    pub(super) fn of(datum: Datum) -> Self {
        Self {
            datum,
            is_marked: false,
            place: Place::default(),
        }
    }

    /// Returns the text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.datum {
            Datum::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Returns the entries of a mapping.
    pub(super) fn entries(&self) -> Option<&[(Self, Self)]> {
        match &self.datum {
            Datum::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the key and the value of an entry.
    pub(super) fn entry(&self, key: &str) -> Option<(&Self, &Self)> {
        let entry = self
            .entries()?
            .iter()
            .find(|(known, _)| known.text() == Some(key))?;
        Some((&entry.0, &entry.1))
    }

    /// Returns the value of an entry.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Returns whether it stands for nothing.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.datum, Datum::Scalar { text, is_plain: true } if NULLS.contains(&text.as_str()))
    }
}

/// Reads every document of a text.
///
/// # Errors
///
/// The line of the first mistake, or of a nesting or a key that no manifest has.
pub(super) fn parse(text: &str) -> Result<Vec<Document>, usize> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        line: 1,
    };
    let mut documents = Vec::new();
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => return Ok(documents),
            (Event::DocumentStart(_), _) => {
                let first = reader.next()?;
                let (root, end) = reader.node(first, 0)?;
                documents.push(Document { root, end });
            }
            _ => {}
        }
    }
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    line: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span), usize> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                self.line = span.start.line();
                Ok((event, span))
            }
            Some(Err(error)) => Err(error.marker().line()),
            None => Err(self.line),
        }
    }

    fn node(&mut self, (event, span): (Event<'t>, Span), depth: usize) -> Result<(Node, End), usize> {
        if depth > DEEPEST {
            return Err(span.start.line());
        }
        let mut place = Place {
            index: span.start.index(),
            line: span.start.line(),
            column: span.start.col(),
            end_line: span.end.line(),
            is_block: false,
            is_flow: span.end.index() > span.start.index(),
        };
        let mut end = End(span.end.index());
        let (datum, is_marked) = match event {
            Event::Alias(number) => (Datum::Alias(number), false),
            Event::Scalar(text, style, anchor, tag) => {
                place.is_flow = false;
                place.is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let text = Zeroizing::new(text.into_owned());
                let is_plain = style == ScalarStyle::Plain;
                (Datum::Scalar { text, is_plain }, anchor != 0 || tag.is_some())
            }
            Event::SequenceStart(anchor, tag) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        next => items.push(self.node(next, depth + 1)?.0),
                    }
                }
                (Datum::Sequence(items), anchor != 0 || tag.is_some())
            }
            Event::MappingStart(anchor, tag) => {
                let mut entries: Vec<(Node, Node)> = Vec::new();
                loop {
                    let next = self.next()?;
                    if let (Event::MappingEnd, span) = &next {
                        end = End(span.start.index());
                        break;
                    }
                    let (key, _) = self.node(next, depth + 1)?;
                    let is_twice = entries.iter().any(|(known, _)| known == &key);
                    if key.text().is_none() || is_twice {
                        return Err(key.place.line);
                    }
                    let value = self.next()?;
                    entries.push((key, self.node(value, depth + 1)?.0));
                }
                (Datum::Map(entries), anchor != 0 || tag.is_some())
            }
            _ => return Err(span.start.line()),
        };
        let node = Node {
            datum,
            is_marked,
            place,
        };
        Ok((node, end))
    }
}

/// Deepest nesting that is read.
const DEEPEST: usize = 64;

/// What stands for nothing.
const NULLS: [&str; 5] = ["", "~", "null", "Null", "NULL"];
