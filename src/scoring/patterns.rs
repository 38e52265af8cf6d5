//! The findings that say which models describe a value.

use crate::policy::Finding;
use crate::policy::Severity;
use crate::scoring::models::Model;
use crate::scoring::parse::Parse;
use crate::scoring::rules;

/// Names the models that describe much of `value`.
pub(super) fn findings(value: &[u8], parsed: &Parse, severity: Severity) -> Vec<Finding> {
    if !parsed.has_pattern() {
        return Vec::new();
    }
    if is_one_sign(value) {
        return vec![rules::SINGLE_CHARACTER.finding(severity)];
    }
    [
        (rules::CONTAINS_NAME, &[Model::Name][..], MUCH),
        (rules::COMMON_WORDS, &[Model::Letters, Model::Word], MOST),
        (rules::REPETITION, &[Model::Copy, Model::Run], MUCH),
        (rules::KEYBOARD_MASH, &[Model::Mash], MOST),
        (rules::SEQUENCE, &[Model::Date, Model::Walk], MUCH),
    ]
    .into_iter()
    .filter(|(_, models, least)| parsed.share(models) >= *least)
    .map(|(rule, ..)| rule.finding(severity))
    .collect()
}

/// Returns whether a value is one sign over and over.
pub(super) fn is_one_sign(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|byte| value.first() == Some(byte))
}

/// Shares of the characters from which a pattern is worth naming.
const MUCH: f32 = 0.25;
const MOST: f32 = 0.5;
