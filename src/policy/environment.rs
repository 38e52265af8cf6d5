//! Environments, and the tiers and names by which rules address them.

use serde::Serialize;

use crate::policy::Tier;
use crate::policy::document::At;
use crate::policy::document::Choice;
use crate::policy::document::EnvironmentWire;
use crate::policy::document::Problems;
use crate::policy::errors::PolicyErrorKind;
use crate::secret::EnvironmentName;

/// What keeps the secrets of an environment.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum StoreKind {
    /// Plain age files, safe to commit.
    #[default]
    Age,
    /// The keychain of the operating system, local to one machine.
    Keychain,
    /// The keys of the Linux kernel, local to one session and gone after a restart.
    Keyutils,
}

impl Choice for StoreKind {
    const WHAT: &'static str = "store";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("age", Self::Age),
        ("keychain", Self::Keychain),
        ("keyutils", Self::Keyutils),
    ];
}

impl StoreKind {
    /// Returns whether the ledger belongs to this machine alone, since colleagues hold other values.
    pub fn is_local(self) -> bool {
        self != Self::Age
    }

    /// Returns the name as policies write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Keychain => "keychain",
            Self::Keyutils => "keyutils",
        }
    }
}

/// An environment of the policy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Environment {
    name: EnvironmentName,
    tier: Tier,
    store: StoreKind,
    env_file: Option<String>,
    example_file: Option<String>,
}

impl Environment {
    /// The environment of a policy that declares none, or one that only stands for its tier.
    pub(crate) fn of_tier(tier: Tier) -> Option<Self> {
        Some(Self {
            name: tier.name().parse().ok()?,
            tier,
            store: StoreKind::default(),
            env_file: None,
            example_file: None,
        })
    }

    /// Parses an environment; without a tier it is as strict as production, unless its name is a tier.
    pub(crate) fn build(
        name: At<EnvironmentName>,
        wire: EnvironmentWire,
        problems: &mut Problems,
    ) -> Option<Self> {
        let namesake = Tier::ALL
            .into_iter()
            .find(|tier| tier.name() == name.value.as_str());
        let tier = match (&wire.tier, namesake) {
            (Some(tier), Some(namesake)) if tier.value != namesake => {
                let kind = PolicyErrorKind::EnvironmentTier {
                    name: name.value.to_string(),
                    tier: tier.value,
                };
                problems.add(&tier.place, kind);
                return None;
            }
            (Some(tier), _) => tier.value,
            (None, namesake) => namesake.unwrap_or_default(),
        };
        Some(Self {
            name: name.value,
            tier,
            store: wire.store.map(|store| store.value).unwrap_or_default(),
            env_file: wire.env_file.map(|file| file.value),
            example_file: wire.example_file.map(|file| file.value),
        })
    }

    /// Returns the name.
    pub fn name(&self) -> &EnvironmentName {
        &self.name
    }

    /// Returns how strict it is.
    pub fn tier(&self) -> Tier {
        self.tier
    }

    /// Returns what keeps its secrets.
    pub fn store(&self) -> StoreKind {
        self.store
    }

    /// Returns the env file that the application reads.
    pub fn env_file(&self) -> Option<&str> {
        self.env_file.as_deref()
    }

    /// Returns the committed example of the env file.
    pub fn example_file(&self) -> Option<&str> {
        self.example_file.as_deref()
    }

    /// Returns whether `scope` means this environment, by its tier or by its own name.
    pub fn is_in(&self, scope: &str) -> bool {
        self.tier.name() == scope || self.name.as_str() == scope
    }
}
