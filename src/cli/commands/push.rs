//! `mintage push`

use crate::app;
use crate::app::Agreement;
use crate::app::PushReport;
use crate::app::PushRequest;
use crate::app::PushResult;
use crate::cli::commands::rotate;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Bring sinks to the current values
///
/// Compares by fingerprint first what every sink holds, then tells those that hold something else, and has them prove
/// it. Never makes a value. A value that the store does not have stays: it may be the only copy of one in use. With
/// --dry-run, nothing is told, and the exit code is 3 when a sink holds something else.
#[derive(Clone, Debug, clap::Args)]
pub struct PushArgs {
    /// The secrets (can be repeated); all that a sink uses unless given
    #[arg(value_name = "NAME")]
    names: Vec<SecretName>,

    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,

    /// The sink (can be repeated); all unless given
    #[arg(long, value_name = "SINK")]
    sink: Vec<String>,

    /// Show what the sinks hold and tell them nothing
    #[arg(long)]
    dry_run: bool,

    /// Write over values that the store does not have; they are lost then
    #[arg(long)]
    overwrite_unknown_values: bool,
}

/// Pushes and reports.
pub fn run(ui: &Ui, context: &Context, args: &PushArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let environment = context.one_environment(args.env.as_ref())?;
    let request = PushRequest {
        names: args.names.clone(),
        sinks: args.sink.clone(),
        dry_run: args.dry_run,
        overwrites: args.overwrite_unknown_values,
    };
    let report = rotate::told(ui, context, (&project, &environment), |ground, _| {
        app::push(ground, &request)
    })?;
    if ui.wants_json() {
        ui.document("push", &report)?;
    } else {
        print(ui, &report, &environment)?;
    }
    Ok(exit(&report))
}

fn exit(report: &PushReport) -> Exit {
    let mut failed = report.failed().peekable();
    if failed.peek().is_some() {
        return if failed.all(|row| row.transient) {
            Exit::Unreachable
        } else {
            Exit::Failed
        };
    }
    if report.has_drift() {
        Exit::Findings
    } else {
        Exit::Fine
    }
}

fn print(ui: &Ui, report: &PushReport, environment: &EnvironmentName) -> Result<(), CliError> {
    if report.secrets.is_empty() {
        ui.status("no sink uses any of them");
        return Ok(());
    }
    let rows = report.secrets.iter().map(|row| {
        let tone = match row.state {
            Agreement::InStep => Tone::Good,
            Agreement::Hidden | Agreement::Rotating => Tone::Faint,
            Agreement::Absent | Agreement::Drifted => Tone::Warn,
            Agreement::UnknownValue | Agreement::Unreachable => Tone::Bad,
        };
        let result = match row.result {
            PushResult::Failed => "failed",
            PushResult::Kept => "kept",
            PushResult::Pushed => "pushed",
            PushResult::Unchanged => "-",
            PushResult::WouldPush => "would be pushed",
        };
        vec![
            Field::text(row.name.to_string()),
            Field::text(row.sink.clone()),
            Field::toned(row.state.name(), tone),
            Field::text(result),
        ]
    });
    ui.table(&["name", "sink", "held", "result"], rows.collect())?;
    for row in &report.secrets {
        if let Some(message) = &row.message {
            ui.warning(&format!("{} in `{}`: {message}", row.name, row.sink));
        }
    }
    let unknown =
        |row: &&app::PushRow| row.state == Agreement::UnknownValue && row.result == PushResult::Kept;
    if let Some(row) = report.secrets.iter().find(unknown) {
        ui.hint(&format!(
            "keep such a value: mintage import {} -e {environment}",
            row.name
        ));
        ui.hint("or lose it: --overwrite-unknown-values");
    }
    if report.dry_run {
        ui.status("nothing was changed: leave --dry-run out to do it");
    }
    Ok(())
}
