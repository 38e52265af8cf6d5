//! An audit for people: what hurts most comes first, each finding with its cure.

use std::collections::BTreeMap;

use crate::app::AuditReport;
use crate::app::Integrity;
use crate::cli::formats::counted;
use crate::cli::formats::severity;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::Finding;
use crate::policy::Severity;

/// Writes an audit.
pub(super) fn write(ui: &Ui, report: &AuditReport) -> String {
    let mut text = String::new();
    let counting = report.findings.iter().flat_map(|finding| {
        let tone = match finding.severity {
            Severity::Error => Tone::Bad,
            Severity::Note => Tone::Faint,
            Severity::Warning => Tone::Warn,
        };
        rows(finding, (severity(finding.severity), tone), &finding.fix)
    });
    let waived = report.waived.iter().flat_map(|waived| {
        let why = format!("until {}: {}", waived.until, waived.reason);
        rows(&waived.finding, ("waived", Tone::Faint), &why)
    });
    let rows: Vec<Vec<Field>> = counting.chain(waived).collect();
    if !ui.is_quiet() && !rows.is_empty() {
        text.push_str(&ui.laid_out(&["", "where", "name", "finding"], rows));
        text.push('\n');
    }
    text.push_str(&summary(ui, report));
    text
}

/// Two rows: what is wrong, and what to do about it.
fn rows(finding: &Finding, (label, tone): (&'static str, Tone), below: &str) -> [Vec<Field>; 2] {
    let environment = finding.environment.as_ref().map(ToString::to_string);
    let line = finding
        .location
        .as_ref()
        .map(|place| format!(", {}:{}", place.file, place.line));
    let message = format!(
        "{}{} [{}]",
        finding.message,
        line.unwrap_or_default(),
        finding.rule
    );
    [
        vec![
            Field::toned(label, tone),
            Field::text(environment.unwrap_or_default()),
            Field::text(finding.name.clone().unwrap_or_default()),
            Field::text(message),
        ],
        vec![
            Field::text(""),
            Field::text(""),
            Field::text(""),
            Field::toned(format!("→ {below}"), Tone::Faint),
        ],
    ]
}

/// One line for the findings, and one for what was looked at.
fn summary(ui: &Ui, report: &AuditReport) -> String {
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry(finding.severity).or_default() += 1;
    }
    let of =
        |severity: Severity, what: &str| counted(counts.get(&severity).copied().unwrap_or_default(), what);
    let waived = match report.waived.len() {
        0 => String::new(),
        count => format!(", {count} waived"),
    };
    let verdict = match counts.keys().max() {
        None | Some(Severity::Note) => ui.toned("in order", Tone::Good),
        Some(Severity::Warning) => ui.toned("look at it", Tone::Warn),
        Some(Severity::Error) => ui.toned("act", Tone::Bad),
    };
    let certificates = match report.certificates.len() {
        0 => String::new(),
        count => format!(", {}", counted(count, "certificate")),
    };
    let integrity = match report.integrity {
        Integrity::Damaged => " (damaged: what is told may be wrong)",
        Integrity::Unverified => " (unverified: no identity opened the store)",
        Integrity::Verified => "",
    };
    format!(
        "{verdict}: {}, {}, {}{waived}\n{} in {}{certificates}{integrity}\n",
        of(Severity::Error, "error"),
        of(Severity::Warning, "warning"),
        of(Severity::Note, "note"),
        counted(report.secrets.len(), "secret"),
        counted(report.environments.len(), "environment"),
    )
}
