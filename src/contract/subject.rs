//! What is checked, and what is known about it beside the values.

use std::collections::BTreeSet;
use std::path::Path;

use crate::contract::Facts;
use crate::contract::Found;
use crate::contract::Source;
use crate::contract::Values;
use crate::policy::Derivation;
use crate::policy::Environment;
use crate::policy::Group;
use crate::policy::Implication;
use crate::policy::NotifierPolicy;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::Target;
use crate::policy::Template;
use crate::policy::Tier;
use crate::policy::VariablePolicy;
use crate::secret::SecretName;

/// One environment with the values that are meant for it.
#[derive(Debug)]
pub struct Subject<'a> {
    /// What is demanded.
    pub policy: &'a Policy,
    /// Where it is demanded.
    pub environment: &'a Environment,
    /// What was found.
    pub values: Values<'a>,
    /// What was found out outside.
    pub facts: &'a Facts,
}

impl<'a> Subject<'a> {
    /// Returns how strict to be.
    pub(super) fn tier(&self) -> Tier {
        self.environment.tier()
    }

    /// Returns whether real users or their equal depend on it.
    pub(super) fn is_strict(&self) -> bool {
        self.tier() != Tier::Development
    }

    /// Returns the secret of this name as it holds here.
    pub(super) fn secret(&self, name: &SecretName) -> Option<&'a SecretPolicy> {
        self.policy.secret(name, self.environment.name())
    }

    /// Returns the secrets that hold here.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &'a SecretPolicy> {
        let names = self.policy.secret_names().filter(|name| self.stands_here(name));
        names.filter_map(|name| self.secret(name))
    }

    /// Returns the variables that hold here.
    pub(super) fn variables(&self) -> impl Iterator<Item = &'a VariablePolicy> {
        let names = self.policy.variable_names().filter(|name| self.stands_here(name));
        names.filter_map(|name| self.policy.variable(name, self.environment.name()))
    }

    /// Returns whether a name stands in the file that is checked, and not in that of another target.
    pub(super) fn stands_here(&self, name: &SecretName) -> bool {
        match &self.facts.source {
            Source::Store(names) => names.contains(name),
            Source::EnvFile(_) | Source::Process => self.policy.target_of(name) == self.target(),
        }
    }

    /// Returns the target whose env file is checked; `None` for the environment's own.
    fn target(&self) -> Option<&'a Target> {
        let file = Path::new(self.facts.source.file()?);
        self.policy.target_at(file, self.environment.name())
    }

    /// Returns whether the policy requires the name here, whatever else is set.
    pub(super) fn is_required(&self, name: &str) -> bool {
        self.secrets()
            .any(|secret| secret.required() && secret.name().as_str() == name)
            || self
                .variables()
                .any(|variable| variable.required() && variable.name().as_str() == name)
    }

    /// Returns the other name for the same thing.
    pub(super) fn alias(&self, name: &str) -> Option<&'a SecretName> {
        self.policy.aliases().iter().find_map(|(one, other)| {
            if one.as_str() == name {
                Some(other)
            } else {
                (other.as_str() == name).then_some(one)
            }
        })
    }

    /// Returns the value of `name` that is set, under this name or under its alias.
    pub(super) fn set(&self, name: &SecretName) -> Option<Found<'a>> {
        let set = |name: &str| self.values.named(name).filter(Found::is_set);
        set(name.as_str()).or_else(|| set(self.alias(name.as_str())?.as_str()))
    }

    /// Returns every name that some rule of the policy speaks about.
    pub(super) fn known_names(&self) -> BTreeSet<&'a str> {
        let mut names: BTreeSet<&SecretName> = self.policy.secret_names().collect();
        names.extend(self.policy.variable_names());
        for secret in self.secrets() {
            names.extend(secret.previous_var());
            names.extend(secret.derivation().into_iter().flat_map(Derivation::roots));
        }
        for variable in self.variables() {
            names.extend(variable.template().into_iter().flat_map(Template::names));
        }
        let notifiers = self.policy.notifiers().iter();
        names.extend(
            notifiers
                .flat_map(NotifierPolicy::variables)
                .map(|(_, name)| name),
        );
        names.extend(self.policy.groups().iter().flat_map(Group::names));
        names.extend(self.policy.implications().iter().flat_map(Implication::names));
        for (one, other) in self.policy.aliases() {
            names.extend([one, other]);
        }
        names.into_iter().map(SecretName::as_str).collect()
    }
}
