//! Sinks that are told by running a program.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

use crate::policy::Period;
use crate::policy::command_recipes;
use crate::policy::document::At;
use crate::policy::document::Choice;
use crate::policy::document::Problems;
use crate::policy::document::SinkWire;
use crate::policy::errors::PolicyErrorKind;
use crate::secret::SecretName;

/// What a program is run for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// To print the SHA-256 of the value that the system holds.
    ReadFingerprint,
    /// To print the value that the system holds.
    ReadValue,
    /// To have the system drop the value on standard input.
    Retire,
    /// To have the system use the value on standard input.
    Set,
    /// To prove that the value on standard input works.
    Test,
}

impl Verb {
    /// Returns the name of its field in policies.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ReadFingerprint => "read_fingerprint",
            Self::ReadValue => "read_value",
            Self::Retire => "retire",
            Self::Set => "set",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// What stands on the standard input of a program beside the value.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StdinForm {
    /// `NAME=VALUE` and a line end, for values that nobody has to quote.
    EnvLine,
    /// A JSON object of one member, `{"NAME":"VALUE"}`.
    Json,
    /// A merge patch of a Kubernetes Secret, `{"data":{"NAME":"…"}}`.
    KubernetesPatch,
    /// Nothing: exactly the value, without a line end.
    #[default]
    Value,
}

impl Choice for StdinForm {
    const WHAT: &'static str = "form of standard input";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("env-line", Self::EnvLine),
        ("json", Self::Json),
        ("kubernetes-patch", Self::KubernetesPatch),
        ("value", Self::Value),
    ];
}

/// How a system is told by running programs, once they were approved on this machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CommandTarget {
    pub(super) commands: Vec<(Verb, Vec<String>)>,
    pub(super) stdin: StdinForm,
    pub(super) env: Vec<SecretName>,
    pub(super) timeout: Duration,
    pub(super) absent: Option<&'static str>,
    pub(super) denied: Option<i32>,
}

impl CommandTarget {
    /// Builds it from the fields of a sink, and refuses words that would show the value to the process table.
    pub(crate) fn build(name: &At<String>, wire: &SinkWire, problems: &mut Problems) -> Option<Self> {
        let mut target = match &wire.recipe {
            Some(recipe) => command_recipes::expand(recipe, wire, problems)?,
            None => Self::default(),
        };
        let written = [
            (Verb::ReadFingerprint, &wire.read_fingerprint),
            (Verb::ReadValue, &wire.read_value),
            (Verb::Retire, &wire.retire),
            (Verb::Set, &wire.set),
            (Verb::Test, &wire.test),
        ];
        for (verb, words) in written {
            if let Some(words) = words {
                check_words(verb, words, problems);
                target.put(verb, words.value.iter().map(|word| word.value.clone()).collect());
            }
        }
        if let (None, Some(with)) = (&wire.recipe, &wire.with) {
            let text = "`with` gives a `recipe` what it asks for, and there is none".to_owned();
            problems.add(&with.place, PolicyErrorKind::Contradiction(text));
        }
        let both = [Verb::ReadFingerprint, Verb::ReadValue].map(|verb| target.command(verb).is_some());
        if both == [true, true] {
            let text =
                "`read_fingerprint` and `read_value` answer the same question: one is enough".to_owned();
            problems.add(&name.place, PolicyErrorKind::Contradiction(text));
        }
        let names = wire.env.iter().flat_map(|env| &env.value);
        for name in names.map(|name| &name.value) {
            if !target.env.contains(name) {
                target.env.push(name.clone());
            }
        }
        if let Some(stdin) = &wire.stdin {
            target.stdin = stdin.value;
        }
        if let Some(timeout) = &wire.timeout {
            target.timeout = patience(timeout, problems);
        }
        target.command(Verb::Set).is_some().then_some(target)
    }

    /// Returns the program and the arguments of a command; `{name}` and `{environment}` are not filled in yet.
    pub fn command(&self, verb: Verb) -> Option<&[String]> {
        let found = self.commands.iter().find(|(known, _)| *known == verb);
        found.map(|(_, words)| words.as_slice())
    }

    /// Returns every command.
    pub fn commands(&self) -> impl Iterator<Item = (Verb, &[String])> {
        self.commands
            .iter()
            .map(|(verb, words)| (*verb, words.as_slice()))
    }

    /// Returns all that a program sees of the environment beside PATH.
    pub fn env(&self) -> &[SecretName] {
        &self.env
    }

    /// Returns what stands on standard input.
    pub fn stdin(&self) -> StdinForm {
        self.stdin
    }

    /// Returns how long a program may run.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Returns words of an error message by which a program that reads says that there is nothing yet.
    pub fn absent(&self) -> Option<&'static str> {
        self.absent
    }

    /// Returns the exit code by which the programs say that nobody is logged in, beside 77.
    pub fn denied(&self) -> Option<i32> {
        self.denied
    }

    pub(super) fn put(&mut self, verb: Verb, words: Vec<String>) {
        self.commands.retain(|(known, _)| *known != verb);
        self.commands.push((verb, words));
        self.commands.sort_by_key(|(verb, _)| *verb);
    }
}

impl Default for CommandTarget {
    fn default() -> Self {
        Self {
            commands: Vec::new(),
            stdin: StdinForm::default(),
            env: Vec::new(),
            timeout: TIMEOUT,
            absent: None,
            denied: None,
        }
    }
}

fn patience(timeout: &At<Period>, problems: &mut Problems) -> Duration {
    let patience = Duration::from_secs(timeout.value.approximate_seconds());
    if patience > MOST {
        let text = "a command may run for `1h` at most: nobody else can rotate meanwhile".to_owned();
        problems.add(&timeout.place, PolicyErrorKind::Contradiction(text));
    }
    patience
}

/// Notes an empty command and placeholders that are not filled in, above all that of the value.
fn check_words(verb: Verb, words: &At<Vec<At<String>>>, problems: &mut Problems) {
    let key = verb.key();
    match words.value.first() {
        Some(program) if program.value.contains(['{', '}']) => {
            let text =
                format!("the program of `{key}` is fixed when it is approved, so it has no placeholders");
            problems.add(&program.place, PolicyErrorKind::Contradiction(text));
            return;
        }
        Some(program) if !program.value.is_empty() => {}
        _ => problems.add(&words.place, PolicyErrorKind::EmptyList { key }),
    }
    for word in &words.value {
        let rest = word.value.replace("{name}", "").replace("{environment}", "");
        let text = if rest.contains("{value}") {
            "`{value}` would show the value to everyone who lists processes: it goes to standard input"
                .to_owned()
        } else if rest.contains(['{', '}']) {
            format!("`{key}` knows the placeholders `{{name}}` and `{{environment}}` only")
        } else if rest.contains('\0') {
            format!("a word of `{key}` has a NUL, which no program can be given")
        } else {
            continue;
        };
        problems.add(&word.place, PolicyErrorKind::Contradiction(text));
    }
}

/// How long a program may run unless the policy says otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How long a program may run at most.
const MOST: Duration = Duration::from_secs(3_600);
