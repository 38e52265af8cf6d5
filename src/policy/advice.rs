//! Rules whose breach is worth a warning, beside those whose breach is an error.

use crate::policy::Environment;
use crate::policy::Recipe;
use crate::policy::VariablePolicy;
use crate::policy::VariableType;
use crate::policy::document::At;
use crate::policy::document::Place;
use crate::policy::document::Problems;
use crate::policy::document::SecretWire;
use crate::policy::document::Table;
use crate::policy::document::VariableWire;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::names::Names;
use crate::policy::variable_build;
use crate::secret::SecretName;

/// Builds the `warn` of a variable: the same rules, with the type of the variable.
pub(crate) fn of_variable(
    name: &At<SecretName>,
    wire: &VariableWire,
    ground: (&Environment, &Names),
    problems: &mut Problems,
) -> Option<Box<VariablePolicy>> {
    let (warn, of_type) = (wire.warn.as_ref()?, wire.of_type.clone()?);
    let mut rules = read(warn, problems);
    rules.values = rules.values.or_else(|| wire.values.clone());
    rules.of_type = Some(of_type);
    build(name, rules, ground, problems)
}

/// Builds the `warn` of a secret: rules for its text. Values of `recipe` must not be warned about.
pub(crate) fn of_secret(
    name: &At<SecretName>,
    wire: &SecretWire,
    recipe: &Recipe,
    ground: (&Environment, &Names),
    problems: &mut Problems,
) -> Option<Box<VariablePolicy>> {
    let mut rules = read(wire.warn.as_ref()?, problems);
    let found = recipe.min_length();
    let too_long = |at: &&At<u32>| *recipe != Recipe::Given && at.value as usize > found;
    if let Some(at) = rules.min_length.as_ref().filter(too_long) {
        let kind = PolicyErrorKind::MinLength {
            key: "warn.min_length",
            asked: at.value,
            recipe: recipe.describe(),
            found,
        };
        problems.add(&at.place, kind);
    }
    rules.of_type = Some(At {
        place: name.place.clone(),
        value: VariableType::String,
    });
    build(name, rules, ground, problems)
}

/// Reads the rules; notes what is no rule for a value.
fn read(table: &At<Table>, problems: &mut Problems) -> VariableWire {
    let wire = VariableWire::read(&table.value, problems);
    if table.value.entries().next().is_none() {
        problems.add(&table.place, PolicyErrorKind::EmptyList { key: "warn" });
    }
    for (key, place) in [
        ("type", place(&wire.of_type)),
        ("when", place(&wire.when)),
        ("warn", place(&wire.warn)),
        ("template", place(&wire.template)),
        ("description", place(&wire.description)),
        ("owner", place(&wire.owner)),
    ] {
        if let Some(place) = place {
            let text = format!("`{key}` cannot stand inside `warn`, which holds rules for values");
            problems.add(place, PolicyErrorKind::Contradiction(text));
        }
    }
    wire
}

fn build(
    name: &At<SecretName>,
    mut rules: VariableWire,
    (environment, names): (&Environment, &Names),
    problems: &mut Problems,
) -> Option<Box<VariablePolicy>> {
    rules.warn = None;
    variable_build::build(name, &rules, environment, names, problems).map(Box::new)
}

fn place<T>(field: &Option<At<T>>) -> Option<&Place> {
    field.as_ref().map(|at| &at.place)
}

#[cfg(test)]
mod tests {
    use crate::policy::Policy;

    const POLICY: &str = "schema = 1
[environments.production]
[environments.development]
[secrets.TOKEN_KEY]
kind = 'hex'
bytes = 32
min_length = 32
warn = { min_length = 64 }
[variables.ROUNDS]
type = 'int'
range = [10, 14]
warn = { range = [10, 12] }
[variables.CACHE_URL]
type = 'url'
[variables.CACHE_URL.when.production]
warn = { required_in = ['production'], forbid_hosts = ['localhost'] }
[variables.LEVEL]
type = 'enum'
values = ['debug', 'info']
warn = { forbid_values = ['debug'] }
";

    #[test]
    fn warnings_stand_beside_the_hard_rules() {
        let policy = Policy::parse("", POLICY).unwrap();
        let production = "production".parse().unwrap();
        let variable = |name: &str| policy.variable(&name.parse().unwrap(), &production).unwrap();
        let secret = policy.secret(&"TOKEN_KEY".parse().unwrap(), &production).unwrap();

        assert_eq!(secret.min_length(), Some(32));
        assert_eq!(secret.warn().and_then(|rules| rules.min_length()), Some(64));
        let rounds = variable("ROUNDS");
        assert_eq!(rounds.range(), Some(10.0..=14.0));
        assert_eq!(rounds.warn().and_then(|rules| rules.range()), Some(10.0..=12.0));
        let url = variable("CACHE_URL");
        assert!(!url.required());
        assert!(url.warn().is_some_and(|rules| rules.required()));
        assert_eq!(variable("LEVEL").warn().unwrap().forbid_values(), ["debug"]);
        assert_eq!(
            variable("LEVEL").warn().unwrap().of_type(),
            variable("LEVEL").of_type()
        );
    }

    #[test]
    fn an_override_replaces_the_warnings_of_its_environment_only() {
        let policy = Policy::parse("", POLICY).unwrap();
        let name = "CACHE_URL".parse().unwrap();

        let url = policy.variable(&name, &"development".parse().unwrap()).unwrap();

        assert!(url.warn().is_none());
    }
}
