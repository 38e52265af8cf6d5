//! Where values go, and who is told what is due.

use serde::Serialize;

use crate::policy::document::At;
use crate::policy::document::Choice;
use crate::policy::document::NotifierWire;
use crate::policy::document::Problems;
use crate::policy::document::SinkWire;
use crate::policy::document::Table;
use crate::policy::errors::PolicyErrorKind;
use crate::secret::SecretName;

/// What sort of system a sink is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SinkType {
    /// A program that reads the value on its standard input.
    Command,
    /// An env file.
    EnvFile,
}

impl Choice for SinkType {
    const WHAT: &'static str = "type of sinks";
    const WORDS: &'static [(&'static str, Self)] = &[("command", Self::Command), ("env-file", Self::EnvFile)];
}

/// A system that uses secrets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SinkPolicy {
    name: String,
    target: SinkTarget,
    description: Option<String>,
}

/// How a sink is reached.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SinkTarget {
    /// A program that reads the value on its standard input, once it was approved on this machine.
    Command {
        /// Program and arguments; `{name}` and `{environment}` are filled in.
        set: Vec<String>,
        /// All that it sees of the environment beside PATH.
        env: Vec<SecretName>,
    },
    /// An env file.
    EnvFile {
        /// The file, relative to the project.
        path: String,
    },
}

impl SinkPolicy {
    /// Builds a sink, and refuses a command that would show the value to the process table.
    pub(crate) fn build(name: &At<String>, table: &Table, problems: &mut Problems) -> Option<Self> {
        let wire = SinkWire::read(table, problems);
        if wire.broken {
            return None;
        }
        let description = wire.description.clone().map(|at| at.value);
        let target = SinkTarget::build(name, wire, problems)?;
        Some(Self {
            name: name.value.clone(),
            target,
            description,
        })
    }

    /// Returns the name by which secrets name it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns how it is reached.
    pub fn target(&self) -> &SinkTarget {
        &self.target
    }

    /// Returns what it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
}

impl SinkTarget {
    fn build(name: &At<String>, wire: SinkWire, problems: &mut Problems) -> Option<Self> {
        let lacks = |key| PolicyErrorKind::Missing {
            table: format!("sink `{}`", name.value),
            key,
        };
        let wrong = match (wire.of_type.map(|at| at.value), wire.path, wire.set) {
            (None, ..) => lacks("type"),
            (Some(SinkType::Command), None, Some(set)) => {
                check_command(&set, problems);
                let env = wire.env.map(|env| env.value).unwrap_or_default();
                return Some(Self::Command {
                    set: set.value.into_iter().map(|word| word.value).collect(),
                    env: env.into_iter().map(|name| name.value).collect(),
                });
            }
            (Some(SinkType::EnvFile), Some(path), None) if wire.env.is_none() => {
                return Some(Self::EnvFile { path: path.value });
            }
            (Some(SinkType::Command), None, None) => lacks("set"),
            (Some(SinkType::EnvFile), None, _) => lacks("path"),
            _ => {
                let text =
                    "`path` is for a sink of type `env-file`, `set` and `env` for one of type `command`";
                PolicyErrorKind::Contradiction(text.to_owned())
            }
        };
        problems.add(&name.place, wrong);
        None
    }
}

/// Notes an empty command and placeholders that are not filled in, above all that of the value.
fn check_command(set: &At<Vec<At<String>>>, problems: &mut Problems) {
    if set.value.first().is_none_or(|program| program.value.is_empty()) {
        problems.add(&set.place, PolicyErrorKind::EmptyList { key: "set" });
    }
    for word in &set.value {
        let rest = word.value.replace("{name}", "").replace("{environment}", "");
        let text = if rest.contains("{value}") {
            "`{value}` would show the value to everyone who lists processes: it goes to standard input"
        } else if rest.contains(['{', '}']) {
            "`set` knows the placeholders `{name}` and `{environment}` only"
        } else {
            continue;
        };
        problems.add(&word.place, PolicyErrorKind::Contradiction(text.to_owned()));
    }
}

/// How somebody is told.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotifierType {
    /// A request to a URL.
    Webhook,
}

impl Choice for NotifierType {
    const WHAT: &'static str = "type of notifiers";
    const WORDS: &'static [(&'static str, Self)] = &[("webhook", Self::Webhook)];
}

/// What a notifier sends.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotifierFormat {
    /// The JSON of `remind --json`.
    #[default]
    Json,
    /// A message as Slack takes it.
    Slack,
}

impl Choice for NotifierFormat {
    const WHAT: &'static str = "format of notifications";
    const WORDS: &'static [(&'static str, Self)] = &[("json", Self::Json), ("slack", Self::Slack)];
}

/// Who is told what is due.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NotifierPolicy {
    of_type: NotifierType,
    url_env: SecretName,
    format: NotifierFormat,
}

impl NotifierPolicy {
    /// Builds a notifier.
    pub(crate) fn build(table: &At<Table>, problems: &mut Problems) -> Option<Self> {
        let wire = NotifierWire::read(&table.value, problems);
        if wire.broken {
            return None;
        }
        let lacks = [
            ("type", wire.of_type.is_none()),
            ("url_env", wire.url_env.is_none()),
        ];
        for (key, _) in lacks.into_iter().filter(|(_, lacks)| *lacks) {
            let about = "a notifier".to_owned();
            problems.add(&table.place, PolicyErrorKind::Missing { table: about, key });
        }
        Some(Self {
            of_type: wire.of_type?.value,
            url_env: wire.url_env?.value,
            format: wire.format.map(|at| at.value).unwrap_or_default(),
        })
    }

    /// Returns how it tells.
    pub fn of_type(&self) -> NotifierType {
        self.of_type
    }

    /// Returns the variable that holds the URL, which is a secret itself.
    pub fn url_env(&self) -> &SecretName {
        &self.url_env
    }

    /// Returns what it sends.
    pub fn format(&self) -> NotifierFormat {
        self.format
    }
}
