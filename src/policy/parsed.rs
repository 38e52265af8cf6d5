//! The parsed policy of a project. A value of this type can always be followed.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::DateTime;
use chrono::Utc;

use crate::policy::Certificate;
use crate::policy::Environment;
use crate::policy::FileRule;
use crate::policy::Freeze;
use crate::policy::Group;
use crate::policy::Implication;
use crate::policy::NotifierPolicy;
use crate::policy::PolicyError;
use crate::policy::PolicyErrors;
use crate::policy::SecretPolicy;
use crate::policy::Signoff;
use crate::policy::SinkPolicy;
use crate::policy::Target;
use crate::policy::VariablePolicy;
use crate::policy::Waiver;
use crate::policy::policy_build;
use crate::policy::preset::lookup;
use crate::policy::presets;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// The parsed policy of a project: every secret can be made, is strong enough and names only what there is.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(super) name: String,
    pub(super) environments: Vec<Environment>,
    pub(super) secrets: BTreeMap<SecretName, BTreeMap<EnvironmentName, SecretPolicy>>,
    pub(super) variables: BTreeMap<SecretName, BTreeMap<EnvironmentName, VariablePolicy>>,
    pub(super) groups: Vec<Group>,
    pub(super) implications: Vec<Implication>,
    pub(super) files: Vec<FileRule>,
    pub(super) certificates: Vec<Certificate>,
    pub(super) targets: Vec<Target>,
    pub(super) sinks: Vec<SinkPolicy>,
    pub(super) notifiers: Vec<NotifierPolicy>,
    pub(super) freezes: Vec<Freeze>,
    pub(super) public_prefixes: Vec<String>,
    pub(super) aliases: Vec<(SecretName, SecretName)>,
    pub(super) waivers: Vec<Waiver>,
    pub(super) signoff: Option<Signoff>,
    pub(super) doubts: Vec<PolicyError>,
}

impl Policy {
    /// Parses a policy; `file` is the name that errors show.
    ///
    /// With `extends`, the preset comes first, then this file's tables override it entry by entry and field by
    /// field: a secret that is declared again overrides only the fields that it sets. A list inside a field is
    /// replaced; `[[groups]]`, `[[implies]]`, `[[notifiers]]`, `[[freezes]]` and `[[waivers]]` are appended to the preset's.
    ///
    /// # Errors
    ///
    /// Every mistake at once, with its place; of mistakes in the syntax of TOML only the first.
    pub fn parse(file: &str, text: &str) -> Result<Self, PolicyErrors> {
        let names: Vec<_> = presets().iter().map(|preset| preset.name).collect();
        policy_build::parse(file, text, &lookup, &names)
    }

    /// Returns what may be meant and may be mistyped: rules that name what no table declares.
    pub fn doubts(&self) -> &[PolicyError] {
        &self.doubts
    }

    /// Returns what the policy is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the environments in the order of the file; `production` alone where none is declared.
    pub fn environments(&self) -> impl Iterator<Item = &Environment> {
        self.environments.iter()
    }

    /// Returns the environment of this name.
    pub fn environment(&self, name: &EnvironmentName) -> Option<&Environment> {
        self.environments.iter().find(|known| known.name() == name)
    }

    /// Returns the names of the secrets, sorted.
    pub fn secret_names(&self) -> impl Iterator<Item = &SecretName> {
        self.secrets.keys()
    }

    /// Returns a secret as it holds in `environment`; the overrides of the tier come first, its own after them.
    pub fn secret(&self, name: &SecretName, environment: &EnvironmentName) -> Option<&SecretPolicy> {
        self.secrets.get(name)?.get(environment)
    }

    /// Returns the names of the variables that are no secrets, sorted.
    pub fn variable_names(&self) -> impl Iterator<Item = &SecretName> {
        self.variables.keys()
    }

    /// Returns a variable as it holds in `environment`; the overrides of the tier come first, its own after them.
    pub fn variable(&self, name: &SecretName, environment: &EnvironmentName) -> Option<&VariablePolicy> {
        self.variables.get(name)?.get(environment)
    }

    /// Returns the names that belong together.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Returns the names that need others.
    pub fn implications(&self) -> &[Implication] {
        &self.implications
    }

    /// Returns the files and how they must be kept.
    pub fn files(&self) -> &[FileRule] {
        &self.files
    }

    /// Returns the certificates that run out.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Returns the env files beside those of the environments.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// Returns the target in whose env file `name` stands; `None` for the environment's own.
    pub fn target_of(&self, name: &SecretName) -> Option<&Target> {
        self.targets.iter().find(|target| target.names().contains(name))
    }

    /// Returns the target whose env file in `environment` is `file`, which may be a longer path to it.
    pub fn target_at(&self, file: &Path, environment: &EnvironmentName) -> Option<&Target> {
        let mut targets = self.targets.iter();
        targets.find(|target| file.ends_with(target.env_file(environment)))
    }

    /// Returns the systems that use the secrets.
    pub fn sinks(&self) -> &[SinkPolicy] {
        &self.sinks
    }

    /// Returns who is told what is due.
    pub fn notifiers(&self) -> &[NotifierPolicy] {
        &self.notifiers
    }

    /// Returns the freeze that holds in `environment` at `now`.
    pub fn frozen(&self, environment: &EnvironmentName, now: DateTime<Utc>) -> Option<&Freeze> {
        let environment = self.environment(environment)?;
        self.freezes.iter().find(|freeze| freeze.holds(environment, now))
    }

    /// Returns the prefixes of names that are public; no secret has one.
    pub fn public_prefixes(&self) -> &[String] {
        &self.public_prefixes
    }

    /// Returns pairs of names for the same thing.
    pub fn aliases(&self) -> &[(SecretName, SecretName)] {
        &self.aliases
    }

    /// Returns the findings that are accepted for a time.
    pub fn waivers(&self) -> &[Waiver] {
        &self.waivers
    }

    /// Returns who has to agree.
    pub fn signoff(&self) -> Option<&Signoff> {
        self.signoff.as_ref()
    }
}
