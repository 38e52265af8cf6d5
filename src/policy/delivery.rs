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
    /// A file of one value.
    File,
}

impl Choice for SinkType {
    const WHAT: &'static str = "type of sinks";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("command", Self::Command),
        ("env-file", Self::EnvFile),
        ("file", Self::File),
    ];
}

impl SinkType {
    /// Returns the fields that a sink of this type has beside `type` and `description`; the first is needed.
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Command => &["set", "env"],
            Self::EnvFile => &["path"],
            Self::File => &["path", "mode"],
        }
    }

    /// Returns the name as policies write it.
    fn name(self) -> &'static str {
        let words = Self::WORDS.iter();
        words
            .clone()
            .find(|(_, word)| *word == self)
            .map_or("", |(name, _)| name)
    }
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
        /// The file, relative to the project; `{environment}` is filled in.
        path: String,
    },
    /// A file of exactly the value.
    File {
        /// The file, relative to the project; `{name}` and `{environment}` are filled in.
        path: String,
        /// The permission bits; `None` keeps those of the file, and makes a new one private to the user.
        mode: Option<u32>,
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
        let Some(of_type) = wire.of_type.as_ref().map(|at| at.value) else {
            problems.add(&name.place, lacks("type"));
            return None;
        };
        refuse_others(&wire, of_type, problems);
        let (path, mode) = (wire.path, wire.mode);
        let target = match of_type {
            SinkType::Command => wire.set.map(|set| {
                check_command(&set, problems);
                let env = wire.env.map(|env| env.value).unwrap_or_default();
                Self::Command {
                    set: set.value.into_iter().map(|word| word.value).collect(),
                    env: env.into_iter().map(|name| name.value).collect(),
                }
            }),
            SinkType::EnvFile => path.map(|path| {
                check_path(&path, &["environment"], problems);
                Self::EnvFile { path: path.value }
            }),
            SinkType::File => path.map(|path| {
                check_path(&path, &["name", "environment"], problems);
                let mode = mode.and_then(|mode| data_mode(&mode, problems));
                Self::File {
                    path: path.value,
                    mode,
                }
            }),
        };
        if target.is_none() {
            problems.add(&name.place, lacks(of_type.fields()[0]));
        }
        target
    }

    /// Returns whether each secret needs a sink of its own: it holds one value and does not say of which secret.
    pub fn holds_one_secret(&self) -> bool {
        matches!(self, Self::File { path, .. } if !path.contains("{name}"))
    }
}

/// Notes fields that a sink of this type has not.
fn refuse_others(wire: &SinkWire, of_type: SinkType, problems: &mut Problems) {
    let fields = [
        ("path", wire.path.as_ref().map(|at| &at.place)),
        ("mode", wire.mode.as_ref().map(|at| &at.place)),
        ("set", wire.set.as_ref().map(|at| &at.place)),
        ("env", wire.env.as_ref().map(|at| &at.place)),
    ];
    for (field, place) in fields {
        if let Some(place) = place.filter(|_| !of_type.fields().contains(&field)) {
            let text = format!("`{field}` is not for a sink of type `{}`", of_type.name());
            problems.add(place, PolicyErrorKind::Contradiction(text));
        }
    }
}

/// Notes an empty path and placeholders that are not filled in.
fn check_path(path: &At<String>, known: &[&str], problems: &mut Problems) {
    let mut rest = path.value.clone();
    for placeholder in known {
        rest = rest.replace(&format!("{{{placeholder}}}"), "");
    }
    let text = if let Some(wrong) = leaves_project(&path.value) {
        wrong.to_owned()
    } else if rest.contains(['{', '}']) {
        let known: Vec<String> = known.iter().map(|one| format!("`{{{one}}}`")).collect();
        format!("`path` knows {} only", known.join(" and "))
    } else {
        return;
    };
    problems.add(&path.place, PolicyErrorKind::Contradiction(text));
}

/// Says why a value must not be written there. A policy comes with a pull, and what it writes outside of the project,
/// or where git or a shell would run it, could be a program.
fn leaves_project(path: &str) -> Option<&'static str> {
    let mut parts = path.split('/');
    if path.is_empty() {
        Some("`path` is empty")
    } else if path.starts_with('/') || path.starts_with('~') || parts.clone().any(|part| part == "..") {
        Some("`path` leaves the project: a sink writes below the directory of the policy only")
    } else if parts.any(|part| [".git", ".mintage"].contains(&part.to_ascii_lowercase().as_str())) {
        Some("`path` leads into `.git` or `.mintage`, where no value is ever written")
    } else {
        None
    }
}

/// Reads the permission bits of a file that holds a value, which nobody runs.
fn data_mode(mode: &At<String>, problems: &mut Problems) -> Option<u32> {
    let bits = octal(mode, problems)?;
    if bits & 0o111 != 0 {
        let text = "`mode` lets somebody run the file, and it holds a value".to_owned();
        problems.add(&mode.place, PolicyErrorKind::Contradiction(text));
    }
    Some(bits)
}

/// Reads permission bits.
pub(crate) fn octal(mode: &At<String>, problems: &mut Problems) -> Option<u32> {
    let text = &mode.value;
    let is_octal = text.len() <= 4 && text.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    let bits = u32::from_str_radix(text, 8)
        .ok()
        .filter(|bits| is_octal && *bits <= 0o777);
    if bits.is_none() {
        let text = "`mode` is written in octal, such as `0600`".to_owned();
        problems.add(&mode.place, PolicyErrorKind::Contradiction(text));
    }
    bits
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
