//! Env files beside the one of an environment: another program that runs there has its own.

use crate::policy::document::At;
use crate::policy::document::Problems;
use crate::policy::document::Table;
use crate::policy::document::TargetWire;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::names::Names;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// An env file of its own, and the names that stand there in place of the environment's env file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Target {
    name: String,
    env_file: String,
    names: Vec<SecretName>,
    description: Option<String>,
}

impl Target {
    /// Builds a target; notes one without file or names.
    pub(crate) fn build(
        name: &At<String>,
        table: &Table,
        names: &Names,
        problems: &mut Problems,
    ) -> Option<Self> {
        let wire = TargetWire::read(table, problems);
        if wire.broken {
            return None;
        }
        let missing = |key: &'static str, problems: &mut Problems| {
            let table = format!("target `{}`", name.value);
            problems.add(&name.place, PolicyErrorKind::Missing { table, key });
        };
        if wire.env_file.is_none() {
            missing("env_file", problems);
        }
        if wire.names.is_none() {
            missing("names", problems);
        }
        let names = names.all_declared("names", &wire.names?, problems);
        Some(Self {
            name: name.value.clone(),
            env_file: wire.env_file?.value,
            names,
            description: wire.description.map(|at| at.value),
        })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns its env file in `environment`, relative to the project.
    pub fn env_file(&self, environment: &EnvironmentName) -> String {
        self.env_file.replace(ENVIRONMENT, environment.as_str())
    }

    /// Returns the names that stand there.
    pub fn names(&self) -> &[SecretName] {
        &self.names
    }

    /// Returns what it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
}

/// What stands for the name of the environment in a path.
const ENVIRONMENT: &str = "{environment}";

#[cfg(test)]
mod tests {
    use crate::policy::Policy;

    #[test]
    fn names_stand_in_the_file_of_their_target() {
        let text = "schema = 1
[secrets.MASTER_KEY]
kind = 'hex'
[secrets.OTHER]
kind = 'hex'
[targets.proxy]
env_file = 'proxy/.env.{environment}'
names = ['MASTER_KEY']
description = 'the proxy'
";
        let policy = Policy::parse("", text).unwrap();
        let (own, other) = ("MASTER_KEY".parse().unwrap(), "OTHER".parse().unwrap());

        let target = policy.target_of(&own).unwrap();

        assert_eq!(
            (target.name(), target.description()),
            ("proxy", Some("the proxy"))
        );
        assert_eq!(
            target.env_file(&"production".parse().unwrap()),
            "proxy/.env.production"
        );
        assert_eq!(target.names(), [own]);
        assert_eq!(policy.target_of(&other), None);
        assert_eq!(policy.targets().len(), 1);
    }
}
