//! What is wrong with a store, exactly.

use serde::Serialize;
use thiserror::Error;

use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::VersionId;

/// One thing in the store that cannot be believed.
#[derive(Clone, Debug, Eq, Error, PartialEq, Serialize)]
#[serde(tag = "rule", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Damage {
    /// The audit log of a writer does not follow from its start.
    #[error("audit log `{writer}`: line {line} does not follow from the lines before it")]
    AuditBroken {
        /// The writer.
        writer: String,
        /// The first line that does not fit, counted from 1.
        line: u64,
    },
    /// Events that this machine has seen are gone.
    #[error("audit log `{writer}`: {found} events are there, this machine has seen {seen}")]
    AuditTruncated {
        /// The writer.
        writer: String,
        /// Events there.
        found: u64,
        /// Events seen before.
        seen: u64,
    },
    /// An event that this machine has seen is another one now.
    #[error("audit log `{writer}`: event {sequence} is not the one that this machine has seen")]
    AuditRewritten {
        /// The writer.
        writer: String,
        /// The number of the event.
        sequence: u64,
    },
    /// A keychain entry that is not the one the ledger names.
    #[error("{environment}/{name}/{version}: the keychain holds another value than the ledger names")]
    EntryChanged {
        /// The environment.
        environment: EnvironmentName,
        /// The secret.
        name: SecretName,
        /// The version.
        version: VersionId,
    },
    /// A keychain entry that is gone.
    #[error("{environment}/{name}/{version}: the keychain does not hold it any more")]
    EntryMissing {
        /// The environment.
        environment: EnvironmentName,
        /// The secret.
        name: SecretName,
        /// The version.
        version: VersionId,
    },
    /// A journal that this program did not write so.
    #[error(
        "journal/{rotation}.json: was changed or is broken: it is not what mintage wrote for this rotation"
    )]
    JournalBroken {
        /// The rotation, as the file is called.
        rotation: String,
    },
    /// `keys.age` is not the one this machine knows.
    #[error("keys.age: holds other store keys than this machine has seen before")]
    KeysReplaced,
    /// A whole ledger is gone.
    #[error("{environment}/ledger.jsonl: missing, but this machine has seen it at revision {seen}")]
    LedgerMissing {
        /// The environment.
        environment: EnvironmentName,
        /// The revision seen before.
        seen: u64,
    },
    /// A ledger older than what this machine has seen.
    #[error(
        "{environment}/ledger.jsonl: revision {found} is older than revision {seen}, which this machine has seen"
    )]
    LedgerRolledBack {
        /// The environment.
        environment: EnvironmentName,
        /// The revision found.
        found: u64,
        /// The revision seen before.
        seen: u64,
    },
    /// A line that is no record or fails its MAC.
    #[error("{environment}/ledger.jsonl: line {line}{} was changed or is broken", named(.name))]
    LineBroken {
        /// The environment.
        environment: EnvironmentName,
        /// The line, counted from 1.
        line: u64,
        /// The secret, as far as it can be read.
        name: Option<SecretName>,
    },
    /// A name that stands in two lines.
    #[error("{environment}/ledger.jsonl: `{name}` stands there twice")]
    NameTwice {
        /// The environment.
        environment: EnvironmentName,
        /// The secret.
        name: SecretName,
    },
    /// The recipients are not those this machine knows.
    #[error("store.toml: recipients differ from those this machine has seen{}", difference(.added, .removed))]
    RecipientsChanged {
        /// New ones.
        added: Vec<String>,
        /// Ones that are gone.
        removed: Vec<String>,
    },
    /// The seal does not fit the lines: one was dropped, added or put back.
    #[error(
        "{environment}/ledger.jsonl: the seal does not fit the lines: a line was dropped, added or replaced"
    )]
    SealBroken {
        /// The environment.
        environment: EnvironmentName,
    },
    /// There is no seal at all.
    #[error("{environment}/ledger.jsonl: the last line is no seal: the file is cut")]
    SealMissing {
        /// The environment.
        environment: EnvironmentName,
    },
    /// A secret that this machine has seen is gone.
    #[error("{environment}/ledger.jsonl: `{name}` is missing, this machine has seen it")]
    SecretMissing {
        /// The environment.
        environment: EnvironmentName,
        /// The secret.
        name: SecretName,
    },
    /// A secret older than this machine has seen it.
    #[error(
        "{environment}/ledger.jsonl: `{name}` is at revision {found}, this machine has seen revision {seen}"
    )]
    SecretRolledBack {
        /// The environment.
        environment: EnvironmentName,
        /// The secret.
        name: SecretName,
        /// The revision found.
        found: u64,
        /// The revision seen before.
        seen: u64,
    },
    /// `store.toml` fails its MAC.
    #[error("store.toml: was changed by hand or by a stranger: its MAC does not fit")]
    SettingsChanged,
    /// `store.toml` is gone while ledgers are there.
    #[error("store.toml: missing, but there are ledgers")]
    SettingsMissing,
    /// This directory held another store before.
    #[error("store.toml: is of another store than this directory held before")]
    StoreReplaced,
    /// A version file that is not the one the ledger names.
    #[error(
        "{environment}/values/{name}/{version}.age: is not the file that the ledger names: changed or swapped"
    )]
    ValueChanged {
        /// The environment.
        environment: EnvironmentName,
        /// The secret.
        name: SecretName,
        /// The version.
        version: VersionId,
    },
    /// A version file that is gone.
    #[error("{environment}/values/{name}/{version}.age: missing")]
    ValueMissing {
        /// The environment.
        environment: EnvironmentName,
        /// The secret.
        name: SecretName,
        /// The version.
        version: VersionId,
    },
    /// A version file that fits the ledger but does not open.
    #[error("{environment}/values/{name}/{version}.age: does not open with the identities at hand")]
    ValueUnopened {
        /// The environment.
        environment: EnvironmentName,
        /// The secret.
        name: SecretName,
        /// The version.
        version: VersionId,
    },
}

impl Damage {
    /// Returns whether nothing in the store can be believed at all.
    pub fn is_of_everything(&self) -> bool {
        matches!(self, Self::KeysReplaced | Self::StoreReplaced)
    }

    /// Returns whether a keychain has lost a value: no copy of it is left that could be put back.
    pub fn is_of_lost_entry(&self) -> bool {
        matches!(self, Self::EntryChanged { .. } | Self::EntryMissing { .. })
    }

    /// Returns the environment that this damage is confined to, if it is.
    pub fn environment(&self) -> Option<&EnvironmentName> {
        match self {
            Self::EntryChanged { environment, .. }
            | Self::EntryMissing { environment, .. }
            | Self::LedgerMissing { environment, .. }
            | Self::LedgerRolledBack { environment, .. }
            | Self::LineBroken { environment, .. }
            | Self::NameTwice { environment, .. }
            | Self::SealBroken { environment }
            | Self::SealMissing { environment }
            | Self::SecretMissing { environment, .. }
            | Self::SecretRolledBack { environment, .. }
            | Self::ValueChanged { environment, .. }
            | Self::ValueMissing { environment, .. }
            | Self::ValueUnopened { environment, .. } => Some(environment),
            _ => None,
        }
    }

    /// Returns the secret that this damage is confined to, if it is.
    pub fn secret(&self) -> Option<&SecretName> {
        match self {
            Self::LineBroken { name, .. } => name.as_ref(),
            Self::EntryChanged { name, .. }
            | Self::EntryMissing { name, .. }
            | Self::NameTwice { name, .. }
            | Self::SecretMissing { name, .. }
            | Self::SecretRolledBack { name, .. }
            | Self::ValueChanged { name, .. }
            | Self::ValueMissing { name, .. }
            | Self::ValueUnopened { name, .. } => Some(name),
            _ => None,
        }
    }
}

fn named(name: &Option<SecretName>) -> String {
    name.as_ref()
        .map(|name| format!(" (`{name}`)"))
        .unwrap_or_default()
}

fn difference(added: &[String], removed: &[String]) -> String {
    let mut text = String::new();
    for (word, recipients) in [("added", added), ("removed", removed)] {
        for recipient in recipients {
            text.push_str(&format!(", {word} `{recipient}`"));
        }
    }
    text
}
