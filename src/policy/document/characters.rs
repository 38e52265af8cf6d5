//! Sets of characters and classes of them, as a policy file writes them.

use serde_json::Value;
use serde_json::json;

use crate::policy::Alphabet;
use crate::policy::CharacterClass;
use crate::policy::alphabet::NAMED;
use crate::policy::document::fields::FromNode;
use crate::policy::document::fields::unknown_word;
use crate::policy::document::node::Datum;
use crate::policy::document::node::Node;
use crate::policy::document::node::Place;
use crate::policy::document::node::Problems;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;

impl FromNode for Alphabet {
    const EXPECTED: &'static str = "the name of a set of characters";

    fn schema() -> Value {
        charset_words()
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::Text(text) = &node.datum else {
            return Self::refuse(key, node, problems);
        };
        named(text, &node.place, problems)
    }
}

impl FromNode for Vec<CharacterClass> {
    const EXPECTED: &'static str = "a table such as `{ upper = 2, digit = { min = 2, max = 4 } }`";

    fn schema() -> Value {
        let number = json!({ "type": "integer", "minimum": 0, "maximum": MOST_OF_A_CLASS });
        let both = json!({
            "type": "object",
            "properties": { "min": number.clone(), "max": number.clone() },
            "additionalProperties": false,
        });
        let numbers = json!({ "anyOf": [number, both] });
        json!({ "type": "object", "propertyNames": charset_words(), "additionalProperties": numbers })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::Table(table) = &node.datum else {
            return Self::refuse(key, node, problems);
        };
        let before = problems.len();
        let mut classes = Self::new();
        for (name, value) in table.entries() {
            let alphabet = named(&name.value, &name.place, problems);
            let numbers = numbers(key, value, problems);
            let Some((alphabet, (min, max))) = alphabet.zip(numbers) else {
                continue;
            };
            let overlaps = classes
                .iter()
                .any(|class| class.alphabet.bytes().iter().any(|byte| alphabet.contains(*byte)));
            if overlaps {
                let text = "the classes share characters: each character may count once".to_owned();
                problems.add(&name.place, PolicyErrorKind::Contradiction(text));
            }
            classes.push(CharacterClass { alphabet, min, max });
        }
        (problems.len() == before).then_some(classes)
    }
}

/// Reads how many characters of a class there can be: the least number, or a table of the least and the greatest.
fn numbers(key: &'static str, node: &Node, problems: &mut Problems) -> Option<(u32, Option<u32>)> {
    let Datum::Table(table) = &node.datum else {
        return number(key, node, problems).map(|min| (min, None));
    };
    let before = problems.len();
    let (mut min, mut max) = (0, None);
    for (name, value) in table.entries() {
        match name.value.as_str() {
            "min" => min = number("min", value, problems).unwrap_or_default(),
            "max" => max = number("max", value, problems),
            other => {
                let (table, key) = ("a class", Excerpt::new(other));
                let kind = PolicyErrorKind::UnknownKey { table, key };
                problems.add_near(&name.place, kind, other, ["min", "max"]);
            }
        }
    }
    if let Some(max) = max.filter(|max| *max < min) {
        let text = format!("`min` is {min} and `max` is {max}: no number is both");
        problems.add(&node.place, PolicyErrorKind::Contradiction(text));
    }
    (problems.len() == before).then_some((min, max))
}

fn number(key: &'static str, node: &Node, problems: &mut Problems) -> Option<u32> {
    let number = u32::from_node(key, node, problems)?;
    if i64::from(number) > MOST_OF_A_CLASS {
        let kind = PolicyErrorKind::OutOfRange {
            key,
            found: i64::from(number),
            least: 0,
            most: MOST_OF_A_CLASS,
        };
        problems.add(&node.place, kind);
        return None;
    }
    Some(number)
}

/// Returns the JSON Schema of the name of a set of characters.
fn charset_words() -> Value {
    let words = NAMED.iter().map(|(word, _)| *word).chain(["digit"]);
    json!({ "enum": words.collect::<Vec<_>>() })
}

/// Looks a set of characters up; `digit` may be said in the singular.
fn named(text: &str, place: &Place, problems: &mut Problems) -> Option<Alphabet> {
    let name = if text == "digit" { "digits" } else { text };
    let found = name.parse().ok();
    if found.is_none() {
        unknown_word(
            "charset",
            text,
            place,
            NAMED.iter().map(|(word, _)| *word),
            problems,
        );
    }
    found
}

/// Most characters that one class can demand: the longest value there is.
const MOST_OF_A_CLASS: i64 = 4_096;
