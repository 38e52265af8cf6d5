//! Who is told what is due.

use serde::Serialize;

use crate::policy::document::At;
use crate::policy::document::Choice;
use crate::policy::document::NotifierWire;
use crate::policy::document::Problems;
use crate::policy::document::Table;
use crate::policy::errors::PolicyErrorKind;
use crate::secret::SecretName;

/// How somebody is told.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotifierType {
    /// A request to a URL.
    Webhook,
}

impl Choice for NotifierType {
    const WHAT: &'static str = "type of notifiers";
    const WORDS: &'static [(&'static str, Self)] = &[("webhook", Self::Webhook)];
}

/// What a notifier sends.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotifierFormat {
    /// The JSON of `remind --json`.
    #[default]
    Json,
    /// A message as Slack takes it.
    Slack,
}

impl Choice for NotifierFormat {
    const WHAT: &'static str = "format of notifications";
    const WORDS: &'static [(&'static str, Self)] = &[("json", Self::Json), ("slack", Self::Slack)];
}

/// Who is told what is due.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NotifierPolicy {
    of_type: NotifierType,
    url_env: SecretName,
    format: NotifierFormat,
}

impl NotifierPolicy {
    /// Builds a notifier.
    pub(crate) fn build(table: &At<Table>, problems: &mut Problems) -> Option<Self> {
        let wire = NotifierWire::read(&table.value, problems);
        if wire.broken {
            return None;
        }
        let lacks = [
            ("type", wire.of_type.is_none()),
            ("url_env", wire.url_env.is_none()),
        ];
        for (key, _) in lacks.into_iter().filter(|(_, lacks)| *lacks) {
            let about = "a notifier".to_owned();
            problems.add(&table.place, PolicyErrorKind::Missing { table: about, key });
        }
        Some(Self {
            of_type: wire.of_type?.value,
            url_env: wire.url_env?.value,
            format: wire.format.map(|at| at.value).unwrap_or_default(),
        })
    }

    /// Returns how it tells.
    pub fn of_type(&self) -> NotifierType {
        self.of_type
    }

    /// Returns the variable that holds the URL, which is a secret itself.
    pub fn url_env(&self) -> &SecretName {
        &self.url_env
    }

    /// Returns what it sends.
    pub fn format(&self) -> NotifierFormat {
        self.format
    }
}
