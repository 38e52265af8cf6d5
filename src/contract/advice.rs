//! Rules whose breach is worth a warning.

use crate::contract::Found;
use crate::contract::findings::About;
use crate::contract::findings::Findings;
use crate::contract::judge;
use crate::policy::Severity;
use crate::policy::VariablePolicy;

/// Warns of every rule of `warn` that a value breaks. What broke the same rule as an error is not said twice.
pub(super) fn check(warn: Option<&VariablePolicy>, found: Found<'_>, findings: &mut Findings<'_>) {
    let Some((rules, text)) = warn.zip(found.text()) else {
        return;
    };
    let about = About::found(found);
    for breach in judge::judge(found.name, text, rules) {
        if !findings.has(breach.rule, found.name) {
            findings.add_as(Severity::Warning, breach, about);
        }
    }
}
