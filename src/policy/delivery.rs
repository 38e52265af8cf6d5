//! Where values go.

use serde::Serialize;

use crate::policy::CommandTarget;
use crate::policy::delivery_place::check_entry;
use crate::policy::delivery_place::check_object_name;
use crate::policy::delivery_place::check_path;
use crate::policy::document::At;
use crate::policy::document::Choice;
use crate::policy::document::Problems;
use crate::policy::document::SinkWire;
use crate::policy::document::Table;
use crate::policy::errors::PolicyErrorKind;

/// What sort of system a sink is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SinkType {
    /// A file of one value, encrypted by age.
    AgeFile,
    /// A program that reads the value on its standard input.
    Command,
    /// A directory of files of one value, as Docker Compose takes secrets.
    ComposeSecret,
    /// An env file.
    EnvFile,
    /// A file of one value.
    File,
    /// An entry of the keychain of the session.
    Keychain,
    /// A manifest of a Kubernetes Secret.
    Kubernetes,
    /// A directory of files of one value, as systemd takes credentials.
    SystemdCredential,
}

impl Choice for SinkType {
    const WHAT: &'static str = "type of sinks";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("age-file", Self::AgeFile),
        ("command", Self::Command),
        ("compose-secret", Self::ComposeSecret),
        ("env-file", Self::EnvFile),
        ("file", Self::File),
        ("keychain", Self::Keychain),
        ("kubernetes", Self::Kubernetes),
        ("systemd-credential", Self::SystemdCredential),
    ];
}

impl SinkType {
    /// Returns the fields that a sink of this type has beside `type` and `description`; the first is needed.
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::AgeFile => &["path", "recipients", "mode"],
            Self::Command => &[
                "set",
                "test",
                "read_fingerprint",
                "read_value",
                "retire",
                "stdin",
                "env",
                "timeout",
                "recipe",
                "with",
            ],
            Self::ComposeSecret | Self::SystemdCredential => &["path", "mode", "previous"],
            Self::EnvFile => &["path"],
            Self::File => &["path", "mode"],
            Self::Keychain => &["service", "user"],
            Self::Kubernetes => &["path", "mode", "secret"],
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
    /// A file of exactly the value, encrypted by age.
    AgeFile {
        /// The file, relative to the project; `{name}` and `{environment}` are filled in.
        path: String,
        /// Who can decrypt it.
        recipients: Vec<String>,
        /// The permission bits; `None` keeps those of the file, and makes a new one private to the user.
        mode: Option<u32>,
    },
    /// Programs that read the value on their standard input, once they were approved on this machine.
    Command(CommandTarget),
    /// A directory of files of exactly one value, named like the variables that programs would find it in.
    Directory {
        /// The directory, relative to the project; `{environment}` is filled in.
        path: String,
        /// The permission bits of the files; `None` is as with [`SinkTarget::File`].
        mode: Option<u32>,
        /// Whether the former value stays beside the current one as `NAME.previous`.
        previous: bool,
        /// Largest value, in bytes.
        most: usize,
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
    /// An entry of the keychain of the session, which other programs find by the same two words.
    Keychain {
        /// The service; `{name}` and `{environment}` are filled in.
        service: String,
        /// The user, as the service; the name of the secret unless the policy says otherwise.
        user: String,
    },
    /// A manifest of a Kubernetes Secret.
    Kubernetes {
        /// The file, relative to the project; `{environment}` is filled in.
        path: String,
        /// The name of the Secret; `None` is the only one of the file.
        secret: Option<String>,
        /// The permission bits; `None` is as with [`SinkTarget::File`].
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
        let mut has_recipe = false;
        let target = match of_type {
            SinkType::Command => {
                has_recipe = wire.recipe.is_some();
                CommandTarget::build(name, &wire, problems).map(Self::Command)
            }
            SinkType::Keychain => Self::of_keychain(wire, problems),
            _ => Self::of_file(of_type, name, wire, problems),
        };
        // What is wrong with a recipe was noted where it stands.
        if target.is_none() && !has_recipe {
            problems.add(&name.place, lacks(of_type.fields()[0]));
        }
        target
    }

    /// Builds a sink that keeps values in entries of a keychain.
    fn of_keychain(wire: SinkWire, problems: &mut Problems) -> Option<Self> {
        let service = wire.service?;
        check_entry("service", &service, problems);
        if let Some(user) = &wire.user {
            check_entry("user", user, problems);
        }
        Some(Self::Keychain {
            service: service.value,
            user: wire.user.map_or_else(|| "{name}".to_owned(), |user| user.value),
        })
    }

    /// Builds a sink that keeps values in files below `path`.
    fn of_file(
        of_type: SinkType,
        name: &At<String>,
        wire: SinkWire,
        problems: &mut Problems,
    ) -> Option<Self> {
        let path = wire.path?;
        let of_one_value = matches!(of_type, SinkType::AgeFile | SinkType::File);
        let known: &[&str] = if of_one_value {
            &["name", "environment"]
        } else {
            &["environment"]
        };
        check_path(&path, known, problems);
        let path = path.value;
        let mode = wire.mode.and_then(|mode| data_mode(&mode, problems));
        let previous = wire.previous.is_some_and(|at| at.value);
        Some(match of_type {
            SinkType::AgeFile => {
                let recipients = wire.recipients.map(|at| at.value).unwrap_or_default();
                if recipients.is_empty() {
                    let text = format!(
                        "sink `{}` needs `recipients`: who can decrypt the file",
                        name.value
                    );
                    problems.add(&name.place, PolicyErrorKind::Contradiction(text));
                }
                let recipients = recipients.into_iter().map(|one| one.value).collect();
                Self::AgeFile {
                    path,
                    recipients,
                    mode,
                }
            }
            SinkType::ComposeSecret => Self::Directory {
                path,
                mode,
                previous,
                most: COMPOSE_MOST,
            },
            SinkType::SystemdCredential => Self::Directory {
                path,
                mode,
                previous,
                most: CREDENTIAL_MOST,
            },
            SinkType::Kubernetes => {
                let secret = wire.secret.map(|at| {
                    check_object_name(&at, problems);
                    at.value
                });
                Self::Kubernetes { path, secret, mode }
            }
            SinkType::File => Self::File { path, mode },
            SinkType::Command | SinkType::EnvFile | SinkType::Keychain => Self::EnvFile { path },
        })
    }

    /// Returns whether each secret needs a sink of its own: it holds one value and does not say of which secret.
    pub fn holds_one_secret(&self) -> bool {
        match self {
            Self::AgeFile { path, .. } | Self::File { path, .. } => !path.contains("{name}"),
            Self::Keychain { service, user } => !service.contains("{name}") && !user.contains("{name}"),
            Self::Command(_) | Self::Directory { .. } | Self::EnvFile { .. } | Self::Kubernetes { .. } => {
                false
            }
        }
    }
}

/// Notes fields that a sink of this type has not.
fn refuse_others(wire: &SinkWire, of_type: SinkType, problems: &mut Problems) {
    let fields = [
        ("path", wire.path.as_ref().map(|at| &at.place)),
        ("mode", wire.mode.as_ref().map(|at| &at.place)),
        ("previous", wire.previous.as_ref().map(|at| &at.place)),
        ("recipients", wire.recipients.as_ref().map(|at| &at.place)),
        ("secret", wire.secret.as_ref().map(|at| &at.place)),
        ("service", wire.service.as_ref().map(|at| &at.place)),
        ("user", wire.user.as_ref().map(|at| &at.place)),
        ("recipe", wire.recipe.as_ref().map(|at| &at.place)),
        ("with", wire.with.as_ref().map(|at| &at.place)),
        ("set", wire.set.as_ref().map(|at| &at.place)),
        ("test", wire.test.as_ref().map(|at| &at.place)),
        (
            "read_fingerprint",
            wire.read_fingerprint.as_ref().map(|at| &at.place),
        ),
        ("read_value", wire.read_value.as_ref().map(|at| &at.place)),
        ("retire", wire.retire.as_ref().map(|at| &at.place)),
        ("stdin", wire.stdin.as_ref().map(|at| &at.place)),
        ("env", wire.env.as_ref().map(|at| &at.place)),
        ("timeout", wire.timeout.as_ref().map(|at| &at.place)),
    ];
    for (field, place) in fields {
        if let Some(place) = place.filter(|_| !of_type.fields().contains(&field)) {
            let text = format!("`{field}` is not for a sink of type `{}`", of_type.name());
            problems.add(place, PolicyErrorKind::Contradiction(text));
        }
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

/// Largest secret of Docker, in bytes.
const COMPOSE_MOST: usize = 500 * 1_024;

/// Largest credential of systemd, in bytes.
const CREDENTIAL_MOST: usize = 1_024 * 1_024;
