//! Events as PagerDuty takes them (Events API, version 2). The key of the integration is added where they are sent.

use chrono::SecondsFormat;
use serde_json::Value;
use serde_json::json;

use crate::app::notify::digest::Digest;
use crate::app::notify::digest::cut;
use crate::app::notify::matter::Matter;
use crate::policy::Severity;

/// Writes the event that opens an incident, or goes on with the open one of the same key.
pub(super) fn trigger(digest: &Digest<'_>, matter: &Matter) -> Value {
    let summary = format!("{} {}{}", matter.label, matter.message, digest.when(matter));
    let severity = match (matter.severity, matter.state) {
        (Severity::Error, "compromised" | "damaged") => "critical",
        (Severity::Error, _) => "error",
        (Severity::Warning, _) => "warning",
        (Severity::Note, _) => "info",
    };
    json!({
        "event_action": "trigger",
        "dedup_key": matter.key,
        "client": "mintage",
        "payload": {
            "summary": cut(&summary, MOST_IN_SUMMARY),
            "source": digest.project.unwrap_or("mintage"),
            "severity": severity,
            "timestamp": digest.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "component": matter.label,
            "group": matter.environment,
            "class": matter.state,
            "custom_details": { "about": matter.about, "due_at": matter.due_at, "fix": matter.fix },
        },
    })
}

/// Writes the event that ends an incident.
pub(super) fn resolve(key: &str) -> Value {
    json!({ "event_action": "resolve", "dedup_key": key })
}

const MOST_IN_SUMMARY: usize = 1_024;
