//! `mintage reveal`

use crate::app;
use crate::cli::context::Context;
use crate::cli::copying::CopyTerms;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::VersionId;

/// Print a stored value, or copy it
///
/// The one command that prints a stored value. The audit log records it before anything is printed; when it
/// cannot, nothing is printed. In a pipe the value comes without a newline.
#[derive(Clone, Debug, clap::Args)]
pub struct RevealArgs {
    /// The secret
    name: SecretName,

    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,

    /// The version; the current one unless given
    #[arg(long, value_name = "ID")]
    version: Option<VersionId>,

    #[command(flatten)]
    copying: CopyTerms,
}

/// Prints the value.
pub fn run(ui: &Ui, context: &Context, args: &RevealArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let environment = context.one_environment(args.env.as_ref())?;
    app::environment_of(&project.policy, &environment)?;
    let target = args.copying.target(context)?;
    let value = context.with_world(&project, |world| {
        Ok(app::reveal(
            world,
            &project.policy,
            &environment,
            &args.name,
            args.version,
        )?)
    })?;
    if let Some(target) = target {
        return target.give(ui, value);
    }
    if ui.is_on_terminal() && !ui.is_quiet() {
        ui.warning("the value stays in this terminal's scrollback; with --copy or in a pipe it would not");
    }
    ui.value(&value)?;
    if ui.is_on_terminal() {
        ui.out("\n")?;
    }
    Ok(Exit::Fine)
}
