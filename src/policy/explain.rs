//! Where every field of a secret or variable comes from.

use serde::Serialize;

use crate::policy::Environment;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::document::At;
use crate::policy::document::Datum;
use crate::policy::document::Node;
use crate::policy::document::Place;
use crate::policy::document::Problems;
use crate::policy::document::Table;
use crate::policy::document::resolve;
use crate::policy::preset::lookup;
use crate::policy::template::Template;
use crate::secret::SecretName;

/// What holds for a secret or variable in one environment, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The environment.
    pub environment: String,
    /// Every field that is set, then what follows from the kind.
    pub fields: Vec<ExplainedField>,
    /// The places elsewhere in the policy that name it.
    pub named_by: Vec<Mention>,
}

/// One field and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExplainedField {
    /// The field, or what follows from the kind in words.
    pub field: String,
    /// What it says.
    pub value: String,
    /// The table or rule that says so.
    pub because: String,
    /// Where that is written; `None` for what is built in.
    pub location: Option<Written>,
    /// What a table with less say would have it be.
    pub instead_of: Option<String>,
}

/// A place elsewhere that names the secret or variable.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mention {
    /// The table.
    pub table: String,
    /// Where it is written.
    pub location: Written,
}

/// A place in a policy file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Written {
    /// The file; presets are named by their path in the source.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
}

impl Explanation {
    /// Returns whether another environment has the same fields for the same reasons.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        self.fields == other.fields && self.named_by == other.named_by
    }
}

impl From<&Place> for Written {
    fn from(place: &Place) -> Self {
        let (file, line) = place.file_and_line();
        Self {
            file: file.to_owned(),
            line,
        }
    }
}

impl Policy {
    /// Says where every field of `name` comes from in `environment`; `file` and `text` are those this was parsed from.
    ///
    /// `None` when nothing of this name is declared.
    pub fn explain(
        &self,
        (file, text): (&str, &str),
        name: &SecretName,
        environment: &Environment,
    ) -> Option<Explanation> {
        let document = resolve(file, text, &lookup, &[], &mut Problems::default())?;
        let (section, own) = ["secrets", "variables"].into_iter().find_map(|section| {
            let (_, node) = table(&document, section)?.entry(name.as_str())?;
            Some((section, as_table(node)?))
        })?;
        let mut fields = written(own, section, name, environment);
        if let Some(secret) = self.secret(name, environment.name()) {
            inherited(&mut fields, &document, secret);
            fields.extend(built_in(&fields, secret));
        }
        let mut named_by = Vec::new();
        for (key, node) in document.entries() {
            mentions(&key.value, node, name, section, &mut named_by);
        }
        Some(Explanation {
            environment: environment.name().to_string(),
            fields,
            named_by,
        })
    }
}

/// Returns the fields that the entry sets itself: the base, then the tier's overrides, then the environment's.
fn written(own: &Table, section: &str, name: &SecretName, environment: &Environment) -> Vec<ExplainedField> {
    let mut fields = Vec::new();
    let base = format!("[{section}.{name}]");
    own.entries()
        .for_each(|(key, node)| put(&mut fields, key, node, &base));
    let tier = environment.tier().name();
    let named = Some(environment.name().as_str()).filter(|named| *named != tier);
    for scope in [Some(tier), named].into_iter().flatten() {
        let when = own.entry("when").and_then(|(_, node)| as_table(node));
        let over = when.and_then(|when| as_table(&when.entry(scope)?.1));
        let because = format!("[{section}.{name}.when.{scope}]");
        let entries = over.into_iter().flat_map(Table::entries);
        entries.for_each(|(key, node)| put(&mut fields, key, node, &because));
    }
    fields
}

/// Puts a field on top of those with less say.
fn put(fields: &mut Vec<ExplainedField>, key: &At<String>, node: &Node, because: &str) {
    if key.value == "when" {
        return;
    }
    let mut field = ExplainedField {
        field: key.value.clone(),
        value: node.datum.to_string(),
        because: because.to_owned(),
        location: Some(Written::from(&node.place)),
        instead_of: None,
    };
    match fields.iter_mut().find(|known| known.field == key.value) {
        Some(below) => {
            field.instead_of = Some(below.value.clone());
            *below = field;
        }
        None => fields.push(field),
    }
}

/// Adds the fields that a kind of one's own and the defaults give.
fn inherited(fields: &mut Vec<ExplainedField>, document: &Table, secret: &SecretPolicy) {
    let kinds = table(document, "kinds");
    let kind = kinds.and_then(|kinds| as_table(&kinds.entry(secret.kind_name())?.1));
    let of_kind = format!("[kinds.{}]", secret.kind_name());
    let defaults = table(document, "defaults");
    let kind = kind
        .into_iter()
        .flat_map(Table::entries)
        .map(|entry| (entry, of_kind.as_str()));
    let defaults = defaults.into_iter().flat_map(Table::entries);
    let defaults = defaults
        .filter(|(key, _)| match key.value.as_str() {
            "min_length" => secret.min_length().is_some(),
            "rotate_every" => secret.rotate_every().is_some(),
            _ => true,
        })
        .map(|entry| (entry, "[defaults]"));
    for ((key, node), because) in kind.chain(defaults) {
        let is_set = fields.iter().any(|known| known.field == key.value);
        if !is_set && key.value != "description" {
            put(fields, key, node, because);
        }
    }
}

/// Returns what follows from the kind and from what is built in.
fn built_in(fields: &[ExplainedField], secret: &SecretPolicy) -> Vec<ExplainedField> {
    let kind = secret.kind();
    let by_kind = || format!("kind {}", secret.kind_name());
    let row = |field: &str, value: String, because: String| ExplainedField {
        field: field.to_owned(),
        value,
        because,
        location: None,
        instead_of: None,
    };
    let mut rows = vec![row("made of", secret.made_of(), by_kind())];
    if secret.is_generated() {
        rows.push(row(
            "strength",
            format!("at least {:.1} bits", secret.recipe().bits()),
            by_kind(),
        ));
        rows.push(row(
            "floor",
            format!("{} bits", kind.floor_bits),
            format!("{}, {}", by_kind(), kind.source),
        ));
    }
    let class = secret.overlap_class();
    rows.push(row(
        "rotation",
        format!("{}: {}", class.code(), class.consequence()),
        match class == kind.overlap {
            true => by_kind(),
            false if secret.alternates_with().is_some() => "alternates_with".to_owned(),
            false => "its hazard".to_owned(),
        },
    ));
    if let Some(words) = secret.fallback_in_words() {
        rows.push(row("former value", words, by_kind()));
    }
    if let Some(hazard) = secret.hazard() {
        let because = if kind.hazard.is_some() {
            by_kind()
        } else {
            format!("the name {}", secret.name())
        };
        rows.push(row("hazard", hazard.advice().to_owned(), because));
    }
    let built_in = [
        (
            "remind_before",
            secret.remind_before().to_string(),
            secret.rotate_every().is_some(),
        ),
        ("keep_previous", secret.keep_previous().to_string(), true),
    ];
    for (field, value, holds) in built_in {
        if holds && !fields.iter().any(|known| known.field == field) {
            rows.push(row(field, value, "built in".to_owned()));
        }
    }
    rows
}

/// Collects the places that name `name` outside of its own entry.
fn mentions(key: &str, node: &Node, name: &SecretName, section: &str, found: &mut Vec<Mention>) {
    match &node.datum {
        Datum::List(items) => {
            for item in items.iter().filter(|item| speaks_of(item, name)) {
                found.push(Mention {
                    table: format!("[[{key}]]"),
                    location: Written::from(&item.place),
                });
            }
        }
        Datum::Table(entries) => {
            let others = entries
                .entries()
                .filter(|(entry, _)| key != section || entry.value != name.as_str());
            for (entry, node) in others {
                if entry.value == name.as_str() || speaks_of(node, name) {
                    let table = match &node.datum {
                        Datum::Table(_) => format!("[{key}.{}]", entry.value),
                        _ => format!("[{key}]"),
                    };
                    let location = Written::from(&entry.place);
                    found.push(Mention { table, location });
                }
            }
        }
        _ => {}
    }
}

/// Returns whether a key or a text in `node` is `name`, or a template names it.
fn speaks_of(node: &Node, name: &SecretName) -> bool {
    match &node.datum {
        Datum::List(items) => items.iter().any(|item| speaks_of(item, name)),
        Datum::Table(entries) => entries
            .entries()
            .any(|(key, node)| key.value == name.as_str() || speaks_of(node, name)),
        Datum::Text(text) => {
            let template = || {
                text.contains('{')
                    .then(|| text.parse::<Template>().ok())
                    .flatten()
            };
            text == name.as_str()
                || template().is_some_and(|template| template.names().any(|named| named == name))
        }
        _ => false,
    }
}

fn table<'a>(document: &'a Table, key: &str) -> Option<&'a Table> {
    as_table(&document.entry(key)?.1)
}

fn as_table(node: &Node) -> Option<&Table> {
    match &node.datum {
        Datum::Table(table) => Some(table),
        _ => None,
    }
}
