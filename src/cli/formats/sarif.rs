//! Findings in the format of code scanners: SARIF 2.1.0 (OASIS, errata 01).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use ring::hmac;
use serde_json::Value;
use serde_json::json;

use crate::app::AuditReport;
use crate::cli::context::POLICY_FILE;
use crate::cli::error::CliError;
use crate::contract::certificate::CERTIFICATE_RULES;
use crate::contract::every_rule;
use crate::policy::Finding;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::secret::SecretName;

/// One run of a command.
pub struct Run<'a> {
    /// The command.
    pub command: &'a str,
    /// What it looked at: an environment, or everything.
    pub scope: &'a str,
    /// How strict that is.
    pub tier: Tier,
    /// The file of findings that name none: a scanner shows only what stands in a file.
    pub file: &'a str,
    /// Lines of that file by what they declare; without one, the first line stands for all.
    pub lines: Option<&'a BTreeMap<String, u32>>,
    /// What counts.
    pub findings: &'a [Finding],
    /// What is accepted for a time.
    pub waived: Vec<Accepted<'a>>,
}

/// A finding that is accepted for a time.
pub struct Accepted<'a> {
    /// What was found.
    pub finding: &'a Finding,
    /// The last day on which it is accepted.
    pub until: NaiveDate,
    /// Why.
    pub reason: &'a str,
}

/// Writes an audit as a SARIF log.
///
/// # Errors
///
/// Never for what an audit holds; JSON is written by a library that may fail.
pub(super) fn audit(report: &AuditReport) -> Result<String, CliError> {
    let waived = report.waived.iter().map(|waived| Accepted {
        finding: &waived.finding,
        until: waived.until,
        reason: &waived.reason,
    });
    let log = log(&Run {
        command: "audit",
        scope: &report.project,
        tier: Tier::Production,
        file: POLICY_FILE,
        lines: Some(&report.lines),
        findings: &report.findings,
        waived: waived.collect(),
    });
    let mut text = serde_json::to_string_pretty(&log).map_err(|_| CliError::internal("json"))?;
    text.push('\n');
    Ok(text)
}

/// Writes a run as a SARIF log.
pub fn log(run: &Run<'_>) -> Value {
    let rules: Vec<Value> = every_rule()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": sentence(rule.explanation) },
                "defaultConfiguration": { "level": level(rule.severity(run.tier)) },
            })
        })
        .collect();
    let mut seen = BTreeMap::new();
    let counting = run.findings.iter().map(|finding| (finding, None));
    let waived = run.waived.iter().map(|waived| (waived.finding, Some(waived)));
    let results: Vec<Value> = counting
        .chain(waived)
        .map(|(finding, waived)| result(run, finding, waived, &mut seen))
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "mintage",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "automationDetails": { "id": format!("mintage/{}/{}/", run.command, run.scope) },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(
    run: &Run<'_>,
    finding: &Finding,
    waived: Option<&Accepted<'_>>,
    seen: &mut BTreeMap<String, u32>,
) -> Value {
    let name = finding
        .name
        .as_deref()
        .unwrap_or_else(|| environment(run, finding));
    let text = format!("{name}: {}. Next: {}", finding.message, finding.fix);
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [location(run, finding)],
        "partialFingerprints": { "mintage/v1": fingerprint(run, finding, seen) },
    });
    if let Some(index) = every_rule().position(|rule| rule.id == finding.rule) {
        result["ruleIndex"] = json!(index);
    }
    if let Some(waived) = waived {
        let why = format!("until {}: {}", waived.until, waived.reason);
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": why }]);
    }
    result
}

/// A file as a whole where no line is known; there the first line stands for it.
fn location(run: &Run<'_>, finding: &Finding) -> Value {
    let line = match (&finding.location, &finding.name, run.lines) {
        (Some(place), _, _) => place.line,
        (None, Some(name), Some(lines)) => lines.get(name).copied().unwrap_or(1),
        _ => 1,
    };
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(file(run, finding)) },
            "region": { "startLine": line },
        },
    });
    if let Some(name) = &finding.name {
        location["logicalLocations"] =
            json!([{ "name": name, "fullyQualifiedName": format!("{}/{name}", environment(run, finding)) }]);
    }
    location
}

/// Returns the environment of a finding, or what the run looked at.
fn environment<'a>(run: &Run<'a>, finding: &'a Finding) -> &'a str {
    let environment = finding.environment.as_ref();
    environment.map_or(run.scope, |environment| environment.as_str())
}

/// Returns the file that a finding is about; what is no name of a secret, variable or certificate is one.
fn file<'a>(run: &Run<'a>, finding: &'a Finding) -> &'a str {
    if let Some(place) = &finding.location {
        return &place.file;
    }
    let is_of_certificate = CERTIFICATE_RULES.iter().any(|rule| rule.id == finding.rule);
    let path = finding
        .name
        .as_deref()
        .filter(|name| !is_of_certificate && name.parse::<SecretName>().is_err());
    path.unwrap_or(run.file)
}

/// Tells one finding from another in every run, whatever moves around it. No value goes into it.
fn fingerprint(run: &Run<'_>, finding: &Finding, seen: &mut BTreeMap<String, u32>) -> String {
    let name = finding.name.as_deref().unwrap_or_default();
    let subject = [
        run.command,
        environment(run, finding),
        finding.rule,
        name,
        file(run, finding),
    ]
    .join("\0");
    let count = seen.entry(subject.clone()).or_default();
    *count += 1;
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"mintage/sarif/1");
    let tag = hmac::sign(&key, format!("{subject}\0{count}").as_bytes());
    hex::encode(&tag.as_ref()[..16])
}

/// Writes a path as a URI (RFC 3986), relative where the path is.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.trim_start_matches("./").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Note => "note",
        Severity::Warning => "warning",
    }
}

/// Writes a rule's reason as viewers show it.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_uris() {
        assert_eq!(uri("./config/.env.production"), "config/.env.production");
        assert_eq!(uri("a b#c"), "a%20b%23c");
        assert_eq!(uri("/srv/app/.env"), "file:///srv/app/.env");
    }
}
