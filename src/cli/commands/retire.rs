//! `mintage retire`

use crate::app;
use crate::app::RetireReport;
use crate::cli::commands::rotate;
use crate::cli::context::Context;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::ui::Ui;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// End overlaps: have former values dropped wherever they are used
///
/// Every sink of the secret drops the former value and proves it, then the version is retired, and retired values
/// beyond `keep_previous` are destroyed. With --expired, those
/// whose overlap is over; with a NAME, also one whose overlap still runs. Of a secret that somebody else makes, a NAME
/// also confirms that the former value was revoked there.
#[derive(Clone, Debug, clap::Args)]
pub struct RetireArgs {
    /// The secrets whose overlap ends now (can be repeated)
    #[arg(value_name = "NAME", required_unless_present = "expired")]
    names: Vec<SecretName>,

    /// Every secret whose overlap is over
    #[arg(long, conflicts_with = "names")]
    expired: bool,

    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,
}

/// Retires and reports.
pub fn run(ui: &Ui, context: &Context, args: &RetireArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let environment = context.one_environment(args.env.as_ref())?;
    let report = rotate::told(ui, context, (&project, &environment), |ground, _| {
        app::retire(ground, &args.names)
    })?;
    print(ui, &report)?;
    Ok(Exit::Fine)
}

fn print(ui: &Ui, report: &RetireReport) -> Result<(), CliError> {
    if ui.wants_json() {
        return ui.document("retire", report);
    }
    if !report.retired.is_empty() {
        let rows = report.retired.iter().map(|one| {
            vec![
                Field::text(one.name.to_string()),
                Field::text(one.fingerprint.clone()),
                Field::text(dates::minute(one.overlap_ended_at)),
            ]
        });
        ui.table(&["name", "fingerprint", "overlap ended"], rows.collect())?;
    }
    for name in &report.rotating {
        ui.status(&format!(
            "{name}: a rotation is under way, and retires when it ends"
        ));
    }
    for name in &report.revoked {
        ui.status(&format!(
            "{name}: the former value counts as revoked by its issuer"
        ));
    }
    if !report.destroyed.is_empty() {
        ui.status(&format!(
            "{} former values that the policy does not keep are destroyed",
            report.destroyed.len()
        ));
    }
    ui.status(&format!("{} retired", report.retired.len()));
    Ok(())
}
