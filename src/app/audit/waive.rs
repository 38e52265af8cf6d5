//! What is accepted for a time, and waivers that do not do what they seem to.

use chrono::NaiveDate;

use crate::app::audit::WaivedFinding;
use crate::contract::every_rule;
use crate::contract::is_never_waived;
use crate::policy::Finding;
use crate::policy::Policy;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::policy::Waiver;
use crate::policy::nearest;
use crate::secret::EnvironmentName;

/// Takes out of `findings` what is waived on the day, and adds what is wrong with the waivers themselves.
pub(super) fn apply(
    (policy, environments): (&Policy, &[EnvironmentName]),
    today: NaiveDate,
    findings: &mut Vec<Finding>,
) -> Vec<WaivedFinding> {
    let mut waived: Vec<WaivedFinding> = Vec::new();
    let here = policy.waivers().iter().filter(|waiver| {
        let environment = waiver.environment();
        environment.is_none_or(|environment| environments.contains(environment))
    });
    for waiver in here {
        let is_found = findings.iter().any(|finding| is_hit(waiver, finding));
        if !is_known(waiver.rule()) {
            findings.push(unknown(waiver));
        } else if waiver.until() < today && is_found {
            findings.push(ended(waiver));
        } else if is_found {
            let is_taken = |finding: &Finding| is_hit(waiver, finding) && !is_refused(policy, finding);
            let (taken, left): (Vec<Finding>, Vec<Finding>) =
                std::mem::take(findings).into_iter().partition(is_taken);
            *findings = left;
            waived.extend(taken.into_iter().map(|finding| WaivedFinding {
                finding,
                until: waiver.until(),
                reason: waiver.reason().to_owned(),
            }));
            if findings.iter().any(|finding| is_hit(waiver, finding)) {
                findings.push(refused(waiver));
            }
        } else if !waived.iter().any(|one| is_hit(waiver, &one.finding)) {
            findings.push(unused(waiver));
        }
    }
    waived
}

fn is_hit(waiver: &Waiver, finding: &Finding) -> bool {
    let environment = waiver.environment();
    finding.rule == waiver.rule()
        && waiver
            .name()
            .is_none_or(|name| finding.name.as_deref() == Some(name))
        && environment.is_none_or(|environment| finding.environment.as_ref() == Some(environment))
}

fn is_known(rule: &str) -> bool {
    every_rule().any(|one| one.id == rule)
}

/// Returns whether nobody may accept this: what can be looked up guards nothing, and what is damaged proves nothing.
fn is_refused(policy: &Policy, finding: &Finding) -> bool {
    let environment = finding.environment.as_ref();
    let environment = environment.and_then(|name| policy.environment(name));
    let tier = environment.map_or(Tier::Production, |environment| environment.tier());
    is_never_waived(finding.rule, tier) || finding.rule == crate::contract::life::INTEGRITY.id
}

fn about(
    waiver: &Waiver,
    (rule, severity): (&'static str, Severity),
    message: String,
    fix: String,
) -> Finding {
    Finding {
        rule,
        severity,
        environment: waiver.environment().cloned(),
        name: waiver.name().map(str::to_owned),
        location: None,
        message,
        fix,
    }
}

fn unknown(waiver: &Waiver) -> Finding {
    let id = waiver.rule();
    let fix = match nearest(id, every_rule().map(|rule| rule.id)) {
        Some(meant) => format!("write in mintage.toml: rule = \"{meant}\""),
        None => "remove it from mintage.toml".to_owned(),
    };
    let message = format!("there is no rule `{id}`, so the waiver waives nothing");
    about(waiver, ("waiver-unknown", Severity::Warning), message, fix)
}

fn ended(waiver: &Waiver) -> Finding {
    let message = format!("the waiver of `{}` ended on {}", waiver.rule(), waiver.until());
    let fix = "mend what it waived, or agree on a new date in mintage.toml".to_owned();
    about(waiver, ("waiver-expired", Severity::Warning), message, fix)
}

fn refused(waiver: &Waiver) -> Finding {
    let message = format!("`{}` cannot be waived here", waiver.rule());
    let fix = "mend what it waives, and remove the waiver from mintage.toml".to_owned();
    about(waiver, ("waiver-refused", Severity::Warning), message, fix)
}

fn unused(waiver: &Waiver) -> Finding {
    let message = format!("a waiver of `{}` waives nothing any more", waiver.rule());
    let fix = "remove it from mintage.toml".to_owned();
    about(waiver, ("waiver-unused", Severity::Note), message, fix)
}
