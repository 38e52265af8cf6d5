//! What the ledger knows of one secret.

use chrono::DateTime;
use chrono::Utc;
use serde::Deserialize;
use serde::Serialize;

use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::Stage;
use crate::secret::VersionId;

/// One secret in one environment and all its versions, oldest first.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRecord {
    /// The name.
    pub name: SecretName,
    /// Counts the changes of this record, from 1.
    pub revision: u64,
    /// The kind's name when the latest version was written.
    pub kind: String,
    /// When the current value stops working by itself, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// The versions, oldest first.
    pub versions: Vec<VersionRecord>,
}

impl SecretRecord {
    /// Starts the record of a secret that has no version yet.
    pub fn new(name: SecretName, kind: &str) -> Self {
        Self {
            name,
            revision: 0,
            kind: kind.to_owned(),
            expires_at: None,
            versions: Vec::new(),
        }
    }

    /// Returns the version in use.
    pub fn current(&self) -> Option<&VersionRecord> {
        self.at_stage(Stage::Current)
    }

    /// Returns the latest version at `stage`.
    pub fn at_stage(&self, stage: Stage) -> Option<&VersionRecord> {
        self.versions.iter().rev().find(|version| version.stage == stage)
    }

    /// Returns the version with this id.
    pub fn version(&self, id: VersionId) -> Option<&VersionRecord> {
        self.versions.iter().find(|version| version.id == id)
    }

    /// Returns the version that was in use at `instant`.
    pub fn current_at(&self, instant: DateTime<Utc>) -> Option<&VersionRecord> {
        self.versions.iter().rev().find(|version| {
            version.promoted_at.is_some_and(|since| since <= instant)
                && version.replaced_at.is_none_or(|until| instant < until)
        })
    }
}

/// One version: everything but its value.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VersionRecord {
    /// The id, which is also the name of its file.
    pub id: VersionId,
    /// Where it stands.
    pub stage: Stage,
    /// How it came here.
    pub origin: Origin,
    /// When this version was written into the store.
    pub recorded_at: DateTime<Utc>,
    /// When the value came into being: what its age counts from. `None` is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<DateTime<Utc>>,
    /// When it became current.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promoted_at: Option<DateTime<Utc>>,
    /// When another version took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_at: Option<DateTime<Utc>>,
    /// Until when it stays valid beside its successor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlap_ends_at: Option<DateTime<Utc>>,
    /// When a person confirmed that its issuer ended it, where somebody else makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
    /// Whether somebody else may know it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub compromised: bool,
    /// Bits of strength when it was written; below 64 rounded down to a multiple of 8.
    pub bits: u32,
    /// The keyed fingerprint of the value.
    pub fingerprint: Fingerprint,
    /// What ties this record to the stored value.
    pub binding: Binding,
}

/// How a version came into the store.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Computed here from other secrets.
    Derived,
    /// Brought in from elsewhere.
    Imported,
    /// Made here.
    Minted,
}

/// What ties a record to the stored value.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Binding {
    /// Nothing any more: the value was destroyed.
    Destroyed,
    /// A keyed HMAC-SHA-256 of the value and its place, in hexadecimal: in a keychain there is no ciphertext.
    Hmac(String),
    /// SHA-256 of the ciphertext file, in hexadecimal.
    Sha256(String),
}
