//! Whether the consumer of a kind gets the key that it needs, which is another question than how strong it is.

use crate::policy::Severity;
use crate::scoring::Context;
use crate::scoring::Grade;
use crate::scoring::Score;
use crate::scoring::judge::strict;
use crate::scoring::rules;

/// Adds what the consumer of the kind takes for its key, where that is not what it needs.
pub(in crate::scoring) fn check(score: &mut Score, context: &Context<'_>) {
    // What anyone can know is no key of any size.
    let Some(key) = score.key.as_ref().filter(|_| score.grade != Grade::F) else {
        return;
    };
    let severity = if !key.fits() {
        strict(context.tier)
    } else if key.depends_on_reading() {
        Severity::Note
    } else {
        return;
    };
    let finding = rules::KEY_BYTES.saying(severity, key.to_string());
    score.findings.push(finding);
}
