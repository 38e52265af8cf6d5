//! `mintage run`

mod report;

use std::ffi::OsStr;
use std::ffi::OsString;

use crate::app;
use crate::app::Handout;
use crate::app::HandoutTerms;
use crate::cli::commands::check::warn_of_damage;
use crate::cli::commands::run::report::forbidden;
use crate::cli::commands::run::report::rehearsal;
use crate::cli::commands::run::report::tell;
use crate::cli::config::Config;
use crate::cli::config::OPENERS;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::hygiene;
use crate::cli::ui::Ui;
use crate::policy::steers_programs;
use crate::ports::Launch;
use crate::ports::Launcher;
use crate::secret::EnvironmentName;
use crate::secret::InvalidSecretName;
use crate::secret::SecretName;
use crate::secret::SecretValue;

/// Run a command with the values of an environment
///
/// The values are checked, their handing out is recorded in the audit log, and then mintage becomes the command:
/// they are in its environment and nowhere else, neither on disk nor among its arguments. Exit code, signals and
/// streams are the command's own; 126 and 127 say that it does not start or is not there. What opens the store
/// (MINTAGE_IDENTITY, SOPS_AGE_KEY …) is not passed on. With --clean, only HOME, LANG, LC_*, LOGNAME, PATH, SHELL,
/// TERM, TMPDIR, TZ and USER are. When a value breaks a rule that `check` knows, nothing is run (exit code 3).
#[derive(Clone, Debug, clap::Args)]
pub struct RunArgs {
    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,

    /// Hand out only these secrets
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    only: Vec<SecretName>,

    /// Hand a secret out by another name (can be repeated)
    #[arg(long, value_name = "SECRET=VARIABLE", value_parser = renaming)]
    map: Vec<(SecretName, SecretName)>,

    /// Pass nothing of this environment on but what every program needs
    #[arg(long)]
    clean: bool,

    /// Pass this variable on too (can be repeated)
    #[arg(long, value_name = "VARIABLE", value_delimiter = ',', requires = "clean")]
    keep: Vec<SecretName>,

    /// Hand the values out whatever the checks say
    #[arg(long)]
    no_check: bool,

    /// Tell what would be set and run nothing
    #[arg(long)]
    dry_run: bool,

    /// The command and its arguments, after `--`
    #[arg(last = true, value_name = "COMMAND", required_unless_present = "dry_run")]
    command: Vec<OsString>,
}

/// Becomes the command; returns only when nothing is run.
pub fn run(ui: &Ui, context: &Context, args: &RunArgs) -> Result<Exit, CliError> {
    args.check(ui)?;
    let project = context.project()?;
    let environment = context.one_environment(args.env.as_ref())?;
    app::environment_of(&project.policy, &environment)?;
    args.check_names(&project)?;
    let inherited = args.inherited(&context.config);
    let launcher = context.launcher();
    if let Some(program) = args.command.first() {
        let path = inherited.iter().find(|(name, _)| name == "PATH");
        launcher.find(program, path.map(|(_, path)| path.as_os_str()))?;
    }
    let variables = wiped(&inherited);
    let terms = HandoutTerms {
        only: args.only.clone(),
        renamed: args.map.clone(),
        is_unchecked: args.no_check,
        is_rehearsal: args.dry_run,
    };
    let handout = context.with_world(&project, |world| {
        let place = (&project.policy, &environment);
        Ok(app::hand_out(
            world,
            place,
            (&terms, &variables),
            &mut context.rng()?,
        )?)
    })?;
    if args.dry_run {
        return rehearsal(ui, &environment, &handout, &inherited);
    }
    if handout.is_forbidden() {
        return Err(forbidden(&environment, &handout));
    }
    drop(variables);
    warn_of_damage(ui, &handout.uncompared);
    tell(ui, &handout, &inherited);
    args.become_command(&launcher, inherited, handout)
}

impl RunArgs {
    /// Becomes the command; returns only when it does not start.
    fn become_command(
        &self,
        launcher: &impl Launcher,
        inherited: Vec<(OsString, OsString)>,
        handout: Handout,
    ) -> Result<Exit, CliError> {
        let Some((program, arguments)) = self.command.split_first() else {
            return Err(CliError::internal("run"));
        };
        hygiene::hand_over();
        let launch = Launch {
            program: program.clone(),
            arguments: arguments.to_vec(),
            inherited,
            values: handout.values,
        };
        match launcher.replace(launch) {
            Ok(never) => match never {},
            Err(error) => Err(error.into()),
        }
    }

    /// Refuses arguments that do not make sense together.
    fn check(&self, ui: &Ui) -> Result<(), CliError> {
        if ui.wants_json() && !self.dry_run {
            return Err(CliError::usage(
                "standard output belongs to the command, so there is no document of it",
            )
            .hint("see what would be set: mintage run --dry-run --json"));
        }
        if self.command.first().is_some_and(|program| program.is_empty()) {
            return Err(CliError::usage("the command has no name")
                .hint("the command comes after `--`: mintage run -e ENVIRONMENT -- COMMAND"));
        }
        let assignment = |program: &OsStr| program.as_encoded_bytes().contains(&b'=');
        if self.command.first().is_some_and(|program| assignment(program)) {
            return Err(CliError::usage("the command begins with an assignment").hint(
                "set other variables with env: -- env NAME=value COMMAND; a secret has no place there",
            ));
        }
        if let Some(opener) = self.keep.iter().find(|name| OPENERS.contains(&name.as_str())) {
            return Err(
                CliError::usage(format!("`{opener}` opens the store and is never passed on"))
                    .hint("give the command the values that it needs: --only NAME,NAME"),
            );
        }
        for (secret, _) in &self.map {
            if !self.only.is_empty() && !self.only.contains(secret) {
                return Err(
                    CliError::usage(format!("--map names `{secret}`, which --only leaves out"))
                        .hint(format!("add it: --only …,{secret}")),
                );
            }
        }
        Ok(())
    }

    /// Refuses names that no secret may go by.
    fn check_names(&self, project: &Project) -> Result<(), CliError> {
        for (_, variable) in &self.map {
            let is_public = |prefix: &String| variable.as_str().starts_with(prefix.as_str());
            if project.policy.public_prefixes().iter().any(is_public) {
                return Err(CliError::usage(format!(
                    "`{variable}` is public by its prefix and must never hold a secret"
                ))
                .hint("choose another name: --map SECRET=VARIABLE"));
            }
            if steers_programs(variable.as_str()) {
                return Err(CliError::usage(format!(
                    "programs take orders from `{variable}`: the store sets no such variable"
                ))
                .hint("choose another name: --map SECRET=VARIABLE"));
            }
        }
        Ok(())
    }

    /// Returns what the command gets of this environment.
    fn inherited(&self, config: &Config) -> Vec<(OsString, OsString)> {
        let mut inherited = config.for_commands();
        let is_kept = |name: &OsStr| {
            let name = name.as_encoded_bytes();
            BASIC.iter().any(|basic| name == basic.as_bytes())
                || name.starts_with(b"LC_")
                || self.keep.iter().any(|kept| name == kept.as_str().as_bytes())
        };
        inherited.retain(|(name, _)| !self.clean || is_kept(name));
        inherited
    }
}

/// Copies the variables whose name is text into wiped memory.
fn wiped(inherited: &[(OsString, OsString)]) -> Vec<(String, SecretValue)> {
    let copy = |(name, value): &(OsString, OsString)| {
        let value = SecretValue::new(value.as_encoded_bytes().to_vec());
        Some((name.to_str()?.to_owned(), value))
    };
    inherited.iter().filter_map(copy).collect()
}

/// Reads `SECRET=VARIABLE`. The error does not repeat it: it may be `NAME=value`.
fn renaming(text: &str) -> Result<(SecretName, SecretName), InvalidSecretName> {
    let (secret, variable) = text.split_once('=').ok_or(InvalidSecretName)?;
    Ok((secret.parse()?, variable.parse()?))
}

/// What every program needs; with it, every `LC_*`.
const BASIC: &[&str] = &[
    "HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER",
];
