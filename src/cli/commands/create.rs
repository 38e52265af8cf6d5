//! `mintage create`

use crate::app;
use crate::app::CreateReport;
use crate::app::CreatedSecret;
use crate::app::Selection;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Mint what the policy declares and the store lacks
///
/// Prints names, kinds, bits and fingerprints, never a value. What is derived from a new secret is computed in the
/// same commit. Secrets that somebody else makes are listed with where to get them. A secret that has a value is left alone: use `rotate` to replace it.
#[derive(Clone, Debug, clap::Args)]
pub struct CreateArgs {
    /// The secrets to mint (can be repeated)
    #[arg(value_name = "NAME", required_unless_present = "all")]
    names: Vec<SecretName>,

    /// Mint everything that is missing
    #[arg(long, conflicts_with = "names")]
    all: bool,

    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,
}

/// Mints and reports.
pub fn run(ui: &Ui, context: &Context, args: CreateArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let environment = context.one_environment(args.env.as_ref())?;
    let selection = if args.all {
        Selection::All
    } else {
        Selection::Names(args.names)
    };
    let mut rng = context.rng()?;
    let bar = ui.progress(project.policy.secret_names().count() as u64, "minting");
    let report = context.with_world(&project, |world| {
        let progress = |done, _| bar.set_position(done);
        Ok(app::create(
            world,
            &project.policy,
            &environment,
            &selection,
            &mut rng,
            &progress,
        )?)
    });
    bar.finish_and_clear();
    print(ui, &environment, &report?)?;
    Ok(Exit::Fine)
}

fn print(ui: &Ui, environment: &EnvironmentName, report: &CreateReport) -> Result<(), CliError> {
    if ui.wants_json() {
        return ui.document("create", report);
    }
    if !report.secrets.is_empty() {
        ui.table(&HEADER, report.secrets.iter().map(row).collect())?;
    }
    ui.status(&format!(
        "{} minted, {} had a value already, {} to get from their issuers",
        report.secrets.len(),
        report.existing.len(),
        report.issued.len()
    ));
    for waiting in &report.waiting {
        let roots: Vec<&str> = waiting.roots.iter().map(SecretName::as_str).collect();
        ui.status(&format!(
            "  {}: derived as soon as {} has a value",
            waiting.name,
            roots.join(", ")
        ));
    }
    for issued in &report.issued {
        let place = match (&issued.issuer, &issued.console_url) {
            (Some(issuer), Some(url)) => format!("from {issuer}, {url}"),
            (Some(issuer), None) => format!("from {issuer}"),
            (None, Some(url)) => format!("at {url}"),
            (None, None) => "from its issuer".to_owned(),
        };
        ui.status(&format!(
            "  {}: get it {place}, then: mintage import {} -e {environment}",
            issued.name, issued.name
        ));
    }
    Ok(())
}

/// The columns of a table of new versions.
pub(super) const HEADER: [&str; 5] = ["name", "kind", "bits", "fingerprint", "stage"];

/// Returns the row of a new version.
pub(super) fn row(secret: &CreatedSecret) -> Vec<Field> {
    vec![
        Field::text(secret.name.to_string()),
        Field::text(secret.kind.clone()),
        Field::number(secret.bits),
        Field::text(secret.fingerprint.clone()),
        Field::toned(secret.stage.to_string(), Tone::Good),
    ]
}
