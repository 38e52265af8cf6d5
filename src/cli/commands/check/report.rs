//! What `mintage check` says.

use serde::Serialize;

use crate::cli::commands::check::CheckArgs;
use crate::cli::commands::check::Format;
use crate::cli::commands::remind::Counts;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::contract::Subject;
use crate::policy::Finding;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::secret::EnvironmentName;

/// Reports the findings; the exit code is the verdict.
pub(super) fn report(
    ui: &Ui,
    args: &CheckArgs,
    subject: &Subject<'_>,
    findings: &[Finding],
) -> Result<Exit, CliError> {
    let least = args.fail_on.severity();
    let report = Report {
        environment: subject.environment.name(),
        tier: subject.environment.tier(),
        file: subject.facts.source.file(),
        ready: !findings.iter().any(|finding| finding.severity >= least),
        findings,
        summary: Counts::of(findings.iter()),
    };
    if ui.wants_json() || args.format == Format::Json {
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
    summary: Counts,
}

fn print(ui: &Ui, report: &Report<'_>) -> Result<(), CliError> {
    if !report.findings.is_empty() {
        let rows = report.findings.iter().flat_map(rows);
        ui.table(&["", "line", "name", "finding"], rows.collect())?;
        ui.out("\n")?;
    }
    let place = report.file.unwrap_or("the environment of this process");
    let verdict = if report.ready {
        ui.toned("READY", Tone::Good)
    } else {
        ui.toned("NOT READY", Tone::Bad)
    };
    ui.out(&format!(
        "{verdict}: {} in {place} for {}\n",
        report.summary, report.environment
    ))
}

/// Two rows: what is wrong, and what to do about it.
fn rows(finding: &Finding) -> [Vec<Field>; 2] {
    let (severity, tone) = match finding.severity {
        Severity::Error => ("error", Tone::Bad),
        Severity::Note => ("note", Tone::Faint),
        Severity::Warning => ("warning", Tone::Warn),
    };
    let line = finding
        .location
        .as_ref()
        .map(|location| location.line.to_string());
    [
        vec![
            Field::toned(severity, tone),
            Field::number(line.unwrap_or_default()),
            Field::text(finding.name.clone().unwrap_or_default()),
            Field::text(format!("{} [{}]", finding.message, finding.rule)),
        ],
        vec![
            Field::text(""),
            Field::text(""),
            Field::text(""),
            Field::toned(format!("→ {}", finding.fix), Tone::Faint),
        ],
    ]
}
