//! From the fields of a secret to its policy in one environment.

use std::collections::BTreeMap;

use crate::policy::Claims;
use crate::policy::Embed;
use crate::policy::Environment;
use crate::policy::Fitted;
use crate::policy::Kind;
use crate::policy::Recipe;
use crate::policy::SecretPolicy;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::advice;
use crate::policy::derivation;
use crate::policy::document::At;
use crate::policy::document::DefaultsWire;
use crate::policy::document::Place;
use crate::policy::document::Problems;
use crate::policy::document::Scalar;
use crate::policy::document::SecretWire;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::kinds::KINDS;
use crate::policy::kinds::Role;
use crate::policy::kinds::issuers::IssuedShape;
use crate::policy::names::Names;
use crate::policy::own_kind::CUSTOM;
use crate::policy::own_kind::OwnKind;
use crate::policy::secret_life::life;
use crate::policy::secret_policy::SecretRules;
use crate::policy::secret_redraw::redraws;
use crate::policy::shape_build::place_of;
use crate::policy::shape_build::shape_of;
use crate::secret::SecretName;

/// What secrets are built against.
pub(crate) struct Ground<'a> {
    pub(crate) names: &'a Names,
    pub(crate) defaults: &'a DefaultsWire,
    /// The kinds that the policy declares; `None` for one that could not be read.
    pub(crate) kinds: &'a BTreeMap<String, Option<OwnKind>>,
}

/// Builds the policy of `name` out of the fields that hold in `environment`.
pub(crate) fn build(
    name: &At<SecretName>,
    wire: SecretWire,
    environment: &Environment,
    ground: &Ground<'_>,
    problems: &mut Problems,
) -> Option<SecretPolicy> {
    if wire.broken {
        return None;
    }
    let before = problems.len();
    let names = ground.names;
    let required = names.required(&wire.required, &wire.required_in, environment, problems);
    let mut life = life(name, &wire, ground, problems);
    let sinks = sinks(&wire, names, problems);
    let named = kind_of(name, &wire, ground, problems)?;
    let derivation = derivation::build(name, &wire, named.kind, problems);
    if let Role::Derived(_) = named.kind.role {
        // It has no age of its own: it changes with its roots.
        life.rotate_every = None;
    }
    let format = format_of(&wire, named.kind, problems);
    let (shape, recipe) = recipe_of(&wire, &named, problems)?;
    let (embed, fitted) = fit(&wire, named.kind, shape, recipe, problems);
    let Fitted {
        shape,
        recipe,
        change,
    } = fitted?;
    let kind_pattern = named.own.and_then(|own| own.pattern.clone());
    let mut rules = SecretRules {
        kind_pattern,
        warn: advice::of_secret(name, &wire, &recipe, (environment, names), problems),
        ..rules(name, &wire, &recipe, ground, problems)
    };
    // A pattern of one's own stands in place of the one that the format says.
    rules.pattern = rules.pattern.or_else(|| format?.regex().cloned());
    let decoded_bytes = decoded_bytes(&wire, &recipe, problems);
    let redraws = redraws(&wire, &rules, &recipe, named.kind, problems);
    let policy = SecretPolicy {
        name: name.value.clone(),
        kind: named.kind,
        kind_name: named.name,
        shape,
        recipe,
        redraws,
        derivation,
        decoded_bytes,
        rules,
        life,
        format,
        issuer: text(wire.issuer).or_else(|| format.map(|format| format.issuer.name.to_owned())),
        console_url: text(wire.console_url).or_else(|| {
            let url = format
                .map(|format| format.console_url)
                .filter(|url| !url.is_empty());
            url.map(str::to_owned)
        }),
        description: text(wire.description),
        owner: text(wire.owner.or(ground.defaults.owner.clone())),
        sinks,
        embed,
        embed_change: change,
        required,
    };
    (problems.len() == before).then_some(policy)
}

struct NamedKind<'a> {
    kind: &'static Kind,
    name: String,
    own: Option<&'a OwnKind>,
    place: Place,
}

fn kind_of<'a>(
    name: &At<SecretName>,
    wire: &SecretWire,
    ground: &Ground<'a>,
    problems: &mut Problems,
) -> Option<NamedKind<'a>> {
    let Some(At { place, value }) = wire.kind.clone().or_else(|| derivation::kind_by_fields(wire)) else {
        let table = format!("secret `{}`", name.value);
        problems.add(&name.place, PolicyErrorKind::Missing { table, key: "kind" });
        return None;
    };
    let (kind, own) = match (Kind::find(&value), ground.kinds.get(&value)) {
        (Some(kind), _) => (kind, None),
        (None, Some(own)) => (&CUSTOM, Some(own.as_ref()?)),
        (None, None) => {
            let found = Excerpt::new(&value);
            let registered = KINDS.iter().filter(|kind| kind.role != Role::Identifier);
            let own = ground.kinds.keys().map(String::as_str);
            let known = registered.map(|kind| kind.name).chain(own);
            let what = "kind";
            problems.add_near(&place, PolicyErrorKind::Unknown { what, found }, &value, known);
            return None;
        }
    };
    if kind.role == Role::Identifier {
        problems.add(&place, PolicyErrorKind::Identifier { kind: kind.name });
        return None;
    }
    Some(NamedKind {
        kind,
        name: value,
        own,
        place,
    })
}

/// Returns the format that the issuer gives it; only what is issued has one.
fn format_of(wire: &SecretWire, kind: &Kind, problems: &mut Problems) -> Option<&'static IssuedShape> {
    let At { place, value } = wire.shape.as_ref()?;
    if kind.role != Role::Issued {
        let (kind, field) = (kind.name, "shape");
        problems.add(
            place,
            PolicyErrorKind::Shape(ShapeError::NotApplicable { kind, field }),
        );
        return None;
    }
    Some(value)
}

fn recipe_of(wire: &SecretWire, named: &NamedKind<'_>, problems: &mut Problems) -> Option<(Shape, Recipe)> {
    let own = named.own.map(|own| own.shape.clone()).unwrap_or_default();
    let mut shape = shape_of(wire).or(own);
    let mut recipe = named.kind.recipe(&shape);
    let sized = shape.bytes.is_some() || shape.length.is_some();
    // `decoded_bytes` alone says how many bytes to draw, unless the kind makes just as many anyway.
    if let (Ok(Recipe::Bytes { bytes, .. }), Some(decoded), false) = (&recipe, &wire.decoded_bytes, sized)
        && *bytes != decoded.value
    {
        shape.bytes = Some(decoded.value);
        recipe = named.kind.recipe(&shape);
    }
    match recipe {
        Ok(recipe) => Some((shape, recipe)),
        Err(error) => {
            let place = place_of(wire, &error).unwrap_or(&named.place);
            problems.add(place, PolicyErrorKind::Shape(error));
            None
        }
    }
}

fn rules(
    name: &At<SecretName>,
    wire: &SecretWire,
    recipe: &Recipe,
    ground: &Ground<'_>,
    problems: &mut Problems,
) -> SecretRules {
    let distinct_from = wire
        .distinct_from
        .as_ref()
        .map(|list| ground.names.all_declared("distinct_from", list, problems))
        .unwrap_or_default();
    if let Some(itself) = wire
        .distinct_from
        .as_ref()
        .filter(|_| distinct_from.contains(&name.value))
    {
        let text = format!("`distinct_from` names `{}` itself", name.value);
        problems.add(&itself.place, PolicyErrorKind::Contradiction(text));
    }
    let distinct = wire.distinct_across_environments.as_ref();
    SecretRules {
        min_length: min_length(name, wire, recipe, ground, problems),
        min_bits: value(&wire.min_bits),
        min_entropy: value(&wire.min_entropy),
        kind_pattern: None,
        pattern: value(&wire.pattern),
        forbid_pattern: value(&wire.forbid_pattern),
        forbid_values: texts(wire.forbid_values.as_ref()),
        distinct_across_environments: distinct
            .or(ground.defaults.distinct_across_environments.as_ref())
            .is_some_and(|at| at.value),
        distinct_from,
        claims: wire.claims.as_ref().map(|table| Claims::build(table, problems)),
        warn: None,
    }
}

/// Returns the least length: the secret's own, or the default where we make the value.
fn min_length(
    name: &At<SecretName>,
    wire: &SecretWire,
    recipe: &Recipe,
    ground: &Ground<'_>,
    problems: &mut Problems,
) -> Option<u32> {
    let given = *recipe == Recipe::Given;
    let default = ground.defaults.min_length.as_ref().filter(|_| !given);
    let (key, place, asked) = match (&wire.min_length, default) {
        (Some(own), _) => ("min_length", &own.place, own.value),
        (None, Some(default)) => ("defaults.min_length", &name.place, default.value),
        (None, None) => return None,
    };
    let found = recipe.min_length();
    if !given && asked as usize > found {
        let kind = PolicyErrorKind::MinLength {
            key,
            asked,
            recipe: recipe.describe(),
            found,
        };
        problems.add(place, kind);
    }
    Some(asked)
}

fn decoded_bytes(wire: &SecretWire, recipe: &Recipe, problems: &mut Problems) -> Option<u32> {
    let asked = wire.decoded_bytes.as_ref()?;
    let text = match recipe {
        Recipe::Given => return Some(asked.value),
        Recipe::Bytes { bytes, .. } if *bytes == asked.value => return Some(asked.value),
        Recipe::Bytes { .. } => "decode to another number",
        _ => "are not encoded bytes",
    };
    let text = format!(
        "`decoded_bytes` is {}, but {} {text}",
        asked.value,
        recipe.describe()
    );
    problems.add(&asked.place, PolicyErrorKind::Contradiction(text));
    None
}

fn sinks(wire: &SecretWire, names: &Names, problems: &mut Problems) -> Vec<String> {
    let Some(list) = &wire.sinks else {
        return Vec::new();
    };
    for sink in list
        .value
        .iter()
        .filter(|sink| !names.sinks.contains(&sink.value))
    {
        let kind = PolicyErrorKind::Unknown {
            what: "sink",
            found: Excerpt::new(&sink.value),
        };
        let known = names.sinks.iter().map(String::as_str);
        problems.add_near(&sink.place, kind, &sink.value, known);
    }
    list.value.iter().map(|sink| sink.value.clone()).collect()
}

/// Returns the consumers, and the recipe as they need it.
fn fit(
    wire: &SecretWire,
    kind: &Kind,
    shape: Shape,
    recipe: Recipe,
    problems: &mut Problems,
) -> (Vec<Embed>, Option<Fitted>) {
    let list = wire
        .embed
        .as_ref()
        .map(|list| list.value.as_slice())
        .unwrap_or_default();
    let embed: Vec<Embed> = list.iter().map(|consumer| consumer.value).collect();
    let fitted = kind.fit(shape, recipe, &embed).map_err(|error| {
        let blamed = list.iter().find(|one| Some(one.value.name()) == error.consumer());
        if let Some(place) = blamed.or(list.first()).map(|at| &at.place) {
            problems.add(place, PolicyErrorKind::Embed(Box::new(error)));
        }
    });
    (embed, fitted.ok())
}

/// Returns a copy of what a field says.
pub(crate) fn value<T: Clone>(field: &Option<At<T>>) -> Option<T> {
    field.as_ref().map(|at| at.value.clone())
}

fn text(field: Option<At<String>>) -> Option<String> {
    field.map(|at| at.value)
}

/// Returns the texts of a list of scalars.
pub(crate) fn texts(list: Option<&At<Vec<At<Scalar>>>>) -> Vec<String> {
    let items = list.map(|list| list.value.as_slice()).unwrap_or_default();
    items.iter().map(|item| item.value.0.clone()).collect()
}
