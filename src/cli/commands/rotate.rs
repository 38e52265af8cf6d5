//! `mintage rotate`

use crate::app;
use crate::app::Motive;
use crate::cli::commands::create;
use crate::cli::context::Context;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::ledger::Reason;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Replace a secret by a new value and keep the old one as previous
///
/// The new version becomes current in one step. The old one stays available as `previous`, and counts as valid
/// until its overlap ends. With --reason compromise there is no overlap: the old version is retired and marked.
#[derive(Clone, Debug, clap::Args)]
pub struct RotateArgs {
    /// The secrets to rotate (can be repeated)
    #[arg(value_name = "NAME", required = true)]
    names: Vec<SecretName>,

    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,

    /// Why
    #[arg(long, value_enum, default_value_t)]
    reason: Reason,

    /// Assert that whatever was encrypted with the old value is encrypted anew, or can be read without it
    #[arg(long)]
    i_have_reencrypted: bool,

    /// Assert that you give the new value to the service by hand, which read the old one on its first start only
    #[arg(long)]
    i_change_the_service: bool,
}

/// Rotates and reports.
pub fn run(ui: &Ui, context: &Context, args: &RotateArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let environment = context.one_environment(args.env.as_ref())?;
    let mut rng = context.rng()?;
    let report = context.with_world(&project.root, |world| {
        Ok(app::rotate(
            world,
            &project.policy,
            &environment,
            &args.names,
            Motive {
                reason: args.reason,
                is_reencrypted: args.i_have_reencrypted,
                is_changed_in_service: args.i_change_the_service,
            },
            &mut rng,
        )?)
    })?;
    if ui.wants_json() {
        ui.document("rotate", &report)?;
        return Ok(Exit::Fine);
    }
    ui.table(&create::HEADER, report.secrets.iter().map(create::row).collect())?;
    for ((secret, overlap), consequence) in report
        .secrets
        .iter()
        .zip(&report.overlap_ends_at)
        .zip(&report.consequences)
        .take(report.rotated)
    {
        let until = match overlap {
            Some(until) => format!("the previous value stays valid until {}", dates::minute(*until)),
            None if args.reason == Reason::Compromise => {
                "the old value is retired and marked as compromised".to_owned()
            }
            None => "the policy gives the previous value no overlap".to_owned(),
        };
        ui.status(&format!("{}: {until}; {consequence}", secret.name));
    }
    let derived: Vec<&str> = report
        .secrets
        .iter()
        .skip(report.rotated)
        .map(|one| one.name.as_str())
        .collect();
    if !derived.is_empty() {
        ui.status(&format!(
            "computed anew in the same commit: {}",
            derived.join(", ")
        ));
    }
    Ok(Exit::Fine)
}
