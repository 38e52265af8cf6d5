//! The JSON Schema of policy files, for editors and for whoever checks a policy without this program.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::policy::document::FieldReference;
use crate::policy::document::NAME_PATTERN;
use crate::policy::document::TableReference;
use crate::policy::document::reference;
use crate::policy::kinds::KINDS;

/// Returns the JSON Schema (2020-12) of a policy file.
///
/// It knows tables, keys, types, words and formats. What takes the whole file to see, such as a name that nothing
/// declares or a kind that is too weak, only `policy lint` finds.
pub fn schema() -> Value {
    let mut definitions = Map::new();
    let mut document = json!({});
    for table in reference() {
        match table.key() {
            Some((key, _)) => {
                definitions.insert(key.to_owned(), object(table));
            }
            None => document = object(table),
        }
    }
    if let Some(document) = document.as_object_mut() {
        document.insert(
            "$schema".to_owned(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        document.insert("title".to_owned(), json!("mintage policy"));
        document.insert("required".to_owned(), json!(["schema"]));
        document.insert("$defs".to_owned(), Value::Object(definitions));
    }
    document
}

/// How a table stands in the document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Form {
    /// `[key]`
    One,
    /// `[key.NAME]`
    ByName,
    /// `[[key]]`
    List,
}

impl TableReference {
    /// Returns the key in the document and how the table stands there; `None` for the document itself.
    fn key(&self) -> Option<(&'static str, Form)> {
        let inner = self.name.strip_prefix('[')?.strip_suffix(']')?;
        if let Some(list) = inner.strip_prefix('[') {
            return Some((list.strip_suffix(']')?, Form::List));
        }
        Some(match inner.split_once('.') {
            Some((key, _)) => (key, Form::ByName),
            None => (inner, Form::One),
        })
    }
}

fn object(table: &TableReference) -> Value {
    let properties: Map<String, Value> = table
        .fields
        .iter()
        .map(|field| (field.key.to_owned(), property(table, field)))
        .collect();
    json!({
        "type": "object",
        "description": table.about.trim(),
        "additionalProperties": false,
        "properties": properties,
    })
}

fn property(table: &TableReference, field: &FieldReference) -> Value {
    let mut schema = match (table.key().map(|(key, _)| key), field.key) {
        (None, "schema") => json!({ "const": 1 }),
        (None, "aliases") => by_name(&json!({ "type": "string", "pattern": NAME_PATTERN })),
        (None, key) => nested(key).unwrap_or_else(field.schema),
        (Some("secrets"), "kind") => kinds(),
        (Some(key @ ("secrets" | "variables")), "when") => by_name(&link(key)),
        (Some("secrets" | "variables"), "warn") => link("variables"),
        (Some("implies"), "if_equals") => by_name(&json!({ "type": ["string", "number", "boolean"] })),
        (Some("implies"), "then") => by_name(&link("variables")),
        (Some("groups"), "one_of") => {
            json!({ "type": "array", "items": { "type": "array", "items": { "type": "string", "pattern": NAME_PATTERN } } })
        }
        _ => (field.schema)(),
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), json!(field.about.trim()));
    }
    schema
}

/// Returns the schema of a table that stands directly in the document.
fn nested(key: &str) -> Option<Value> {
    let (key, form) = reference()
        .filter_map(TableReference::key)
        .find(|(known, _)| *known == key)?;
    Some(match form {
        Form::One => link(key),
        Form::ByName => by_name(&link(key)),
        Form::List => json!({ "type": "array", "items": link(key) }),
    })
}

/// A kind of the registry, which an editor can complete, or one that the policy declares itself.
fn kinds() -> Value {
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    json!({ "anyOf": [{ "enum": names }, { "type": "string", "pattern": "^[a-z][a-z0-9-]{0,31}$" }] })
}

fn by_name(value: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": value })
}

fn link(key: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{key}") })
}
