//! Dialects of env files: who reads what, as measured on the readers themselves.
//!
//! | written | node `dotenv` | node `--env-file` | python | compose | docker run | systemd | shell |
//! | --- | --- | --- | --- | --- | --- | --- | --- |
//! | `A="x"` | `x` | `x` | `x` | `x` | quotes kept | `x` | `x` |
//! | `A=abc #n` | `abc` | `abc` | `abc` | `abc` | `abc #n` | `abc #n` | `abc` |
//! | `A=abc#d` | `abc` | `abc` | `abc#d` | `abc#d` | `abc#d` | `abc#d` | `abc#d` |
//! | `A=x$HOME` | as written | as written | as written | expanded | as written | as written | expanded |
//! | `A="a\nb"` | two lines | two lines | two lines | two lines | as written | `a\nb` | `a\nb` |
//! | `export A=b` | `b` | `b` | `b` | `b` | refused | ignored | `b` |
//!
//! A reader here is a function of bytes: it executes and expands nothing, and says [`Outcome::Expanded`] or
//! [`Outcome::Executed`] where the real one would.
mod compose;
mod cursor;
mod docker;
mod node;
mod node_env_file;
mod python;
mod reading;
mod shell;
mod shell_word;
mod systemd;

use serde::Serialize;

pub use reading::Found;
pub use reading::Outcome;
pub use reading::Reading;
pub use reading::Refusal;
pub use reading::RefusalKind;

/// Who reads an env file.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Dialect {
    /// Docker Compose: `env_file:` and `--env-file`.
    Compose,
    /// `docker run --env-file`, and `format: raw` of Compose.
    Docker,
    /// The package `dotenv` of node.
    Dotenv,
    /// `node --env-file`.
    Node,
    /// python-dotenv.
    Python,
    /// A POSIX shell or bash that sources the file.
    Shell,
    /// `EnvironmentFile=` of systemd.
    Systemd,
}

impl Dialect {
    /// Every dialect, the most widespread first.
    pub const ALL: [Self; 7] = [
        Self::Dotenv,
        Self::Node,
        Self::Python,
        Self::Compose,
        Self::Docker,
        Self::Systemd,
        Self::Shell,
    ];

    /// Returns the name as options spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Docker => "docker",
            Self::Dotenv => "dotenv",
            Self::Node => "node",
            Self::Python => "python",
            Self::Shell => "shell",
            Self::Systemd => "systemd",
        }
    }

    /// Returns what people call the reader.
    pub const fn reader(self) -> &'static str {
        match self {
            Self::Compose => "docker compose",
            Self::Docker => "docker run",
            Self::Dotenv => "dotenv of node",
            Self::Node => "node --env-file",
            Self::Python => "python-dotenv",
            Self::Shell => "a shell",
            Self::Systemd => "systemd",
        }
    }

    /// Reads `bytes` as the dialect does, in an environment that is empty.
    ///
    /// # Security
    ///
    /// Values are copied into wiped memory; `bytes` stays with the caller, who wipes it.
    pub fn read(self, bytes: &[u8]) -> Reading {
        if let Some(place) = bytes.iter().position(|byte| *byte == 0) {
            let line = 1 + bytes[..place].iter().filter(|byte| **byte == b'\n').count();
            let mut reading = Reading::default();
            reading.refuse(u32::try_from(line).unwrap_or(u32::MAX), RefusalKind::Nul);
            return reading;
        }
        match self {
            Self::Compose => compose::read(bytes),
            Self::Docker => docker::read(bytes),
            Self::Dotenv => node::read(bytes),
            Self::Node => node_env_file::read(bytes),
            Self::Python => python::read(bytes),
            Self::Shell => shell::read(bytes),
            Self::Systemd => systemd::read(bytes),
        }
    }
}

/// Returns whether a shell can assign to the name.
fn is_shell_name(name: &[u8]) -> bool {
    let is_start = name
        .first()
        .is_some_and(|byte| *byte == b'_' || byte.is_ascii_alphabetic());
    is_start
        && name
            .iter()
            .all(|byte| *byte == b'_' || byte.is_ascii_alphanumeric())
}
