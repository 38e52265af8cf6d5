//! One thing wrong, in the form every report shares.

use serde::Serialize;

use crate::secret::EnvironmentName;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be mended.
    Warning,
    /// Must be mended.
    Error,
}

/// Where a finding stands in a file.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Location {
    /// The file, as the user named it.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
}

/// One thing wrong: a stable rule, its reason and its cure. It never holds a character of a value.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Finding {
    /// Stable id of the rule, such as `weak-entropy`.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The environment, where there is one.
    pub environment: Option<EnvironmentName>,
    /// The secret, variable or label it is about.
    pub name: Option<String>,
    /// The line of a file it is about.
    pub location: Option<Location>,
    /// What was found, without any part of a value.
    pub message: String,
    /// What to do.
    pub fix: String,
}
