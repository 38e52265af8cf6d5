//! What happened to secrets.

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app::AppError;
use crate::app::layout::environments_with_ledger;
use crate::app::layout::ledger_path;
use crate::ledger::Binding;
use crate::ledger::Chain;
use crate::ledger::Event;
use crate::ledger::Ledger;
use crate::ledger::Origin;
use crate::ledger::VersionRecord;
use crate::ports::AuditLog;
use crate::ports::Storage;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::Stage;
use crate::secret::VersionId;

/// Versions and audit events, oldest first. Read without a key, hence unverified.
#[derive(Debug, Serialize)]
pub struct HistoryReport {
    /// The versions.
    pub versions: Vec<HistoryVersion>,
    /// The events.
    pub events: Vec<Event>,
}

/// One version of one secret.
#[derive(Debug, Serialize)]
pub struct HistoryVersion {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// The version.
    pub version: VersionId,
    /// Where it stands.
    pub stage: Stage,
    /// How it came here.
    pub origin: Origin,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
    /// When its value came into being.
    pub changed_at: Option<DateTime<Utc>>,
    /// When another took its place.
    pub replaced_at: Option<DateTime<Utc>>,
    /// Until when it stays valid beside its successor.
    pub overlap_ends_at: Option<DateTime<Utc>>,
    /// When a person confirmed that its issuer ended it.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Whether its value is no more.
    pub destroyed: bool,
    /// Whether somebody else may know it.
    pub compromised: bool,
    /// The short form of its fingerprint.
    pub fingerprint: String,
}

/// Tells the versions and events of one secret or all, in some environments or all, since a time or ever.
///
/// # Errors
///
/// When the store cannot be read.
pub fn history(
    storage: &dyn Storage,
    audit: &dyn AuditLog,
    name: Option<&SecretName>,
    environments: &[EnvironmentName],
    since: Option<DateTime<Utc>>,
) -> Result<HistoryReport, AppError> {
    let is_meant = |other: &EnvironmentName| environments.is_empty() || environments.contains(other);
    let is_recent = |at: DateTime<Utc>| since.is_none_or(|since| since <= at);
    let mut versions = Vec::new();
    for environment in environments_with_ledger(storage)? {
        if !is_meant(&environment) {
            continue;
        }
        let bytes = storage.get(&ledger_path(&environment))?.unwrap_or_default();
        for record in Ledger::read(&bytes).into_records().into_values() {
            if name.is_some_and(|name| *name != record.name) {
                continue;
            }
            let recent = record
                .versions
                .iter()
                .filter(|version| is_recent(version.recorded_at));
            versions.extend(recent.map(|version| told(&environment, &record.name, version)));
        }
    }
    let mut events = Vec::new();
    for writer in audit.writers()? {
        let all = Chain::read_unverified(&audit.read(&writer)?);
        events.extend(all.into_iter().filter(|event| {
            is_recent(event.draft.at)
                && event.draft.environment.as_ref().is_none_or(is_meant)
                && (name.is_none() || event.draft.secret.as_ref() == name)
        }));
    }
    events.sort_by_key(|event| event.draft.at);
    Ok(HistoryReport { versions, events })
}

/// Tells what is known of a version.
pub(super) fn told(
    environment: &EnvironmentName,
    name: &SecretName,
    version: &VersionRecord,
) -> HistoryVersion {
    HistoryVersion {
        environment: environment.clone(),
        name: name.clone(),
        version: version.id,
        stage: version.stage,
        origin: version.origin,
        recorded_at: version.recorded_at,
        changed_at: version.changed_at,
        replaced_at: version.replaced_at,
        overlap_ends_at: version.overlap_ends_at,
        revoked_at: version.revoked_at,
        destroyed: version.binding == Binding::Destroyed,
        compromised: version.compromised,
        fingerprint: version.fingerprint.to_string(),
    }
}
