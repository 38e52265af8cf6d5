//! How strict an environment is.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

/// How strict an environment is.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Real users, real money.
    #[default]
    Production,
    /// As strict as production, with other data.
    Staging,
    /// A person's machine.
    Development,
}

impl Tier {
    /// Every tier, strictest first.
    pub const ALL: [Self; 3] = [Self::Production, Self::Staging, Self::Development];

    /// Returns the name as policies spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Development => "development",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
