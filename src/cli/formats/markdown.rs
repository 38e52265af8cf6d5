//! An audit in Markdown as GitHub and GitLab show it, short enough for a comment.

use std::fmt::Write as _;

use crate::app::AuditReport;
use crate::app::Integrity;
use crate::app::State;
use crate::cli::formats::severity;
use crate::policy::Finding;
use crate::policy::Severity;

/// Writes an audit.
pub(super) fn write(report: &AuditReport) -> String {
    let mut text = format!("# Audit of {}\n\n", plain(&report.project));
    let day = report.at.format("%Y-%m-%d %H:%M UTC");
    let integrity = match report.integrity {
        Integrity::Damaged => "**The store is damaged: what is told may be wrong.**",
        Integrity::Unverified => "The store was not verified: no identity opened it.",
        Integrity::Verified => "Every file of the store is what mintage wrote.",
    };
    let count = |severity: Severity| {
        report
            .findings
            .iter()
            .filter(|one| one.severity == severity)
            .count()
    };
    let _ = writeln!(
        text,
        "As of {day}: **{} errors, {} warnings**, {} notes, {} waived. {integrity}\n",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note),
        report.waived.len()
    );
    environments(&mut text, report);
    let (notes, serious): (Vec<&Finding>, Vec<&Finding>) = report
        .findings
        .iter()
        .partition(|finding| finding.severity == Severity::Note);
    if !serious.is_empty() {
        text.push_str("## Findings\n\n");
        findings(&mut text, &serious);
    }
    if !notes.is_empty() {
        let _ = writeln!(text, "<details><summary>{} notes</summary>\n", notes.len());
        findings(&mut text, &notes);
        text.push_str("</details>\n\n");
    }
    if !report.waived.is_empty() {
        text.push_str(
            "## Waived\n\n| where | name | rule | until | why |\n| --- | --- | --- | --- | --- |\n",
        );
        for waived in &report.waived {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} |",
                place(&waived.finding),
                code(waived.finding.name.as_deref().unwrap_or_default()),
                code(waived.finding.rule),
                waived.until,
                plain(&waived.reason)
            );
        }
        text.push('\n');
    }
    text
}

fn environments(text: &mut String, report: &AuditReport) {
    text.push_str(
        "| environment | secrets | due now | due soon | in order |\n| --- | --: | --: | --: | --: |\n",
    );
    for environment in &report.environments {
        let here = report
            .secrets
            .iter()
            .filter(|secret| secret.row.environment == environment.name);
        let states: Vec<State> = here.map(|secret| secret.row.state).collect();
        let count = |is_meant: fn(&State) -> bool| states.iter().filter(|state| is_meant(state)).count();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            environment.name,
            states.len(),
            count(|state| state.is_due()),
            count(|state| *state == State::DueSoon),
            count(|state| *state == State::Ok)
        );
    }
    text.push('\n');
}

fn findings(text: &mut String, findings: &[&Finding]) {
    text.push_str("| | where | name | finding | next |\n| --- | --- | --- | --- | --- |\n");
    for finding in findings {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} ({}) | {} |",
            severity(finding.severity),
            place(finding),
            code(finding.name.as_deref().unwrap_or_default()),
            plain(&finding.message),
            code(finding.rule),
            plain(&finding.fix)
        );
    }
    text.push('\n');
}

/// The environment, and the line where there is one.
fn place(finding: &Finding) -> String {
    let environment = finding
        .environment
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    match &finding.location {
        Some(place) => format!(
            "{environment} {}",
            code(&format!("{}:{}", place.file, place.line))
        ),
        None => environment,
    }
}

/// Writes text so that no sign of it is a sign of Markdown or HTML (CommonMark 2.4), in one line of a table.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            // No mention of a person, no reference to an issue.
            '@' => plain.push_str("&#64;"),
            '#' => plain.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                plain.push('\\');
                plain.push(sign);
            }
            sign if sign.is_control() => plain.push(' '),
            sign => plain.push(sign),
        }
    }
    plain
}

/// Writes text as code, or as plain text where code cannot hold it.
fn code(text: &str) -> String {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_word) {
        format!("`{text}`")
    } else {
        plain(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_read_as_markup() {
        assert_eq!(
            plain("a|b `c` <script> @ana #7\n*x*"),
            "a\\|b \\`c\\` &lt;script&gt; &#64;ana &#35;7 \\*x\\*"
        );
        assert_eq!(code("APP_KEY"), "`APP_KEY`");
        assert_eq!(code("a|b"), "a\\|b");
    }
}
