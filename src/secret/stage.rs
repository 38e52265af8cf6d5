//! Where a version stands in the life of its secret.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

/// The stage of a version.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Written, not yet in use.
    Pending,
    /// The value in use.
    Current,
    /// The value in use before, kept until its overlap ends and for a rollback.
    Previous,
    /// No longer valid anywhere.
    Retired,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pending => "pending",
            Self::Current => "current",
            Self::Previous => "previous",
            Self::Retired => "retired",
        })
    }
}
