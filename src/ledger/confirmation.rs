//! What a person confirms with a sign-off.

use serde::Deserialize;
use serde::Serialize;

/// What a person confirms, and what was known of it then. There is no free text: the role is one of the policy's.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// As what.
    pub role: String,
    /// The revision of the ledger.
    pub revision: u64,
    /// The MAC of the seal, which covers every line of that revision.
    pub seal: String,
    /// SHA-256 of the policy file, in hexadecimal.
    pub policy: String,
    /// What was checked.
    pub checked: CheckedPlace,
    /// How many errors the check found.
    pub errors: u32,
    /// How many warnings it found.
    pub warnings: u32,
    /// The recipient of the store whose identity was at hand; absent where that cannot be told, as of SSH keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
}

/// Where the values stood that were checked.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckedPlace {
    /// In the env file of the environment.
    EnvFile,
    /// In the store.
    Store,
}
