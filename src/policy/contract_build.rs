//! From the tables beyond single names to their rules.

use crate::policy::Condition;
use crate::policy::Environment;
use crate::policy::FileRule;
use crate::policy::Group;
use crate::policy::GroupRule;
use crate::policy::Implication;
use crate::policy::Signoff;
use crate::policy::Tier;
use crate::policy::VariablePolicy;
use crate::policy::VariableType;
use crate::policy::Waiver;
use crate::policy::delivery::octal;
use crate::policy::document::At;
use crate::policy::document::FileWire;
use crate::policy::document::FromNode;
use crate::policy::document::GroupWire;
use crate::policy::document::ImplicationWire;
use crate::policy::document::Place;
use crate::policy::document::Problems;
use crate::policy::document::Scalar;
use crate::policy::document::SignoffWire;
use crate::policy::document::Table;
use crate::policy::document::VariableWire;
use crate::policy::document::WaiverWire;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::names::Names;
use crate::policy::variable_build;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Builds a group: one set of names, or sets of which one must be complete.
pub(crate) fn group(table: &At<Table>, names: &Names, problems: &mut Problems) -> Option<Group> {
    let wire = GroupWire::read(&table.value, problems);
    if wire.broken {
        return None;
    }
    let rule = match (wire.one_of, wire.all_or_none) {
        (Some(sets), None) => {
            if sets.value.is_empty() {
                problems.add(&sets.place, PolicyErrorKind::EmptyList { key: "one_of" });
            }
            let sets = sets.value.iter();
            GroupRule::OneOf(
                sets.map(|set| names.all_declared("one_of", set, problems))
                    .collect(),
            )
        }
        (None, Some(set)) => GroupRule::AllOrNone(names.all_declared("all_or_none", &set, problems)),
        _ => {
            return contradiction(
                &table.place,
                "a group has either `one_of` or `all_or_none`",
                problems,
            );
        }
    };
    Some(Group {
        rule,
        required_in: names.scopes(wire.required_in.as_ref(), problems),
        description: wire.description.map(|at| at.value),
    })
}

/// Builds an implication; `type_of` tells what a declared variable is.
pub(crate) fn implication(
    table: &At<Table>,
    names: &Names,
    type_of: &dyn Fn(&SecretName) -> Option<VariableType>,
    problems: &mut Problems,
) -> Option<Implication> {
    let wire = ImplicationWire::read(&table.value, problems);
    if wire.broken {
        return None;
    }
    let condition = match (wire.if_set, wire.if_equals) {
        (Some(name), None) => {
            names.declared("if_set", &name, problems);
            Condition::Set(name.value)
        }
        (None, Some(pairs)) => Condition::Equals(equalities(&pairs, names, problems)),
        _ => {
            let text = "an implication has either `if_set` or `if_equals`";
            return contradiction(&table.place, text, problems);
        }
    };
    if wire.require.is_none() && wire.then.is_none() {
        return contradiction(
            &table.place,
            "an implication has `require`, `then` or both",
            problems,
        );
    }
    let require = wire
        .require
        .map(|list| names.all_declared("require", &list, problems));
    let then = wire.then.map(|then| rules(&then.value, names, type_of, problems));
    Some(Implication {
        condition,
        require: require.unwrap_or_default(),
        then: then.unwrap_or_default(),
        required_in: wire.required_in.map(|list| names.scopes(Some(&list), problems)),
        description: wire.description.map(|at| at.value),
    })
}

fn equalities(pairs: &At<Table>, names: &Names, problems: &mut Problems) -> Vec<(SecretName, String)> {
    let mut equalities = Vec::new();
    for (key, node) in pairs.value.entries() {
        let name = declared("if_equals", key, names, problems);
        let value = Scalar::from_node("if_equals", node, problems);
        equalities.extend(name.zip(value).map(|(name, value)| (name.value, value.0)));
    }
    if pairs.value.entries().next().is_none() {
        problems.add(&pairs.place, PolicyErrorKind::EmptyList { key: "if_equals" });
    }
    equalities
}

/// Reads the rules of `then`; each name keeps the type that it is declared with, and a secret is a string.
fn rules(
    table: &Table,
    names: &Names,
    type_of: &dyn Fn(&SecretName) -> Option<VariableType>,
    problems: &mut Problems,
) -> Vec<VariablePolicy> {
    let mut rules = Vec::new();
    for (key, node) in table.entries() {
        let name = declared("then", key, names, problems);
        let fields = Table::from_node("then", node, problems);
        let Some((name, fields)) = name.zip(fields) else {
            continue;
        };
        let mut wire = VariableWire::read(&fields, problems);
        let of_type = type_of(&name.value).unwrap_or_else(|| type_meant(&wire));
        wire.of_type = wire.of_type.or(Some(At {
            place: name.place.clone(),
            value: of_type,
        }));
        let anywhere = Environment::of_tier(Tier::Production);
        rules.extend(
            anywhere
                .and_then(|environment| variable_build::build(&name, &wire, &environment, names, problems)),
        );
    }
    rules
}

/// Returns the type that the rules of an undeclared variable, or of a secret, only make sense for.
fn type_meant(wire: &VariableWire) -> VariableType {
    let of_url = wire.scheme.is_some() || wire.hosts.is_some() || wire.forbid_hosts.is_some();
    if of_url || wire.credentials.is_some() {
        VariableType::Url
    } else if wire.range.is_some() {
        VariableType::Float
    } else if wire.min.is_some() || wire.max.is_some() {
        VariableType::Duration
    } else if wire.values.is_some() {
        VariableType::Enum
    } else {
        VariableType::String
    }
}

fn declared(
    key: &'static str,
    name: &At<String>,
    names: &Names,
    problems: &mut Problems,
) -> Option<At<SecretName>> {
    let name = parse_name(name, problems)?;
    names.declared(key, &name, problems).then_some(name)
}

/// Parses the name of a secret or variable, and notes one that cannot be.
pub(crate) fn parse_name(name: &At<String>, problems: &mut Problems) -> Option<At<SecretName>> {
    let place = name.place.clone();
    match name.value.parse() {
        Ok(value) => Some(At { place, value }),
        Err(source) => {
            let text = Excerpt::new(&name.value);
            problems.add(&place, PolicyErrorKind::Name { text, source });
            None
        }
    }
}

/// Builds the rule of a file.
pub(crate) fn file(path: &At<String>, table: &Table, problems: &mut Problems) -> Option<FileRule> {
    let wire = FileWire::read(table, problems);
    let mode = wire.mode.as_ref().and_then(|mode| octal(mode, problems));
    (!wire.broken).then(|| FileRule {
        path: path.value.clone(),
        git_ignored: wire.git_ignored.map(|at| at.value),
        mode,
        required: wire.required.is_some_and(|at| at.value),
        description: wire.description.map(|at| at.value),
    })
}

/// Builds a waiver; `named` tells whether the policy knows what it is about.
pub(crate) fn waiver(
    table: &At<Table>,
    names: &Names,
    named: &dyn Fn(&str) -> bool,
    problems: &mut Problems,
) -> Option<Waiver> {
    let wire = WaiverWire::read(&table.value, problems);
    if wire.broken {
        return None;
    }
    let lacks = [
        ("rule", wire.rule.is_none()),
        ("until", wire.until.is_none()),
        ("reason", wire.reason.is_none()),
    ];
    for (key, _) in lacks.into_iter().filter(|(_, lacks)| *lacks) {
        let about = "a waiver".to_owned();
        problems.add(&table.place, PolicyErrorKind::Missing { table: about, key });
    }
    if let Some(name) = wire.name.as_ref().filter(|name| !named(&name.value)) {
        let kind = PolicyErrorKind::Undeclared {
            key: "name",
            name: Excerpt::new(&name.value),
        };
        let known = names.secrets.keys().chain(names.variables.keys());
        problems.doubt_near(&name.place, kind, &name.value, known.map(SecretName::as_str));
    }
    let environment = wire.environment.and_then(|environment| {
        names.scope("environment", &environment, problems);
        environment.value.parse::<EnvironmentName>().ok()
    });
    Some(Waiver {
        rule: wire.rule?.value,
        name: wire.name.map(|at| at.value),
        environment,
        until: wire.until?.value,
        reason: wire.reason?.value,
    })
}

/// Builds the sign-off.
pub(crate) fn signoff(table: &Table, names: &Names, problems: &mut Problems) -> Signoff {
    let wire = SignoffWire::read(table, problems);
    if let Some(roles) = wire.roles.as_ref().filter(|roles| roles.value.is_empty()) {
        problems.add(&roles.place, PolicyErrorKind::EmptyList { key: "roles" });
    }
    let mut roles = Vec::new();
    for role in wire.roles.into_iter().flat_map(|roles| roles.value) {
        if !is_role(&role.value) {
            let text = format!(
                "`{}` is no role: letters, digits, `-` and `_` make one, such as `security-lead`",
                Excerpt::new(&role.value)
            );
            problems.add(&role.place, PolicyErrorKind::Contradiction(text));
        } else if roles.contains(&role.value) {
            let text = format!("role `{}` stands there twice", role.value);
            problems.add(&role.place, PolicyErrorKind::Contradiction(text));
        }
        roles.push(role.value);
    }
    Signoff {
        roles,
        distinct_people: wire.distinct_people.is_some_and(|at| at.value),
        required_in: wire.required_in.map(|list| names.scopes(Some(&list), problems)),
    }
}

/// Returns whether a text can be a role. It goes into the audit log, where no free text does.
fn is_role(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(is_plain)
}

fn contradiction<T>(place: &Place, text: &str, problems: &mut Problems) -> Option<T> {
    problems.add(place, PolicyErrorKind::Contradiction(text.to_owned()));
    None
}
