//! The clipboard of the desktop, through the programs that reach it. A value goes to their standard input alone.
//!
//! Under X, whoever offers a selection serves it: `xclip` and `xsel` stay while the value is on the clipboard, and
//! ending them takes it off, and nobody else's. `wl-copy` is not used: it writes what it offers into a file below
//! `/tmp` first. Wayland desktops share the clipboard of X.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use rustix::process::Pid;
use rustix::process::Signal;
use rustix::process::kill_process_group;
use thiserror::Error;

use crate::adapters::job;
use crate::adapters::job::End;
use crate::adapters::job::Job;
use crate::adapters::programs;
use crate::secret::SecretValue;

/// A clipboard that can be reached.
pub struct Clipboard {
    tool: &'static Tool,
    copy: PathBuf,
    paste: PathBuf,
    environment: Vec<(OsString, OsString)>,
}

/// A value on the clipboard. Dropping it takes it off.
pub struct Holding<'c> {
    clipboard: &'c Clipboard,
    value: SecretValue,
    offering: Option<Child>,
}

/// The programs of a clipboard.
struct Tool {
    copy: (&'static str, &'static [&'static str]),
    paste: (&'static str, &'static [&'static str]),
    /// What empties the clipboard; without words, copying nothing does.
    clear: &'static [&'static str],
    /// The variable by which its programs find the clipboard.
    needs: Option<&'static str>,
}

/// The programs that are looked for, in this order.
const TOOLS: &[Tool] = &[
    Tool {
        copy: ("pbcopy", &[]),
        paste: ("pbpaste", &[]),
        clear: &[],
        needs: None,
    },
    Tool {
        copy: ("xsel", &["--clipboard", "--input", "--nodetach"]),
        paste: ("xsel", &["--clipboard", "--output"]),
        clear: &["--clipboard", "--clear"],
        needs: Some("DISPLAY"),
    },
    Tool {
        copy: ("xclip", &["-selection", "clipboard", "-in", "-quiet"]),
        paste: ("xclip", &["-selection", "clipboard", "-out"]),
        clear: &[],
        needs: Some("DISPLAY"),
    },
];

/// Why a clipboard cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClipboardError {
    /// No desktop is here: there is no display to reach.
    #[error("there is no clipboard here: DISPLAY is not set")]
    NoDesktop,
    /// None of the programs is installed.
    #[error("no program that reaches the clipboard is installed")]
    NoProgram,
    /// The program does not start.
    #[error("`{0}` does not start")]
    NotStarted(&'static str, #[source] io::Error),
    /// The program failed or hangs.
    #[error("`{0}` does not reach the clipboard")]
    Failed(&'static str),
    /// The clipboard does not hold what was put on it.
    #[error("the clipboard did not take the value")]
    NotTaken,
    /// What it holds is too long for a value.
    #[error("the clipboard holds more than a value may be long")]
    TooLong,
}

impl Clipboard {
    /// Finds the programs of the clipboard. `environment` is all that they see of it.
    ///
    /// # Errors
    ///
    /// When there is no desktop, or no program for it.
    pub fn find(environment: Vec<(OsString, OsString)>) -> Result<Self, ClipboardError> {
        let variable = |name: &str| {
            let found = environment.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let path = variable("PATH");
        let mut lacks_display = false;
        for tool in TOOLS {
            let programs = [tool.copy.0, tool.paste.0].map(|program| programs::locate(program, &path));
            let [Some(copy), Some(paste)] = programs else {
                continue;
            };
            if tool.needs.is_some_and(|name| variable(name).is_empty()) {
                lacks_display = true;
                continue;
            }
            return Ok(Self {
                tool,
                copy,
                paste,
                environment,
            });
        }
        Err(if lacks_display || variable("DISPLAY").is_empty() {
            ClipboardError::NoDesktop
        } else {
            ClipboardError::NoProgram
        })
    }

    /// Returns what the clipboard holds, as text; nothing where it is empty.
    ///
    /// # Errors
    ///
    /// When it cannot be reached.
    pub fn read(&self) -> Result<SecretValue, ClipboardError> {
        let arguments = owned(self.tool.paste.1);
        let nothing = SecretValue::new(Vec::new());
        let outcome = job::run(self.job(&self.paste, &arguments, nothing));
        match outcome.end {
            End::Code(0) if outcome.output.len() >= job::MAX_OUTPUT => Err(ClipboardError::TooLong),
            End::Code(0) => Ok(outcome.output),
            // xclip says so of a clipboard that is empty, and of one that it does not reach.
            End::Code(_) if says_empty(&outcome.complaint) => Ok(SecretValue::new(Vec::new())),
            End::NotStarted(error) => Err(ClipboardError::NotStarted(self.tool.paste.0, error)),
            _ => Err(ClipboardError::Failed(self.tool.paste.0)),
        }
    }

    /// Puts a value on the clipboard and looks whether it is there.
    ///
    /// # Errors
    ///
    /// When it cannot be reached or does not take the value.
    pub fn hold(&self, value: SecretValue) -> Result<Holding<'_>, ClipboardError> {
        let input = SecretValue::copied_from(value.expose());
        let offering = self.offer(self.tool.copy.1, input)?;
        let mut holding = Holding {
            clipboard: self,
            value,
            offering: Some(offering),
        };
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if holding.is_there()? {
                return Ok(holding);
            }
            match holding.ended() {
                // It was offered, and something else was copied since.
                Some(true) if self.tool.needs.is_some() => return Ok(holding),
                Some(false) => return Err(ClipboardError::Failed(self.tool.copy.0)),
                Some(true) | None => {}
            }
            thread::sleep(PAUSE);
        }
        holding.take_off();
        Err(ClipboardError::NotTaken)
    }

    fn offer(&self, arguments: &[&str], input: SecretValue) -> Result<Child, ClipboardError> {
        job::start(self.job(&self.copy, &owned(arguments), input))
            .map_err(|error| ClipboardError::NotStarted(self.tool.copy.0, error))
    }

    fn job<'a>(&'a self, program: &'a Path, arguments: &'a [String], input: SecretValue) -> Job<'a> {
        Job {
            program,
            arguments,
            directory: Path::new("/"),
            environment: &self.environment,
            input,
            patience: PATIENCE,
            keep: job::MAX_OUTPUT,
        }
    }
}

impl Holding<'_> {
    /// Returns whether the value is on the clipboard.
    ///
    /// # Errors
    ///
    /// When the clipboard cannot be reached.
    pub fn is_there(&self) -> Result<bool, ClipboardError> {
        Ok(self.clipboard.read()? == self.value)
    }

    /// Returns whether the program that offers the value ended: something else was copied, or a clipboard manager
    /// offers the value in its place.
    pub fn is_replaced(&mut self) -> bool {
        self.ended().is_some()
    }

    /// Returns whether the program ended well; `None` while it runs.
    fn ended(&mut self) -> Option<bool> {
        let status = self.offering.as_mut()?.try_wait();
        status.map_or(Some(false), |status| Some(status?.success()))
    }

    /// Takes the value off the clipboard, if it still is on it. Returns whether it is gone.
    ///
    /// # Errors
    ///
    /// When the clipboard cannot be reached.
    pub fn clear(mut self) -> Result<bool, ClipboardError> {
        self.take_off();
        if !self.is_there()? {
            return Ok(true);
        }
        // It was never ours to offer, as with `pbcopy`, or a clipboard manager offers it now.
        let clear = self.clipboard.tool.clear;
        let nothing = SecretValue::new(Vec::new());
        let mut clearing = if clear.is_empty() {
            self.clipboard.offer(self.clipboard.tool.copy.1, nothing)?
        } else {
            self.clipboard.offer(clear, nothing)?
        };
        thread::sleep(5 * PAUSE);
        end(&mut clearing);
        Ok(!self.is_there()?)
    }

    fn take_off(&mut self) {
        if let Some(mut offering) = self.offering.take() {
            end(&mut offering);
        }
    }
}

impl Drop for Holding<'_> {
    fn drop(&mut self) {
        self.take_off();
    }
}

fn end(child: &mut Child) {
    if let (Ok(None), Some(pid)) = (child.try_wait(), Pid::from_raw(child.id().cast_signed())) {
        let _ = kill_process_group(pid, Signal::TERM);
    }
    let _ = child.wait();
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn says_empty(complaint: &[u8]) -> bool {
    let complaint = String::from_utf8_lossy(complaint);
    complaint.contains("not available") || complaint.contains("There is no owner")
}

/// How long a program of the clipboard may take.
const PATIENCE: Duration = Duration::from_secs(5);

const PAUSE: Duration = Duration::from_millis(40);
