//! Findings that are accepted for a time, and waivers that do not do what they seem to.

use crate::contract::Rule;
use crate::contract::Subject;
use crate::contract::every_rule;
use crate::contract::findings::About;
use crate::contract::findings::Breach;
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
    let mut waived: Vec<Waived<'a>> = Vec::new();
    for waiver in here {
        let is_hit = |finding: &Finding| {
            finding.rule == waiver.rule()
                && waiver
                    .name()
                    .is_none_or(|name| finding.name.as_deref() == Some(name))
        };
        let is_found = findings.count(is_hit) > 0;
        if let Some(breach) = objection(subject, waiver, is_found) {
            let about = waiver.name().map_or_else(About::default, About::name);
            findings.breach(breach, about);
        } else if is_found {
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

/// Says why a waiver does not hold; `is_found` tells whether there is anything that it would waive.
fn objection(subject: &Subject<'_>, waiver: &Waiver, is_found: bool) -> Option<Breach> {
    let id = waiver.rule();
    if let Some(meant) = misspelt(id) {
        return Some(Breach::new(
            rules::WAIVER_UNKNOWN,
            format!("there is no rule `{id}`, so the waiver waives nothing"),
            format!("write in mintage.toml: rule = \"{meant}\""),
        ));
    }
    if !is_found {
        return None;
    }
    if waiver.until() < subject.facts.today {
        return Some(Breach::new(
            rules::WAIVER_EXPIRED,
            format!("the waiver of `{id}` ended on {}", waiver.until()),
            "mend what it waived, or agree on a new date in mintage.toml",
        ));
    }
    is_never_waived(id, subject.tier()).then(|| {
        Breach::new(
            rules::WAIVER_REFUSED,
            format!("`{id}` cannot be waived in production: anyone can try the value"),
            "mend what it waives, and remove the waiver from mintage.toml",
        )
    })
}

/// Returns the rule that a waiver probably means. Rules about age and certificates are of other commands.
fn misspelt(id: &str) -> Option<&'static str> {
    match every_rule().any(|rule| rule.id == id) {
        true => None,
        false => nearest(id, every_rule().map(|rule| rule.id)),
    }
}

/// Returns whether nobody may accept a breach of this rule: what is printed in public guards nothing.
pub fn is_never_waived(rule: &str, tier: Tier) -> bool {
    let public = [rules::BLACKLISTED, rules::KNOWN_WORD, rules::PUBLISHED_DEFAULT];
    tier == Tier::Production && public.iter().any(|one| one.id == rule)
}
