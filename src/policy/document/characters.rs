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
    const EXPECTED: &'static str = "a table such as `{ upper = 2, digit = 2 }`";

    fn schema() -> Value {
        let least = json!({ "type": "integer", "minimum": 0, "maximum": MOST_OF_A_CLASS });
        json!({ "type": "object", "propertyNames": charset_words(), "additionalProperties": least })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::Table(table) = &node.datum else {
            return Self::refuse(key, node, problems);
        };
        let before = problems.len();
        let mut classes = Self::new();
        for (name, value) in table.entries() {
            let alphabet = named(&name.value, &name.place, problems);
            let min = u32::from_node(key, value, problems).filter(|min| {
                let kind = PolicyErrorKind::OutOfRange {
                    key,
                    found: i64::from(*min),
                    least: 0,
                    most: MOST_OF_A_CLASS,
                };
                let fits = i64::from(*min) <= MOST_OF_A_CLASS;
                if !fits {
                    problems.add(&value.place, kind);
                }
                fits
            });
            let Some((alphabet, min)) = alphabet.zip(min) else {
                continue;
            };
            let overlaps = classes
                .iter()
                .any(|class| class.alphabet.bytes().iter().any(|byte| alphabet.contains(*byte)));
            if overlaps {
                let text = "the classes share characters: each character may count once".to_owned();
                problems.add(&name.place, PolicyErrorKind::Contradiction(text));
            }
            classes.push(CharacterClass { alphabet, min });
        }
        (problems.len() == before).then_some(classes)
    }
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
