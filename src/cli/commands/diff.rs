//! `mintage diff`

mod report;

use crate::app;
use crate::app::DiffSide;
use crate::cli::commands::diff::report::Seen;
use crate::cli::commands::diff::report::report;
use crate::cli::commands::status;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::input;
use crate::cli::ui::Ui;
use crate::dotenv::EnvFile;
use crate::ledger::Ledger;
use crate::policy::Environment;
use crate::ports::Clock;
use crate::secret::EnvironmentName;

/// Show two environments side by side, without any value
///
/// Tells what is missing on either side, what is the same and should not be, and what should be the same and is not.
/// Stored values are compared by their fingerprints, which needs no key. Where both environments have an env file,
/// what stands there is compared too. The exit code is 3 when something should not be so.
#[derive(Clone, Debug, clap::Args)]
pub struct DiffArgs {
    /// An environment
    #[arg(value_name = "ENVIRONMENT")]
    left: EnvironmentName,

    /// The other one
    #[arg(value_name = "ENVIRONMENT")]
    right: EnvironmentName,
}

/// Compares and reports.
pub fn run(ui: &Ui, context: &Context, args: &DiffArgs) -> Result<Exit, CliError> {
    if args.left == args.right {
        return Err(CliError::usage("an environment does not differ from itself")
            .hint("name two: mintage diff staging production"));
    }
    let project = context.project()?;
    let names = [args.left.clone(), args.right.clone()];
    let environments = [
        app::environment_of(&project.policy, &args.left)?,
        app::environment_of(&project.policy, &args.right)?,
    ];
    let (trust, ledgers) = status::ledgers(context, &project, &names)?;
    trust.warn(ui);
    let files = env_files(ui, &project, environments)?;
    let empty = Ledger::default();
    let [left, right] = [0, 1].map(|side: usize| DiffSide {
        environment: environments[side],
        ledger: ledgers.get(&names[side]).unwrap_or(&empty),
        file: files
            .as_ref()
            .map(|files| (files[side].0.as_str(), &files[side].1)),
    });
    let now = crate::adapters::SystemClock.now();
    let found = app::diff(&project.policy, [&left, &right], now);
    report(
        ui,
        &Seen {
            sides: [&left, &right],
            report: &found,
            trust: &trust,
            at: now,
        },
    )
}

/// Reads the env files of two environments; `None` unless both have one, and not the same.
fn env_files(
    ui: &Ui,
    project: &Project,
    environments: [&Environment; 2],
) -> Result<Option<[(String, EnvFile); 2]>, CliError> {
    let [Some(left), Some(right)] = environments.map(Environment::env_file) else {
        return Ok(None);
    };
    if left == right {
        return Ok(None);
    }
    let lacking: Vec<&str> = [left, right]
        .into_iter()
        .filter(|file| !project.root.join(file).exists())
        .collect();
    if !lacking.is_empty() {
        ui.detail(&format!(
            "env files are not compared: there is no {}",
            lacking.join(" and no ")
        ));
        return Ok(None);
    }
    let read = |file: &str| {
        let content = input::read_file(&project.root.join(file), MAX_ENV_FILE)?;
        Ok::<_, CliError>((file.to_owned(), EnvFile::of(&content)))
    };
    Ok(Some([read(left)?, read(right)?]))
}

/// Largest env file, in bytes.
const MAX_ENV_FILE: usize = 4 * 1_024 * 1_024;
