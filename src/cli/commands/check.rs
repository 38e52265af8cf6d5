//! `mintage check`

mod report;

use std::path::Path;
use std::path::PathBuf;

use crate::app;
use crate::app::OtherFile;
use crate::cli::commands::check::report::report;
use crate::cli::commands::signoff;
use crate::cli::config;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::context::STORE_DIR;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::input;
use crate::cli::ui::Ui;
use crate::contract;
use crate::contract::Example;
use crate::contract::Facts;
use crate::contract::RoleSignoff;
use crate::contract::SignoffState;
use crate::contract::Source;
use crate::contract::Subject;
use crate::contract::Values;
use crate::dotenv::EnvFile;
use crate::policy::Environment;
use crate::policy::Finding;
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

    /// Example to compare the names with, both ways; the environment's own unless given
    #[arg(long, value_name = "FILE")]
    example: Option<PathBuf>,

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
    /// For code scanners: SARIF 2.1.0.
    Sarif,
}

/// From where on a finding counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(super) enum FailOn {
    /// Everything.
    Note,
    /// What should be mended.
    Warning,
    /// What must be mended.
    Error,
}

impl FailOn {
    /// Returns the least serious finding that counts.
    pub(super) fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Note => Severity::Note,
            Self::Warning => Severity::Warning,
        }
    }
}

/// Checks and reports.
pub fn run(ui: &Ui, context: &Context, args: &CheckArgs) -> Result<Exit, CliError> {
    if ui.wants_json() && args.format == Format::Sarif {
        return Err(CliError::usage("--json and --format sarif ask for two documents")
            .hint("leave one out: --format sarif is JSON too"));
    }
    let project = context.project()?;
    let name = context.one_environment(args.env.as_ref())?;
    let environment = app::environment_of(&project.policy, &name)?;
    let input = Input::read(&project, environment, args)?;
    let bar = ui.progress(0, "checking");
    let facts = gather(ui, context, (&project, environment), (args, &input))?;
    let subject = Subject {
        policy: &project.policy,
        environment,
        values: input.values(),
        facts: &facts,
    };
    let outcome = contract::check(&subject, &mut context.rng()?);
    bar.finish_and_clear();
    report(ui, args, &subject, &outcome)
}

/// Checks the env file of an environment, where it has one that is there, as somebody does who is about to confirm it.
pub(super) fn of_own_file(
    ui: &Ui,
    context: &Context,
    project: &Project,
    environment: &Environment,
) -> Result<Option<Vec<Finding>>, CliError> {
    let found = look_at_own_file(ui, context, (project, environment), |facts| {
        // Nobody need be told that nobody has.
        facts.signoffs = Vec::new();
    });
    Ok(found?.map(|found| found.counting))
}

/// Returns everything that is wrong with the env file of an environment, also what is waived; what is wrong with
/// waivers is for the audit to say.
pub(super) fn of_own_file_unwaived(
    ui: &Ui,
    context: &Context,
    project: &Project,
    environment: &Environment,
) -> Result<Vec<Finding>, CliError> {
    let found = look_at_own_file(ui, context, (project, environment), |_| {});
    let OwnFile { mut counting, waived } = found?.unwrap_or_default();
    counting.retain(|finding| !finding.rule.starts_with("waiver-"));
    counting.extend(waived);
    Ok(counting)
}

/// What is wrong with the env file of an environment.
#[derive(Default)]
struct OwnFile {
    counting: Vec<Finding>,
    waived: Vec<Finding>,
}

/// Returns what counts and what is waived; nothing where there is no file.
fn look_at_own_file(
    ui: &Ui,
    context: &Context,
    (project, environment): (&Project, &Environment),
    change: impl FnOnce(&mut Facts),
) -> Result<Option<OwnFile>, CliError> {
    let is_there = environment
        .env_file()
        .is_some_and(|path| project.root.join(path).exists());
    if !is_there {
        return Ok(None);
    }
    let args = CheckArgs {
        env: None,
        env_file: None,
        example: None,
        process: false,
        format: Format::default(),
        fail_on: FailOn::Error,
    };
    let input = Input::read(project, environment, &args)?;
    let mut facts = gather(ui, context, (project, environment), (&args, &input))?;
    change(&mut facts);
    let subject = Subject {
        policy: &project.policy,
        environment,
        values: input.values(),
        facts: &facts,
    };
    let outcome = contract::check(&subject, &mut context.rng()?);
    Ok(Some(OwnFile {
        waived: outcome.waived.into_iter().map(|waived| waived.finding).collect(),
        counting: outcome.findings,
    }))
}

/// Finds out what the values alone do not tell.
fn gather(
    ui: &Ui,
    context: &Context,
    (project, environment): (&Project, &Environment),
    (args, input): (&CheckArgs, &Input),
) -> Result<Facts, CliError> {
    let today = crate::adapters::SystemClock.now().date_naive();
    let mut facts = Facts::new(input.source(), today);
    let tree = context.working_tree(&project.root);
    let checked = input.path_below(&project.root);
    let looked = app::look_at_files(&tree, &project.policy, checked.as_deref())?;
    (facts.repository, facts.files) = looked;
    facts.example = example(project, environment, args)?;
    let stored =
        context.with_store_if_open(project, |store| Ok(app::stored_values(store, environment, None)?))?;
    let mut comparison = match stored {
        Some((comparison, damaged)) => {
            warn_of_damage(ui, &damaged);
            comparison
        }
        None => app::no_stored_values(&mut context.rng()?),
    };
    app::add_files(
        &mut comparison,
        &project.policy,
        &others(ui, project, environment, checked.as_deref()),
    );
    facts.comparison = Some(comparison);
    facts.signoffs = signoffs(context, project, environment);
    Ok(facts)
}

/// Warns of environments whose values nothing is compared with.
pub(super) fn warn_of_damage(ui: &Ui, damaged: &[EnvironmentName]) {
    for name in damaged {
        ui.warning(&format!(
            "the ledger of {name} cannot be believed, so nothing is compared with it"
        ));
    }
    if !damaged.is_empty() {
        ui.hint("see what is wrong: mintage verify");
    }
}

/// Tells which roles have confirmed the environment, where the policy wants any to and there is a store.
fn signoffs(context: &Context, project: &Project, environment: &Environment) -> Vec<RoleSignoff> {
    let wanted = app::environments_to_sign(&project.policy).contains(environment.name());
    if !wanted || !project.root.join(STORE_DIR).exists() {
        return Vec::new();
    }
    let names = [environment.name().clone()];
    // What cannot be believed confirms nothing; what is wrong with the store is told where ledgers are compared.
    let rows = signoff::look(context, project, &names).map_or_else(|_| Vec::new(), |(rows, _)| rows);
    // Before the first has confirmed, `check` is what they look at to do so: nobody is late yet.
    if rows.iter().all(|row| row.state == SignoffState::Open) {
        return Vec::new();
    }
    app::signoff_facts(&rows, environment.name())
}

/// Reads the example that the command line names, or that of the policy, which may be absent.
fn example(
    project: &Project,
    environment: &Environment,
    args: &CheckArgs,
) -> Result<Option<Example>, CliError> {
    if let Some(path) = &args.example {
        return Ok(Some(Example {
            shown: path.display().to_string(),
            file: Some(input::read_env_file(path)?),
        }));
    }
    let of_target = args.env_file.as_deref().and_then(|file| {
        let targets = &project.policy;
        targets.target_at(file, environment.name())
    });
    // The example shows the names of the environment's own file.
    let applies = !args.process && of_target.is_none();
    let Some(shown) = environment.example_file().filter(|_| applies) else {
        return Ok(None);
    };
    let path = project.root.join(shown);
    let file = if path.exists() {
        Some(input::read_env_file(&path)?)
    } else {
        None
    };
    Ok(Some(Example {
        shown: shown.to_owned(),
        file,
    }))
}

/// Reads the env files of the other environments, as far as they are here.
fn others(ui: &Ui, project: &Project, environment: &Environment, checked: Option<&str>) -> Vec<OtherFile> {
    let mut others = Vec::new();
    for other in project.policy.environments() {
        let Some(path) = other.env_file() else {
            continue;
        };
        let full = project.root.join(path);
        if other.name() == environment.name() || Some(path) == checked || !full.exists() {
            continue;
        }
        match input::read_env_file(&full) {
            Ok(file) => others.push(OtherFile {
                environment: other.name().clone(),
                file,
            }),
            Err(error) => ui.warning(&format!("`{path}` is not compared: {}", error.message())),
        }
    }
    others
}

/// What is checked, as it was read.
enum Input {
    EnvFile {
        shown: String,
        path: Option<PathBuf>,
        file: EnvFile,
    },
    Process(Vec<(String, SecretValue)>),
}

impl Input {
    fn read(project: &Project, environment: &Environment, args: &CheckArgs) -> Result<Self, CliError> {
        if args.process {
            return Ok(Self::Process(config::process_variables()));
        }
        let (shown, path, file) = match (&args.env_file, environment.env_file()) {
            (Some(path), _) if path.as_os_str() == "-" => {
                ("standard input".to_owned(), None, input::read_env_file(path)?)
            }
            (Some(path), _) => {
                let file = input::read_env_file(path)?;
                (path.display().to_string(), Some(path.clone()), file)
            }
            (None, Some(path)) => {
                let full = project.root.join(path);
                let file = input::read_env_file(&full).map_err(|error| {
                    let error = if full.exists() {
                        error
                    } else {
                        error.hint(format!(
                            "or write it from the store: mintage render -e {} --dialect dotenv --out {path}",
                            environment.name()
                        ))
                    };
                    error.hint(
                        "or name another: --env-file FILE, or check the variables of a process: --process",
                    )
                })?;
                (path.to_owned(), Some(full), file)
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
        Ok(Self::EnvFile { shown, path, file })
    }

    fn source(&self) -> Source {
        match self {
            Self::EnvFile { shown, .. } => Source::EnvFile(shown.clone()),
            Self::Process(_) => Source::Process,
        }
    }

    /// Returns the path of the env file below the project, where that is where it is.
    fn path_below(&self, root: &Path) -> Option<String> {
        let Self::EnvFile { path: Some(path), .. } = self else {
            return None;
        };
        let (path, root) = (path.canonicalize().ok()?, root.canonicalize().ok()?);
        Some(path.strip_prefix(root).ok()?.to_str()?.to_owned())
    }

    fn values(&self) -> Values<'_> {
        match self {
            Self::EnvFile { file, .. } => Values::of_file(file),
            Self::Process(variables) => {
                Values::of_process(variables.iter().map(|(name, value)| (name.as_str(), value)))
            }
        }
    }
}
