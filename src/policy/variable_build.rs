//! From the fields of a variable to its policy in one environment.

use crate::policy::Claims;
use crate::policy::Environment;
use crate::policy::ListItem;
use crate::policy::Template;
use crate::policy::VariablePolicy;
use crate::policy::VariableType;
use crate::policy::advice;
use crate::policy::document::At;
use crate::policy::document::Place;
use crate::policy::document::Problems;
use crate::policy::document::Scalar;
use crate::policy::document::VariableWire;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::names::Names;
use crate::policy::secret_build::texts;
use crate::policy::secret_build::value;
use crate::policy::variable_policy::UrlRules;
use crate::secret::SecretName;

/// Builds the policy of `name` out of the fields that hold in `environment`.
pub(crate) fn build(
    name: &At<SecretName>,
    wire: &VariableWire,
    environment: &Environment,
    names: &Names,
    problems: &mut Problems,
) -> Option<VariablePolicy> {
    if wire.broken {
        return None;
    }
    let before = problems.len();
    let Some(of_type) = wire.of_type.as_ref().map(|at| at.value) else {
        let table = format!("variable `{}`", name.value);
        problems.add(&name.place, PolicyErrorKind::Missing { table, key: "type" });
        return None;
    };
    rules_of_type(wire, of_type, problems);
    let range = range(wire, problems);
    values(name, wire, of_type, problems);
    spans(wire, problems);
    equals(wire, of_type, range, problems);
    let required = names.required(&wire.required, &wire.required_in, environment, problems);
    let distinct_from = wire.distinct_from.as_ref();
    let distinct_from = distinct_from.map(|list| names.all_declared("distinct_from", list, problems));
    let policy = VariablePolicy {
        name: name.value.clone(),
        of_type,
        required,
        equals: wire.equals.as_ref().map(|at| at.value.0.clone()),
        values: texts(wire.values.as_ref()),
        range,
        min: value(&wire.min),
        max: value(&wire.max),
        of: value(&wire.of),
        url: url(wire, names, problems),
        template: template(wire, names, problems),
        min_length: value(&wire.min_length),
        pattern: value(&wire.pattern),
        forbid_pattern: value(&wire.forbid_pattern),
        forbid_values: texts(wire.forbid_values.as_ref()),
        distinct_from: distinct_from.unwrap_or_default(),
        claims: wire.claims.as_ref().map(|table| Claims::build(table, problems)),
        warn: advice::of_variable(name, wire, (environment, names), problems),
        description: value(&wire.description),
        owner: value(&wire.owner),
    };
    (problems.len() == before).then_some(policy)
}

/// Notes every rule that the type cannot have.
fn rules_of_type(wire: &VariableWire, of_type: VariableType, problems: &mut Problems) {
    use VariableType as T;
    let urls = wire.of.as_ref().is_some_and(|of| of.value == ListItem::Url);
    let is_url = matches!(of_type, T::Dsn | T::Url) || (of_type == T::List && urls);
    let is_number = matches!(of_type, T::Float | T::Int);
    let is_text = matches!(of_type, T::Dsn | T::Path | T::String | T::Url);
    let fits = [
        ("range", place(&wire.range), is_number),
        ("min", place(&wire.min), of_type == T::Duration),
        ("max", place(&wire.max), of_type == T::Duration),
        ("values", place(&wire.values), of_type == T::Enum),
        ("of", place(&wire.of), of_type == T::List),
        ("scheme", place(&wire.scheme), is_url),
        ("hosts", place(&wire.hosts), is_url),
        ("forbid_hosts", place(&wire.forbid_hosts), is_url),
        ("path", place(&wire.path), is_url),
        ("credentials", place(&wire.credentials), is_url),
        (
            "password_from",
            place(&wire.password_from),
            is_url && of_type != T::List,
        ),
        ("claims", place(&wire.claims), of_type == T::String),
        ("template", place(&wire.template), is_text),
    ];
    for (key, place, fits) in fits {
        if let (Some(place), false) = (place, fits) {
            problems.add(place, PolicyErrorKind::RuleOfType { key, of_type });
        }
    }
}

fn range(wire: &VariableWire, problems: &mut Problems) -> Option<(f64, f64)> {
    let range = wire.range.as_ref()?;
    let text = match range.value.as_slice() {
        [least, most] if least.value <= most.value => return Some((least.value, most.value)),
        [least, most] => format!("`range` goes from {} down to {}", least.value, most.value),
        other => format!(
            "`range` holds {} numbers, but needs the least and the greatest",
            other.len()
        ),
    };
    problems.add(&range.place, PolicyErrorKind::Contradiction(text));
    None
}

fn values(name: &At<SecretName>, wire: &VariableWire, of_type: VariableType, problems: &mut Problems) {
    match &wire.values {
        None if of_type == VariableType::Enum => {
            let table = format!("variable `{}` of type `enum`", name.value);
            problems.add(&name.place, PolicyErrorKind::Missing { table, key: "values" });
        }
        Some(values) => not_empty("values", values, problems),
        None => {}
    }
}

fn spans(wire: &VariableWire, problems: &mut Problems) {
    if let (Some(min), Some(max)) = (&wire.min, &wire.max)
        && min.value.approximate_seconds() > max.value.approximate_seconds()
    {
        let text = format!("`min` ({}) is longer than `max` ({})", min.value, max.value);
        problems.add(&min.place, PolicyErrorKind::Contradiction(text));
    }
}

/// Notes an only value that the other rules refuse.
fn equals(wire: &VariableWire, of_type: VariableType, range: Option<(f64, f64)>, problems: &mut Problems) {
    let Some(At { place, value: only }) = &wire.equals else {
        return;
    };
    let text = only.0.as_str();
    let number = text.parse::<f64>().ok();
    let in_range = |number: f64| range.is_none_or(|(least, most)| least <= number && number <= most);
    let listed = |list: &Option<At<Vec<At<Scalar>>>>| texts(list.as_ref()).iter().any(|known| known == text);
    let refused = match of_type {
        VariableType::Bool => !["true", "false"].contains(&text),
        VariableType::Enum => !listed(&wire.values),
        VariableType::Float => !number.is_some_and(in_range),
        VariableType::Int => text.parse::<i64>().is_err() || !number.is_some_and(in_range),
        _ => false,
    };
    let pattern = wire.pattern.as_ref().is_some_and(|at| !at.value.is_match(text));
    let forbidden = wire
        .forbid_pattern
        .as_ref()
        .is_some_and(|at| at.value.is_match(text));
    if refused || pattern || forbidden || listed(&wire.forbid_values) {
        let text = "`equals` is a value that the other rules of this variable refuse".to_owned();
        problems.add(place, PolicyErrorKind::Contradiction(text));
    }
}

fn url(wire: &VariableWire, names: &Names, problems: &mut Problems) -> UrlRules {
    let lists = [
        ("scheme", &wire.scheme),
        ("hosts", &wire.hosts),
        ("forbid_hosts", &wire.forbid_hosts),
    ];
    let [scheme, hosts, forbid_hosts] = lists.map(|(key, list)| {
        let Some(list) = list else {
            return Vec::new();
        };
        not_empty(key, list, problems);
        list.value.iter().map(|item| item.value.clone()).collect()
    });
    if let (Some(list), Some(both)) = (
        &wire.forbid_hosts,
        forbid_hosts.iter().find(|host| hosts.contains(host)),
    ) {
        let text = format!("host `{both}` is both demanded and forbidden");
        problems.add(&list.place, PolicyErrorKind::Contradiction(text));
    }
    UrlRules {
        scheme,
        hosts,
        forbid_hosts,
        path: wire.path.as_ref().map(|at| at.value.clone()),
        credentials: wire.credentials.as_ref().map(|at| at.value),
        password_from: wire.password_from.as_ref().map(|name| {
            names.declared("password_from", name, problems);
            name.value.clone()
        }),
    }
}

fn template(wire: &VariableWire, names: &Names, problems: &mut Problems) -> Option<Template> {
    let At { place, value: text } = wire.template.as_ref()?;
    match text.parse::<Template>() {
        Ok(template) => {
            for name in template.names() {
                let name = At {
                    place: place.clone(),
                    value: name.clone(),
                };
                names.declared("template", &name, problems);
            }
            Some(template)
        }
        Err(error) => {
            problems.add(place, PolicyErrorKind::Contradiction(error.to_string()));
            None
        }
    }
}

fn not_empty<T>(key: &'static str, list: &At<Vec<T>>, problems: &mut Problems) {
    if list.value.is_empty() {
        problems.add(&list.place, PolicyErrorKind::EmptyList { key });
    }
}

fn place<T>(field: &Option<At<T>>) -> Option<&Place> {
    field.as_ref().map(|at| &at.place)
}
