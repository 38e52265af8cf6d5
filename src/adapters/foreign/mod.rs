//! Sources of values that other programs keep: one file each.

mod docker;
mod gopass;
mod keychain;
mod kubernetes;
mod leaves;
mod pass;
mod passage;
mod password_tree;
mod process;
mod sops;

pub use process::process;

use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;

use crate::adapters::durable;
use crate::adapters::job;
use crate::adapters::job::End;
use crate::adapters::job::Job;
use crate::adapters::programs;
use crate::ports::ForeignError;
use crate::ports::ForeignSource;
use crate::ports::Remainder;
use crate::secret::SecretValue;

/// A kind of source.
pub struct Foreign {
    /// What people call it on the command line.
    pub name: &'static str,
    /// What stands behind its name there.
    pub place: &'static str,
    /// Whether its program needs the variables that open stores, which no other program gets to see.
    pub needs_keys: bool,
    open: fn(&str, &Desk) -> Opened,
}

/// An opened source, or why there is none.
type Opened = Result<Box<dyn ForeignSource>, ForeignError>;

/// The kinds of sources.
pub const SOURCES: &[Foreign] = &[
    docker::SOURCE,
    gopass::SOURCE,
    keychain::SOURCE,
    kubernetes::SOURCE,
    pass::SOURCE,
    passage::SOURCE,
    sops::SOURCE,
];

/// What sources need of this process.
pub struct Desk {
    /// The environment that their programs see.
    pub environment: Vec<(OsString, OsString)>,
    /// What stands on standard input, where the place is `-`.
    pub input: Option<SecretValue>,
    /// Take all of an entry, and not its first line alone.
    pub whole: bool,
}

impl Foreign {
    /// Opens the source at a place.
    ///
    /// # Errors
    ///
    /// When it is not there or is not what it should be.
    pub fn open(&self, place: &str, desk: &Desk) -> Opened {
        (self.open)(place, desk)
    }
}

impl Desk {
    fn variable(&self, name: &str) -> Option<OsString> {
        let found = self.environment.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.clone())
            .filter(|value| !value.is_empty())
    }

    fn home(&self) -> PathBuf {
        self.variable("HOME").map(PathBuf::from).unwrap_or_default()
    }

    fn program(&self, name: &'static str) -> Result<Program, ForeignError> {
        let path = self.variable("PATH").unwrap_or_default();
        let place = programs::locate(name, &path).ok_or(ForeignError::NoProgram(name))?;
        Ok(Program {
            name,
            place,
            environment: self.environment.clone(),
        })
    }

    /// Reads the file that a place names, or standard input for `-`.
    fn content(&self, place: &str) -> Result<SecretValue, ForeignError> {
        if let Some(input) = self.input.as_ref().filter(|_| place == "-") {
            return Ok(input.duplicate());
        }
        match durable::read_capped(Path::new(place), LARGEST as u64) {
            Ok(Some(mut bytes)) => Ok(SecretValue::new(std::mem::take(&mut *bytes))),
            Ok(None) => Err(ForeignError::Absent(place.to_owned())),
            Err(error) => Err(ForeignError::Unreadable {
                place: place.to_owned(),
                why: error.to_string(),
            }),
        }
    }
}

/// A program that hands out values.
struct Program {
    name: &'static str,
    place: PathBuf,
    environment: Vec<(OsString, OsString)>,
}

impl Program {
    /// Runs it and returns what it wrote to standard output. What it complains of is dropped: it may repeat a value.
    fn run(&self, arguments: &[&str], name: &str) -> Result<SecretValue, ForeignError> {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let current = std::path::absolute(".").unwrap_or_else(|_| PathBuf::from("/"));
        let outcome = job::run(Job {
            program: &self.place,
            arguments: &arguments,
            directory: &current,
            environment: &self.environment,
            input: SecretValue::new(Vec::new()),
            patience: PATIENCE,
            keep: LARGEST,
        });
        let refused = |end: &str| ForeignError::Refused {
            program: self.name,
            name: name.to_owned(),
            end: end.to_owned(),
        };
        match outcome.end {
            End::Code(0) if outcome.output.len() >= LARGEST => Err(refused("more than a source may hold")),
            End::Code(0) => Ok(outcome.output),
            End::Code(code) => Err(refused(&format!("exit code {code}"))),
            End::Asked => Err(refused("a question on the terminal, which it cannot ask here")),
            End::Signal(signal) => Err(refused(&format!("signal {signal}"))),
            End::TimedOut => Err(refused("no answer in time")),
            End::NotStarted(error) => Err(refused(&error.to_string())),
        }
    }
}

/// Values that were all read at once.
struct Given {
    entries: Vec<(String, SecretValue)>,
    changed: Option<DateTime<Utc>>,
    remains: Vec<Remainder>,
}

impl ForeignSource for Given {
    fn names(&self) -> Result<Vec<String>, ForeignError> {
        let mut names: Vec<String> = self.entries.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        names.dedup();
        Ok(names)
    }

    fn value(&self, name: &str) -> Result<SecretValue, ForeignError> {
        // The last one counts, as where a variable is set twice.
        let found = self.entries.iter().rev().find(|(known, _)| known == name);
        let (_, value) = found.ok_or_else(|| ForeignError::Absent(name.to_owned()))?;
        Ok(value.duplicate())
    }

    fn changed(&self, _: &str) -> Option<DateTime<Utc>> {
        self.changed
    }

    fn remains(&self, _: &[String]) -> Vec<Remainder> {
        self.remains.clone()
    }
}

/// Says that a file of plaintext is still there.
fn file_remains(place: &str) -> Vec<Remainder> {
    if place == "-" {
        return Vec::new();
    }
    vec![Remainder {
        place: format!("{place}, in plaintext"),
        cure: format!("rm {place} (and its copies: backups, editors' copies, other machines)"),
    }]
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    let parsed = DateTime::parse_from_rfc3339(text.trim()).ok()?;
    Some(parsed.to_utc())
}

/// Largest source, in bytes.
const LARGEST: usize = 4 * 1_024 * 1_024;

/// How long a program may take: a person may have to type a passphrase.
const PATIENCE: Duration = Duration::from_secs(300);
