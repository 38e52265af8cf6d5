//! What notifiers were told already.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use serde::Deserialize;
use serde::Serialize;

use crate::secret::EnvironmentName;

/// What each notifier accepted and what is still open there, by the key of the matter. It names no secret.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct ToldMatters(BTreeMap<String, BTreeMap<String, Told>>);

/// When somebody was told of a matter, and how bad it was.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// The environment; `None` for what belongs to none.
    pub environment: Option<EnvironmentName>,
    /// How bad it was; less is worse.
    pub rank: u8,
    /// When it was last told.
    pub at: DateTime<Utc>,
}

impl ToldMatters {
    /// Returns what a notifier was told, by the key of the matter.
    pub fn of(&self, notifier: &str) -> BTreeMap<String, Told> {
        self.0.get(notifier).cloned().unwrap_or_default()
    }

    /// Remembers that a notifier was told.
    pub fn add(&mut self, notifier: &str, key: &str, told: Told) {
        self.0
            .entry(notifier.to_owned())
            .or_default()
            .insert(key.to_owned(), told);
    }

    /// Forgets a matter, since it is over.
    pub fn remove(&mut self, notifier: &str, key: &str) {
        if let Some(known) = self.0.get_mut(notifier) {
            known.remove(key);
        }
    }
}
