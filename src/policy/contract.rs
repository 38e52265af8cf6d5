//! What a policy demands beyond single names: groups, implications, files, waivers, signatures.

use chrono::NaiveDate;

use crate::policy::Environment;
use crate::policy::Tier;
use crate::policy::VariablePolicy;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Names that belong together.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Group {
    pub(super) rule: GroupRule,
    pub(super) required_in: Vec<String>,
    pub(super) description: Option<String>,
}

/// How names belong together.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum GroupRule {
    /// All have a value, or none has.
    AllOrNone(Vec<SecretName>),
    /// At least one of the sets is complete.
    OneOf(Vec<Vec<SecretName>>),
}

impl Group {
    /// Returns how the names belong together.
    pub fn rule(&self) -> &GroupRule {
        &self.rule
    }

    /// Returns every name of it.
    pub fn names(&self) -> impl Iterator<Item = &SecretName> {
        let (set, sets) = match &self.rule {
            GroupRule::AllOrNone(set) => (set.as_slice(), [].as_slice()),
            GroupRule::OneOf(sets) => ([].as_slice(), sets.as_slice()),
        };
        set.iter().chain(sets.iter().flatten())
    }

    /// Returns whether the group must have values in `environment`.
    pub fn required_in(&self, environment: &Environment) -> bool {
        self.required_in.iter().any(|scope| environment.is_in(scope))
    }

    /// Returns what it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
}

/// Names that need others.
#[derive(Clone, Debug)]
pub struct Implication {
    pub(super) condition: Condition,
    pub(super) require: Vec<SecretName>,
    pub(super) then: Vec<VariablePolicy>,
    pub(super) required_in: Option<Vec<String>>,
    pub(super) description: Option<String>,
}

/// When an implication holds.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Condition {
    /// Every name has its value.
    Equals(Vec<(SecretName, String)>),
    /// The name has a value.
    Set(SecretName),
}

impl Implication {
    /// Returns when it holds.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// Returns every name that it is about, on either side.
    pub fn names(&self) -> impl Iterator<Item = &SecretName> {
        let (set, pairs) = match &self.condition {
            Condition::Equals(pairs) => (None, pairs.as_slice()),
            Condition::Set(name) => (Some(name), [].as_slice()),
        };
        let causes = set.into_iter().chain(pairs.iter().map(|(name, _)| name));
        causes
            .chain(&self.require)
            .chain(self.then.iter().map(VariablePolicy::name))
    }

    /// Returns the names that must have a value then.
    pub fn require(&self) -> &[SecretName] {
        &self.require
    }

    /// Returns the rules that hold for other names then, beside their own.
    pub fn then(&self) -> &[VariablePolicy] {
        &self.then
    }

    /// Returns whether it holds in `environment`, as it does everywhere unless the policy says where.
    pub fn required_in(&self, environment: &Environment) -> bool {
        let scopes = self.required_in.as_ref();
        scopes.is_none_or(|scopes| scopes.iter().any(|scope| environment.is_in(scope)))
    }

    /// Returns what it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
}

/// A file and how it must be kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileRule {
    pub(super) path: String,
    pub(super) git_ignored: Option<bool>,
    pub(super) mode: Option<u32>,
    pub(super) required: bool,
    pub(super) description: Option<String>,
}

impl FileRule {
    /// Returns the path, relative to the project.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns whether git must ignore it and not track it (`true`), or must track it (`false`).
    pub fn git_ignored(&self) -> Option<bool> {
        self.git_ignored
    }

    /// Returns the permission bits that it may have at most.
    pub fn mode(&self) -> Option<u32> {
        self.mode
    }

    /// Returns whether it must exist.
    pub fn required(&self) -> bool {
        self.required
    }

    /// Returns what it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
}

/// A finding that is accepted for a time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Waiver {
    pub(super) rule: String,
    pub(super) name: Option<String>,
    pub(super) environment: Option<EnvironmentName>,
    pub(super) until: NaiveDate,
    pub(super) reason: String,
}

impl Waiver {
    /// Returns the rule of the finding.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// Returns what the finding is about; `None` is everything.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the environment; `None` is each.
    pub fn environment(&self) -> Option<&EnvironmentName> {
        self.environment.as_ref()
    }

    /// Returns the last day, inclusive.
    pub fn until(&self) -> NaiveDate {
        self.until
    }

    /// Returns why.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// Who has to agree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signoff {
    pub(super) roles: Vec<String>,
    pub(super) distinct_people: bool,
    pub(super) required_in: Option<Vec<String>>,
}

impl Signoff {
    /// Returns the roles.
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// Returns whether one person may take one role only.
    pub fn distinct_people(&self) -> bool {
        self.distinct_people
    }

    /// Returns whether the roles have to agree in `environment`: in production unless the policy says where.
    pub fn required_in(&self, environment: &Environment) -> bool {
        match &self.required_in {
            Some(scopes) => scopes.iter().any(|scope| environment.is_in(scope)),
            None => environment.tier() == Tier::Production,
        }
    }
}
