//! Becoming another program.

#![expect(
    clippy::disallowed_methods,
    reason = "the one place that runs another program"
)]

use std::convert::Infallible;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use rustix::fs::Access;

use crate::ports::Launch;
use crate::ports::LaunchError;
use crate::ports::Launcher;

/// Replaces this process by the program (`execve`), rather than to stay as its parent.
///
/// Nothing has to be passed on then: signals, exit code, terminal, job control and process id are those of the
/// program, because there is no other process. It also is the only way to hand values out without keeping them:
/// a parent would hold a copy of each, in buffers of the standard library that nobody wipes, as long as the
/// program runs. `execve` throws away the memory of this process, and every file that this program opened
/// is closed with it, locks included: all are opened with `O_CLOEXEC`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Child;

impl Launcher for Child {
    fn find(&self, program: &OsStr, search: Option<&OsStr>) -> Result<(), LaunchError> {
        let mut is_there = false;
        for candidate in candidates(program, search) {
            if candidate.is_file() && rustix::fs::access(&candidate, Access::EXEC_OK).is_ok() {
                return Ok(());
            }
            is_there |= candidate.exists();
        }
        Err(if is_there {
            LaunchError::NotExecutable {
                program: shown(program),
            }
        } else {
            LaunchError::NotFound {
                program: shown(program),
            }
        })
    }

    fn replace(&self, launch: Launch) -> Result<Infallible, LaunchError> {
        let bytes = size(&launch);
        let mut command = Command::new(&launch.program);
        command.args(&launch.arguments);
        command.env_clear().envs(launch.inherited);
        for (name, value) in &launch.values {
            command.env(name.as_str(), OsStr::from_bytes(value.expose()));
        }
        let source = command.exec();
        Err(match source.kind() {
            ErrorKind::ArgumentListTooLong => LaunchError::TooLarge { bytes },
            _ => LaunchError::Failed {
                program: shown(&launch.program),
                source,
            },
        })
    }
}

/// Lists where a program may be, in the order in which the system looks.
fn candidates(program: &OsStr, search: Option<&OsStr>) -> Vec<PathBuf> {
    if program.as_bytes().contains(&b'/') {
        return vec![PathBuf::from(program)];
    }
    if program.is_empty() {
        return Vec::new();
    }
    let search = search.unwrap_or(OsStr::new(DEFAULT_PATH));
    let directories = search.as_bytes().split(|byte| *byte == b':');
    // An empty directory is the current one (POSIX, XBD 8.3).
    directories
        .map(|directory| Path::new(OsStr::from_bytes(directory)).join(program))
        .collect()
}

/// Returns the bytes that the system counts: every text with its terminator and a pointer to it.
fn size(launch: &Launch) -> usize {
    let arguments = launch.arguments.iter().chain([&launch.program]);
    let is_replaced = |name: &OsStr| launch.values.iter().any(|(value, _)| name == value.as_str());
    let inherited = launch.inherited.iter().filter(|(name, _)| !is_replaced(name));
    arguments.map(|text| text.len() + 1 + POINTER).sum::<usize>()
        + inherited
            .map(|(name, value)| name.len() + value.len() + 2 + POINTER)
            .sum::<usize>()
        + launch
            .values
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len() + 2 + POINTER)
            .sum::<usize>()
}

/// Names a program in errors.
fn shown(program: &OsStr) -> String {
    format!("`{}`", program.display())
}

/// Where the C library looks when there is no `PATH`.
const DEFAULT_PATH: &str = "/bin:/usr/bin";

const POINTER: usize = size_of::<*const u8>();
