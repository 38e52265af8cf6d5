//! From the document to the policy.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::policy::Certificate;
use crate::policy::Environment;
use crate::policy::Freeze;
use crate::policy::NotifierPolicy;
use crate::policy::Policy;
use crate::policy::PolicyErrors;
use crate::policy::SecretPolicy;
use crate::policy::SinkPolicy;
use crate::policy::Target;
use crate::policy::Tier;
use crate::policy::Waiver;
use crate::policy::alternation;
use crate::policy::contract_build;
use crate::policy::derivation_check::ByEnvironment;
use crate::policy::derivation_check::settle;
use crate::policy::document::At;
use crate::policy::document::Datum;
use crate::policy::document::DefaultsWire;
use crate::policy::document::EnvironmentWire;
use crate::policy::document::FromNode;
use crate::policy::document::KindWire;
use crate::policy::document::Lookup;
use crate::policy::document::Node;
use crate::policy::document::PolicyWire;
use crate::policy::document::Problems;
use crate::policy::document::PublicWire;
use crate::policy::document::SecretWire;
use crate::policy::document::Table;
use crate::policy::document::VariableWire;
use crate::policy::document::resolve;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::names::Layer;
use crate::policy::names::Layered;
use crate::policy::names::Names;
use crate::policy::own_kind::OwnKind;
use crate::policy::secret_build;
use crate::policy::secret_build::Ground;
use crate::policy::variable_build;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Parses a policy whose `extends` names what `presets` knows; `known` are the names for hints.
pub(crate) fn parse(
    file: &str,
    text: &str,
    presets: Lookup<'_>,
    known: &[&str],
) -> Result<Policy, PolicyErrors> {
    let mut problems = Problems::default();
    match resolve(file, text, presets, known, &mut problems) {
        Some(table) => {
            let mut policy = build(&table, file, &mut problems);
            policy.doubts = problems.take_doubts();
            problems.finish(policy)
        }
        None => Err(problems.into_errors()),
    }
}

fn build(document: &Table, file: &str, problems: &mut Problems) -> Policy {
    let mut wire = PolicyWire::read(document, problems);
    schema(&wire, file, problems);
    let mut names = Names::default();
    environments(wire.environments.take(), &mut names, problems);
    names.sinks = keys(&wire.sinks).map(|key| key.value.clone()).collect();
    let prefixes = prefixes(wire.public.take(), problems);
    declare(&wire, &prefixes, &mut names, problems);
    let (mut secrets, secret_layers) = secrets(&wire, &names, problems);
    let layers = layered::<VariableWire>(&wire.variables, &names, problems);
    let variables = per_environment(&layers, &names, problems, |name, wire, environment, problems| {
        variable_build::build(name, &wire, environment, &names, problems)
    });
    settle(&mut secrets, &variables, &secret_layers, problems);
    alternation::check(&secrets, &secret_layers, problems);
    let type_of = |name: &SecretName| {
        let layer = layers.iter().find(|layer| layer.name.value == *name);
        layer
            .and_then(|layer| layer.base().of_type.as_ref())
            .map(|at| at.value)
    };
    let signoff = wire.signoff.take();
    let sinks = tables(&wire.sinks, problems, SinkPolicy::build);
    one_secret_each(&wire.sinks, &sinks, &secrets, problems);
    Policy {
        doubts: Vec::new(),
        secrets,
        variables,
        groups: list(&wire.groups, |table| {
            contract_build::group(table, &names, problems)
        }),
        implications: list(&wire.implies, |table| {
            contract_build::implication(table, &names, &type_of, problems)
        }),
        files: tables(&wire.files, problems, contract_build::file),
        certificates: tables(&wire.certificates, problems, Certificate::build),
        targets: targets(&wire, &names, problems),
        sinks,
        notifiers: NotifierPolicy::build_all(wire.notifiers.as_ref(), problems),
        freezes: list(&wire.freezes, |table| Freeze::build(table, &names, problems)),
        public_prefixes: prefixes,
        aliases: aliases(wire.aliases.take(), problems),
        waivers: waivers(&wire, &names, problems),
        signoff: signoff.map(|table| contract_build::signoff(&table.value, &names, problems)),
        name: wire.name.map_or_else(|| "unnamed".to_owned(), |name| name.value),
        environments: names.environments,
    }
}

fn secrets(
    wire: &PolicyWire,
    names: &Names,
    problems: &mut Problems,
) -> (ByEnvironment<SecretPolicy>, Vec<Layered<SecretWire>>) {
    let defaults = wire.defaults.as_ref();
    let defaults = defaults.map(|table| DefaultsWire::read(&table.value, problems));
    let ground = Ground {
        names,
        defaults: &defaults.unwrap_or_default(),
        kinds: &own_kinds(wire, problems),
    };
    let layers = layered::<SecretWire>(&wire.secrets, names, problems);
    let secrets = per_environment(&layers, names, problems, |name, wire, environment, problems| {
        secret_build::build(name, wire, environment, &ground, problems)
    });
    (secrets, layers)
}

/// Builds the targets; notes a name that would stand in two files.
fn targets(wire: &PolicyWire, names: &Names, problems: &mut Problems) -> Vec<Target> {
    let mut seen = BTreeSet::new();
    tables(&wire.targets, problems, |key, table, problems| {
        let target = Target::build(key, table, names, problems)?;
        for name in target.names().iter().filter(|name| !seen.insert((*name).clone())) {
            let text = format!("`{name}` stands in two targets: one env file holds it");
            problems.add(&key.place, PolicyErrorKind::Contradiction(text));
        }
        Some(target)
    })
}

/// Notes sinks that hold one value and that several secrets of an environment name.
fn one_secret_each(
    table: &Option<At<Table>>,
    sinks: &[SinkPolicy],
    secrets: &ByEnvironment<SecretPolicy>,
    problems: &mut Problems,
) {
    for sink in sinks.iter().filter(|sink| sink.target().holds_one_secret()) {
        let mut users: BTreeMap<&EnvironmentName, Vec<&str>> = BTreeMap::new();
        for (environment, secret) in secrets.values().flatten() {
            if secret.sinks().iter().any(|name| name == sink.name()) {
                users.entry(environment).or_default().push(secret.name().as_str());
            }
        }
        let shared = users.into_values().find(|users| users.len() > 1);
        let key = keys(table).find(|key| key.value == sink.name());
        if let Some((users, key)) = shared.zip(key) {
            let text = format!(
                "a file holds one value, but {} name it: put `{{name}}` into its `path`",
                users.join(", ")
            );
            problems.add(&key.place, PolicyErrorKind::Contradiction(text));
        }
    }
}

/// Builds the waivers, which are about secrets, variables, files or certificates.
fn waivers(wire: &PolicyWire, names: &Names, problems: &mut Problems) -> Vec<Waiver> {
    let named = |name: &str| {
        let mut others = keys(&wire.files).chain(keys(&wire.certificates));
        let parsed = name.parse::<SecretName>().ok();
        parsed.is_some_and(|name| names.secrets.contains_key(&name) || names.variables.contains_key(&name))
            || others.any(|key| key.value == name)
    };
    list(&wire.waivers, |table| {
        contract_build::waiver(table, names, &named, problems)
    })
}

fn schema(wire: &PolicyWire, file: &str, problems: &mut Problems) {
    match &wire.schema {
        Some(schema) if schema.value != 1 => {
            let found = schema.value;
            problems.add(&schema.place, PolicyErrorKind::Schema { found });
        }
        None if !wire.broken => {
            let table = "the policy".to_owned();
            problems.add_at_start(file, PolicyErrorKind::Missing { table, key: "schema" });
        }
        _ => {}
    }
}

fn environments(table: Option<At<Table>>, names: &mut Names, problems: &mut Problems) {
    for (key, node) in table.iter().flat_map(|table| table.value.entries()) {
        let name = match key.value.parse::<EnvironmentName>() {
            Ok(name) => name,
            Err(source) => {
                let text = Excerpt::new(&key.value);
                problems.add(&key.place, PolicyErrorKind::EnvironmentName { text, source });
                continue;
            }
        };
        names.scopes.push(key.value.clone());
        let Some(fields) = table_of(key, node, problems) else {
            continue;
        };
        let wire = EnvironmentWire::read(&fields, problems);
        let name = At {
            place: key.place.clone(),
            value: name,
        };
        let environment = Some(wire)
            .filter(|wire| !wire.broken)
            .and_then(|wire| Environment::build(name, wire, problems));
        names.environments.extend(environment);
    }
    if names.scopes.is_empty() {
        names.environments.extend(Environment::of_tier(Tier::Production));
    }
}

/// Notes the names of all secrets and variables, so that rules can name what is declared further down.
fn declare(wire: &PolicyWire, prefixes: &[String], names: &mut Names, problems: &mut Problems) {
    let mut folded: BTreeMap<String, SecretName> = BTreeMap::new();
    let secrets = keys(&wire.secrets).map(|key| (key, true));
    let variables = keys(&wire.variables).map(|key| (key, false));
    for (key, is_secret) in secrets.chain(variables) {
        let Some(name) = contract_build::parse_name(key, problems) else {
            continue;
        };
        let prefix = prefixes
            .iter()
            .find(|prefix| key.value.starts_with(prefix.as_str()));
        if let Some(prefix) = prefix.filter(|_| is_secret) {
            let kind = PolicyErrorKind::PublicSecret {
                name: key.value.clone(),
                prefix: prefix.clone(),
            };
            problems.add(&key.place, kind);
        }
        match folded.insert(key.value.to_ascii_lowercase(), name.value.clone()) {
            Some(first) if first == name.value => {
                let name = first.to_string();
                problems.add(&key.place, PolicyErrorKind::SecretAndVariable { name });
            }
            Some(first) => {
                let kind = PolicyErrorKind::SameName {
                    first: first.to_string(),
                    second: key.value.clone(),
                };
                problems.add(&key.place, kind);
            }
            None => {}
        }
        let declared = if is_secret {
            &mut names.secrets
        } else {
            &mut names.variables
        };
        declared.insert(name.value, name.place);
    }
}

/// Returns the public prefixes: those of the policy, or those of the usual build tools.
fn prefixes(table: Option<At<Table>>, problems: &mut Problems) -> Vec<String> {
    let wire = table.map(|table| PublicWire::read(&table.value, problems));
    match wire.and_then(|wire| wire.prefixes) {
        Some(prefixes) => {
            let prefixes = prefixes.value.into_iter().map(|prefix| prefix.value);
            prefixes.filter(|prefix| !prefix.is_empty()).collect()
        }
        None => PUBLIC_PREFIXES.map(str::to_owned).to_vec(),
    }
}

fn own_kinds(wire: &PolicyWire, problems: &mut Problems) -> BTreeMap<String, Option<OwnKind>> {
    let entries = wire.kinds.iter().flat_map(|table| table.value.entries());
    entries
        .map(|(key, node)| {
            let fields = table_of(key, node, problems);
            let wire = fields.map(|fields| KindWire::read(&fields, problems));
            let kind = wire.and_then(|wire| OwnKind::build(key, wire, problems));
            (key.value.clone(), kind)
        })
        .collect()
}

fn aliases(table: Option<At<Table>>, problems: &mut Problems) -> Vec<(SecretName, SecretName)> {
    let mut aliases = Vec::new();
    for (key, node) in table.iter().flat_map(|table| table.value.entries()) {
        let alias = contract_build::parse_name(key, problems);
        let name = SecretName::from_node("aliases", node, problems);
        let Some((alias, name)) = alias.zip(name) else {
            continue;
        };
        if alias.value == name {
            let text = format!("`{name}` is an alias of itself");
            problems.add(&key.place, PolicyErrorKind::Contradiction(text));
        }
        aliases.push((alias.value, name));
    }
    aliases
}

/// Reads the entries of `[secrets]` or `[variables]`, with what overrides them.
fn layered<W: Layer>(table: &Option<At<Table>>, names: &Names, problems: &mut Problems) -> Vec<Layered<W>> {
    let mut layers = Vec::new();
    for (name, node) in table.iter().flat_map(|table| table.value.entries()) {
        let fields = table_of(name, node, problems);
        // A name that cannot be is noted where names are declared.
        let parsed = name.value.parse().ok();
        if let Some((value, fields)) = parsed.zip(fields) {
            let place = name.place.clone();
            layers.push(Layered::read(At { place, value }, &fields, names, problems));
        }
    }
    layers
}

/// Builds every entry for every environment, and for tiers that only `when` names, so that those are checked.
fn per_environment<W: Layer, T>(
    layers: &[Layered<W>],
    names: &Names,
    problems: &mut Problems,
    build: impl Fn(&At<SecretName>, W, &Environment, &mut Problems) -> Option<T>,
) -> ByEnvironment<T> {
    let mut built = BTreeMap::new();
    for layer in layers {
        for stand_in in layer.stand_ins(names) {
            build(&layer.name, layer.effective(&stand_in), &stand_in, problems);
        }
        let environments = names.environments.iter().filter_map(|environment| {
            let wire = layer.effective(environment);
            let policy = build(&layer.name, wire, environment, problems)?;
            Some((environment.name().clone(), policy))
        });
        let environments: BTreeMap<_, _> = environments.collect();
        built.insert(layer.name.value.clone(), environments);
    }
    built
}

fn tables<T>(
    table: &Option<At<Table>>,
    problems: &mut Problems,
    mut build: impl FnMut(&At<String>, &Table, &mut Problems) -> Option<T>,
) -> Vec<T> {
    let entries = table.iter().flat_map(|table| table.value.entries());
    entries
        .filter_map(|(name, node)| {
            let fields = table_of(name, node, problems)?;
            build(name, &fields, problems)
        })
        .collect()
}

fn list<T>(tables: &Option<At<Vec<At<Table>>>>, build: impl FnMut(&At<Table>) -> Option<T>) -> Vec<T> {
    let tables = tables.iter().flat_map(|tables| tables.value.iter());
    tables.filter_map(build).collect()
}

fn keys(table: &Option<At<Table>>) -> impl Iterator<Item = &At<String>> {
    let entries = table.iter().flat_map(|table| table.value.entries());
    entries.map(|(key, _)| key)
}

fn table_of(key: &At<String>, node: &Node, problems: &mut Problems) -> Option<Table> {
    match &node.datum {
        Datum::Table(table) => Some(table.clone()),
        _ => Table::refuse(&key.value, node, problems),
    }
}

/// Prefixes whose variables the usual build tools compile into what everybody downloads.
const PUBLIC_PREFIXES: [&str; 6] = [
    "EXPO_PUBLIC_",
    "GATSBY_",
    "NEXT_PUBLIC_",
    "NUXT_PUBLIC_",
    "REACT_APP_",
    "VITE_",
];
