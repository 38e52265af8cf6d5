//! Values that are shared and must not be, and values that must be the same and are not.

use rand::CryptoRng;

use crate::contract::Found;
use crate::contract::Subject;
use crate::contract::findings::About;
use crate::contract::findings::Findings;
use crate::contract::rules;
use crate::generator;
use crate::policy::Derivation;
use crate::policy::SecretPolicy;
use crate::secret::SecretName;

/// Checks inside the environment.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>, rng: &mut dyn CryptoRng) {
    distinct(subject, findings);
    shared(subject, findings);
    former(subject, findings);
    derived(subject, findings, rng);
}

/// Checks the names whose values must differ by the policy.
fn distinct(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let secrets = subject
        .secrets()
        .map(|secret| (secret.name(), secret.distinct_from()));
    let variables = subject
        .variables()
        .map(|variable| (variable.name(), variable.distinct_from()));
    for (name, others) in secrets.chain(variables) {
        let Some(found) = subject.set(name) else {
            continue;
        };
        for other in others {
            if subject
                .set(other)
                .is_some_and(|second| second.value == found.value)
            {
                findings.add(
                    rules::SAME_VALUE,
                    About::found(found),
                    format!("it has the value of `{other}`, and the policy demands another"),
                    format!("give `{name}` a value of its own"),
                );
            }
        }
    }
}

/// Checks that no two secrets share a value, where the policy does not make them.
fn shared(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let drawn: Vec<(&SecretPolicy, Found<'_>)> = subject
        .secrets()
        .filter(|secret| secret.derivation().is_none())
        .filter_map(|secret| Some((secret, subject.set(secret.name())?)))
        .collect();
    for (place, (secret, found)) in drawn.iter().enumerate() {
        let is_known = |one: &SecretPolicy, other: &SecretPolicy| {
            // Said already, or no second secret at all.
            one.distinct_from().contains(other.name())
                || subject.alias(one.name().as_str()) == Some(other.name())
        };
        let twin = drawn[..place].iter().find(|(other, second)| {
            second.name != found.name
                && second.value == found.value
                && !is_known(secret, other)
                && !is_known(other, secret)
        });
        if let Some((_, twin)) = twin {
            findings.add(
                rules::REUSED,
                About::found(*found),
                format!(
                    "it has the value of `{}`: whoever learns one knows the other",
                    twin.name
                ),
                format!("give `{}` a value of its own", found.name),
            );
        }
    }
}

/// Checks that no variable for a former value holds the current one.
fn former(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for secret in subject.secrets() {
        let Some(found) = subject.set(secret.name()) else {
            continue;
        };
        let former = secret.previous_var().and_then(|name| subject.set(name));
        if let Some(former) = former.filter(|former| former.value == found.value) {
            findings.add(
                rules::SAME_VALUE,
                About::found(former),
                format!(
                    "it holds the current value of `{}`, not the former one",
                    secret.name()
                ),
                format!("remove `{}`, or put the former value there", former.name),
            );
        }
    }
}

/// Checks that what is made of other values still fits them, as far as those are here.
fn derived(subject: &Subject<'_>, findings: &mut Findings<'_>, rng: &mut dyn CryptoRng) {
    let secrets = subject
        .secrets()
        .filter_map(|secret| Some((secret.name(), secret.derivation()?.clone())));
    let variables = subject.variables().filter_map(|variable| {
        let template = variable.template()?.clone();
        Some((variable.name(), Derivation::Filled(template)))
    });
    for (name, derivation) in secrets.chain(variables) {
        let Some(found) = subject.set(name) else {
            continue;
        };
        let roots = |name: &SecretName| subject.set(name).map(|found| found.value);
        let holds = generator::holds(&derivation, &roots, found.value, rng);
        drift(holds == Ok(false), found, &derivation.roots(), findings);
    }
}

fn drift(differs: bool, found: Found<'_>, roots: &[&SecretName], findings: &mut Findings<'_>) {
    if !differs {
        return;
    }
    let roots: Vec<String> = roots.iter().map(|root| format!("`{root}`")).collect();
    let roots = roots.join(", ");
    findings.add(
        rules::DERIVED_DRIFT,
        About::found(found),
        format!("it is made of {roots} and does not fit any more"),
        format!("make `{}` anew of {roots}, as the policy says", found.name),
    );
}
