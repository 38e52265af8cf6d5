//! Checks the secrets: what they are worth, and whether they have the form of their kind.

use crate::contract::Found;
use crate::contract::Source;
use crate::contract::Subject;
use crate::contract::advice;
use crate::contract::findings::About;
use crate::contract::findings::Breach;
use crate::contract::findings::Findings;
use crate::contract::rules;
use crate::contract::rules::Rule;
use crate::contract::stand_in;
use crate::policy::Finding;
use crate::policy::Mismatch;
use crate::policy::SecretPolicy;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::scoring;
use crate::scoring::Context;
use crate::scoring::Grade;
use crate::scoring::Origin;
use crate::scoring::Score;

/// Checks every secret that is set, and the former values beside them.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for secret in subject.secrets() {
        if let Some(found) = subject.set(secret.name()) {
            one(subject, secret, found, findings);
        }
        let former = secret.previous_var().and_then(|name| subject.set(name));
        if let Some(former) = former {
            strength(subject, secret, former, findings);
        }
    }
    for found in subject.values.all().filter(Found::is_set) {
        mode(subject, found, findings);
    }
}

fn one(subject: &Subject<'_>, secret: &SecretPolicy, found: Found<'_>, findings: &mut Findings<'_>) {
    let about = About::found(found);
    let score = strength(subject, secret, found, findings);
    if score.origin == Origin::Reference {
        return;
    }
    let cure = cure(subject, secret);
    findings.breaches(refused(secret, found, &cure), about);
    // What is no value at all has no form.
    if score.grade != Grade::F {
        findings.breaches(form(secret, (found, &score), &cure), about);
        findings.breaches(foreign(subject, secret, found), about);
        advice::check(secret.warn(), found, findings);
    }
}

/// Judges what a value is worth. A value that is derived from others is worth what those are.
fn strength(
    subject: &Subject<'_>,
    secret: &SecretPolicy,
    found: Found<'_>,
    findings: &mut Findings<'_>,
) -> Score {
    let names = [found.name, subject.policy.name()];
    let context = Context {
        cut_at: found.cut_at,
        ..Context::of(secret, subject.tier(), &names)
    };
    let score = scoring::score(found.value, &context);
    let is_stand_in = matches!(score.origin, Origin::Empty | Origin::Reference | Origin::Template);
    let is_stored = matches!(subject.facts.source, Source::Store(_));
    let cure = match is_stored && is_former(secret, found) {
        true => format!(
            "end its overlap: mintage retire {} -e {}",
            secret.name(),
            subject.environment.name()
        ),
        false => cure(subject, secret),
    };
    for finding in score.findings.clone() {
        let matters = finding.rule == rules::REFERENCE.id || finding.severity > Severity::Note;
        let matters = matters && !is_said_by_form(&finding, secret, found);
        if matters && (is_stand_in || secret.derivation().is_none()) {
            let finding = in_this_place(subject, finding, (found.name, &cure));
            findings.place(finding, About::found(found));
        }
    }
    score
}

/// Returns whether the check of the form says what the scorer found about the size of a key. Of a former value the form
/// is not checked, and where a value was cut is nowhere else said.
fn is_said_by_form(finding: &Finding, secret: &SecretPolicy, found: Found<'_>) -> bool {
    let is_about_size =
        finding.rule == rules::KEY_BYTES.id || finding.rule == rules::TRUNCATED.id && found.cut_at.is_none();
    if !is_about_size || is_former(secret, found) {
        return false;
    }
    let mismatch = secret.accepts(found.bytes()).err();
    mismatch.is_some_and(|mismatch| rule_of(&mismatch, secret, found) == Some(rules::KIND_MISMATCH))
}

/// Returns whether this is the value from before the last rotation.
fn is_former(secret: &SecretPolicy, found: Found<'_>) -> bool {
    let former = secret.previous_var();
    former.is_some_and(|name| name.as_str() == found.name)
}

/// Says of a finding of the scorer what is to be done about it here.
fn in_this_place(subject: &Subject<'_>, mut finding: Finding, (name, cure): (&str, &str)) -> Finding {
    if finding.rule == rules::TRUNCATED.id {
        return finding;
    }
    if finding.rule != rules::REFERENCE.id {
        cure.clone_into(&mut finding.fix);
        return finding;
    }
    finding.severity = stand_in::severity_of_reference(subject);
    finding.fix = stand_in::how_to_follow(name);
    finding
}

/// Says how a secret gets another value.
fn cure(subject: &Subject<'_>, secret: &SecretPolicy) -> String {
    let (name, environment) = (secret.name(), subject.environment.name());
    if let Some(derivation) = secret.derivation() {
        let roots: Vec<&str> = derivation.roots().iter().map(|root| root.as_str()).collect();
        return format!(
            "it is made of {}: mintage create {name} -e {environment}",
            roots.join(", ")
        );
    }
    let is_stored = matches!(subject.facts.source, Source::Store(_));
    match (secret.is_generated(), is_stored) {
        (true, true) => format!("replace it: mintage rotate {name} -e {environment}"),
        (true, false) => format!(
            "mint a new one: mintage create {name} -e {environment} (or rotate, if the store has one)"
        ),
        (false, true) => {
            format!(
                "{}, then: mintage import {name} -e {environment}",
                real_one(secret)
            )
        }
        (false, false) => real_one(secret),
    }
}

fn real_one(secret: &SecretPolicy) -> String {
    match (secret.console_url(), secret.issuer()) {
        (Some(url), _) => format!("get the real one at {url}"),
        (None, Some(issuer)) => format!("get the real one from {issuer}"),
        (None, None) => "get the real one from whoever issues it".to_owned(),
    }
}

/// Says by which of its own rules the policy refuses a value.
fn refused(secret: &SecretPolicy, found: Found<'_>, cure: &str) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let text = found.text().unwrap_or_default();
    if secret.forbid_values().iter().any(|refused| refused == text) {
        let message = "the policy refuses this very value: it is public";
        breaches.push(Breach::new(rules::FORBIDDEN_VALUE, message, cure));
    }
    let forbidden = secret.forbid_pattern();
    if let Some(pattern) = forbidden.filter(|pattern| pattern.is_match(text)) {
        let message = format!("it fits `{pattern}`, which the policy forbids");
        breaches.push(Breach::new(rules::FORBIDDEN_PATTERN, message, cure));
    }
    breaches
}

/// Says that a value does not have the form of its kind.
fn form(secret: &SecretPolicy, (found, score): (Found<'_>, &Score), cure: &str) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let is_issued = !secret.is_generated() && secret.derivation().is_none();
    if is_issued && score.random_bits < LEAST_OF_ISSUERS {
        let message = "a value that a person typed: no issuer makes such values";
        breaches.push(Breach::new(rules::MADE_UP, message, cure));
    }
    let length = found
        .text()
        .map_or(found.value.len(), |text| text.chars().count());
    // Of secrets that we make ourselves, the scorer has said so already.
    let least = secret.min_length().filter(|_| !secret.is_generated());
    if let Some(least) = least.filter(|least| length < *least as usize) {
        let message = format!("it has {length} characters, of the {least} that the policy demands");
        breaches.push(Breach::new(rules::TOO_SHORT, message, cure));
    }
    let Err(mismatch) = secret.accepts(found.bytes()) else {
        return breaches;
    };
    if let Some(rule) = rule_of(&mismatch, secret, found) {
        breaches.push(Breach::new(rule, told(&mismatch, secret), cure));
    }
    breaches
}

/// Says that a value is recognisably what another issuer makes. Keys of a test mode have a rule of their own.
fn foreign(subject: &Subject<'_>, secret: &SecretPolicy, found: Found<'_>) -> Option<Breach> {
    match secret.belongs(found.bytes(), subject.tier()) {
        Err(mismatch @ Mismatch::Issuer(_)) => Some(Breach::new(
            rules::FOREIGN_ISSUER,
            mismatch.to_string(),
            format!("put it where it belongs, and {}", cure(subject, secret)),
        )),
        _ => None,
    }
}

/// Returns the rule that a mismatch belongs to; `None` where another part of this module has said it.
fn rule_of(mismatch: &Mismatch, secret: &SecretPolicy, found: Found<'_>) -> Option<Rule> {
    let is_refusal = secret
        .forbid_values()
        .iter()
        .any(|refused| found.text() == Some(refused))
        || secret
            .forbid_pattern()
            .is_some_and(|pattern| found.text().is_some_and(|text| pattern.is_match(text)));
    match mismatch {
        Mismatch::Checksum => Some(rules::CHECKSUM),
        Mismatch::Claims => Some(rules::TOKEN_CLAIMS),
        Mismatch::Pattern | Mismatch::Shape(_) => Some(rules::PATTERN),
        Mismatch::Form(_) if is_refusal => None,
        Mismatch::Whitespace => Some(rules::DAMAGED),
        _ if secret.decoded_bytes().is_some() && fits_kind(secret, found) => Some(rules::DECODED_BYTES),
        _ => Some(rules::KIND_MISMATCH),
    }
}

fn fits_kind(secret: &SecretPolicy, found: Found<'_>) -> bool {
    (secret.kind().accepts)(secret.shape(), found.bytes()).is_ok()
}

fn told(mismatch: &Mismatch, secret: &SecretPolicy) -> String {
    match (mismatch, secret.pattern(), secret.decoded_bytes()) {
        (Mismatch::Shape(_), Some(pattern), _) => format!("{mismatch}, which is `{pattern}`"),
        (Mismatch::Pattern, Some(pattern), _) => format!("it does not fit `{pattern}`"),
        (Mismatch::Form(_) | Mismatch::Length { .. }, _, Some(bytes)) => {
            format!("{mismatch}; decoded, it must have {bytes} bytes")
        }
        _ => format!("{mismatch}, as kind `{}` demands", secret.kind_name()),
    }
}

/// Says that a key is of another mode of its issuer than the environment.
fn mode(subject: &Subject<'_>, found: Found<'_>, findings: &mut Findings<'_>) {
    let text = found.text().unwrap_or_default();
    let mut parts = text.splitn(3, '_');
    let (Some(start), Some(mode), Some(_)) = (parts.next(), parts.next(), parts.next()) else {
        return;
    };
    if !MODAL.contains(&start) {
        return;
    }
    let (rule, message, which) = match (mode, subject.tier()) {
        ("test", Tier::Production) => (
            rules::TEST_MODE_KEY,
            "a key of the issuer's test mode, in production",
            "live",
        ),
        ("live", Tier::Development) => (
            rules::LIVE_MODE_KEY,
            "a key of the issuer's live mode, on a machine that is not production",
            "test",
        ),
        _ => return,
    };
    let fix = format!("put the {which} mode key into `{}`", found.name);
    findings.add(rule, About::found(found), message, fix);
}

/// Random bits that the values of every issuer have: a short-lived PIN has 20, a Gmail app password 75.
const LEAST_OF_ISSUERS: f64 = 24.0;

/// How keys start whose second word is their mode, as with Stripe, Tap, Paystack, Clerk and Creem.
const MODAL: [&str; 7] = ["acct", "creem", "pk", "rk", "sk", "pdl", "whsec"];
