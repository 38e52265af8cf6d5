//! A manifest of a Kubernetes Secret, edited so that everything else in it stays as it is.
//!
//! After every edit the text is read again, and refused unless it means what it meant before but for the one value.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::adapters::sinks::yaml_text::YamlText;
use crate::adapters::sinks::yaml_tree;
use crate::adapters::sinks::yaml_tree::Datum;
use crate::adapters::sinks::yaml_tree::Document;
use crate::adapters::sinks::yaml_tree::Node;
use crate::secret::SecretValue;

/// A manifest, and which of its documents is the Secret.
pub(super) struct Manifest {
    text: YamlText,
    documents: Vec<Document>,
    secret: usize,
}

/// The fields of a Secret that hold values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Field {
    /// In base64.
    Data,
    /// As they are; the cluster encodes them.
    StringData,
}

impl Field {
    const fn key(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::StringData => "stringData",
        }
    }
}

impl Manifest {
    /// Starts the manifest of a Secret that holds nothing.
    pub(super) fn empty(name: &str) -> Result<Self, String> {
        let text = format!(
            "# Apply it with `kubectl apply --server-side` or `kubectl replace`: plain `kubectl apply` copies the\n\
             # values into an annotation of the Secret.\n\
             apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name:?}\ntype: Opaque\nstringData:\n"
        );
        Self::parse(text.as_bytes(), Some(name))
    }

    /// Reads a manifest; `name` says which Secret is meant where there are several.
    ///
    /// # Errors
    ///
    /// Why it cannot be edited, with a line and without any value.
    pub(super) fn parse(bytes: &[u8], name: Option<&str>) -> Result<Self, String> {
        if bytes.len() > LARGEST {
            return Err(format!("it is larger than {LARGEST} bytes"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
        Self::read(Zeroizing::new(text.to_owned()), name)
    }

    fn read(text: Zeroizing<String>, name: Option<&str>) -> Result<Self, String> {
        let documents = yaml_tree::parse(&text)
            .map_err(|line| format!("line {line} is no YAML that a manifest is written in"))?;
        let is_secret = |root: &Node| {
            let says = |key, wanted| root.get(key).and_then(Node::text) == Some(wanted);
            let named = root
                .get("metadata")
                .and_then(|metadata| metadata.get("name"))
                .and_then(Node::text);
            says("kind", "Secret") && says("apiVersion", "v1") && name.is_none_or(|name| named == Some(name))
        };
        let found = documents
            .iter()
            .enumerate()
            .filter(|(_, document)| is_secret(&document.root));
        let found: Vec<usize> = found.map(|(number, _)| number).collect();
        let secret = match (found.as_slice(), name) {
            ([secret], _) => *secret,
            ([], Some(name)) => return Err(format!("it has no Secret (v1) named `{name}`")),
            ([], None) => return Err("it has no Secret (v1)".to_owned()),
            _ => return Err("it has several Secrets: name one with `secret`".to_owned()),
        };
        let manifest = Self {
            text: YamlText(text),
            documents,
            secret,
        };
        manifest.check()?;
        Ok(manifest)
    }

    /// Refuses what cannot be edited line by line.
    fn check(&self) -> Result<(), String> {
        let root = self.root();
        if root.get("immutable").and_then(Node::text) == Some("true") {
            return Err("its Secret is immutable: no cluster takes another value of it".to_owned());
        }
        for field in [Field::StringData, Field::Data] {
            let Some(node) = root.get(field.key()) else {
                continue;
            };
            let line = node.place.line;
            if node.is_marked || root.is_marked {
                return Err(format!("line {line}: `{}` has an anchor or a tag", field.key()));
            }
            let Some(entries) = node.entries() else {
                if node.is_null() {
                    continue;
                }
                return Err(format!("line {line}: `{}` is no mapping", field.key()));
            };
            if node.place.is_flow {
                return Err(format!(
                    "line {line}: `{}` is written in braces, not in lines",
                    field.key()
                ));
            }
            if entries.iter().any(|(key, _)| key.text() == Some("<<")) {
                return Err(format!(
                    "line {line}: `{}` takes entries over from elsewhere",
                    field.key()
                ));
            }
        }
        Ok(())
    }

    /// Returns the text.
    pub(super) fn text(&self) -> &[u8] {
        self.text.0.as_bytes()
    }

    /// Returns the value of a key.
    ///
    /// # Errors
    ///
    /// When it is in both fields, or not in base64.
    pub(super) fn value(&self, key: &str) -> Result<Option<SecretValue>, String> {
        let Some((field, node)) = self.held(key)? else {
            return Ok(None);
        };
        let line = node.place.line;
        let Some(text) = node.text() else {
            return Err(format!("line {line}: the value of `{key}` is no text"));
        };
        if node.is_null() {
            return Ok(None);
        }
        let bytes = match field {
            Field::StringData => text.as_bytes().to_vec(),
            Field::Data => {
                let dense: Zeroizing<String> =
                    Zeroizing::new(text.chars().filter(|one| !one.is_ascii_whitespace()).collect());
                let decoded = STANDARD.decode(dense.as_bytes());
                decoded.map_err(|_| format!("line {line}: the value of `{key}` is not in base64"))?
            }
        };
        Ok(Some(SecretValue::new(bytes)))
    }

    /// Sets the value of a key where it stands, or at the end of `stringData`, else of `data`.
    ///
    /// # Errors
    ///
    /// When the value does not fit there, or the text cannot be edited so that nothing else changes.
    pub(super) fn set(&self, key: &str, value: &SecretValue) -> Result<Self, String> {
        let root = self.root();
        let field = match self.held(key)? {
            Some((field, _)) => field,
            None if root.get("stringData").is_some() => Field::StringData,
            None if root.get("data").is_some() => Field::Data,
            None => Field::StringData,
        };
        let written = match field {
            Field::Data => Zeroizing::new(STANDARD.encode(value.expose())),
            Field::StringData => {
                let text = std::str::from_utf8(value.expose());
                let text =
                    text.map_err(|_| format!("the value of `{key}` is no text: put it into `data`"))?;
                Zeroizing::new(text.to_owned())
            }
        };
        let text = match (root.entry(field.key()), self.held(key)?) {
            (Some(_), Some((_, node))) => {
                let (name, _) = root
                    .get(field.key())
                    .and_then(|node| node.entry(key))
                    .unwrap_or((node, node));
                self.text.replaced(name, node, &written)?
            }
            (Some((name, node)), None) => self.text.appended((name, node), key, &written)?,
            (None, _) => self
                .text
                .with_field((&self.documents[self.secret], field.key()), key, &written),
        };
        let expected = self.expected(field, |entries| {
            let new = Node::quoted(&written);
            match entries.iter_mut().find(|(known, _)| known.text() == Some(key)) {
                Some((_, value)) => *value = new,
                None => entries.push((Node::plain(key), new)),
            }
        });
        self.proved(text, &expected)
    }

    /// Removes a key; one that is not there is no error.
    ///
    /// # Errors
    ///
    /// As with [`Manifest::set`].
    pub(super) fn removed(&self, key: &str) -> Result<Option<Self>, String> {
        let Some((field, node)) = self.held(key)? else {
            return Ok(None);
        };
        let root = self.root();
        let entry = root.get(field.key()).and_then(|fields| fields.entry(key));
        let (name, _) = entry.unwrap_or((node, node));
        let text = self.text.without(name, node)?;
        let expected = self.expected(field, |entries| {
            entries.retain(|(known, _)| known.text() != Some(key))
        });
        self.proved(text, &expected).map(Some)
    }

    /// Returns what the documents are to mean after an edit of a field, which is there then.
    fn expected(&self, field: Field, edit: impl FnOnce(&mut Vec<(Node, Node)>)) -> Vec<Document> {
        let mut expected = self.documents.clone();
        edit_entries(&mut expected[self.secret].root, |fields| {
            let is_it = |known: &Node| known.text() == Some(field.key());
            let place = fields
                .iter()
                .position(|(known, _)| is_it(known))
                .unwrap_or_else(|| {
                    fields.push((Node::plain(field.key()), Node::plain("")));
                    fields.len() - 1
                });
            edit_entries(&mut fields[place].1, edit);
        });
        expected
    }

    fn root(&self) -> &Node {
        &self.documents[self.secret].root
    }

    /// Returns the field and the value of a key.
    fn held(&self, key: &str) -> Result<Option<(Field, &Node)>, String> {
        let held = |field: Field| {
            let node = self.root().get(field.key())?.get(key)?;
            Some((field, node))
        };
        match (held(Field::StringData), held(Field::Data)) {
            (Some((_, node)), Some(_)) => Err(format!(
                "line {}: `{key}` is in `data` and in `stringData`",
                node.place.line
            )),
            (one, other) => Ok(one.or(other)),
        }
    }

    /// Reads an edited text again, and refuses it unless it means what it is to mean.
    fn proved(&self, text: Zeroizing<String>, expected: &[Document]) -> Result<Self, String> {
        let refused = || "it cannot be edited so that everything else stays as it is".to_owned();
        let documents = yaml_tree::parse(&text).map_err(|_| refused())?;
        if documents != expected {
            return Err(refused());
        }
        Ok(Self {
            text: YamlText(text),
            documents,
            secret: self.secret,
        })
    }
}

/// Edits the entries of a mapping. One without entries stands for nothing, and the reverse.
fn edit_entries(node: &mut Node, edit: impl FnOnce(&mut Vec<(Node, Node)>)) {
    let nothing = || Node::plain("").datum;
    let mut entries = match std::mem::replace(&mut node.datum, nothing()) {
        Datum::Map(entries) => entries,
        _ => Vec::new(),
    };
    edit(&mut entries);
    if !entries.is_empty() {
        node.datum = Datum::Map(entries);
    }
}

/// Largest manifest, in bytes: a Secret holds 1 MiB at most, in base64.
const LARGEST: usize = 4 * 1_024 * 1_024;

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;
