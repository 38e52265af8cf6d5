//! An audit as one page that needs nothing else: no network, no script, readable on paper and on a telephone.

mod findings;
mod matrix;
mod timeline;

use chrono::DateTime;
use chrono::Utc;
use maud::DOCTYPE;
use maud::Markup;
use maud::PreEscaped;
use maud::html;

use crate::app::AuditReport;
use crate::app::CertificateRow;
use crate::app::Integrity;
use crate::app::State;
use crate::cli::formats::counted;
use crate::contract::certificate::CertificateState;
use crate::policy::Severity;

/// Writes an audit.
pub(super) fn write(report: &AuditReport) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { "Audit of " (report.project) ", " (day(report.at)) }
                style { (PreEscaped(include_str!("html/style.css"))) }
            }
            body {
                a.skip href="#findings" { "Skip to the findings" }
                (header(report))
                main {
                    (findings::counting(report))
                    (matrix::section(report))
                    (timeline::section(report))
                    (certificates(report))
                    (findings::waived(report))
                }
                (footer())
            }
        }
    };
    page.into_string() + "\n"
}

fn header(report: &AuditReport) -> Markup {
    let count = |severity: Severity| {
        report
            .findings
            .iter()
            .filter(|one| one.severity == severity)
            .count()
    };
    let tally = [
        ("bad", count(Severity::Error), "error"),
        ("warn", count(Severity::Warning), "warning"),
        ("faint", count(Severity::Note), "note"),
    ];
    let integrity = match report.integrity {
        Integrity::Damaged => ("bad", "the store is damaged: what stands here may be wrong"),
        Integrity::Unverified => ("warn", "unverified: no identity opened the store"),
        Integrity::Verified => ("good", "every file of the store is what mintage wrote"),
    };
    html! {
        header {
            p.kicker { "Audit of secrets" }
            h1 { (report.project) }
            p.verdict { (verdict(report)) }
            ul.tally {
                @for (tone, count, word) in tally {
                    li class=(tone) { b { (count) } " " (plural(count, word)) }
                }
                li.faint { b { (report.waived.len()) } " waived" }
            }
            p.when {
                "As of " time datetime=(report.at.to_rfc3339()) { (day(report.at)) ", " (report.at.format("%H:%M")) " UTC" }
                ". " (counted(report.secrets.len(), "secret")) " in " (counted(report.environments.len(), "environment")) "; "
                span class=(integrity.0) { (integrity.1) } "."
            }
            nav aria-label="Sections" {
                a href="#findings" { "Findings" }
                a href="#matrix" { "Environments" }
                a href="#timeline" { "Timeline" }
                @if !report.certificates.is_empty() { a href="#certificates" { "Certificates" } }
                @if !report.waived.is_empty() { a href="#waived" { "Waived" } }
            }
        }
    }
}

/// Says in one sentence what is to be known.
fn verdict(report: &AuditReport) -> String {
    let due = report
        .secrets
        .iter()
        .filter(|secret| secret.row.state.is_due())
        .count();
    let soon = report
        .secrets
        .iter()
        .filter(|secret| secret.row.state == State::DueSoon)
        .count();
    let ending = report
        .certificates
        .iter()
        .filter(|row| row.state != CertificateState::Ok && row.state != CertificateState::Unasked)
        .count();
    let mut parts = Vec::new();
    for (count, one, many) in [
        (due, "secret has to change now", "secrets have to change now"),
        (soon, "is due before long", "are due before long"),
        (ending, "certificate needs a look", "certificates need a look"),
    ] {
        match count {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            count => parts.push(format!("{count} {many}")),
        }
    }
    let broken = report
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    match (parts.is_empty(), broken) {
        (false, _) => parts.join(", ") + ".",
        (true, true) => "Nothing is overdue, but something else has to be mended.".to_owned(),
        (true, false) => "Nothing has to be done today.".to_owned(),
    }
}

fn certificates(report: &AuditReport) -> Markup {
    if report.certificates.is_empty() {
        return html! {};
    }
    html! {
        section id="certificates" aria-labelledby="certificates-title" {
            h2 id="certificates-title" { "Certificates" }
            div.scrolls tabindex="0" {
                table {
                    caption.hidden { "Certificates, with their ends" }
                    thead { tr {
                        th scope="col" { "Certificate" } th scope="col" { "Where" } th scope="col" { "State" } th scope="col" { "Ends" }
                    } }
                    tbody {
                        @for row in &report.certificates {
                            tr {
                                th scope="row" { (row.name) }
                                td.faint { (row.source) }
                                td { (state_of_certificate(row)) }
                                td { (row.not_after.map_or_else(|| "unknown".to_owned(), |end| when(end, report.at))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn state_of_certificate(row: &CertificateRow) -> Markup {
    let (tone, sign) = match row.state {
        CertificateState::Ok => ("good", "✓"),
        state if state.is_due() => ("bad", "✕"),
        CertificateState::Unasked => ("faint", "○"),
        _ => ("warn", "▲"),
    };
    badge(tone, sign, row.state.name())
}

fn footer() -> Markup {
    html! {
        footer {
            p {
                "No value of a secret is in this page. Ages count from the day a value changed. "
                "Made by mintage " (env!("CARGO_PKG_VERSION")) "; the same facts for programs: "
                code { "mintage audit --json" } "."
            }
        }
    }
}

/// A state: never by colour alone.
fn badge(tone: &str, sign: &str, word: &str) -> Markup {
    html! { span class={ "badge " (tone) } { span aria-hidden="true" { (sign) } " " (word) } }
}

/// The colour and the sign of a state.
fn look(state: State) -> (&'static str, &'static str) {
    match state {
        State::Compromised | State::Overdue => ("bad", "✕"),
        State::UnknownAge => ("bad", "?"),
        State::Missing => ("faint", "○"),
        State::Rotating => ("warn", "↻"),
        State::DueSoon | State::Unrevoked => ("warn", "▲"),
        State::Overlap => ("warn", "◐"),
        State::Ok => ("good", "✓"),
    }
}

fn plural(count: usize, word: &str) -> String {
    match count {
        1 => word.to_owned(),
        _ => format!("{word}s"),
    }
}

/// A day as people everywhere read it.
fn day(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y").to_string()
}

/// A day, and how far it is.
fn when(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    format!("{}, {}", at.format("%-d %b %Y"), distance(at, now))
}

/// How far a day is.
fn distance(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match (at - now).num_days() {
        0 => "today".to_owned(),
        1 => "in 1 day".to_owned(),
        -1 => "1 day ago".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", -days),
    }
}
