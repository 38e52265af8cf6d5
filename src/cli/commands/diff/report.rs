//! What `mintage diff` says.

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app::DiffPlace;
use crate::app::DiffReport;
use crate::app::DiffRow;
use crate::app::DiffSide;
use crate::app::DiffValue;
use crate::app::Relation;
use crate::cli::commands::remind::Counts;
use crate::cli::commands::status::Trust;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::Finding;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::secret::EnvironmentName;

/// What was seen, and of what.
pub(super) struct Seen<'a> {
    pub(super) sides: [&'a DiffSide<'a>; 2],
    pub(super) report: &'a DiffReport,
    pub(super) trust: &'a Trust,
    pub(super) at: DateTime<Utc>,
}

/// Reports; the exit code says whether something should not be so.
pub(super) fn report(ui: &Ui, seen: &Seen<'_>) -> Result<Exit, CliError> {
    if ui.wants_json() {
        ui.document("diff", &Document::new(seen))?;
    } else {
        print(ui, seen)?;
    }
    let matters = |finding: &Finding| finding.severity > Severity::Note;
    Ok(match seen.trust {
        Trust::Damaged(_) => Exit::Integrity,
        _ if seen.report.findings.iter().any(matters) => Exit::Findings,
        Trust::Unverified | Trust::Verified => Exit::Fine,
    })
}

#[derive(Serialize)]
struct Document<'a> {
    at: DateTime<Utc>,
    verified: bool,
    left: Side<'a>,
    right: Side<'a>,
    rows: &'a [DiffRow],
    findings: &'a [Finding],
    summary: Counts,
}

#[derive(Serialize)]
struct Side<'a> {
    environment: &'a EnvironmentName,
    tier: Tier,
    env_file: Option<&'a str>,
}

impl<'a> Document<'a> {
    fn new(seen: &Seen<'a>) -> Self {
        let [left, right] = seen.sides.map(|side| Side {
            environment: side.environment.name(),
            tier: side.environment.tier(),
            env_file: side.file.map(|(file, _)| file),
        });
        Self {
            at: seen.at,
            verified: matches!(seen.trust, Trust::Verified),
            left,
            right,
            rows: &seen.report.rows,
            findings: &seen.report.findings,
            summary: Counts::of(seen.report.findings.iter()),
        }
    }
}

fn print(ui: &Ui, seen: &Seen<'_>) -> Result<(), CliError> {
    let [left, right] = seen.sides.map(|side| side.environment.name().as_str());
    let rows = &seen.report.rows;
    if !ui.is_quiet() && !rows.is_empty() {
        let cells = rows.iter().map(|row| cells(row, &seen.report.findings)).collect();
        let header = ["name", "where", "kind", left, right, "values", "findings"];
        ui.table_without(&["kind", "where"], &header, cells)?;
        ui.out("\n")?;
    }
    let matters = |finding: &&Finding| finding.severity > Severity::Note;
    for finding in seen.report.findings.iter().filter(matters) {
        let name = finding.name.as_deref().unwrap_or_default();
        let place = match (&finding.location, &finding.environment) {
            (Some(location), _) => format!("{}:{}", location.file, location.line),
            (None, Some(environment)) => environment.to_string(),
            (None, None) => String::new(),
        };
        ui.out(&format!(
            "{name} ({place}): {} [{}]\n    {}\n",
            finding.message, finding.rule, finding.fix
        ))?;
    }
    let trust = match seen.trust {
        Trust::Unverified => " (unverified: no identity opened the store)",
        Trust::Damaged(_) | Trust::Verified => "",
    };
    ui.out(&format!("{}{trust}\n", summary(rows, [left, right])))
}

fn cells(row: &DiffRow, findings: &[Finding]) -> Vec<Field> {
    let place = match row.place {
        DiffPlace::EnvFile => "env file",
        DiffPlace::Store => "store",
    };
    let kind = row.left.as_ref().or(row.right.as_ref());
    let values = match row.relation {
        Relation::Different => "different",
        Relation::Same => "same",
        Relation::MissingLeft | Relation::MissingRight | Relation::Neither => "-",
    };
    let of_row = findings
        .iter()
        .filter(|finding| finding.name.as_deref() == Some(&row.name) && row.rules.contains(&finding.rule));
    let tone = match of_row.map(|finding| finding.severity).max() {
        Some(Severity::Error) => Tone::Bad,
        Some(Severity::Warning) => Tone::Warn,
        Some(Severity::Note) | None => Tone::Faint,
    };
    vec![
        Field::text(row.name.clone()),
        Field::toned(place, Tone::Faint),
        Field::toned(kind.map_or("-", |value| &value.kind), Tone::Faint),
        side(row.left.as_ref()),
        side(row.right.as_ref()),
        Field::text(values),
        Field::toned(row.rules.join(", "), tone),
    ]
}

/// Shows how old a stored value is, or on which line one stands.
fn side(value: Option<&DiffValue>) -> Field {
    Field::text(match value {
        None => "-".to_owned(),
        Some(DiffValue { line: Some(line), .. }) => format!("line {line}"),
        Some(DiffValue {
            age_days: Some(days), ..
        }) => format!("{days}d"),
        Some(_) => "unknown".to_owned(),
    })
}

fn summary(rows: &[DiffRow], [left, right]: [&str; 2]) -> String {
    let count = |relation: Relation| rows.iter().filter(|row| row.relation == relation).count();
    let counted: Vec<String> = [
        (Relation::Same, "the same".to_owned()),
        (Relation::Different, "different".to_owned()),
        (Relation::MissingRight, format!("only in {left}")),
        (Relation::MissingLeft, format!("only in {right}")),
        (Relation::Neither, "in neither".to_owned()),
    ]
    .into_iter()
    .filter(|(relation, _)| count(*relation) > 0)
    .map(|(relation, words)| format!("{} {words}", count(relation)))
    .collect();
    if counted.is_empty() {
        format!("{left} and {right} have nothing to compare")
    } else {
        format!("{left} and {right}: {}", counted.join(", "))
    }
}
