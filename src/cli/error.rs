//! Errors as people see them: kind, message, causes, state and hints, in one place.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use clap::error::ContextKind;
use clap::error::ContextValue;
use clap::error::ErrorKind;

use crate::adapters::IdentityError;
use crate::adapters::RandomSourceError;
use crate::app::AppError;
use crate::policy::PolicyErrors;
use crate::policy::ShapeError;
use crate::ports::CipherError;
use crate::ports::PromptError;
use crate::ports::StorageError;
use crate::ports::ValueError;

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
    /// Tampered, corrupt or undecryptable.
    Integrity,
    /// A bug.
    Internal,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Findings => 3,
            Exit::Unreachable => 4,
            Exit::Integrity => 6,
            Exit::Internal => 70,
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

    /// Adds what state things are in now.
    pub fn in_state(mut self, state: &'static str) -> Self {
        self.state = Some(state);
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
        let mut rendered = match error.kind() {
            ErrorKind::UnknownArgument => Self::usage(match option_name(&argument) {
                Some(option) => format!("there is no option `{option}`"),
                None => "there is an argument too many".to_owned(),
            })
            .hint("values never go into arguments: pipe them in, or leave them out and be asked"),
            ErrorKind::InvalidSubcommand => Self::usage(format!(
                "there is no command `{}`",
                context(error, ContextKind::InvalidSubcommand)
            )),
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

const UNCHANGED: &str = "nothing was changed";

impl From<AppError> for CliError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::AlreadyInitialised => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint("mint what is missing: mintage create --all -e ENVIRONMENT")
                .hint("see what there is: mintage status"),
            AppError::Audit(ref audit) => {
                let mut shown = Self::new(Exit::Failed, error.to_string())
                    .in_state(
                        "the value was neither shown nor changed: nothing happens that cannot be recorded",
                    )
                    .hint("make .mintage/audit writable, then run the command again");
                shown.causes = sources(audit);
                shown
            }
            AppError::Cipher { ref source, .. } => Self {
                causes: vec![source.to_string()],
                ..Self::from_cipher(source, error.to_string())
            },
            AppError::Compromised { .. } => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint("mint a new one: mintage rotate NAME -e ENVIRONMENT"),
            AppError::Damaged(ref damage) => {
                let mut shown = Self::new(Exit::Integrity, error.to_string())
                    .in_state(UNCHANGED)
                    .hint("see everything that is wrong: mintage verify")
                    .hint("put damaged files back from git or a backup: git checkout -- .mintage");
                shown.causes = damage.iter().take(8).map(ToString::to_string).collect();
                if damage.len() > 8 {
                    shown.causes.push(format!("and {} more", damage.len() - 8));
                }
                shown
            }
            AppError::DamagedSecret { ref damage, .. } => {
                let mut shown = Self::new(Exit::Integrity, error.to_string())
                    .in_state("other secrets are not affected")
                    .hint("see everything that is wrong: mintage verify")
                    .hint("put the file back from git or a backup");
                shown.causes = damage.iter().map(ToString::to_string).collect();
                shown
            }
            AppError::EnvironmentUnknown { ref known, .. } => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint(format!("the policy has: {}", known.join(", "))),
            AppError::KeychainEnvironment { .. } => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint("leave `store = \"keychain\"` out to keep this environment in age files"),
            AppError::Keys(_) | AppError::Settings(_) => Self::new(Exit::Integrity, error.to_string())
                .in_state(UNCHANGED)
                .hint("put the file back from git or a backup: git checkout -- .mintage"),
            AppError::NoPolicyToStartFrom => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint("start from a preset: mintage init --policy web-app (see: mintage policy list)")
                .hint("or from what the application documents: mintage init --from .env.example"),
            AppError::NoValue {
                ref name,
                ref environment,
            } => {
                let hint = format!("mint it: mintage create {name} -e {environment}");
                let import = format!("or bring it in: mintage import {name} -e {environment}");
                Self::new(Exit::Failed, error.to_string()).hint(hint).hint(import)
            }
            AppError::NoVersion { ref name, .. } => {
                let hint = format!("see its versions: mintage history {name}");
                Self::new(Exit::Failed, error.to_string()).hint(hint)
            }
            AppError::NotInitialised => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint("set one up: mintage init"),
            AppError::Refused { ref name, .. } => {
                let hint = format!("see what the policy asks for: mintage policy show {name}");
                Self::new(Exit::Failed, error.to_string())
                    .in_state(UNCHANGED)
                    .hint(hint)
                    .hint("take it all the same: --force")
            }
            AppError::Rotation { ref name, .. } => {
                let hint = format!("see its versions: mintage history {name}");
                Self::new(Exit::Failed, error.to_string())
                    .in_state("the current and the previous value are unchanged")
                    .hint(hint)
                    .hint("a leaked value is replaced at once: --reason compromise")
            }
            AppError::RotationByIssuer {
                ref name,
                ref console_url,
                ..
            } => {
                let place = console_url.as_deref().unwrap_or("the issuer's console");
                let first = format!("make a new one at {place}");
                let then = format!(
                    "bring it in: mintage import {name} -e ENVIRONMENT, then revoke the old one there"
                );
                Self::new(Exit::Failed, error.to_string())
                    .in_state("the current value is unchanged")
                    .hint(first)
                    .hint(then)
            }
            AppError::RotationNeedsSinks { .. } => {
                Self::new(Exit::Failed, error.to_string()).in_state("the current value is unchanged")
            }
            AppError::SecretUnknown { ref nearest, .. } => {
                let shown = Self::new(Exit::Failed, error.to_string()).in_state(UNCHANGED);
                match nearest {
                    Some(nearest) => shown.hint(format!("did you mean `{nearest}`?")),
                    None => shown.hint("see what there is: mintage status"),
                }
            }
            AppError::Storage(storage) => Self::from(storage),
            AppError::Unmintable { .. } => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint("raise `bytes` or `length`, or lower `min_entropy`, in the policy"),
            AppError::Value { ref source, .. } | AppError::ValuesNotWritten { ref source, .. } => {
                let message = error.to_string();
                match source {
                    ValueError::Cipher(cipher) => {
                        Self::from_cipher(cipher, message).cause(cipher.to_string())
                    }
                    ValueError::Storage(storage) => Self {
                        causes: sources(storage),
                        ..Self::new(Exit::Failed, message)
                    }
                    .in_state("the ledger is unchanged: no secret changed its value"),
                    ValueError::Changed | ValueError::Missing => {
                        Self::new(Exit::Integrity, message).cause(source.to_string())
                    }
                }
            }
        }
    }
}

impl CliError {
    fn from_cipher(error: &CipherError, message: String) -> Self {
        match error {
            CipherError::NoIdentity => Self::new(Exit::Failed, message)
                .in_state(UNCHANGED)
                .hint("name the identity: mintage -i FILE …, or MINTAGE_IDENTITY=FILE")
                .hint("mintage looks in $XDG_CONFIG_HOME/mintage/identity.txt, the sops age key file and ~/.ssh too"),
            CipherError::NoMatch { .. } => Self::new(Exit::Integrity, message)
                .in_state(UNCHANGED)
                .hint("name the right identity: mintage -i FILE …")
                .hint("who can decrypt stands in .mintage/store.toml"),
            CipherError::NoPassphrase | CipherError::WrongPassphrase => {
                Self::new(Exit::Failed, message).in_state(UNCHANGED)
            }
            CipherError::InvalidRecipient { .. } => Self::new(Exit::Failed, message).in_state(UNCHANGED),
            CipherError::Damaged | CipherError::TooMuchWork => Self::new(Exit::Integrity, message)
                .in_state(UNCHANGED)
                .hint("put the file back from git or a backup: git checkout -- .mintage")
                .hint("without it, the values still open with: age -d -i IDENTITY FILE.age"),
        }
    }
}

impl From<StorageError> for CliError {
    fn from(error: StorageError) -> Self {
        if matches!(error, StorageError::NotDurable { .. }) {
            return Self::new(Exit::Failed, error.to_string())
                .in_state("the change was made and is visible")
                .hint("look after the disk, then check: mintage verify");
        }
        let mut causes = sources(&error);
        causes.remove(0);
        let exit = match error {
            StorageError::Busy { .. } => Exit::Unreachable,
            _ => Exit::Failed,
        };
        let hint = match &error {
            StorageError::Busy { .. } | StorageError::Conflict { .. } => "run the command again".to_owned(),
            StorageError::Exists { .. } => "choose another name: nothing is ever overwritten".to_owned(),
            StorageError::Io { path, .. } => format!("check the permissions and the free space of `{path}`"),
            StorageError::NotAFile { .. } | StorageError::TooLarge { .. } => {
                "name a regular file of a sensible size".to_owned()
            }
            _ => "see what is wrong: mintage verify".to_owned(),
        };
        Self {
            causes,
            ..Self::new(exit, error.to_string())
        }
        .in_state(UNCHANGED)
        .hint(hint)
    }
}

impl From<PolicyErrors> for CliError {
    fn from(errors: PolicyErrors) -> Self {
        let count = errors.iter().count();
        let mut shown = Self::new(
            Exit::Failed,
            match count {
                1 => "the policy has a mistake".to_owned(),
                count => format!("the policy has {count} mistakes"),
            },
        )
        .in_state(UNCHANGED);
        shown.causes = errors.to_string().lines().map(str::to_owned).collect();
        shown.hint("mend mintage.toml, then run: mintage policy lint")
    }
}

impl From<ShapeError> for CliError {
    fn from(error: ShapeError) -> Self {
        Self::usage(error.to_string()).hint("see what each kind takes: mintage policy list")
    }
}

impl From<IdentityError> for CliError {
    fn from(error: IdentityError) -> Self {
        let hint = match &error {
            IdentityError::Readable { path, .. } => format!("chmod 600 {path}"),
            IdentityError::Missing { .. } => "check -i, MINTAGE_IDENTITY and SOPS_AGE_KEY_FILE".to_owned(),
            _ => "make one: age-keygen -o FILE".to_owned(),
        };
        Self::new(Exit::Failed, error.to_string())
            .in_state(UNCHANGED)
            .hint(hint)
    }
}

impl From<PromptError> for CliError {
    fn from(error: PromptError) -> Self {
        let shown = Self::new(Exit::Failed, error.to_string()).in_state(UNCHANGED);
        match error {
            PromptError::Nobody => shown.hint("pipe the value in, or name a file: --from-file FILE"),
            _ => shown,
        }
    }
}

impl From<RandomSourceError> for CliError {
    fn from(error: RandomSourceError) -> Self {
        Self::new(Exit::Unreachable, error.to_string()).in_state("nothing was made")
    }
}

/// Returns the messages of an error and everything below it.
fn sources(error: &dyn Error) -> Vec<String> {
    let mut messages = vec![error.to_string()];
    let mut next = error.source();
    while let Some(source) = next {
        messages.push(source.to_string());
        next = source.source();
    }
    messages.dedup();
    messages
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
