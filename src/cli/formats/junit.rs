//! An audit as JUnit XML, as continuous integration shows test results (the format of Ant and Jenkins, `jenkins-junit.xsd`).
//!
//! One suite for each environment, and one for what belongs to none. A finding is a failed case, a waived one is a
//! skipped case, a note is a passed one that says something, and a secret of which nothing is found has passed.

use std::io;

use quick_xml::Writer;
use quick_xml::events::BytesDecl;
use quick_xml::events::BytesText;
use quick_xml::events::Event;

use crate::app::AuditReport;
use crate::app::WaivedFinding;
use crate::cli::error::CliError;
use crate::policy::Finding;
use crate::policy::Severity;

/// Writes an audit.
///
/// # Errors
///
/// Never for what an audit holds: it is written into memory.
pub(super) fn write(report: &AuditReport) -> Result<String, CliError> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    document(&mut writer, report).map_err(|_| CliError::internal("xml"))?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|_| CliError::internal("xml"))
}

/// What became of one case.
enum Outcome<'a> {
    Failed(&'a Finding),
    Noted(&'a Finding),
    Passed,
    Skipped(&'a WaivedFinding),
}

struct Case<'a> {
    name: String,
    rule: &'a str,
    outcome: Outcome<'a>,
}

fn document(writer: &mut Writer<Vec<u8>>, report: &AuditReport) -> io::Result<()> {
    let environments = report.environments.iter().map(|one| Some(one.name.as_str()));
    let suites: Vec<(&str, Vec<Case<'_>>)> = environments
        .chain([None])
        .map(|environment| (environment.unwrap_or(&report.project), cases(report, environment)))
        .filter(|(_, cases)| !cases.is_empty())
        .collect();
    let all = || suites.iter().flat_map(|(_, cases)| cases);
    let counted = counts(all());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("testsuites")
        .with_attribute(("name", "mintage audit"))
        .with_attributes(pairs(&counted))
        .write_inner_content(|writer| {
            for (name, cases) in &suites {
                suite(writer, (name, &report.project), cases, report)?;
            }
            Ok(())
        })?;
    Ok(())
}

fn suite(
    writer: &mut Writer<Vec<u8>>,
    (name, project): (&str, &str),
    cases: &[Case<'_>],
    report: &AuditReport,
) -> io::Result<()> {
    let at = report.at.format("%Y-%m-%dT%H:%M:%S").to_string();
    let counted = counts(cases.iter());
    writer
        .create_element("testsuite")
        .with_attribute(("name", clean(name).as_str()))
        .with_attributes(pairs(&counted))
        .with_attribute(("timestamp", at.as_str()))
        .write_inner_content(|writer| {
            for case in cases {
                let class = format!("{}.{name}.{}", clean(project), case.rule);
                writer
                    .create_element("testcase")
                    .with_attribute(("name", clean(&case.name).as_str()))
                    .with_attribute(("classname", clean(&class).as_str()))
                    .with_attribute(("time", "0"))
                    .write_inner_content(|writer| outcome(writer, &case.outcome))?;
            }
            Ok(())
        })?;
    Ok(())
}

fn outcome(writer: &mut Writer<Vec<u8>>, outcome: &Outcome<'_>) -> io::Result<()> {
    match outcome {
        Outcome::Passed => {}
        Outcome::Failed(finding) => {
            writer
                .create_element("failure")
                .with_attribute(("type", finding.rule))
                .with_attribute(("message", clean(&finding.message).as_str()))
                .write_text_content(BytesText::new(&clean(&told(finding))))?;
        }
        Outcome::Noted(finding) => {
            writer
                .create_element("system-out")
                .write_text_content(BytesText::new(&clean(&told(finding))))?;
        }
        Outcome::Skipped(waived) => {
            let why = format!("waived until {}: {}", waived.until, waived.reason);
            writer
                .create_element("skipped")
                .with_attribute(("message", clean(&why).as_str()))
                .write_empty()?;
        }
    }
    Ok(())
}

fn told(finding: &Finding) -> String {
    let place = finding.location.as_ref();
    let place = place.map(|place| format!("{}:{}: ", place.file, place.line));
    format!(
        "{}{}\nNext: {}",
        place.unwrap_or_default(),
        finding.message,
        finding.fix
    )
}

/// Returns the cases of an environment, or those of none.
fn cases<'a>(report: &'a AuditReport, environment: Option<&str>) -> Vec<Case<'a>> {
    let is_here = |finding: &&Finding| finding.environment.as_ref().map(|name| name.as_str()) == environment;
    let named = |finding: &Finding| finding.name.clone().unwrap_or_else(|| report.project.clone());
    let mut cases: Vec<Case<'a>> = report
        .findings
        .iter()
        .filter(is_here)
        .map(|finding| Case {
            name: named(finding),
            rule: finding.rule,
            outcome: match finding.severity {
                Severity::Error | Severity::Warning => Outcome::Failed(finding),
                Severity::Note => Outcome::Noted(finding),
            },
        })
        .collect();
    let waived = report.waived.iter().filter(|waived| is_here(&&waived.finding));
    cases.extend(waived.map(|waived| Case {
        name: named(&waived.finding),
        rule: waived.finding.rule,
        outcome: Outcome::Skipped(waived),
    }));
    let secrets = report
        .secrets
        .iter()
        .filter(|secret| Some(secret.row.environment.as_str()) == environment)
        .map(|secret| secret.row.name.as_str());
    let certificates = report.certificates.iter().filter(|_| environment.is_none());
    let looked_at = secrets.chain(certificates.map(|certificate| certificate.name.as_str()));
    let told: Vec<String> = cases.iter().map(|case| case.name.clone()).collect();
    cases.extend(
        looked_at
            .filter(|name| !told.iter().any(|told| told == name))
            .map(|name| Case {
                name: name.to_owned(),
                rule: "in-order",
                outcome: Outcome::Passed,
            }),
    );
    cases
}

/// Counts cases by the attributes that say how many there are.
fn counts<'a>(cases: impl Iterator<Item = &'a Case<'a>>) -> [(&'static str, String); 4] {
    let (mut all, mut failed, mut skipped) = (0_usize, 0_usize, 0_usize);
    for case in cases {
        all += 1;
        failed += usize::from(matches!(case.outcome, Outcome::Failed(_)));
        skipped += usize::from(matches!(case.outcome, Outcome::Skipped(_)));
    }
    [
        ("tests", all.to_string()),
        ("failures", failed.to_string()),
        ("errors", "0".to_owned()),
        ("skipped", skipped.to_string()),
    ]
}

fn pairs<'a>(counts: &'a [(&'static str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    counts.iter().map(|(name, count)| (*name, count.as_str()))
}

/// Leaves out the characters that XML 1.0 cannot hold.
fn clean(text: &str) -> String {
    let is_held = |sign: &char| matches!(sign, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(is_held).collect()
}
