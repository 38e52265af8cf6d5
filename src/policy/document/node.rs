//! A TOML document as a tree in which every key and value knows its place.

use std::fmt;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;

use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyError;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::errors::PolicyErrors;
use crate::policy::nearest;

/// A place in a file: line and column count from 1, columns in characters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Place {
    file: Arc<str>,
    line: u32,
    column: u32,
}

/// Something and the place where it was written.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    pub(crate) place: Place,
    pub(crate) value: T,
}

/// A value of any type at its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) datum: Datum,
}

/// A value of any type.
#[derive(Clone, Debug)]
pub(crate) enum Datum {
    Bool(bool),
    Date(String),
    Float(f64),
    /// `None` where the number does not fit 64 bits.
    Integer(Option<i64>),
    List(Vec<Node>),
    Table(Table),
    Text(String),
}

impl Datum {
    /// Names the type as messages do.
    pub(crate) const fn type_name(&self) -> &'static str {
        match self {
            Self::Bool(_) => "a boolean",
            Self::Date(_) => "a date",
            Self::Float(_) => "a fraction",
            Self::Integer(_) => "a whole number",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Text(_) => "a string",
        }
    }
}

impl fmt::Display for Datum {
    /// Writes the value as TOML does, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Date(text) => f.write_str(text),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Integer(Some(value)) => write!(f, "{value}"),
            Self::Integer(None) => f.write_str("a number beyond 64 bits"),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(|item| item.datum.to_string()).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Self::Table(table) => {
                let entries = table.entries();
                let entries: Vec<String> = entries
                    .map(|(key, node)| format!("{} = {}", key.value, node.datum))
                    .collect();
                write!(f, "{{ {} }}", entries.join(", "))
            }
            Self::Text(text) => write!(f, "{}", toml::Value::String(text.clone())),
        }
    }
}

/// Keys and their values, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table(Vec<(At<String>, Node)>);

impl Table {
    /// Reads TOML.
    ///
    /// # Errors
    ///
    /// The first mistake of syntax; a duplicate key is one.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, PolicyError> {
        let lines = Lines::new(file, text);
        let start = lines.place(0);
        if text.len() > MAX_BYTES {
            let kind = PolicyErrorKind::Large {
                found: text.len(),
                most: MAX_BYTES,
            };
            return Err(start.error(kind, None));
        }
        match DeTable::parse(text) {
            Ok(table) => Ok(lines.table(table.get_ref())),
            Err(error) => {
                let place = error.span().map_or(start, |span| lines.place(span.start));
                let reason = Excerpt::new(error.message());
                Err(place.error(PolicyErrorKind::Syntax { reason }, None))
            }
        }
    }

    /// Returns keys and values in order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &(At<String>, Node)> {
        self.0.iter()
    }

    /// Returns the key as it was written, and the value, of `key`.
    pub(crate) fn entry(&self, key: &str) -> Option<&(At<String>, Node)> {
        self.0.iter().find(|(known, _)| known.value == key)
    }

    /// Puts `over` on top of this table.
    ///
    /// A key that only one of them has stays. Tables are merged key by key; lists directly in the document
    /// (`[[groups]]` and the like) are appended; everything else is replaced by what `over` says.
    pub(crate) fn overlay(&mut self, over: Self, directly: bool) {
        for (key, node) in over.0 {
            let Some(place) = self.0.iter().position(|(known, _)| known.value == key.value) else {
                self.0.push((key, node));
                continue;
            };
            let whole = key.value == CLASSES;
            let (old_key, old) = &mut self.0[place];
            match (&mut old.datum, node.datum) {
                (Datum::Table(below), Datum::Table(above)) if !whole => below.overlay(above, false),
                (Datum::List(below), Datum::List(above)) if directly => below.extend(above),
                (below, above) => *below = above,
            }
            old.place = node.place;
            *old_key = key;
        }
    }
}

impl Place {
    /// Returns the file and the line.
    pub(crate) fn file_and_line(&self) -> (&str, u32) {
        (&self.file, self.line)
    }

    /// Makes the error of something wrong here.
    pub(crate) fn error(&self, kind: PolicyErrorKind, hint: Option<String>) -> PolicyError {
        PolicyError {
            file: self.file.to_string(),
            line: self.line,
            column: self.column,
            kind,
            hint,
        }
    }
}

/// The mistakes and doubts found so far; each is kept once.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    mistakes: Vec<PolicyError>,
    doubts: Vec<PolicyError>,
}

impl Problems {
    /// Notes a mistake.
    pub(crate) fn add(&mut self, place: &Place, kind: PolicyErrorKind) {
        self.note(place.error(kind, None));
    }

    /// Notes a mistake together with the known word nearest to `found`.
    pub(crate) fn add_near<'a>(
        &mut self,
        place: &Place,
        kind: PolicyErrorKind,
        found: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        let hint = nearest(found, known).map(|word| format!("did you mean `{word}`?"));
        self.note(place.error(kind, hint));
    }

    /// Notes a finished error.
    pub(crate) fn note(&mut self, error: PolicyError) {
        if !self.mistakes.contains(&error) {
            self.mistakes.push(error);
        }
    }

    /// Notes something that may be meant, together with the known word nearest to `found`.
    pub(crate) fn doubt_near<'a>(
        &mut self,
        place: &Place,
        kind: PolicyErrorKind,
        found: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        let hint = nearest(found, known).map(|word| format!("did you mean `{word}`?"));
        let doubt = place.error(kind, hint);
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    /// Takes out what may be meant, sorted by place.
    pub(crate) fn take_doubts(&mut self) -> Vec<PolicyError> {
        let mut doubts = std::mem::take(&mut self.doubts);
        sort(&mut doubts);
        doubts
    }

    /// Notes a mistake of a whole file.
    pub(crate) fn add_at_start(&mut self, file: &str, kind: PolicyErrorKind) {
        self.add(&Lines::new(file, "").place(0), kind);
    }

    /// Returns how many mistakes were noted.
    pub(crate) fn len(&self) -> usize {
        self.mistakes.len()
    }

    /// Returns `result` where nothing is wrong.
    ///
    /// # Errors
    ///
    /// Everything that was noted, sorted by place.
    pub(crate) fn finish<T>(self, result: T) -> Result<T, PolicyErrors> {
        if self.mistakes.is_empty() {
            Ok(result)
        } else {
            Err(self.into_errors())
        }
    }

    /// Returns everything that was noted, sorted by place.
    pub(crate) fn into_errors(mut self) -> PolicyErrors {
        sort(&mut self.mistakes);
        PolicyErrors::new(self.mistakes)
    }
}

fn sort(errors: &mut [PolicyError]) {
    errors.sort_by(|one, other| {
        (&one.file, one.line, one.column).cmp(&(&other.file, other.line, other.column))
    });
}

/// Turns offsets into places.
struct Lines<'a> {
    file: Arc<str>,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(file: &str, text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(offset, _)| offset + 1);
        Self {
            file: file.into(),
            text,
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or_default();
        Place {
            file: Arc::clone(&self.file),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX),
        }
    }

    fn table(&self, table: &DeTable<'_>) -> Table {
        let mut keys: Vec<_> = table.iter().collect();
        keys.sort_by_key(|(key, _)| key.span().start);
        let entries = keys.into_iter().map(|(key, value)| {
            let key = At {
                place: self.place(key.span().start),
                value: key.get_ref().to_string(),
            };
            (key, self.node(value))
        });
        Table(entries.collect())
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let datum = match value.get_ref() {
            DeValue::Array(items) => Datum::List(items.iter().map(|item| self.node(item)).collect()),
            DeValue::Boolean(value) => Datum::Bool(*value),
            DeValue::Datetime(value) => Datum::Date(value.to_string()),
            DeValue::Float(value) => Datum::Float(value.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Integer(value) => {
                Datum::Integer(i64::from_str_radix(value.as_str(), value.radix()).ok())
            }
            DeValue::String(value) => Datum::Text(value.to_string()),
            DeValue::Table(value) => Datum::Table(self.table(value)),
        };
        Node {
            place: self.place(value.span().start),
            datum,
        }
    }
}

/// The one table that is a value: a child that sets it says all of it.
const CLASSES: &str = "classes";

/// Largest policy, in bytes.
const MAX_BYTES: usize = 16 << 20;
