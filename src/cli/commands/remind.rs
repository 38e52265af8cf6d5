//! `mintage remind`

mod telling;
mod whole;

use std::fmt;
use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::adapters::Access;
use crate::adapters::replace_file;
use crate::app;
use crate::app::CertificateRow;
use crate::app::NotifierOutcome;
use crate::app::Privacy;
use crate::app::RemindReport;
use crate::app::State;
use crate::app::StatusRow;
use crate::cli::commands::certificates;
use crate::cli::commands::remind::whole::Sight;
use crate::cli::commands::status;
use crate::cli::commands::status::Trust;
use crate::cli::context::Context;
use crate::cli::dates;
use crate::cli::dates::When;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::Finding;
use crate::policy::Period;
use crate::policy::Severity;
use crate::secret::EnvironmentName;

/// Tell what is due or expiring
///
/// Needs no key. The exit code is 3 when something is overdue, so that a timer can tell, and with --network 4 when a host
/// does not show its certificate. What hosts showed is remembered for runs without the network. --notify tells the
/// notifiers of the policy what is new, what has become worse, and weekly what is still due; 4 when one is unreachable.
#[derive(Clone, Debug, clap::Args)]
pub struct RemindArgs {
    /// The environment (can be repeated); all unless given (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Vec<EnvironmentName>,

    /// Answer as of this time: 2026-11-21, 2026-11-21T10:00:00Z or +90d
    #[arg(long, value_name = "DATE", value_parser = When::parse)]
    at: Option<When>,

    /// How long before its date a secret or certificate counts as due soon
    #[arg(long, value_name = "DURATION")]
    within: Option<Period>,

    /// Ask the hosts of certificates what they serve; what they showed before counts otherwise
    #[arg(long)]
    network: bool,

    /// The form of the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Write tasks in place of events; for --format ics
    #[arg(long)]
    todo: bool,

    /// Name no secret, certificate or owner; for --format ics and prometheus
    #[arg(long)]
    anonymous: bool,

    /// Tell the notifiers of the policy, as far as they were approved on this machine
    #[arg(long, conflicts_with = "at")]
    notify: bool,

    /// File for the report, replaced in one step
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// A calendar of every date, iCalendar.
    Ics,
    /// Metrics of every secret and certificate, for node_exporter's textfile collector.
    Prometheus,
    /// A message for an incoming webhook of Slack.
    Slack,
}

/// Reports.
pub fn run(ui: &Ui, context: &Context, args: &RemindArgs) -> Result<Exit, CliError> {
    args.check(ui)?;
    let project = context.project()?;
    let picture = status::look(context, &project, &args.env, args.at, args.within)?;
    picture.trust.warn(ui);
    let certified = certificates::look(context, &project, picture.at, args.within, args.network);
    certificates::hint_unasked(ui, &certified);
    let unreachable = certificates::any_unreachable(&certified);
    let sight = Sight {
        project: &project,
        picture: &picture,
        certificates: &certified,
    };
    let whole = whole::write(ui, context, args, &sight)?;
    let report = app::remind(picture.rows.clone());
    let told = telling::tell(ui, context, args, &sight, &report)?;
    let slack = telling::slack(context, args, &sight, &report)?;
    let certified = app::remind_certificates(certified.clone());
    let written = match whole.or(slack) {
        Some(written) => written,
        None if ui.wants_json() || args.format == Format::Json => {
            let body = Report::new(&report, &certified, picture.at, &told);
            let document = serde_json::to_string_pretty(&body).map_err(|_| CliError::internal("json"))?;
            document + "\n"
        }
        None => text(ui, &report, &certified, picture.at),
    };
    match &args.out {
        None => ui.out(&written)?,
        Some(path) => replace_file(path, written.as_bytes(), Access::Everyone, &mut context.rng()?)?,
    }
    let is_damaged = matches!(picture.trust, Trust::Damaged(_));
    telling::check(&told, is_damaged)?;
    match picture.trust {
        Trust::Damaged(_) => Ok(Exit::Integrity),
        _ if report.has_overdue() || certified.iter().any(|row| row.state.is_due()) => Ok(Exit::Findings),
        _ if unreachable => Ok(Exit::Unreachable),
        _ => Ok(Exit::Fine),
    }
}

impl RemindArgs {
    /// Returns whether the report names secrets.
    fn privacy(&self) -> Privacy {
        if self.anonymous {
            Privacy::Anonymous
        } else {
            Privacy::Named
        }
    }

    /// Refuses options that another format needs.
    fn check(&self, ui: &Ui) -> Result<(), CliError> {
        if self.todo && self.format != Format::Ics {
            return Err(CliError::usage("--todo is for calendars").hint("add: --format ics"));
        }
        let shows_whole = matches!(self.format, Format::Ics | Format::Prometheus);
        if self.anonymous && !shows_whole {
            return Err(CliError::usage("--anonymous is for calendars and metrics")
                .hint("add: --format ics, or --format prometheus"));
        }
        if ui.wants_json() && (shows_whole || self.format == Format::Slack) {
            return Err(
                CliError::usage("--json and --format ask for two forms").hint("leave one of them out")
            );
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    at: DateTime<Utc>,
    secrets: &'a [StatusRow],
    certificates: &'a [CertificateRow],
    findings: Vec<Finding>,
    summary: Counts,
    /// What became of each notifier, where they were to be told.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    notifiers: &'a [NotifierOutcome],
}

impl<'a> Report<'a> {
    fn new(
        report: &'a RemindReport,
        certificates: &'a [CertificateRow],
        at: DateTime<Utc>,
        notifiers: &'a [NotifierOutcome],
    ) -> Self {
        let mut findings = report.findings.clone();
        findings.extend(app::certificate_findings(certificates));
        Self {
            schema: "mintage/remind/1",
            at,
            secrets: &report.rows,
            certificates,
            summary: Counts::of(findings.iter()),
            findings,
            notifiers,
        }
    }
}

/// How many findings there are of each severity.
#[derive(Debug, Default, Serialize)]
pub(super) struct Counts {
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl Counts {
    /// Counts findings.
    pub(super) fn of<'a>(findings: impl Iterator<Item = &'a Finding>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Error => counts.errors += 1,
                Severity::Note => counts.notes += 1,
                Severity::Warning => counts.warnings += 1,
            }
        }
        counts
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |count: usize, what: &str| match count {
            1 => format!("1 {what}"),
            _ => format!("{count} {what}s"),
        };
        write!(
            f,
            "{}, {}, {}",
            counted(self.errors, "error"),
            counted(self.warnings, "warning"),
            counted(self.notes, "note")
        )
    }
}

fn text(ui: &Ui, report: &RemindReport, certified: &[CertificateRow], at: DateTime<Utc>) -> String {
    if report.rows.is_empty() && certified.is_empty() {
        let nothing = if ui.is_quiet() { "" } else { "nothing is due\n" };
        return nothing.to_owned();
    }
    let mut text = String::new();
    for (row, finding) in report.rows.iter().zip(&report.findings) {
        let end = row.due_at.into_iter().chain(row.expires_at).min();
        let when = end.map_or_else(String::new, |end| {
            format!(" ({}, {})", dates::day(end), dates::distance(end, at))
        });
        let tone = if matches!(row.state, State::DueSoon | State::Unrevoked) {
            Tone::Warn
        } else {
            Tone::Bad
        };
        let name = ui.toned(&format!("{}/{}", row.environment, row.name), tone);
        let _ = writeln!(text, "{name} {}{when}\n    {}", finding.message, finding.fix);
    }
    text.push_str(&certificates::text(ui, certified));
    text
}
