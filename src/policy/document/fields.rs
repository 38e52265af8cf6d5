//! What a single value of a policy file can be.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use regex_lite::Regex;
use serde_json::Value;
use serde_json::json;

use crate::policy::Checksum;
use crate::policy::Encoding;
use crate::policy::Period;
use crate::policy::Tier;
use crate::policy::document::node::At;
use crate::policy::document::node::Datum;
use crate::policy::document::node::Node;
use crate::policy::document::node::Place;
use crate::policy::document::node::Problems;
use crate::policy::document::node::Table;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::kinds::Hazard;
use crate::secret::SecretName;

/// A type that a value of a policy file parses into.
pub(crate) trait FromNode: Sized {
    /// What is written there, with its article, such as `a string`.
    const EXPECTED: &'static str;

    /// Returns the JSON Schema of what is written there.
    fn schema() -> Value;

    /// Parses `node`, the value of `key`, and notes what is wrong with it.
    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self>;

    /// Notes that the value is of another type.
    fn refuse(key: &str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let kind = PolicyErrorKind::WrongType {
            key: Excerpt::new(key),
            expected: Self::EXPECTED,
            found: node.datum.type_name(),
        };
        problems.add(&node.place, kind);
        None
    }
}

/// One of a few words.
pub(crate) trait Choice: Copy + 'static {
    /// What the words stand for.
    const WHAT: &'static str;
    /// The words and what they mean.
    const WORDS: &'static [(&'static str, Self)];
}

impl<T: Choice> FromNode for T {
    const EXPECTED: &'static str = "a string";

    fn schema() -> Value {
        let words: Vec<&str> = Self::WORDS.iter().map(|(word, _)| *word).collect();
        json!({ "enum": words })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::Text(text) = &node.datum else {
            return Self::refuse(key, node, problems);
        };
        let found = Self::WORDS.iter().find(|(word, _)| word == text);
        if found.is_none() {
            unknown_word(
                T::WHAT,
                text,
                &node.place,
                Self::WORDS.iter().map(|(word, _)| *word),
                problems,
            );
        }
        found.map(|(_, value)| *value)
    }
}

impl FromNode for String {
    const EXPECTED: &'static str = "a string";

    fn schema() -> Value {
        json!({ "type": "string" })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        match &node.datum {
            Datum::Text(text) => Some(text.clone()),
            _ => Self::refuse(key, node, problems),
        }
    }
}

impl FromNode for bool {
    const EXPECTED: &'static str = "`true` or `false`";

    fn schema() -> Value {
        json!({ "type": "boolean" })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        match node.datum {
            Datum::Bool(value) => Some(value),
            _ => Self::refuse(key, node, problems),
        }
    }
}

impl FromNode for u32 {
    const EXPECTED: &'static str = "a whole number";

    fn schema() -> Value {
        json!({ "type": "integer", "minimum": 0, "maximum": Self::MAX })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::Integer(found) = node.datum else {
            return Self::refuse(key, node, problems);
        };
        let value = found.and_then(|found| Self::try_from(found).ok());
        if value.is_none() {
            let kind = PolicyErrorKind::OutOfRange {
                key,
                found: found.unwrap_or(i64::MAX),
                least: 0,
                most: i64::from(Self::MAX),
            };
            problems.add(&node.place, kind);
        }
        value
    }
}

impl FromNode for i64 {
    const EXPECTED: &'static str = "a whole number";

    fn schema() -> Value {
        json!({ "type": "integer" })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        match node.datum {
            Datum::Integer(Some(value)) => Some(value),
            _ => Self::refuse(key, node, problems),
        }
    }
}

impl FromNode for f64 {
    const EXPECTED: &'static str = "a number";

    fn schema() -> Value {
        json!({ "type": "number" })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        match node.datum {
            Datum::Float(value) if value.is_finite() => Some(value),
            Datum::Integer(Some(value)) => Some(value as Self),
            _ => Self::refuse(key, node, problems),
        }
    }
}

impl FromNode for Table {
    const EXPECTED: &'static str = "a table";

    fn schema() -> Value {
        json!({ "type": "object" })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        match &node.datum {
            Datum::Table(table) => Some(table.clone()),
            _ => Self::refuse(key, node, problems),
        }
    }
}

impl<T: FromNode> FromNode for Vec<At<T>> {
    const EXPECTED: &'static str = "a list";

    fn schema() -> Value {
        json!({ "type": "array", "items": T::schema() })
    }

    /// Reads every item, so that each mistake is noted, and returns the list where all are sound.
    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::List(items) = &node.datum else {
            return Self::refuse(key, node, problems);
        };
        let before = problems.len();
        let values: Self = items
            .iter()
            .filter_map(|item| {
                let place = item.place.clone();
                T::from_node(key, item, problems).map(|value| At { place, value })
            })
            .collect();
        (problems.len() == before).then_some(values)
    }
}

/// A string, number or boolean, as the text that an env file would hold.
#[derive(Clone, Debug)]
pub(crate) struct Scalar(pub(crate) String);

impl FromNode for Scalar {
    const EXPECTED: &'static str = "a string, number or boolean";

    fn schema() -> Value {
        json!({ "type": ["string", "number", "boolean"] })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        match &node.datum {
            Datum::Bool(value) => Some(Self(value.to_string())),
            Datum::Float(value) => Some(Self(value.to_string())),
            Datum::Integer(Some(value)) => Some(Self(value.to_string())),
            Datum::Text(text) => Some(Self(text.clone())),
            _ => Self::refuse(key, node, problems),
        }
    }
}

impl FromNode for Period {
    const EXPECTED: &'static str = "a duration such as `90d`";

    fn schema() -> Value {
        json!({ "type": "string", "pattern": "^[0-9]+(s|m|h|d|w|mo|y)$" })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::Text(text) = &node.datum else {
            return Self::refuse(key, node, problems);
        };
        let parsed = text.parse().map_err(|source| PolicyErrorKind::Duration {
            key,
            text: Excerpt::new(text),
            source,
        });
        noted(parsed, node, problems)
    }
}

/// How often something happens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cadence {
    /// Once a period.
    Every(Period),
    /// Not at all, whatever the defaults say.
    Never,
}

impl FromNode for Cadence {
    const EXPECTED: &'static str = "a duration such as `90d`, or `never`";

    fn schema() -> Value {
        json!({ "type": "string", "pattern": "^(never|[0-9]+(s|m|h|d|w|mo|y))$" })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        match &node.datum {
            Datum::Text(text) if text == "never" => Some(Self::Never),
            Datum::Text(_) => {
                let period = Period::from_node(key, node, problems)?;
                if period.approximate_seconds() == 0 {
                    problems.add(&node.place, PolicyErrorKind::ZeroPeriod { key });
                    return None;
                }
                Some(Self::Every(period))
            }
            _ => Self::refuse(key, node, problems),
        }
    }
}

impl FromNode for Regex {
    const EXPECTED: &'static str = "a regular expression";

    fn schema() -> Value {
        json!({ "type": "string", "format": "regex" })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::Text(text) = &node.datum else {
            return Self::refuse(key, node, problems);
        };
        let parsed = Self::new(text).map_err(|error| PolicyErrorKind::Pattern {
            key,
            reason: Excerpt::new(&error.to_string()),
        });
        noted(parsed, node, problems)
    }
}

impl FromNode for SecretName {
    const EXPECTED: &'static str = "a name";

    fn schema() -> Value {
        json!({ "type": "string", "pattern": NAME_PATTERN })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::Text(text) = &node.datum else {
            return Self::refuse(key, node, problems);
        };
        let parsed = Self::from_str(text).map_err(|source| PolicyErrorKind::Name {
            text: Excerpt::new(text),
            source,
        });
        noted(parsed, node, problems)
    }
}

impl FromNode for NaiveDate {
    const EXPECTED: &'static str = "a date such as `2027-03-31`";

    fn schema() -> Value {
        json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let (Datum::Text(text) | Datum::Date(text)) = &node.datum else {
            return Self::refuse(key, node, problems);
        };
        let parsed = Self::parse_from_str(text, "%Y-%m-%d").map_err(|_| PolicyErrorKind::Date {
            text: Excerpt::new(text),
        });
        noted(parsed, node, problems)
    }
}

impl Choice for Encoding {
    const WHAT: &'static str = "encoding";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("base64", Self::Base64),
        ("base64url", Self::Base64url),
        ("hex", Self::Hex),
    ];
}

impl Choice for Tier {
    const WHAT: &'static str = "tier";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("production", Self::Production),
        ("staging", Self::Staging),
        ("development", Self::Development),
    ];
}

impl Choice for Hazard {
    const WHAT: &'static str = "hazard";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("data-at-rest", Self::DataAtRest),
        ("write-once", Self::WriteOnce),
    ];
}

impl Choice for Checksum {
    const WHAT: &'static str = "checksum";
    const WORDS: &'static [(&'static str, Self)] = &[("crc32-base62", Self::Crc32Base62)];
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Notes a word that means nothing, together with the known word nearest to it.
pub(super) fn unknown_word(
    what: &'static str,
    text: &str,
    place: &Place,
    known: impl Iterator<Item = &'static str>,
    problems: &mut Problems,
) {
    let found = Excerpt::new(text);
    let known: Vec<_> = known.collect();
    problems.add_near(place, PolicyErrorKind::Unknown { what, found }, text, known);
}

fn noted<T>(parsed: Result<T, PolicyErrorKind>, node: &Node, problems: &mut Problems) -> Option<T> {
    parsed.map_err(|kind| problems.add(&node.place, kind)).ok()
}

/// The names of secrets and variables.
pub(crate) const NAME_PATTERN: &str = "^[A-Za-z_][A-Za-z0-9_]{0,127}$";
