//! The certificates of a policy, as `status` and `remind` show them.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono::Utc;

use crate::adapters::ProjectCertificates;
use crate::adapters::SystemClock;
use crate::adapters::TlsHandshakes;
use crate::app;
use crate::app::CertificatePlaces;
use crate::app::CertificateRow;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::contract::certificate::CertificateState;
use crate::policy::Period;
use crate::policy::Severity;
use crate::ports::CertificateMemory;
use crate::ports::Clock;
use crate::ports::Handshakes;

/// Looks at every certificate as of `at`; hosts are asked only where `network` says so.
pub(super) fn look(
    context: &Context,
    project: &Project,
    at: DateTime<Utc>,
    within: Option<Period>,
    network: bool,
) -> Vec<CertificateRow> {
    if project.policy.certificates().is_empty() {
        return Vec::new();
    }
    let files = ProjectCertificates::new(project.root.clone());
    // Where nothing can be remembered, hosts are asked each time.
    let memory = context.state(&project.root).ok();
    let places = CertificatePlaces {
        files: &files,
        hosts: network.then_some(&TlsHandshakes as &dyn Handshakes),
        memory: memory.as_ref().map(|memory| memory as &dyn CertificateMemory),
    };
    app::certificates(&project.policy, places, (SystemClock.now(), at), within)
}

/// Prints a table of certificates.
pub(super) fn print(ui: &Ui, rows: &[CertificateRow], at: DateTime<Utc>) -> Result<(), CliError> {
    if ui.is_quiet() || rows.is_empty() {
        return Ok(());
    }
    ui.table_without(
        &["where", "key"],
        &["certificate", "where", "key", "ends", "state", "finding"],
        rows.iter().map(|row| cells(row, at)).collect(),
    )?;
    ui.out("\n")
}

fn cells(row: &CertificateRow, at: DateTime<Utc>) -> Vec<Field> {
    let ends = row.not_after.map_or_else(
        || "-".to_owned(),
        |end| format!("{} {}", dates::day(end), dates::distance(end, at)),
    );
    let told = row.findings.first().map_or_else(
        || seen(row, at).unwrap_or_default(),
        |finding| finding.message.clone(),
    );
    vec![
        Field::text(row.name.clone()),
        Field::toned(row.source.clone(), Tone::Faint),
        Field::toned(row.key.clone().unwrap_or_default(), Tone::Faint),
        Field::text(ends),
        Field::toned(row.state.name(), tone(row.state)),
        Field::text(told),
    ]
}

/// Says when a host showed it, where that was not today.
fn seen(row: &CertificateRow, at: DateTime<Utc>) -> Option<String> {
    let seen_at = row.seen_at?;
    ((at - seen_at).num_days() > 0).then(|| format!("seen {}", dates::distance(seen_at, at)))
}

/// Counts the certificates by their states; nothing where there is none.
pub(super) fn summary(rows: &[CertificateRow]) -> Option<String> {
    let mut states: Vec<CertificateState> = rows.iter().map(|row| row.state).collect();
    states.sort_unstable();
    states.dedup();
    let counted = states.iter().map(|state| {
        let count = rows.iter().filter(|row| row.state == *state).count();
        format!("{count} {}", state.name())
    });
    let counted = counted.collect::<Vec<_>>().join(", ");
    match rows.len() {
        0 => None,
        1 => Some(format!("1 certificate: {counted}\n")),
        count => Some(format!("{count} certificates: {counted}\n")),
    }
}

/// Tells what is wrong with certificates, each finding with its fix.
pub(super) fn text(ui: &Ui, rows: &[CertificateRow]) -> String {
    let mut text = String::new();
    for row in rows {
        for finding in &row.findings {
            let tone = match finding.severity {
                Severity::Error => Tone::Bad,
                Severity::Note => Tone::Faint,
                Severity::Warning => Tone::Warn,
            };
            let name = ui.toned(&format!("certificate {}", row.name), tone);
            let _ = writeln!(text, "{name} {}\n    {}", finding.message, finding.fix);
        }
    }
    text
}

/// Says that hosts were never asked: nobody would be reminded of what they serve.
pub(super) fn hint_unasked(ui: &Ui, rows: &[CertificateRow]) {
    let unasked = rows.iter().filter(|row| row.state == CertificateState::Unasked);
    let hosts: Vec<&str> = unasked.map(|row| row.source.as_str()).collect();
    if !hosts.is_empty() {
        ui.hint(&format!(
            "nobody has asked {} for a certificate yet: mintage remind --network",
            hosts.join(", ")
        ));
    }
}

/// Returns whether a host was asked and did not answer.
pub(super) fn any_unreachable(rows: &[CertificateRow]) -> bool {
    let findings = rows.iter().flat_map(|row| &row.findings);
    findings
        .into_iter()
        .any(|finding| finding.rule == "certificate-unreachable")
}

fn tone(state: CertificateState) -> Tone {
    match state {
        CertificateState::Ok => Tone::Good,
        state if state.is_due() => Tone::Bad,
        CertificateState::Unasked => Tone::Faint,
        _ => Tone::Warn,
    }
}
