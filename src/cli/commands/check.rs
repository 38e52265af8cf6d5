//! `mintage check`

mod report;

use std::path::PathBuf;

use crate::app;
use crate::cli::commands::check::report::report;
use crate::cli::config;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::input;
use crate::cli::ui::Ui;
use crate::contract;
use crate::contract::Facts;
use crate::contract::Source;
use crate::contract::Subject;
use crate::contract::Values;
use crate::dotenv::EnvFile;
use crate::policy::Environment;
use crate::policy::Severity;
use crate::ports::Clock;
use crate::secret::EnvironmentName;
use crate::secret::SecretValue;

/// Check an env file or the process environment against the policy
///
/// Judges every value that the policy speaks about and reports all findings at once, each with its fix. Needs no
/// key. The exit code is 3 when the environment is not ready: when a finding is as serious as --fail-on.
#[derive(Clone, Debug, clap::Args)]
pub struct CheckArgs {
    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,

    /// Env file to check (`-` is standard input); the environment's own unless given
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,

    /// Check the environment of this process instead of a file
    #[arg(long, conflicts_with = "env_file")]
    process: bool,

    /// The form of the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// The least serious finding that makes the environment not ready
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    fail_on: FailOn,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

/// From where on a finding counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum FailOn {
    /// Everything.
    Note,
    /// What should be mended.
    Warning,
    /// What must be mended.
    Error,
}

impl FailOn {
    fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Note => Severity::Note,
            Self::Warning => Severity::Warning,
        }
    }
}

/// Checks and reports.
pub fn run(ui: &Ui, context: &Context, args: &CheckArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let name = context.one_environment(args.env.as_ref())?;
    let environment = app::environment_of(&project.policy, &name)?;
    let input = Input::read(&project, environment, args)?;
    let facts = Facts {
        source: input.source(),
        today: crate::adapters::SystemClock.now().date_naive(),
    };
    let subject = Subject {
        policy: &project.policy,
        environment,
        values: input.values(),
        facts: &facts,
    };
    let findings = contract::check(&subject, &mut context.rng()?);
    report(ui, args, &subject, &findings)
}

/// What is checked, as it was read.
enum Input {
    EnvFile { shown: String, file: EnvFile },
    Process(Vec<(String, SecretValue)>),
}

impl Input {
    fn read(project: &Project, environment: &Environment, args: &CheckArgs) -> Result<Self, CliError> {
        if args.process {
            return Ok(Self::Process(config::process_variables()));
        }
        let (shown, file) = match (&args.env_file, environment.env_file()) {
            (Some(path), _) if path.as_os_str() == "-" => {
                ("standard input".to_owned(), input::read_env_file(path)?)
            }
            (Some(path), _) => (path.display().to_string(), input::read_env_file(path)?),
            (None, Some(path)) => {
                let file = input::read_env_file(&project.root.join(path)).map_err(|error| {
                    error.hint(
                        "or name another: --env-file FILE, or check the variables of a process: --process",
                    )
                })?;
                (path.to_owned(), file)
            }
            (None, None) => {
                return Err(CliError::usage(format!(
                    "environment `{}` names no env file in the policy",
                    environment.name()
                ))
                .hint("name one: --env-file FILE, or check the variables of a process: --process")
                .hint("or say it in mintage.toml: env_file = \".env\""));
            }
        };
        Ok(Self::EnvFile { shown, file })
    }

    fn source(&self) -> Source {
        match self {
            Self::EnvFile { shown, .. } => Source::EnvFile(shown.clone()),
            Self::Process(_) => Source::Process,
        }
    }

    fn values(&self) -> Values<'_> {
        match self {
            Self::EnvFile { file, .. } => Values::of_file(file),
            Self::Process(variables) => Values::of_process(variables),
        }
    }
}
