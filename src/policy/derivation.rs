//! Secrets that are computed from other secrets.

use serde_json::Map;
use serde_json::Value;

use crate::policy::Kind;
use crate::policy::Period;
use crate::policy::Template;
use crate::policy::document::At;
use crate::policy::document::Datum;
use crate::policy::document::Node;
use crate::policy::document::Place;
use crate::policy::document::Problems;
use crate::policy::document::SecretWire;
use crate::policy::document::Table;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::kinds::Derive;
use crate::policy::kinds::Role;
use crate::policy::shape::ShapeError;
use crate::secret::SecretName;

/// How a secret is computed from other secrets, its roots.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Derivation {
    /// The same value.
    Copied(SecretName),
    /// A text around values.
    Filled(Template),
    /// What a function makes of one value.
    Computed {
        /// The root.
        from: SecretName,
        /// The function.
        by: Derive,
    },
    /// A token that the root signs.
    Signed(Token),
}

/// A token that another secret signs (RFC 7519), with HMAC-SHA-256 over the characters of that secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// The secret that signs it.
    pub from: SecretName,
    /// What it says, beside when it was made and when it ends.
    pub claims: Map<String, Value>,
    /// How long it is valid.
    pub lifetime: Period,
}

impl Derivation {
    /// Returns the secrets that it is computed from.
    pub fn roots(&self) -> Vec<&SecretName> {
        match self {
            Self::Copied(from) | Self::Computed { from, .. } | Self::Signed(Token { from, .. }) => vec![from],
            Self::Filled(template) => template.names().collect(),
        }
    }

    /// Says in words what a value is made of.
    pub fn describe(&self) -> String {
        let roots: Vec<&str> = self.roots().into_iter().map(SecretName::as_str).collect();
        let roots = roots.join(", ");
        match self {
            Self::Copied(_) => format!("the value of {roots}"),
            Self::Filled(_) => format!("a text around {roots}"),
            Self::Computed { .. } => format!("computed from {roots}"),
            Self::Signed(token) => format!("a token that {roots} signs, valid for {}", token.lifetime),
        }
    }
}

/// Returns the kind that a secret has by its fields alone.
pub(crate) fn kind_by_fields(wire: &SecretWire) -> Option<At<String>> {
    let named = |place: &Place, kind: &str| At {
        place: place.clone(),
        value: kind.to_owned(),
    };
    let same_as = wire.same_as.as_ref().map(|at| named(&at.place, "same-as"));
    same_as.or_else(|| wire.template.as_ref().map(|at| named(&at.place, "template")))
}

/// Builds how a secret of `kind` is derived; notes fields that such a kind needs, or does not have.
pub(crate) fn build(
    name: &At<SecretName>,
    wire: &SecretWire,
    kind: &'static Kind,
    problems: &mut Problems,
) -> Option<Derivation> {
    let derive = match kind.role {
        Role::Derived(derive) => Some(derive),
        _ => None,
    };
    refuse_others(wire, kind, derive, problems);
    let missing = |key: &'static str, problems: &mut Problems| {
        let table = format!("secret `{}` of kind `{}`", name.value, kind.name);
        problems.add(&name.place, PolicyErrorKind::Missing { table, key });
    };
    let from = || wire.from.as_ref().map(|at| at.value.clone());
    match derive? {
        Derive::Copied => match &wire.same_as {
            Some(at) => return Some(Derivation::Copied(at.value.clone())),
            None => missing("same_as", problems),
        },
        Derive::Filled => match &wire.template {
            Some(at) => return template(at, problems).map(Derivation::Filled),
            None => missing("template", problems),
        },
        by @ Derive::Computed { .. } => match from() {
            Some(from) => return Some(Derivation::Computed { from, by }),
            None => missing("from", problems),
        },
        Derive::Signed => match (from(), &wire.lifetime) {
            (Some(from), Some(lifetime)) => {
                let claims = wire.claims.as_ref().map(|at| claims(&at.value, problems));
                return Some(Derivation::Signed(Token {
                    from,
                    claims: claims.unwrap_or_default(),
                    lifetime: lifetime.value,
                }));
            }
            (None, _) => missing("from", problems),
            (_, None) => missing("lifetime", problems),
        },
    }
    None
}

/// Notes the fields of derived secrets that another kind has not, and the fields of others that a derived one has not.
fn refuse_others(wire: &SecretWire, kind: &'static Kind, derive: Option<Derive>, problems: &mut Problems) {
    let is_computed = matches!(derive, Some(Derive::Computed { .. } | Derive::Signed));
    let is_signed = derive == Some(Derive::Signed);
    let is_issued = kind.role == Role::Issued;
    let rotate_every = wire.rotate_every.as_ref().map(|at| &at.place);
    for (field, place, fits) in [
        ("same_as", place(&wire.same_as), derive == Some(Derive::Copied)),
        ("template", place(&wire.template), derive == Some(Derive::Filled)),
        ("from", place(&wire.from), is_computed),
        ("claims", place(&wire.claims), is_signed || is_issued),
        ("lifetime", place(&wire.lifetime), is_signed),
        ("bytes", place(&wire.bytes), derive.is_none()),
        ("length", place(&wire.length), derive.is_none()),
        ("words", place(&wire.words), derive.is_none()),
        ("encoding", place(&wire.encoding), derive.is_none()),
        ("charset", place(&wire.charset), derive.is_none()),
        ("classes", place(&wire.classes), derive.is_none()),
        ("exclude", place(&wire.exclude), derive.is_none()),
        ("prefix", place(&wire.prefix), derive.is_none()),
        ("checksum", place(&wire.checksum), derive.is_none()),
        ("embed", place(&wire.embed), derive.is_none()),
        ("rotate_every", rotate_every, derive.is_none()),
        ("overlap", place(&wire.overlap), derive.is_none()),
        ("usage_delay", place(&wire.usage_delay), derive.is_none()),
        ("alternates_with", place(&wire.alternates_with), derive.is_none()),
    ] {
        if let (Some(place), false) = (place, fits) {
            let kind = kind.name;
            problems.add(place, ShapeError::NotApplicable { kind, field }.into());
        }
    }
}

fn place<T>(field: &Option<At<T>>) -> Option<&Place> {
    field.as_ref().map(|at| &at.place)
}

fn template(at: &At<String>, problems: &mut Problems) -> Option<Template> {
    let template = match at.value.parse::<Template>() {
        Ok(template) => template,
        Err(error) => {
            problems.add(&at.place, PolicyErrorKind::Contradiction(error.to_string()));
            return None;
        }
    };
    if template.names().next().is_none() {
        let text =
            "`template` names no secret: what it says is public, declare it under [variables]".to_owned();
        problems.add(&at.place, PolicyErrorKind::Contradiction(text));
        return None;
    }
    Some(template)
}

/// Reads the claims of a token; those that every token gets by itself are refused.
fn claims(table: &Table, problems: &mut Problems) -> Map<String, Value> {
    let mut claims = Map::new();
    for (key, node) in table.entries() {
        if OWN_CLAIMS.contains(&key.value.as_str()) {
            let text = format!(
                "claim `{}` is made from the clock and `lifetime`: leave it out",
                key.value
            );
            problems.add(&key.place, PolicyErrorKind::Contradiction(text));
        } else if let Some(value) = claim(key, node, problems) {
            claims.insert(key.value.clone(), value);
        }
    }
    claims
}

/// Returns what a claim says, and notes what no claim can say.
pub(crate) fn claim(key: &At<String>, node: &Node, problems: &mut Problems) -> Option<Value> {
    let value = json(node);
    if value.is_none() {
        let text = format!(
            "claim `{}` must be a string, number, boolean, list or table",
            key.value
        );
        problems.add(&node.place, PolicyErrorKind::Contradiction(text));
    }
    value
}

fn json(node: &Node) -> Option<Value> {
    Some(match &node.datum {
        Datum::Bool(value) => Value::from(*value),
        Datum::Float(value) => Value::from(*value),
        Datum::Integer(value) => Value::from((*value)?),
        Datum::List(items) => Value::Array(items.iter().map(json).collect::<Option<_>>()?),
        Datum::Table(table) => {
            let entries = table.entries();
            let members = entries.map(|(key, node)| Some((key.value.clone(), json(node)?)));
            Value::Object(members.collect::<Option<_>>()?)
        }
        Datum::Text(text) => Value::from(text.as_str()),
        Datum::Date(_) => return None,
    })
}

/// The claims that every token gets: when it was made, and when it ends.
const OWN_CLAIMS: [&str; 2] = ["exp", "iat"];
