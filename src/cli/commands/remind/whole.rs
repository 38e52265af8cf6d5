//! Forms of `mintage remind` that hold every secret and certificate, not only what is due.

use crate::adapters::UserFiles;
use crate::app;
use crate::app::CalendarTerms;
use crate::app::CertificateRow;
use crate::app::Privacy;
use crate::app::Pseudonyms;
use crate::app::StatusRow;
use crate::cli::commands::remind::Format;
use crate::cli::commands::remind::RemindArgs;
use crate::cli::commands::status::Picture;
use crate::cli::commands::status::Trust;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::error::CliError;
use crate::cli::formats::ics::Calendar;
use crate::cli::formats::prometheus::Metrics;
use crate::cli::ui::Ui;
use crate::ports::Machine;

/// Everything that is seen of a project.
pub(super) struct Sight<'a> {
    /// The project.
    pub project: &'a Project,
    /// Its secrets.
    pub picture: &'a Picture,
    /// Its certificates.
    pub certificates: &'a [CertificateRow],
}

/// Writes the report in one of these forms; `None` for the forms that hold only what is due.
pub(super) fn write(
    ui: &Ui,
    context: &Context,
    args: &RemindArgs,
    sight: &Sight<'_>,
) -> Result<Option<String>, CliError> {
    let write = match args.format {
        Format::Ics => calendar,
        Format::Prometheus => metrics,
        Format::Json | Format::Slack | Format::Text => return Ok(None),
    };
    if args.format == Format::Ics {
        hint_undated(ui, &sight.picture.rows);
    }
    let pseudonyms = Pseudonyms::of_store(&context.storage(&sight.project.root)?)?;
    write(context, args, sight, &pseudonyms).map(Some)
}

fn calendar(
    context: &Context,
    args: &RemindArgs,
    sight: &Sight<'_>,
    pseudonyms: &Pseudonyms,
) -> Result<String, CliError> {
    let policy = &sight.project.policy;
    let now = sight.picture.now;
    let file = UserFiles.state(&context.policy_path()?);
    let terms = CalendarTerms {
        policy,
        ledgers: &sight.picture.ledgers,
        policy_changed_at: file.and_then(|file| file.modified).unwrap_or(now),
        pseudonyms,
        privacy: args.privacy(),
    };
    let calendar = Calendar {
        name: match terms.privacy {
            Privacy::Anonymous => "mintage",
            Privacy::Named => policy.name(),
        },
        written_at: now,
        as_todo: args.todo,
        entries: &app::calendar(&sight.picture.rows, sight.certificates, terms),
    };
    Ok(calendar.write())
}

fn metrics(
    _: &Context,
    args: &RemindArgs,
    sight: &Sight<'_>,
    pseudonyms: &Pseudonyms,
) -> Result<String, CliError> {
    let mut findings = app::remind(sight.picture.rows.clone()).findings;
    findings.extend(app::certificate_findings(sight.certificates));
    let metrics = Metrics {
        policy: &sight.project.policy,
        ledgers: &sight.picture.ledgers,
        rows: &sight.picture.rows,
        certificates: sight.certificates,
        findings: &findings,
        is_damaged: matches!(sight.picture.trust, Trust::Damaged(_)),
        measured_at: sight.picture.now,
        pseudonyms,
        privacy: args.privacy(),
    };
    Ok(metrics.write())
}

/// Says that what is due without a date is in no calendar.
fn hint_undated(ui: &Ui, rows: &[StatusRow]) {
    let undated = rows
        .iter()
        .filter(|row| row.state.is_due() && row.due_at.or(row.expires_at).is_none());
    let count = undated.count();
    if count > 0 {
        ui.hint(&format!(
            "a calendar cannot show what is due without a date ({count} here): mintage remind"
        ));
    }
}
