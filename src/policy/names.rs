//! What a policy declares, so that rules name nothing else.

use std::collections::BTreeMap;

use crate::policy::Environment;
use crate::policy::Tier;
use crate::policy::document::At;
use crate::policy::document::Datum;
use crate::policy::document::FromNode;
use crate::policy::document::Place;
use crate::policy::document::Problems;
use crate::policy::document::SecretWire;
use crate::policy::document::Table;
use crate::policy::document::VariableWire;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;
use crate::secret::SecretName;

/// What a policy declares.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) environments: Vec<Environment>,
    pub(crate) secrets: BTreeMap<SecretName, Place>,
    pub(crate) variables: BTreeMap<SecretName, Place>,
    pub(crate) sinks: Vec<String>,
    /// Names of environments, also of those that could not be read.
    pub(crate) scopes: Vec<String>,
}

impl Names {
    /// Returns whether `scope` is a tier or a declared environment, and notes it if not.
    pub(crate) fn scope(&self, key: &'static str, scope: &At<String>, problems: &mut Problems) -> bool {
        let known = || {
            let tiers = Tier::ALL.iter().map(|tier| -> &str { tier.name() });
            tiers.chain(self.scopes.iter().map(String::as_str))
        };
        let found = known().any(|known| known == scope.value);
        if !found {
            let kind = PolicyErrorKind::UnknownScope {
                key,
                scope: Excerpt::new(&scope.value),
            };
            problems.add_near(&scope.place, kind, &scope.value, known());
        }
        found
    }

    /// Keeps the scopes of `list`; notes those that mean nothing.
    pub(crate) fn scopes(&self, list: Option<&At<Vec<At<String>>>>, problems: &mut Problems) -> Vec<String> {
        let scopes = list.map(|list| list.value.as_slice()).unwrap_or_default();
        scopes
            .iter()
            .filter(|scope| self.scope("required_in", scope, problems))
            .map(|scope| scope.value.clone())
            .collect()
    }

    /// Returns whether something must be there in `environment`; notes scopes that mean nothing.
    pub(crate) fn required(
        &self,
        everywhere: &Option<At<bool>>,
        scopes: &Option<At<Vec<At<String>>>>,
        environment: &Environment,
        problems: &mut Problems,
    ) -> bool {
        let scopes = self.scopes(scopes.as_ref(), problems);
        let everywhere = everywhere.as_ref().is_some_and(|at| at.value);
        everywhere || scopes.iter().any(|scope| environment.is_in(scope))
    }

    /// Returns whether a rule may name `name`, and notes it where it is neither a secret nor a variable.
    ///
    /// A group, an implication, a template or a waiver may name something that no table declares: being named
    /// there is all that such a variable needs. It is a doubt all the same, since it may be mistyped. Of a secret
    /// that must differ from another, the other must be declared.
    pub(crate) fn declared(&self, key: &'static str, name: &At<SecretName>, problems: &mut Problems) -> bool {
        let found = self.secrets.contains_key(&name.value) || self.variables.contains_key(&name.value);
        if !found {
            let kind = PolicyErrorKind::Undeclared {
                key,
                name: Excerpt::new(name.value.as_str()),
            };
            let known = self
                .secrets
                .keys()
                .chain(self.variables.keys())
                .map(SecretName::as_str);
            if key != "distinct_from" {
                problems.doubt_near(&name.place, kind, name.value.as_str(), known);
                return true;
            }
            problems.add_near(&name.place, kind, name.value.as_str(), known);
        }
        found
    }

    /// Keeps the names of `list` that are declared; notes an empty list and the other names.
    pub(crate) fn all_declared(
        &self,
        key: &'static str,
        list: &At<Vec<At<SecretName>>>,
        problems: &mut Problems,
    ) -> Vec<SecretName> {
        if list.value.is_empty() {
            problems.add(&list.place, PolicyErrorKind::EmptyList { key });
        }
        list.value
            .iter()
            .filter(|name| self.declared(key, name, problems))
            .map(|name| name.value.clone())
            .collect()
    }
}

/// A table that `when` overrides by tier and environment.
pub(crate) trait Layer: Clone {
    /// Reads the fields.
    fn read(table: &Table, problems: &mut Problems) -> Self;
    /// Puts `over` on top.
    fn overlaid(self, over: &Self) -> Self;
    /// Returns the overrides.
    fn when(&self) -> Option<&At<Table>>;
}

impl Layer for SecretWire {
    fn read(table: &Table, problems: &mut Problems) -> Self {
        Self::read(table, problems)
    }

    fn overlaid(self, over: &Self) -> Self {
        self.overlaid(over)
    }

    fn when(&self) -> Option<&At<Table>> {
        self.when.as_ref()
    }
}

impl Layer for VariableWire {
    fn read(table: &Table, problems: &mut Problems) -> Self {
        Self::read(table, problems)
    }

    fn overlaid(self, over: &Self) -> Self {
        self.overlaid(over)
    }

    fn when(&self) -> Option<&At<Table>> {
        self.when.as_ref()
    }
}

/// A declared name with its fields and their overrides.
#[derive(Debug)]
pub(crate) struct Layered<W> {
    pub(crate) name: At<SecretName>,
    base: W,
    scopes: Vec<(String, W)>,
}

impl<W: Layer> Layered<W> {
    /// Reads a secret or variable and everything that overrides it.
    pub(crate) fn read(name: At<SecretName>, table: &Table, names: &Names, problems: &mut Problems) -> Self {
        let base = W::read(table, problems);
        let mut scopes = Vec::new();
        let overrides = base.when().map(|when| when.value.entries());
        for (key, node) in overrides.into_iter().flatten() {
            let Datum::Table(table) = &node.datum else {
                Table::refuse(&key.value, node, problems);
                continue;
            };
            if !names.scope("when", key, problems) {
                continue;
            }
            let over = W::read(table, problems);
            if let Some(nested) = over.when() {
                let text = "`when` cannot stand inside `when`".to_owned();
                problems.add(&nested.place, PolicyErrorKind::Contradiction(text));
            }
            scopes.push((key.value.clone(), over));
        }
        Self { name, base, scopes }
    }

    /// Returns the fields as written, without overrides.
    pub(crate) fn base(&self) -> &W {
        &self.base
    }

    /// Returns the fields as they hold in `environment`: the tier's overrides first, its own after them.
    pub(crate) fn effective(&self, environment: &Environment) -> W {
        let tier = environment.tier().name();
        let own = Some(environment.name().as_str()).filter(|own| *own != tier);
        [Some(tier), own]
            .into_iter()
            .flatten()
            .filter_map(|scope| self.scopes.iter().find(|(known, _)| known == scope))
            .fold(self.base.clone(), |wire, (_, over)| wire.overlaid(over))
    }

    /// Returns environments that stand for the tiers overridden here that no declared environment has.
    pub(crate) fn stand_ins(&self, names: &Names) -> Vec<Environment> {
        Tier::ALL
            .into_iter()
            .filter(|tier| self.scopes.iter().any(|(scope, _)| scope == tier.name()))
            .filter(|tier| !names.environments.iter().any(|known| known.tier() == *tier))
            .filter_map(Environment::of_tier)
            .collect()
    }
}
