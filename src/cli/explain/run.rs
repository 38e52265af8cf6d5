//! What to say when a command gets no values or does not start.

use std::io::ErrorKind;

use crate::app::HandoutError;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::ports::LaunchError;

impl From<HandoutError> for CliError {
    fn from(error: HandoutError) -> Self {
        let shown = Self::new(Exit::Failed, error.to_string()).in_state(NOT_RUN);
        match error {
            HandoutError::Steering { variables } => {
                let first = variables.first().map_or("NAME", |name| name.as_str());
                shown
                    .hint(format!("hand it out by another name: --map {first}=OTHER_NAME"))
                    .hint("or only the secrets that the command needs: --only NAME,NAME")
            }
            HandoutError::Twice { .. } => shown.hint("choose another name: --map SECRET=VARIABLE"),
            HandoutError::ZeroByte { name, environment } => {
                shown.hint("leave it out: --only NAME,NAME").hint(format!(
                    "or keep it in text form: base64 -w0 FILE | mintage import {name} -e {environment}"
                ))
            }
        }
    }
}

impl From<LaunchError> for CliError {
    fn from(error: LaunchError) -> Self {
        let message = error.to_string();
        match error {
            LaunchError::NotFound { .. } => Self::new(Exit::NotFound, message)
                .in_state(NOT_RUN)
                .hint("check its name, or name it by its path; the command comes after `--`"),
            LaunchError::NotExecutable { .. } => Self::new(Exit::NotStarted, message)
                .in_state(NOT_RUN)
                .hint("check its permissions: chmod +x FILE, or name its interpreter before it"),
            LaunchError::TooLarge { .. } => Self::new(Exit::NotStarted, message)
                .in_state(RECORDED)
                .hint("hand out fewer values: --only NAME,NAME")
                .hint("or pass less of this environment on: --clean"),
            LaunchError::Failed { source, .. } => {
                // The file was there: what is missing is the interpreter that its first line names.
                let exit = match source.kind() {
                    ErrorKind::NotFound => Exit::NotFound,
                    _ => Exit::NotStarted,
                };
                Self::new(exit, message)
                    .cause(source.to_string())
                    .in_state(RECORDED)
                    .hint("check that it is a program of this machine, and that its interpreter is there")
            }
        }
    }
}

/// How things are before anything is recorded.
const NOT_RUN: &str = "nothing was run, and no value left the store";

/// How things are when only the start failed.
const RECORDED: &str = "nothing was run; the audit log names the values that would have been handed out";
