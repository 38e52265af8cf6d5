//! `mintage rollback`

use crate::app;
use crate::cli::commands::rotate;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::ledger::Reason;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Bring the value before the current one back
///
/// It becomes current again as a new version that is as old as the value, and every sink is told of it and proves
/// it, as in a rotation. The value that it replaces stays valid for the overlap. A compromised value never comes back.
#[derive(Clone, Debug, clap::Args)]
pub struct RollbackArgs {
    /// The secrets to roll back (can be repeated)
    #[arg(value_name = "NAME", required = true)]
    names: Vec<SecretName>,

    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,
}

/// Rolls back and reports.
pub fn run(ui: &Ui, context: &Context, args: &RollbackArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let environment = context.one_environment(args.env.as_ref())?;
    let report = rotate::told(ui, context, (&project, &environment), |ground, rng| {
        app::rollback(ground, &args.names, rng)
    })?;
    rotate::print(ui, &report, Reason::Scheduled)?;
    Ok(Exit::Fine)
}
