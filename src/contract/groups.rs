//! Names that belong together, and names that need others.

use crate::contract::Found;
use crate::contract::Subject;
use crate::contract::findings::About;
use crate::contract::findings::Findings;
use crate::contract::judge;
use crate::contract::rules;
use crate::policy::Condition;
use crate::policy::Group;
use crate::policy::GroupRule;
use crate::policy::Implication;
use crate::secret::SecretName;

/// Checks groups and implications.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    // Names that stand in two files cannot be compared by one.
    let stands_here = |name: &SecretName| subject.stands_here(name);
    let groups = subject.policy.groups().iter();
    for group in groups.filter(|group| group.names().all(stands_here)) {
        match group.rule() {
            GroupRule::AllOrNone(set) => all_or_none(subject, group, set, findings),
            GroupRule::OneOf(sets) => one_of(subject, group, sets, findings),
        }
    }
    let implications = subject.policy.implications().iter();
    for implication in implications.filter(|implication| implication.names().all(stands_here)) {
        if implication.required_in(subject.environment) && holds(subject, implication.condition()) {
            consequences(subject, implication, findings);
        }
    }
}

fn all_or_none(subject: &Subject<'_>, group: &Group, set: &[SecretName], findings: &mut Findings<'_>) {
    let (there, lacking) = split(subject, set);
    let is_required = group.required_in(subject.environment);
    if lacking.is_empty() || (there.is_empty() && !is_required) {
        return;
    }
    let names = listed(&lacking);
    let fix = format!(
        "set {names} too, or none of {}",
        listed(&set.iter().collect::<Vec<_>>())
    );
    match there.first() {
        Some(found) => findings.add(
            rules::GROUP_INCOMPLETE,
            About::found(*found),
            because(group, format!("it is set, and {names} beside it is not")),
            fix,
        ),
        None => findings.add(
            rules::GROUP_UNMET,
            About::name(lacking[0].as_str()),
            because(group, format!("none of {names} is set")),
            format!("set {names}"),
        ),
    }
}

fn one_of(subject: &Subject<'_>, group: &Group, sets: &[Vec<SecretName>], findings: &mut Findings<'_>) {
    let split: Vec<_> = sets.iter().map(|set| split(subject, set)).collect();
    if split.iter().any(|(_, lacking)| lacking.is_empty()) {
        return;
    }
    let ways: Vec<String> = sets
        .iter()
        .map(|set| listed(&set.iter().collect::<Vec<_>>()))
        .collect();
    let fix = format!("set {}", ways.join(", or "));
    // The way that was gone furthest is the one that was meant.
    let begun = split
        .iter()
        .filter(|(there, _)| !there.is_empty())
        .min_by_key(|(_, lacking)| lacking.len());
    match begun {
        Some((there, lacking)) => findings.add(
            if group.required_in(subject.environment) {
                rules::GROUP_UNMET
            } else {
                rules::GROUP_INCOMPLETE
            },
            About::found(there[0]),
            because(
                group,
                format!("it is set, and {} beside it is not", listed(lacking)),
            ),
            fix,
        ),
        None if group.required_in(subject.environment) => findings.add(
            rules::GROUP_UNMET,
            sets.first()
                .and_then(|set| set.first())
                .map_or_else(About::default, |name| About::name(name.as_str())),
            because(group, format!("neither {} is set", ways.join(" nor "))),
            fix,
        ),
        None => {}
    }
}

fn because(group: &Group, message: String) -> String {
    match group.description() {
        Some(description) => format!("{message}: {description}"),
        None => message,
    }
}

/// Parts the names into what is set and what is not.
fn split<'a, 'b>(subject: &Subject<'a>, set: &'b [SecretName]) -> (Vec<Found<'a>>, Vec<&'b SecretName>) {
    let there = set.iter().filter_map(|name| subject.set(name)).collect();
    let lacking = set.iter().filter(|name| subject.set(name).is_none()).collect();
    (there, lacking)
}

fn listed(names: &[&SecretName]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

fn holds(subject: &Subject<'_>, condition: &Condition) -> bool {
    let equals = |(name, wanted): &(SecretName, String)| {
        subject
            .set(name)
            .is_some_and(|found| found.text() == Some(wanted.as_str()))
    };
    match condition {
        Condition::Equals(pairs) => pairs.iter().all(equals),
        Condition::Set(name) => subject.set(name).is_some(),
    }
}

fn consequences(subject: &Subject<'_>, implication: &Implication, findings: &mut Findings<'_>) {
    let why = named(implication.condition());
    let required = implication.then().iter().filter(|rules| rules.required());
    let required = required.map(|rules| rules.name());
    for name in implication.require().iter().chain(required) {
        if subject.set(name).is_none() {
            let about = subject
                .values
                .named(name.as_str())
                .map_or_else(|| About::name(name.as_str()), About::found);
            let mut message = format!("it is not set, and {why} needs it");
            if let Some(description) = implication.description() {
                message = format!("{message}: {description}");
            }
            findings.add(
                rules::IMPLIED_MISSING,
                about,
                message,
                format!("set `{name}` too"),
            );
        }
    }
    for rules in implication.then() {
        let Some(found) = subject.set(rules.name()) else {
            continue;
        };
        for mut breach in judge::judge(found.name, found.text().unwrap_or_default(), rules) {
            breach.message = format!("with {why}: {}", breach.message);
            findings.breach(breach, About::found(found));
        }
    }
}

/// Names what an implication holds for.
fn named(condition: &Condition) -> String {
    match condition {
        Condition::Equals(pairs) => {
            let pairs = pairs.iter().map(|(name, value)| format!("`{name}={value}`"));
            pairs.collect::<Vec<_>>().join(" and ")
        }
        Condition::Set(name) => format!("`{name}`"),
    }
}
