//! What has to be there: required names.

use crate::contract::Source;
use crate::contract::Subject;
use crate::contract::findings::About;
use crate::contract::findings::Breach;
use crate::contract::findings::Findings;
use crate::contract::rules;
use crate::policy::SecretPolicy;
use crate::policy::Severity;
use crate::policy::VariablePolicy;
use crate::secret::SecretName;

/// Checks that every required name has a value.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for secret in subject.secrets().filter(|secret| secret.required()) {
        one(
            subject,
            secret.name(),
            &how_to_set_secret(subject, secret),
            findings,
        );
    }
    for variable in subject.variables().filter(|variable| variable.required()) {
        one(subject, variable.name(), &how_to_set(subject, variable), findings);
    }
    let advised = |warn: Option<&VariablePolicy>| warn.is_some_and(VariablePolicy::required);
    for secret in subject.secrets().filter(|secret| advised(secret.warn())) {
        advise(
            subject,
            secret.name(),
            &how_to_set_secret(subject, secret),
            findings,
        );
    }
    for variable in subject.variables().filter(|variable| advised(variable.warn())) {
        advise(subject, variable.name(), &how_to_set(subject, variable), findings);
    }
    for (one, other) in subject.policy.aliases() {
        alias(subject, (one, other), findings);
    }
}

fn one(subject: &Subject<'_>, name: &SecretName, fix: &str, findings: &mut Findings<'_>) {
    if subject.set(name).is_some() {
        return;
    }
    let environment = subject.environment.name();
    match subject.values.named(name.as_str()) {
        Some(empty) => findings.add(
            rules::EMPTY,
            About::found(empty),
            format!("it is empty, and {environment} needs it"),
            fix,
        ),
        None => findings.add(
            rules::MISSING,
            About::name(name.as_str()),
            format!("it is not set, and {environment} needs it"),
            fix,
        ),
    }
}

/// Says that a name is better set than left out.
fn advise(subject: &Subject<'_>, name: &SecretName, fix: &str, findings: &mut Findings<'_>) {
    if subject.set(name).is_some() {
        return;
    }
    let empty = subject.values.named(name.as_str());
    let about = empty.map_or(About::name(name.as_str()), About::found);
    let message = format!(
        "it is not set, and {} is better off with it",
        subject.environment.name()
    );
    findings.add_as(
        Severity::Warning,
        Breach::new(rules::MISSING, message, fix),
        about,
    );
}

/// Says that only the other spelling of a name is set, which not every program reads.
fn alias(subject: &Subject<'_>, (one, other): (&SecretName, &SecretName), findings: &mut Findings<'_>) {
    let set = |name: &SecretName| subject.values.named(name.as_str()).filter(|found| found.is_set());
    match (set(one), set(other)) {
        (None, Some(found)) => findings.add(
            rules::ALIAS_ONLY,
            About::found(found),
            format!("only this name is set, and `{one}` is what the policy declares"),
            format!("set `{one}` to the same value, or rename it"),
        ),
        (Some(found), Some(second)) if found.value != second.value => findings.add(
            rules::ALIAS_CONFLICT,
            About::found(found),
            format!("`{one}` and `{other}` are two names for one thing and have different values"),
            format!("give both the same value, or remove `{other}`"),
        ),
        _ => {}
    }
}

/// Says how a secret gets its value.
pub(super) fn how_to_set_secret(subject: &Subject<'_>, secret: &SecretPolicy) -> String {
    let (name, environment) = (secret.name(), subject.environment.name());
    let place = subject.facts.source.place();
    let is_stored = matches!(subject.facts.source, Source::Store(_));
    if secret.is_generated() || secret.derivation().is_some() {
        let place = match is_stored {
            true => String::new(),
            false => format!(", and put it into {place}"),
        };
        return format!("mint it{place}: mintage create {name} -e {environment}");
    }
    let origin = match (secret.console_url(), secret.issuer()) {
        (Some(url), _) => format!("at {url}"),
        (None, Some(issuer)) => format!("from {issuer}"),
        (None, None) => "from whoever issues it".to_owned(),
    };
    match is_stored {
        true => format!("get it {origin}, then: mintage import {name} -e {environment}"),
        false => format!("get it {origin} and put it into {place}"),
    }
}

fn how_to_set(subject: &Subject<'_>, variable: &VariablePolicy) -> String {
    let (name, place) = (variable.name(), subject.facts.source.place());
    match variable.equals() {
        Some(wanted) => format!("add to {place}: {name}={wanted}"),
        None => match variable.description() {
            Some(description) => format!("add `{name}` to {place}: {description}"),
            None => format!("add `{name}` to {place}"),
        },
    }
}
