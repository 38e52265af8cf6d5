//! What the scores of whole values must be.

mod random;
mod verdicts;

use super::*;

pub(super) fn judged_in(text: &str, context: &Context<'_>) -> Score {
    score(&SecretValue::new(text.as_bytes().to_vec()), context)
}

pub(super) fn judged(text: &str) -> Score {
    judged_in(text, &Context::default())
}

pub(super) fn rules(score: &Score) -> Vec<&'static str> {
    score.findings.iter().map(|finding| finding.rule).collect()
}

/// Level, grade, origin and rules in one line.
pub(super) fn verdict(text: &str) -> String {
    let score = judged(text);
    format!(
        "{} {} {} {}",
        score.level,
        score.grade,
        score.origin,
        rules(&score).join(" ")
    )
}

/// Published values are split so that scanners stay quiet.
pub(super) fn published(parts: [&str; 2]) -> String {
    parts.concat()
}
