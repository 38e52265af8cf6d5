//! What is wrong and what to do about it, and what is accepted for a time.

use maud::Markup;
use maud::html;

use crate::app::AuditReport;
use crate::cli::formats::html::badge;
use crate::cli::formats::severity;
use crate::policy::Finding;
use crate::policy::Severity;

/// What counts: notes fold away.
pub(super) fn counting(report: &AuditReport) -> Markup {
    let (notes, serious): (Vec<&Finding>, Vec<&Finding>) = report
        .findings
        .iter()
        .partition(|finding| finding.severity == Severity::Note);
    html! {
        section id="findings" aria-labelledby="findings-title" {
            h2 id="findings-title" { "Findings" }
            @if serious.is_empty() {
                p { "Nothing is wrong." }
            } @else {
                (table(&serious, "What is wrong, worst first"))
            }
            @if !notes.is_empty() {
                details {
                    summary { (notes.len()) " worth knowing" }
                    (table(&notes, "What is worth knowing"))
                }
            }
        }
    }
}

fn table(findings: &[&Finding], caption: &str) -> Markup {
    html! {
        div.scrolls tabindex="0" {
            table.findings {
                caption.hidden { (caption) }
                thead { tr {
                    th scope="col" { "Weight" } th scope="col" { "Where" } th scope="col" { "Name" } th scope="col" { "Finding and cure" }
                } }
                tbody {
                    @for finding in findings { (row(finding)) }
                }
            }
        }
    }
}

fn row(finding: &Finding) -> Markup {
    let (tone, sign) = match finding.severity {
        Severity::Error => ("bad", "✕"),
        Severity::Note => ("faint", "○"),
        Severity::Warning => ("warn", "▲"),
    };
    let environment = finding.environment.as_ref().map(|name| name.as_str());
    html! {
        tr data-severity=(severity(finding.severity)) data-rule=(finding.rule)
            data-environment=[environment] data-name=[finding.name.as_deref()] {
            td { (badge(tone, sign, severity(finding.severity))) }
            td { (environment.unwrap_or_default()) }
            td.name { (finding.name.as_deref().unwrap_or_default()) }
            td {
                p { (finding.message) " " span.rule { (finding.rule) } }
                @if let Some(place) = &finding.location { p.faint { (place.file) ":" (place.line) } }
                p.cure { span aria-hidden="true" { "→ " } (finding.fix) }
            }
        }
    }
}

/// What is accepted for a time.
pub(super) fn waived(report: &AuditReport) -> Markup {
    if report.waived.is_empty() {
        return html! {};
    }
    html! {
        section id="waived" aria-labelledby="waived-title" {
            h2 id="waived-title" { "Waived" }
            div.scrolls tabindex="0" {
                table {
                    caption.hidden { "Findings that are accepted for a time" }
                    thead { tr {
                        th scope="col" { "Until" } th scope="col" { "Where" } th scope="col" { "Name" } th scope="col" { "Finding and reason" }
                    } }
                    tbody {
                        @for waived in &report.waived {
                            @let finding = &waived.finding;
                            @let environment = finding.environment.as_ref().map(|name| name.as_str());
                            tr data-severity=(severity(finding.severity)) data-rule=(finding.rule) data-until=(waived.until)
                                data-environment=[environment] data-name=[finding.name.as_deref()] {
                                td { (waived.until) }
                                td { (environment.unwrap_or_default()) }
                                td.name { (finding.name.as_deref().unwrap_or_default()) }
                                td {
                                    p { (finding.message) " " span.rule { (finding.rule) } }
                                    p.faint { "Because " (waived.reason) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
