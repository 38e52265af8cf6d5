//! What an audit comes to. Every format writes this and nothing else; none of it holds a value.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::NaiveDate;
use chrono::Utc;
use serde::Serialize;

use crate::app::CertificateRow;
use crate::app::StatusRow;
use crate::ledger::VersionRecord;
use crate::policy::Finding;
use crate::policy::Tier;
use crate::secret::EnvironmentName;
use crate::secret::Stage;
use crate::secret::VersionId;

/// What an audit comes to.
#[derive(Clone, Debug, Serialize)]
pub struct AuditReport {
    /// The name of the policy.
    pub project: String,
    /// As of when.
    pub at: DateTime<Utc>,
    /// Whether the ledgers can be believed.
    pub integrity: Integrity,
    /// The environments, in the order of the policy.
    pub environments: Vec<AuditedEnvironment>,
    /// Every secret that the policy declares or a ledger has, by environment and then by name.
    pub secrets: Vec<AuditedSecret>,
    /// Every certificate, in the order of the policy.
    pub certificates: Vec<CertificateRow>,
    /// What counts, worst first, then by environment and name.
    pub findings: Vec<Finding>,
    /// What is accepted for a time.
    pub waived: Vec<WaivedFinding>,
    /// The lines of the policy file that declare secrets and certificates, by their names.
    #[serde(skip)]
    pub lines: BTreeMap<String, u32>,
}

/// Whether the ledgers can be believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Integrity {
    /// A MAC, a seal or a chain is broken; the findings say which.
    Damaged,
    /// Unknown: no identity opened the store.
    Unverified,
    /// Every MAC, seal and chain holds.
    Verified,
}

/// One environment.
#[derive(Clone, Debug, Serialize)]
pub struct AuditedEnvironment {
    /// The name.
    pub name: EnvironmentName,
    /// How strict it is.
    pub tier: Tier,
    /// Its env file, below the project, where the policy names one.
    pub env_file: Option<String>,
}

/// One secret in one environment.
#[derive(Clone, Debug, Serialize)]
pub struct AuditedSecret {
    /// Its age, due date and state.
    #[serde(flatten)]
    pub row: StatusRow,
    /// Who looks after it, where the policy says.
    pub owner: Option<String>,
    /// Bits of strength of the version in use, as they were when it was written or as they were measured now.
    pub bits: Option<u32>,
    /// Its versions, oldest first.
    pub versions: Vec<AuditedVersion>,
}

/// One version: what a timeline draws.
#[derive(Clone, Debug, Serialize)]
pub struct AuditedVersion {
    /// The id.
    pub version: VersionId,
    /// Where it stands.
    pub stage: Stage,
    /// When the value came into being; `None` is unknown.
    pub changed_at: Option<DateTime<Utc>>,
    /// When it was written into the store.
    pub recorded_at: DateTime<Utc>,
    /// When it became current.
    pub promoted_at: Option<DateTime<Utc>>,
    /// When another version took its place.
    pub replaced_at: Option<DateTime<Utc>>,
    /// Until when it stays valid beside its successor.
    pub overlap_ends_at: Option<DateTime<Utc>>,
    /// Whether somebody else may know it.
    pub compromised: bool,
}

impl AuditedVersion {
    /// Takes from a record what is shown of it.
    pub(super) fn of(version: &VersionRecord) -> Self {
        Self {
            version: version.id,
            stage: version.stage,
            changed_at: version.changed_at,
            recorded_at: version.recorded_at,
            promoted_at: version.promoted_at,
            replaced_at: version.replaced_at,
            overlap_ends_at: version.overlap_ends_at,
            compromised: version.compromised,
        }
    }
}

/// A finding that is accepted for a time.
#[derive(Clone, Debug, Serialize)]
pub struct WaivedFinding {
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// The last day on which it is accepted.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
}
