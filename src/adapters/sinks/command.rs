//! A system that is told by running programs.

use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;

use ring::digest;
use ring::hmac;

use crate::adapters::job;
use crate::adapters::job::Job;
use crate::adapters::programs;
use crate::adapters::sinks::ran::Ran;
use crate::adapters::sinks::ran::every_value;
use crate::adapters::sinks::stdin_form;
use crate::policy::CommandTarget;
use crate::policy::Verb;
use crate::ports::Abilities;
use crate::ports::Approval;
use crate::ports::Awaited;
use crate::ports::Change;
use crate::ports::Failure;
use crate::ports::Runnable;
use crate::ports::Shown;
use crate::ports::Sink;
use crate::ports::SinkError;
use crate::secret::EnvironmentName;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::SecretValue;

/// Tells a system by running the programs that a person approved.
pub(super) struct CommandSink {
    name: String,
    target: CommandTarget,
    root: PathBuf,
    environment: EnvironmentName,
    variables: Vec<(OsString, OsString)>,
    approved: Result<Runnable, Refused>,
}

/// Why none of the programs of a sink is run.
enum Refused {
    /// A person has not allowed them as they are now.
    Unapproved(Awaited),
    /// They cannot be looked at.
    Unknown(SinkError),
}

impl From<&Refused> for SinkError {
    fn from(refused: &Refused) -> Self {
        match refused {
            Refused::Unapproved(Awaited { what, next }) => {
                Self::new(Failure::Unauthorised, format!("{what}: {next}"))
            }
            Refused::Unknown(error) => error.clone(),
        }
    }
}

/// What a program may get of the environment of this process.
pub type Variable = fn(&str) -> Option<OsString>;

impl CommandSink {
    /// Prepares the programs of a sink that the project in `root` uses in `environment`; none is run yet.
    pub(super) fn new(
        name: String,
        target: CommandTarget,
        (root, environment): (&Path, &EnvironmentName),
        (variable, approvals): (Variable, &[Approval]),
    ) -> Self {
        let approved = approved(&name, &target, root, approvals);
        let mut variables: Vec<(OsString, OsString)> = Vec::new();
        let path = programs::search_path_beside(&variable("PATH").unwrap_or_default(), root);
        variables.extend(std::env::join_paths(path).ok().map(|path| ("PATH".into(), path)));
        for name in target.env().iter().filter(|name| name.as_str() != "PATH") {
            variables.extend(variable(name.as_str()).map(|value| (name.as_str().into(), value)));
        }
        Self {
            name,
            target,
            root: root.to_owned(),
            environment: environment.clone(),
            variables,
            approved,
        }
    }

    /// Runs the program of a verb, if there is one, with a value on its standard input.
    fn run(
        &self,
        verb: Verb,
        change: &Change<'_>,
        value: Option<&SecretValue>,
    ) -> Result<Option<Ran<'_>>, SinkError> {
        let approved = self.approved.as_ref().map_err(SinkError::from)?;
        let Some(command) = approved.commands.get(&verb) else {
            return Ok(None);
        };
        // A rotation may take long: what is run now is looked at now.
        let changes = approved.changes(&programs::resurvey(&self.target, &self.root, approved)?);
        if !changes.is_empty() {
            return Err(SinkError::from(&changed(&self.name, &changes)));
        }
        programs::check_owner(Path::new(&command.program))?;
        let arguments: Vec<String> = command.words[1..]
            .iter()
            .map(|word| self.filled(word, change.name))
            .collect();
        for argument in &arguments {
            programs::check_pinned(argument, &self.root, &approved.files)?;
        }
        let outcome = job::run(Job {
            program: Path::new(&command.program),
            arguments: &arguments,
            directory: &self.root,
            environment: &self.variables,
            input: value.map_or_else(
                || Ok(SecretValue::new(Vec::new())),
                |value| stdin_form::written(self.target.stdin(), change.name, value),
            )?,
            patience: self.target.timeout(),
            keep: job::MAX_OUTPUT,
        });
        Ok(Some(Ran {
            target: &self.target,
            variables: &self.variables,
            verb,
            program: &command.words[0],
            outcome,
        }))
    }

    fn filled(&self, word: &str, name: &SecretName) -> String {
        word.replace("{name}", name.as_str())
            .replace("{environment}", self.environment.as_str())
    }

    fn set(&self, change: &Change<'_>) -> Result<(), SinkError> {
        if let Some(ran) = self.run(Verb::Set, change, Some(change.current.value))? {
            ran.done(change)?;
        }
        for gone in &change.gone {
            if let Some(ran) = self.run(Verb::Retire, change, Some(gone.value))? {
                ran.done(change)?;
            }
        }
        Ok(())
    }

    /// Returns what the system shows that it holds.
    fn shown(&self, change: &Change<'_>, key: &hmac::Key) -> Result<Shown, SinkError> {
        let one = |current| Shown::Values {
            current,
            accepted: Vec::new(),
        };
        if let Some(ran) = self.run(Verb::ReadValue, change, None)? {
            let value = ran.value(change)?;
            return Ok(one(value.map(|value| Fingerprint::of(&value, key))));
        }
        let Some(ran) = self.run(Verb::ReadFingerprint, change, None)? else {
            return Ok(Shown::Hidden);
        };
        let Some(digest) = ran.digest(change)? else {
            return Ok(one(None));
        };
        let known = every_value(change).find(|one| sha256(one.value) == digest);
        Ok(known.map_or(Shown::Another, |known| {
            one(Some(Fingerprint::of(known.value, key)))
        }))
    }

    fn check(&self, change: &Change<'_>) -> Result<(), SinkError> {
        if let Some(ran) = self.run(Verb::Test, change, Some(change.current.value))? {
            return ran.proved(change);
        }
        let holds = if let Some(ran) = self.run(Verb::ReadValue, change, None)? {
            ran.value(change)?
                .is_some_and(|value| value == *change.current.value)
        } else if let Some(ran) = self.run(Verb::ReadFingerprint, change, None)? {
            ran.digest(change)? == Some(sha256(change.current.value))
        } else {
            return Ok(());
        };
        holds.then_some(()).ok_or_else(|| {
            let what = format!("`{}` does not show the value that it was told", self.name);
            SinkError::new(Failure::Transient, what)
        })
    }
}

impl Sink for CommandSink {
    fn name(&self) -> &str {
        &self.name
    }

    fn abilities(&self) -> Abilities {
        let has = |verb| self.target.command(verb).is_some();
        Abilities {
            shows: has(Verb::ReadValue) || has(Verb::ReadFingerprint),
            // Where former values have to be retired, they are valid until then.
            holds_two: has(Verb::Retire),
            needs_approval: true,
        }
    }

    fn awaits(&self) -> Option<Awaited> {
        match self.approved.as_ref().err()? {
            Refused::Unapproved(awaited) => Some(awaited.clone()),
            Refused::Unknown(_) => None,
        }
    }

    fn apply(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        changes.iter().map(|change| self.set(change)).collect()
    }

    fn show(&self, changes: &[Change<'_>], key: &hmac::Key) -> Vec<Result<Shown, SinkError>> {
        let show = |change| match &self.approved {
            // Also where nothing would be run: the refusal comes before anything is written.
            Err(refused) => Err(refused.into()),
            Ok(_) => self.shown(change, key),
        };
        changes.iter().map(show).collect()
    }

    fn test(&self, changes: &[Change<'_>]) -> Vec<Result<(), SinkError>> {
        changes.iter().map(|change| self.check(change)).collect()
    }
}

/// Compares the programs of a sink with what a person allowed.
fn approved(
    name: &str,
    target: &CommandTarget,
    root: &Path,
    approvals: &[Approval],
) -> Result<Runnable, Refused> {
    let approval = approvals.iter().find(|approval| approval.sink == name);
    let Some(approval) = approval else {
        return Err(Refused::Unapproved(Awaited {
            what: format!("`{name}` runs programs that nobody approved on this machine"),
            next: next(name),
        }));
    };
    let now = programs::resurvey(target, root, &approval.runnable).map_err(Refused::Unknown)?;
    let changes = approval.runnable.changes(&now);
    if changes.is_empty() {
        Ok(now)
    } else {
        Err(changed(name, &changes))
    }
}

fn changed(name: &str, changes: &[String]) -> Refused {
    Refused::Unapproved(Awaited {
        what: format!(
            "`{name}` was changed since it was approved on this machine ({})",
            changes.join("; ")
        ),
        next: next(name),
    })
}

fn next(name: &str) -> String {
    format!("look at it, then run: mintage policy approve {name}")
}

fn sha256(value: &SecretValue) -> [u8; 32] {
    let mut digest = [0; 32];
    digest.copy_from_slice(digest::digest(&digest::SHA256, value.expose()).as_ref());
    digest
}
