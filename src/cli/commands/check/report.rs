//! What `mintage check` says.

use chrono::NaiveDate;
use serde::Serialize;

use crate::cli::commands::check::CheckArgs;
use crate::cli::commands::check::Format;
use crate::cli::commands::remind::Counts;
use crate::cli::context::POLICY_FILE;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::formats::sarif;
use crate::cli::formats::sarif::Accepted;
use crate::cli::formats::sarif::Run;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::contract::Outcome;
use crate::contract::Subject;
use crate::contract::Waived;
use crate::policy::Finding;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::secret::EnvironmentName;

/// Reports the findings; the exit code is the verdict.
pub(super) fn report(
    ui: &Ui,
    args: &CheckArgs,
    subject: &Subject<'_>,
    outcome: &Outcome<'_>,
) -> Result<Exit, CliError> {
    let findings = &outcome.findings;
    let least = args.fail_on.severity();
    let report = Report {
        environment: subject.environment.name(),
        tier: subject.environment.tier(),
        file: subject.facts.source.file(),
        ready: !findings.iter().any(|finding| finding.severity >= least),
        findings,
        waived: outcome.waived.iter().map(WaivedRow::new).collect(),
        summary: Counts::of(findings.iter()),
    };
    if args.format == Format::Sarif {
        ui.foreign_document(&sarif::log(&Run {
            command: "check",
            scope: subject.environment.name().as_str(),
            tier: report.tier,
            // What is not set stands in no line, and what a process holds in no file: the policy demands it.
            file: POLICY_FILE,
            lines: None,
            findings,
            waived: outcome.waived.iter().map(accepted).collect(),
        }))?;
    } else if ui.wants_json() || args.format == Format::Json {
        ui.document("check", &report)?;
    } else {
        print(ui, &report)?;
    }
    Ok(if report.ready { Exit::Fine } else { Exit::Findings })
}

#[derive(Serialize)]
struct Report<'a> {
    environment: &'a EnvironmentName,
    tier: Tier,
    /// The env file; absent for the environment of a process.
    file: Option<&'a str>,
    ready: bool,
    findings: &'a [Finding],
    waived: Vec<WaivedRow<'a>>,
    summary: Counts,
}

/// A finding that is accepted for a time.
#[derive(Serialize)]
struct WaivedRow<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    until: NaiveDate,
    reason: &'a str,
}

impl<'a> WaivedRow<'a> {
    fn new(waived: &'a Waived<'a>) -> Self {
        Self {
            finding: &waived.finding,
            until: waived.waiver.until(),
            reason: waived.waiver.reason(),
        }
    }
}

fn accepted<'a>(waived: &'a Waived<'a>) -> Accepted<'a> {
    Accepted {
        finding: &waived.finding,
        until: waived.waiver.until(),
        reason: waived.waiver.reason(),
    }
}

fn print(ui: &Ui, report: &Report<'_>) -> Result<(), CliError> {
    if !report.findings.is_empty() || !report.waived.is_empty() {
        let rows = report
            .findings
            .iter()
            .flat_map(|finding| rows(finding, &report.file));
        let waived = report
            .waived
            .iter()
            .flat_map(|row| waived_rows(row, &report.file));
        ui.table(&["", "line", "name", "finding"], rows.chain(waived).collect())?;
        ui.out("\n")?;
    }
    let place = report.file.unwrap_or("the environment of this process");
    let verdict = if report.ready {
        ui.toned("READY", Tone::Good)
    } else {
        ui.toned("NOT READY", Tone::Bad)
    };
    let waived = match report.waived.len() {
        0 => String::new(),
        count => format!(", {count} waived"),
    };
    ui.out(&format!(
        "{verdict}: {}{waived} in {place} for {}\n",
        report.summary, report.environment
    ))
}

/// Two rows: what is wrong, and what to do about it.
fn rows(finding: &Finding, file: &Option<&str>) -> [Vec<Field>; 2] {
    let (severity, tone) = match finding.severity {
        Severity::Error => ("error", Tone::Bad),
        Severity::Note => ("note", Tone::Faint),
        Severity::Warning => ("warning", Tone::Warn),
    };
    two_rows(finding, file, (severity, tone), &finding.fix)
}

/// Two rows: what is accepted, and why.
fn waived_rows(row: &WaivedRow<'_>, file: &Option<&str>) -> [Vec<Field>; 2] {
    let why = format!("until {}: {}", row.until, row.reason);
    two_rows(row.finding, file, ("waived", Tone::Faint), &why)
}

fn two_rows(
    finding: &Finding,
    file: &Option<&str>,
    (label, tone): (&str, Tone),
    below: &str,
) -> [Vec<Field>; 2] {
    // A line of another file would be misread as one of this file.
    let here = finding
        .location
        .as_ref()
        .filter(|place| Some(place.file.as_str()) == *file);
    let line = here.map(|place| place.line.to_string());
    [
        vec![
            Field::toned(label, tone),
            Field::number(line.unwrap_or_default()),
            Field::text(finding.name.clone().unwrap_or_default()),
            Field::text(format!("{} [{}]", finding.message, finding.rule)),
        ],
        vec![
            Field::text(""),
            Field::text(""),
            Field::text(""),
            Field::toned(format!("→ {below}"), Tone::Faint),
        ],
    ]
}
