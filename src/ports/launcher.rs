//! Running another program.

use std::convert::Infallible;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::io;

use thiserror::Error;

use crate::secret::SecretName;
use crate::secret::SecretValue;

/// Runs another program in the place of this one.
pub trait Launcher {
    /// Looks for a program: by its path, or by its name in the directories of `search`, a `PATH`.
    ///
    /// # Errors
    ///
    /// [`LaunchError::NotFound`] and [`LaunchError::NotExecutable`].
    fn find(&self, program: &OsStr, search: Option<&OsStr>) -> Result<(), LaunchError>;

    /// Becomes another program: the same process, standard streams, terminal, directory and signals.
    ///
    /// # Errors
    ///
    /// When it cannot; this process goes on then.
    fn replace(&self, launch: Launch) -> Result<Infallible, LaunchError>;
}

/// A program and the whole environment that it gets. It has no `Debug`: what is inherited may hold secrets too.
pub struct Launch {
    /// Its path, or its name.
    pub program: OsString,
    /// What it is told, without its own name.
    pub arguments: Vec<OsString>,
    /// What it gets of the environment of this process.
    pub inherited: Vec<(OsString, OsString)>,
    /// What it gets beside that, or in place of it.
    pub values: Vec<(SecretName, SecretValue)>,
}

/// Why a program does not run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LaunchError {
    /// The system refuses it.
    #[error("the system does not start {program}")]
    Failed {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// There is a file, and it must not be run.
    #[error("{program} is no program that can be run")]
    NotExecutable {
        /// The program.
        program: String,
    },
    /// There is none.
    #[error("there is no program {program}")]
    NotFound {
        /// The program.
        program: String,
    },
    /// Arguments and environment do not fit.
    #[error("arguments and environment take {bytes} bytes, more than the system hands to a program")]
    TooLarge {
        /// How much it is, with a terminator and a pointer for each text.
        bytes: usize,
    },
}
