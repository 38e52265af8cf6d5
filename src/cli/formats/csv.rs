//! An audit as comma-separated values (RFC 4180): one row for each finding, also for those that are waived.

use crate::app::AuditReport;
use crate::app::WaivedFinding;
use crate::app::csv_table;
use crate::cli::formats::severity;
use crate::policy::Finding;

/// Writes an audit.
pub(super) fn write(report: &AuditReport) -> String {
    let counting = report.findings.iter().map(|finding| row(finding, None));
    let waived = report
        .waived
        .iter()
        .map(|waived| row(&waived.finding, Some(waived)));
    let table = csv_table(
        &[
            "severity",
            "rule",
            "environment",
            "name",
            "file",
            "line",
            "message",
            "fix",
            "waived_until",
            "waived_because",
        ],
        counting.chain(waived),
    );
    String::from_utf8_lossy(&table).into_owned()
}

fn row(finding: &Finding, waived: Option<&WaivedFinding>) -> Vec<String> {
    let place = finding.location.as_ref();
    vec![
        severity(finding.severity).to_owned(),
        finding.rule.to_owned(),
        finding
            .environment
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        finding.name.clone().unwrap_or_default(),
        place.map(|place| place.file.clone()).unwrap_or_default(),
        place.map(|place| place.line.to_string()).unwrap_or_default(),
        finding.message.clone(),
        finding.fix.clone(),
        waived.map(|waived| waived.until.to_string()).unwrap_or_default(),
        waived.map(|waived| waived.reason.clone()).unwrap_or_default(),
    ]
}
