//! Errors as people see them: kind, message, causes, state and hints.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use clap::error::ContextKind;
use clap::error::ContextValue;
use clap::error::ErrorKind;

/// How the program ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// All is fine.
    Fine,
    /// The request could not be done.
    Failed,
    /// The arguments do not make sense.
    Usage,
    /// Done, and there are findings at or above the threshold.
    Findings,
    /// A store, sink or keychain is unreachable; a retry may help.
    Unreachable,
    /// A rotation is not complete; the same command goes on with it.
    Incomplete,
    /// Tampered, corrupt or undecryptable.
    Integrity,
    /// A bug.
    Internal,
    /// The command of `run` was found and does not start (POSIX, `env`).
    NotStarted,
    /// There is no command to `run` (POSIX, `env`).
    NotFound,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Findings => 3,
            Exit::Unreachable => 4,
            Exit::Incomplete => 5,
            Exit::Integrity => 6,
            Exit::Internal => 70,
            Exit::NotStarted => 126,
            Exit::NotFound => 127,
        })
    }
}

/// An error as people see it.
#[derive(Debug)]
pub struct CliError {
    exit: Exit,
    message: String,
    causes: Vec<String>,
    state: Option<&'static str>,
    hints: Vec<String>,
    is_broken_pipe: bool,
}

impl CliError {
    /// Starts an error.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            causes: Vec::new(),
            state: None,
            hints: Vec::new(),
            is_broken_pipe: false,
        }
    }

    /// A mistake in the arguments.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// A bug.
    pub fn internal(place: &'static str) -> Self {
        Self::new(Exit::Internal, format!("internal error in {place}"))
    }

    /// Standard output cannot be written.
    pub fn output(error: io::Error) -> Self {
        let is_broken_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Self {
            causes: vec![error.to_string()],
            is_broken_pipe,
            ..Self::new(Exit::Failed, "cannot write to standard output")
        }
    }

    /// Adds what to do next.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds what the error comes from.
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Replaces what the error comes from.
    pub fn causes_from(mut self, causes: Vec<String>) -> Self {
        self.causes = causes;
        self
    }

    /// Adds what state things are in now.
    pub fn in_state(mut self, state: &'static str) -> Self {
        self.state = Some(state);
        self
    }

    /// Replaces how the program ends.
    pub fn with_exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// Returns how the program ends.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// Returns the one line that says what happened.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns what it comes from.
    pub fn causes(&self) -> &[String] {
        &self.causes
    }

    /// Returns what state things are in now.
    pub fn state(&self) -> Option<&str> {
        self.state
    }

    /// Returns what to do next.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Returns whether a reader of our output simply went away.
    pub fn is_broken_pipe(&self) -> bool {
        self.is_broken_pipe
    }

    /// Renders a mistake in the arguments. What stands there may be a pasted value, so it is not repeated,
    /// except for names of options and commands.
    pub fn from_clap(error: &clap::Error) -> Self {
        let argument = context(error, ContextKind::InvalidArg);
        let is_of_run = matches!(
            error.get(ContextKind::Usage),
            Some(ContextValue::StyledStr(usage)) if usage.to_string().contains("mintage run ")
        );
        let mut rendered = match error.kind() {
            ErrorKind::UnknownArgument => Self::usage(match option_name(&argument) {
                Some(option) => format!("there is no option `{option}`"),
                None => "there is an argument too many".to_owned(),
            })
            .hint(if is_of_run {
                BEHIND_DASHES
            } else {
                "values never go into arguments: pipe them in, or leave them out and be asked"
            }),
            // A word that is nothing like a command may be a pasted value.
            ErrorKind::InvalidSubcommand if context(error, ContextKind::SuggestedSubcommand).is_empty() => {
                Self::usage("there is no command of this name")
            }
            ErrorKind::InvalidSubcommand => Self::usage(format!(
                "there is no command `{}`",
                context(error, ContextKind::InvalidSubcommand)
            )),
            ErrorKind::MissingRequiredArgument if is_of_run && argument.contains("COMMAND") => {
                Self::usage("there is no command to run").hint(BEHIND_DASHES)
            }
            ErrorKind::MissingRequiredArgument => Self::usage(format!("missing: {argument}")),
            ErrorKind::ArgumentConflict => Self::usage(format!(
                "`{argument}` does not go together with {}",
                context(error, ContextKind::PriorArg)
            )),
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                let message = format!("what was given for `{argument}` does not fit");
                match error.source() {
                    Some(source) => Self::usage(message).cause(source.to_string()),
                    None => Self::usage(message),
                }
            }
            _ => Self::usage(format!("the arguments do not make sense: {:?}", error.kind())),
        };
        for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand] {
            let suggested = context(error, kind);
            if !suggested.is_empty() {
                rendered = rendered.hint(format!("did you mean `{suggested}`?"));
            }
        }
        let valid = context(error, ContextKind::ValidValue);
        if !valid.is_empty() {
            rendered = rendered.hint(format!("possible: {valid}"));
        }
        rendered.hint("see: mintage --help, mintage COMMAND --help")
    }
}

/// Where the command of `run` stands.
const BEHIND_DASHES: &str = "the command comes after `--`: mintage run -e ENVIRONMENT -- COMMAND";

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    }
}

/// Returns the name of an option without what was given for it; `None` when the text is no option.
fn option_name(argument: &str) -> Option<&str> {
    let name = argument.split('=').next()?;
    let letters = name.strip_prefix("--")?;
    let is_name = letters.len() <= 24
        && letters
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_options_are_repeated() {
        assert_eq!(option_name("--value=hunter2"), Some("--value"));
        assert_eq!(option_name("hunter2"), None);
        assert_eq!(option_name("--hunter2"), None);
        assert_eq!(option_name("-p"), None);
    }
}
