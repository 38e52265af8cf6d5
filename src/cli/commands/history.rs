//! `mintage history`

use serde::Serialize;

use crate::adapters::AuditFiles;
use crate::adapters::SystemClock;
use crate::app;
use crate::app::HistoryReport;
use crate::cli::context::Context;
use crate::cli::context::STORE_DIR;
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
use crate::secret::Stage;

/// Tell the versions of secrets and what happened to them
///
/// Needs no key, and does not check what it reads: `mintage verify` does.
#[derive(Clone, Debug, clap::Args)]
pub struct HistoryArgs {
    /// The secret; all unless given
    name: Option<SecretName>,

    /// The environment (can be repeated); all unless given
    #[arg(short, long, value_name = "NAME")]
    env: Vec<EnvironmentName>,

    /// Only from this time on: 2026-11-21 or 2026-11-21T10:00:00Z
    #[arg(long, value_name = "DATE", value_parser = When::parse)]
    since: Option<When>,
}

/// Tells the history.
pub fn run(ui: &Ui, context: &Context, args: &HistoryArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    if !args.env.is_empty() {
        context.environments(&project.policy, &args.env)?;
    }
    let storage = context.storage(&project.root)?;
    let audit = AuditFiles::new(&storage, project.root.join(STORE_DIR).join("audit"));
    let now = SystemClock.now();
    let since = args.since.map(|since| since.start(now));
    let report = app::history(&storage, &audit, args.name.as_ref(), &args.env, since)?;
    if let Some(name) = &args.name
        && report.versions.is_empty()
        && report.events.is_empty()
        && !project.policy.secret_names().any(|known| known == name)
    {
        let nearest = crate::policy::nearest(
            name.as_str(),
            project.policy.secret_names().map(SecretName::as_str),
        );
        return Err(app::AppError::SecretUnknown {
            name: name.clone(),
            nearest: nearest.map(str::to_owned),
        }
        .into());
    }
    if ui.wants_json() {
        ui.document("history", &report)?;
    } else {
        print(ui, &report)?;
    }
    Ok(Exit::Fine)
}

fn print(ui: &Ui, report: &HistoryReport) -> Result<(), CliError> {
    if report.versions.is_empty() && report.events.is_empty() {
        ui.status("nothing has happened yet");
        return Ok(());
    }
    let versions = report.versions.iter().map(|version| {
        let stage = if version.compromised {
            Field::toned(format!("{}, compromised", version.stage), Tone::Bad)
        } else if version.destroyed {
            Field::toned(format!("{}, destroyed", version.stage), Tone::Faint)
        } else if version.stage == Stage::Current {
            Field::toned(version.stage.to_string(), Tone::Good)
        } else {
            Field::text(version.stage.to_string())
        };
        vec![
            Field::text(version.environment.to_string()),
            Field::text(version.name.to_string()),
            Field::text(version.version.to_string()),
            stage,
            Field::text(word(&version.origin)),
            Field::text(dates::minute(version.recorded_at)),
            Field::text(version.fingerprint.clone()),
        ]
    });
    ui.table_without(
        &["origin", "fingerprint", "recorded"],
        &[
            "environment",
            "name",
            "version",
            "stage",
            "origin",
            "recorded",
            "fingerprint",
        ],
        versions.collect(),
    )?;
    let events = report.events.iter().map(|event| {
        let draft = &event.draft;
        let named = |text: Option<String>| Field::text(text.unwrap_or_else(|| "-".to_owned()));
        vec![
            Field::text(dates::minute(draft.at)),
            Field::text(draft.by.clone()),
            Field::text(match (&draft.sink, &draft.signoff) {
                (Some(sink), _) => format!("{} to {sink}", word(&draft.action)),
                (None, Some(signoff)) => format!("{} as {}", word(&draft.action), signoff.role),
                (None, None) => word(&draft.action),
            }),
            Field::toned(word(&draft.phase), Tone::Faint),
            named(draft.environment.as_ref().map(ToString::to_string)),
            named(draft.secret.as_ref().map(ToString::to_string)),
            named(draft.reason.as_ref().map(word)),
            named(draft.sink.clone()),
        ]
    });
    ui.out("\n")?;
    ui.table_without(
        &["phase", "environment"],
        &[
            "at",
            "by",
            "action",
            "phase",
            "environment",
            "name",
            "reason",
            "sink",
        ],
        events.collect(),
    )
}

/// Returns a variant's name as the files spell it.
fn word(variant: &impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
