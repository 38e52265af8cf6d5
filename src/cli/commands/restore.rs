//! `mintage restore`

use crate::app;
use crate::app::Fate;
use crate::app::RestoreReport;
use crate::app::RestoreRequest;
use crate::cli::commands::rotate;
use crate::cli::context::Context;
use crate::cli::dates;
use crate::cli::dates::When;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::ports::Clock;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Bring back what was current at a time
///
/// The values of then become current again as new versions, every sink is told of them and proves it, and what is
/// derived is computed anew. A compromised value never comes back, one beyond `keep_previous` may be gone, and of a
/// whole environment keys of stored data stay: all are listed, with exit code 3.
#[derive(Clone, Debug, clap::Args)]
pub struct RestoreArgs {
    /// The secrets (can be repeated); the whole environment unless given
    #[arg(value_name = "NAME")]
    names: Vec<SecretName>,

    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,

    /// The time: 2026-11-21 (its end) or 2026-11-21T10:00:00Z
    #[arg(long, value_name = "DATE", value_parser = When::parse)]
    at: When,

    /// Show what would be brought back and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Restores and reports.
pub fn run(ui: &Ui, context: &Context, args: &RestoreArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let environment = context.one_environment(args.env.as_ref())?;
    let now = crate::adapters::SystemClock.now();
    if args.at.start(now) > now {
        return Err(CliError::usage("--at lies in the future")
            .hint("say when all was well: --at 2026-01-31 or --at 2026-01-31T10:00:00Z"));
    }
    let request = RestoreRequest {
        names: args.names.clone(),
        at: args.at.end(now).min(now),
        dry_run: args.dry_run,
    };
    let report = rotate::told(ui, context, (&project, &environment), |ground, rng| {
        app::restore(ground, &request, rng)
    })?;
    if ui.wants_json() {
        ui.document("restore", &report)?;
    } else {
        print(ui, &report, &environment)?;
    }
    Ok(if report.is_partial() {
        Exit::Findings
    } else {
        Exit::Fine
    })
}

fn print(ui: &Ui, report: &RestoreReport, environment: &EnvironmentName) -> Result<(), CliError> {
    let text = |text: &Option<String>| Field::text(text.clone().unwrap_or_else(|| "-".to_owned()));
    let rows = report.secrets.iter().map(|one| {
        let (word, tone) = match one.fate {
            Fate::Restored if report.dry_run => ("would be restored", Tone::Good),
            Fate::Restored => (one.fate.name(), Tone::Good),
            Fate::Absent | Fate::Unchanged => (one.fate.name(), Tone::Faint),
            Fate::Compromised => (one.fate.name(), Tone::Bad),
            Fate::Destroyed | Fate::Hazard => (one.fate.name(), Tone::Warn),
        };
        vec![
            Field::text(one.name.to_string()),
            text(&one.before),
            text(&one.fingerprint),
            Field::toned(word, tone),
        ]
    });
    ui.table(&["name", "current", "as of then", "result"], rows.collect())?;
    for one in &report.secrets {
        let name = &one.name;
        match one.fate {
            Fate::Compromised => ui.warning(&format!(
                "{name}: the value of then is marked as compromised and never comes back"
            )),
            Fate::Destroyed => ui.warning(&format!(
                "{name}: the value of then was destroyed; `keep_previous` in the policy says how many are kept"
            )),
            Fate::Hazard => ui.hint(&format!(
                "{name}: what is stored may need the value of today; to bring it back all the same: mintage restore {name} -e {environment} --at …"
            )),
            Fate::Absent | Fate::Restored | Fate::Unchanged => {}
        }
    }
    if !report.derived.is_empty() {
        let names: Vec<&str> = report.derived.iter().map(|one| one.name.as_str()).collect();
        ui.status(&format!("computed anew in the same commit: {}", names.join(", ")));
    }
    let restored = report
        .secrets
        .iter()
        .filter(|one| one.fate == Fate::Restored)
        .count();
    let at = dates::minute(report.at);
    if report.dry_run {
        ui.status(&format!(
            "{restored} would be brought back to {at}; nothing was changed: leave --dry-run out to do it"
        ));
    } else {
        ui.status(&format!("{restored} brought back to {at}"));
    }
    Ok(())
}
