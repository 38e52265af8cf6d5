//! `mintage verify`

use std::path::PathBuf;

use crate::app;
use crate::app::Accepted;
use crate::cli::commands::audit_evidence;
use crate::cli::context::Context;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::secret::SecretName;

/// Check that nothing in the store was changed, swapped or lost
///
/// Checks every MAC, hash and chain against the store's keys and what this machine has seen. Damage is named and
/// ends with exit code 6. Files that an interrupted run left behind are named too; they are no damage.
#[derive(Clone, Debug, clap::Args)]
pub struct VerifyArgs {
    /// Decrypt every version too
    #[arg(long)]
    deep: bool,

    /// Remove leftovers, and seal anew what proves authentic
    #[arg(long)]
    fix: bool,

    /// Accept that this secret is missing or older than this machine has seen it (can be repeated, with --fix)
    #[arg(long, value_name = "NAME", requires = "fix")]
    accept_rollback: Vec<SecretName>,

    /// Accept that this directory holds another store than before (with --fix)
    #[arg(long, requires = "fix")]
    accept_store: bool,

    /// Check evidence of `mintage audit --evidence` instead; needs neither store nor project
    #[arg(long, value_name = "FILE", conflicts_with_all = ["deep", "fix"])]
    evidence: Option<PathBuf>,
}

/// Checks and reports.
pub fn run(ui: &Ui, context: &Context, args: &VerifyArgs) -> Result<Exit, CliError> {
    if let Some(file) = &args.evidence {
        return audit_evidence::verify(ui, context, file);
    }
    let project = context.project()?;
    context.with_world(&project, |world| {
        let mut report = app::verify(world, args.deep)?;
        if args.fix {
            let accepted = Accepted {
                secrets: args.accept_rollback.clone(),
                store: args.accept_store,
            };
            let fixed = app::fix(world, &report, &accepted)?;
            for environment in &fixed.sealed {
                ui.status(&format!("{environment}: sealed anew"));
            }
            if fixed.removed > 0 {
                ui.status(&match fixed.removed {
                    1 => "1 leftover removed".to_owned(),
                    count => format!("{count} leftovers removed"),
                });
            }
            report = app::verify(world, args.deep)?;
        }
        if ui.wants_json() {
            ui.document("verify", &report)?;
        } else {
            print(ui, &report)?;
        }
        if report.damage.is_empty() {
            Ok(Exit::Fine)
        } else {
            Ok(Exit::Integrity)
        }
    })
}

fn print(ui: &Ui, report: &app::VerifyReport) -> Result<(), CliError> {
    for damage in &report.damage {
        ui.out(&format!("damaged: {damage}\n"))?;
    }
    for open in &report.rotations {
        let names: Vec<&str> = open.secrets.iter().map(SecretName::as_str).collect();
        ui.out(&format!(
            "open rotation: {} in {}, since {} by {}, {} of {} steps proved\n",
            names.join(", "),
            open.environment,
            dates::minute(open.started_at),
            open.by,
            open.tested,
            open.steps
        ))?;
    }
    for leftover in &report.leftovers {
        ui.out(&format!("leftover: .mintage/{leftover}\n"))?;
    }
    for stray in &report.strays {
        ui.out(&format!(
            "leftover: {}/{}/{} in the keychain\n",
            stray.environment, stray.name, stray.version
        ))?;
    }
    let verdict = if report.damage.is_empty() {
        "clean"
    } else {
        "DAMAGED"
    };
    let decrypted = match report.decrypted {
        0 => String::new(),
        count => format!(", {count} decrypted"),
    };
    ui.out(&format!(
        "{verdict}: {} secrets, {} versions{decrypted}, {} audit events checked\n",
        report.secrets, report.versions, report.events
    ))?;
    if report.first_sight {
        ui.warning("this machine sees the store for the first time: an older copy would not be noticed");
    }
    if !report.damage.is_empty() {
        ui.hint("writes are refused until this is mended: put the named files back from git or a backup");
    } else if let Some(open) = report.rotations.first() {
        ui.hint(&format!("go on with it: mintage rotate -e {}", open.environment));
    } else if !report.leftovers.is_empty() || !report.strays.is_empty() {
        ui.hint("leftovers of an interrupted run do no harm; remove them: mintage verify --fix");
    }
    Ok(())
}
