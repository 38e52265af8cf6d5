//! Documents of JSON and YAML as a list of their leaves, each with its path.

use std::fmt;

use saphyr_parser::Event;
use saphyr_parser::Parser;
use serde::de::DeserializeSeed;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;

use crate::secret::SecretValue;

/// A text, number or truth value of a document, and the keys that lead to it. Items of lists have numbers.
pub(super) struct Leaf {
    pub path: Vec<String>,
    pub value: SecretValue,
}

impl Leaf {
    /// Returns whether the keys are these; `*` stands for any one.
    pub(super) fn is_at(&self, pattern: &[&str]) -> bool {
        self.path.len() == pattern.len()
            && pattern
                .iter()
                .zip(&self.path)
                .all(|(wanted, key)| *wanted == "*" || wanted == key)
    }
}

/// Reads a document of JSON. No error tells what stands in it.
pub(super) fn json(bytes: &[u8]) -> Option<Vec<Leaf>> {
    let mut leaves = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let walk = Walk {
        path: Vec::new(),
        leaves: &mut leaves,
    };
    walk.deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(leaves)
}

struct Walk<'l> {
    path: Vec<String>,
    leaves: &'l mut Vec<Leaf>,
}

impl Walk<'_> {
    fn leaf(self, text: &[u8]) {
        self.leaves.push(Leaf {
            path: self.path,
            value: SecretValue::copied_from(text),
        });
    }

    fn below(&mut self, key: String) -> Walk<'_> {
        let mut path = self.path.clone();
        path.push(key);
        Walk {
            path,
            leaves: self.leaves,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.leaf(text.as_bytes());
        Ok(())
    }

    fn visit_bool<E>(self, truth: bool) -> Result<(), E> {
        self.leaf(truth.to_string().as_bytes());
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.leaf(number.to_string().as_bytes());
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.leaf(number.to_string().as_bytes());
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.leaf(number.to_string().as_bytes());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            map.next_value_seed(self.below(key))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let mut number = 0_usize;
        while list.next_element_seed(self.below(number.to_string()))?.is_some() {
            number += 1;
        }
        Ok(())
    }
}

/// Reads the documents of YAML, which are numbered like items of a list. Anchors and merge keys are not followed.
pub(super) fn yaml(bytes: &[u8]) -> Option<Vec<Leaf>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Yaml {
        parser: Parser::new_from_str(text),
        leaves: Vec::new(),
    };
    let mut number = 0_usize;
    loop {
        match reader.next()? {
            Event::StreamEnd => return Some(reader.leaves),
            Event::DocumentStart(_) => {
                let first = reader.next()?;
                reader.node(first, &mut vec![number.to_string()])?;
                number += 1;
            }
            _ => {}
        }
    }
}

struct Yaml<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    leaves: Vec<Leaf>,
}

impl<'t> Yaml<'t> {
    fn next(&mut self) -> Option<Event<'t>> {
        Some(self.parser.next_event()?.ok()?.0)
    }

    fn node(&mut self, event: Event<'t>, path: &mut Vec<String>) -> Option<()> {
        if path.len() > DEEPEST {
            return None;
        }
        match event {
            Event::Scalar(text, ..) => self.leaves.push(Leaf {
                path: path.clone(),
                value: SecretValue::new(text.into_owned().into_bytes()),
            }),
            Event::SequenceStart(..) => {
                let mut number = 0_usize;
                loop {
                    match self.next()? {
                        Event::SequenceEnd => break,
                        item => {
                            path.push(number.to_string());
                            self.node(item, path)?;
                            path.pop();
                            number += 1;
                        }
                    }
                }
            }
            Event::MappingStart(..) => loop {
                match self.next()? {
                    Event::MappingEnd => break,
                    Event::Scalar(key, ..) => {
                        path.push(key.into_owned());
                        let value = self.next()?;
                        self.node(value, path)?;
                        path.pop();
                    }
                    _ => return None,
                }
            },
            Event::Alias(_) => {}
            _ => return None,
        }
        Some(())
    }
}

/// Deepest nesting that is read.
const DEEPEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(leaves: &[Leaf]) -> Vec<String> {
        let one = |leaf: &Leaf| {
            let value = String::from_utf8_lossy(leaf.value.expose()).into_owned();
            format!("{}={value}", leaf.path.join("/"))
        };
        leaves.iter().map(one).collect()
    }

    #[test]
    fn leaves_of_json_come_with_their_paths() {
        let leaves = json(br#"{"a": {"b": "x\n", "c": [1, true, null, 1.5]}}"#).unwrap();

        assert_eq!(shown(&leaves), ["a/b=x\n", "a/c/0=1", "a/c/1=true", "a/c/3=1.5"]);
        assert!(leaves[0].is_at(&["a", "*"]));
        assert!(json(b"{\"a\": 1} tail").is_none());
        assert!(json(b"{").is_none());
    }

    #[test]
    fn leaves_of_yaml_come_with_their_paths() {
        let leaves = yaml(b"a:\n  b: x\n---\nc: [y, 'z']\n").unwrap();

        assert_eq!(shown(&leaves), ["0/a/b=x", "1/c/0=y", "1/c/1=z"]);
        assert!(yaml(b"a: [").is_none());
    }
}
