//! Rules whose breach is worth a warning.

use crate::contract::Found;
use crate::contract::findings::About;
use crate::contract::findings::Findings;
use crate::contract::judge;
use crate::contract::rules;
use crate::policy::Severity;
use crate::policy::VariablePolicy;

/// Warns of every rule of `advice` that a value breaks. What broke a hard rule already is not said twice, and the hard
/// rules have said what is not of its type.
pub(super) fn check(advice: Option<&VariablePolicy>, found: Found<'_>, findings: &mut Findings<'_>) {
    let Some((policy, text)) = advice.zip(found.text()) else {
        return;
    };
    let about = About::found(found);
    for breach in judge::judge(found.name, text, policy) {
        let is_of_type = [rules::BOOL_SPELLING, rules::WRONG_TYPE].contains(&breach.rule);
        let is_said = is_of_type || findings.has(breach.rule, found.name);
        if !is_said {
            findings.add_as(Severity::Warning, breach, about);
        }
    }
}
