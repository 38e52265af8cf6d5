//! Findings that are accepted for a time, and waivers that do not do what they seem to.

use crate::contract::RULES;
use crate::contract::Rule;
use crate::contract::Subject;
use crate::contract::findings::About;
use crate::contract::findings::Findings;
use crate::contract::rules;
use crate::policy::Finding;
use crate::policy::Tier;
use crate::policy::Waiver;
use crate::policy::nearest;

/// A finding that is accepted until a day.
#[derive(Clone, Debug)]
pub struct Waived<'a> {
    /// What was found.
    pub finding: Finding,
    /// Who accepts it, until when and why.
    pub waiver: &'a Waiver,
}

/// Takes out what is waived, and adds what is wrong with the waivers themselves.
pub(super) fn apply<'a>(subject: &'a Subject<'a>, findings: &mut Findings<'a>) -> Vec<Waived<'a>> {
    let here = subject.policy.waivers().iter().filter(|waiver| {
        waiver
            .environment()
            .is_none_or(|name| name == subject.environment.name())
    });
    let mut waived = Vec::new();
    for waiver in here {
        if let Some(meant) = misspelt(waiver.rule()) {
            let message = format!(
                "there is no rule `{}`, so the waiver waives nothing",
                waiver.rule()
            );
            let fix = format!("write in mintage.toml: rule = \"{meant}\"");
            findings.add(rules::WAIVER_UNKNOWN, About::default(), message, fix);
            continue;
        }
        let is_hit = |finding: &Finding| {
            finding.rule == waiver.rule()
                && waiver
                    .name()
                    .is_none_or(|name| finding.name.as_deref() == Some(name))
        };
        let is_over = waiver.until() < subject.facts.today;
        let is_refused = is_refused(subject, waiver);
        let hits = findings.count(is_hit);
        if hits > 0 && (is_over || is_refused) {
            let about = waiver.name().map_or_else(About::default, About::name);
            if is_over {
                let message = format!("the waiver of `{}` ended on {}", waiver.rule(), waiver.until());
                let fix = "mend what it waived, or agree on a new date in mintage.toml";
                findings.add(rules::WAIVER_EXPIRED, about, message, fix);
            } else {
                let message = format!(
                    "`{}` cannot be waived in production: anyone can try the value",
                    waiver.rule()
                );
                let fix = "mend what it waives, and remove the waiver from mintage.toml";
                findings.add(rules::WAIVER_REFUSED, about, message, fix);
            }
        } else if hits > 0 {
            let taken = findings.take(is_hit);
            waived.extend(taken.into_iter().map(|finding| Waived { finding, waiver }));
        } else if Rule::find(waiver.rule()).is_some() && !waived.iter().any(|one| is_hit(&one.finding)) {
            let about = waiver.name().map_or_else(About::default, About::name);
            let message = format!("a waiver of `{}` waives nothing any more", waiver.rule());
            findings.add(
                rules::WAIVER_UNUSED,
                about,
                message,
                "remove it from mintage.toml",
            );
        }
    }
    waived
}

/// Returns the rule that a waiver probably means. Rules about age are of other commands, and unlike those here.
fn misspelt(id: &str) -> Option<&'static str> {
    match Rule::find(id) {
        Some(_) => None,
        None => nearest(id, RULES.iter().map(|rule| rule.id)),
    }
}

/// Returns whether nobody may accept this: what is printed in public guards nothing.
fn is_refused(subject: &Subject<'_>, waiver: &Waiver) -> bool {
    let public = [rules::BLACKLISTED, rules::KNOWN_WORD, rules::PUBLISHED_DEFAULT];
    subject.tier() == Tier::Production && public.iter().any(|rule| rule.id == waiver.rule())
}
