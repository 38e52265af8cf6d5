//! Writing variables in a dialect, and reading them back before it counts.

use serde::Serialize;
use thiserror::Error;

use crate::dotenv::dialect::Dialect;
use crate::dotenv::dialect::Found;
use crate::dotenv::dialect::Outcome;
use crate::dotenv::dialect::Reading;
use crate::dotenv::file::EnvFile;
use crate::dotenv::spelling::spellings;
use crate::dotenv::write_json;
use crate::secret::SecretBuffer;
use crate::secret::SecretName;
use crate::secret::SecretValue;

/// How variables are written.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Form {
    /// An env file.
    Env(Dialect),
    /// A JSON object of strings.
    Json,
    /// A Secret of Kubernetes, in JSON, which is YAML too.
    Kubernetes,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 9] = [
        Self::Env(Dialect::Dotenv),
        Self::Env(Dialect::Docker),
        Self::Env(Dialect::Compose),
        Self::Env(Dialect::Systemd),
        Self::Env(Dialect::Shell),
        Self::Json,
        Self::Kubernetes,
        Self::Env(Dialect::Node),
        Self::Env(Dialect::Python),
    ];

    /// Returns the name as options spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Env(dialect) => dialect.name(),
            Self::Json => "json",
            Self::Kubernetes => "k8s",
        }
    }

    /// Returns what reads it, for people.
    pub const fn reader(self) -> &'static str {
        match self {
            Self::Env(dialect) => dialect.reader(),
            Self::Json => "JSON",
            Self::Kubernetes => "Kubernetes",
        }
    }
}

impl Serialize for Form {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A variable and its value.
#[derive(Debug)]
pub struct Variable {
    /// The name.
    pub name: SecretName,
    /// The value.
    pub value: SecretValue,
}

/// Why variables are not written. Nothing is written then.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum WriteError {
    /// What was written is not what is read. That is a bug.
    #[error("what was written is not read back as it was")]
    NotReadBack,
    /// All values together are too large.
    #[error("a Secret of Kubernetes holds {limit} bytes at most, and these values have {found}")]
    TooLarge {
        /// Bytes of all values.
        found: usize,
        /// Bytes that it holds.
        limit: usize,
    },
    /// Some values cannot be held.
    #[error("{} values cannot be written", .0.len())]
    Unwritable(Vec<Unwritable>),
}

/// A value that a form cannot hold.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Unwritable {
    /// The variable.
    pub name: SecretName,
    /// Why.
    pub reason: Reason,
}

/// Why a form cannot hold a value.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// It has line ends, and the reader takes one line for a value.
    #[error("it has several lines, and one line is all that is read")]
    LineEnd,
    /// Its line would be too long for the reader.
    #[error("it is longer than a line may be")]
    LineTooLong,
    /// No quotes and no escapes of the reader bring it back.
    #[error("no quotes or escapes bring it back unchanged")]
    NoSpelling,
    /// It is not text.
    #[error("it is binary and not text")]
    NotUtf8,
    /// It has a NUL byte.
    #[error("it has a NUL byte, which no environment can hold")]
    Nul,
    /// Shells do not keep what is assigned to this name.
    #[error("the shell keeps a variable of this name to itself")]
    OwnName,
    /// It has `${…}`, which the reader replaces within any quotes.
    #[error("it has `${{…}}`, which is replaced within any quotes")]
    Reference,
}

impl Reason {
    /// Says what to do about it.
    pub const fn cure(self) -> &'static str {
        match self {
            Self::LineEnd => {
                "keep the value in base64 on one line, or mount it as a file; compose, json and k8s hold several lines"
            }
            Self::LineTooLong => "mount the value as a file instead of a variable",
            Self::NoSpelling => {
                "a value of letters, digits and `-._` needs no quotes: compose, json and k8s hold any text"
            }
            Self::NotUtf8 | Self::Nul => "k8s holds any bytes: --dialect k8s; or keep the value in base64",
            Self::OwnName => "rename the variable: the shell would ignore it",
            Self::Reference => "json and k8s hold it; other dialects of env files do, in single quotes",
        }
    }
}

/// Writes `variables` in a form; `title` names a Secret of Kubernetes.
///
/// In an env file each value is written bare where every dialect takes it so, else in the quotes that the most
/// dialects read alike, this one among them. The result was read back: it holds these values and nothing else.
///
/// # Errors
///
/// Every value that the form cannot hold.
pub fn write(form: Form, title: &str, variables: &[Variable]) -> Result<SecretValue, WriteError> {
    match form {
        Form::Env(dialect) => env_file(dialect, variables),
        Form::Json => write_json::object(variables),
        Form::Kubernetes => write_json::kubernetes(title, variables),
    }
}

fn env_file(dialect: Dialect, variables: &[Variable]) -> Result<SecretValue, WriteError> {
    let mut file = SecretBuffer::new();
    let mut unwritable = Vec::new();
    for variable in variables {
        match assignment(dialect, variable) {
            Ok(line) => file.extend(line.expose()),
            Err(reason) => unwritable.push(Unwritable {
                name: variable.name.clone(),
                reason,
            }),
        }
    }
    if !unwritable.is_empty() {
        return Err(WriteError::Unwritable(unwritable));
    }
    if !is_exactly(&dialect.read(file.expose()), variables) {
        return Err(WriteError::NotReadBack);
    }
    Ok(file.finish())
}

/// Returns the line that assigns a value; of several ways the first that the most readers understand.
fn assignment(dialect: Dialect, variable: &Variable) -> Result<SecretValue, Reason> {
    if dialect == Dialect::Shell && OWN_OF_SHELLS.contains(&variable.name.as_str()) {
        return Err(Reason::OwnName);
    }
    let mut best: Option<(usize, SecretValue)> = None;
    for way in spellings(&variable.value) {
        let mut line = SecretBuffer::new();
        for part in [variable.name.as_str().as_bytes(), b"=", way.text.expose(), b"\n"] {
            line.extend(part);
        }
        let line = line.finish();
        let reads = |dialect: &Dialect| is_read(*dialect, line.expose(), variable);
        if !reads(&dialect) {
            continue;
        }
        let here = EnvFile::parse(line.expose());
        let is_read_here = here
            .last(variable.name.as_str())
            .is_some_and(|entry| *entry.value() == variable.value);
        let readers =
            Dialect::ALL.iter().filter(|dialect| reads(dialect)).count() + usize::from(is_read_here);
        if best.as_ref().is_none_or(|(most, _)| readers > *most) {
            best = Some((readers, line));
        }
        if readers > Dialect::ALL.len() {
            break;
        }
    }
    best.map(|(_, line)| line)
        .ok_or_else(|| reason(dialect, variable.value.expose()))
}

/// Returns whether a line is read as the value, alone and with quotes on the lines below that could be taken for its own.
fn is_read(dialect: Dialect, line: &[u8], variable: &Variable) -> bool {
    if !is_exactly(&dialect.read(line), std::slice::from_ref(variable)) {
        return false;
    }
    let mut file = SecretBuffer::new();
    file.extend(line);
    // To a shell, backticks are a command.
    let count = LINES_BELOW.len() - usize::from(dialect == Dialect::Shell);
    for line in &LINES_BELOW[..count] {
        file.extend(line);
    }
    let reading = dialect.read(file.expose());
    let value = reading.entries().first().map(Found::outcome);
    reading.refusal().is_none()
        && reading.entries().len() == 1 + count
        && matches!(value, Some(Outcome::Value(value)) if *value == variable.value)
}

/// Returns whether a reading holds these values in this order and nothing else.
fn is_exactly(reading: &Reading, variables: &[Variable]) -> bool {
    let is_one = |(found, variable): (&Found, &Variable)| {
        found.name() == variable.name.as_str()
            && matches!(found.outcome(), Outcome::Value(value) if *value == variable.value)
    };
    reading.refusal().is_none()
        && reading.entries().len() == variables.len()
        && reading.entries().iter().zip(variables).all(is_one)
}

/// Says why no spelling of a value is read back.
fn reason(dialect: Dialect, value: &[u8]) -> Reason {
    let has = |wanted: &[u8]| value.windows(wanted.len()).any(|found| found == wanted);
    if value.contains(&0) {
        Reason::Nul
    } else if std::str::from_utf8(value).is_err() {
        Reason::NotUtf8
    } else if dialect == Dialect::Docker && value.len() >= LONGEST_LINE {
        Reason::LineTooLong
    } else if dialect == Dialect::Docker {
        Reason::LineEnd
    } else if dialect == Dialect::Python && has(b"${") {
        Reason::Reference
    } else {
        Reason::NoSpelling
    }
}

/// Assignments with every kind of quote. Behind each quote a line could end, so that a reader which looks for the last
/// quote it can use finds it here.
const LINES_BELOW: &[&[u8]] = &[b"b='#'\n", b"b=\"#\"\n", b"b=`#`\n"];

/// Variables that bash or dash computes itself, or lets nobody assign to.
const OWN_OF_SHELLS: &[&str] = &[
    "BASHOPTS",
    "BASHPID",
    "BASH_ALIASES",
    "BASH_ARGC",
    "BASH_ARGV0",
    "BASH_CMDS",
    "BASH_LINENO",
    "BASH_SOURCE",
    "BASH_SUBSHELL",
    "BASH_VERSINFO",
    "COMP_WORDBREAKS",
    "DIRSTACK",
    "EPOCHREALTIME",
    "EPOCHSECONDS",
    "EUID",
    "FUNCNAME",
    "GROUPS",
    "HISTCMD",
    "LINENO",
    "OPTIND",
    "PPID",
    "RANDOM",
    "SECONDS",
    "SHELLOPTS",
    "SHLVL",
    "SRANDOM",
    "UID",
    "_",
];

/// Bytes of a value that certainly do not fit a line of a Docker env file.
const LONGEST_LINE: usize = 60 * 1_024;
