//! Values that another environment has too, and values that the store knows as former or leaked.

use crate::contract::Comparison;
use crate::contract::Found;
use crate::contract::StoredVersion;
use crate::contract::Subject;
use crate::contract::findings::About;
use crate::contract::findings::Breach;
use crate::contract::findings::Findings;
use crate::contract::rules;
use crate::policy::SecretPolicy;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::Stage;

/// Compares the secrets by their fingerprints.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let Some(comparison) = &subject.facts.comparison else {
        return;
    };
    for secret in subject.secrets() {
        let Some(found) = subject.set(secret.name()) else {
            continue;
        };
        let fingerprint = Fingerprint::of(found.value, &comparison.key);
        findings.breaches(
            in_store(subject, comparison, (secret, fingerprint)),
            About::found(found),
        );
        if secret.derivation().is_none() {
            across(subject, (comparison, secret), (found, fingerprint), findings);
        }
    }
}

fn across(
    subject: &Subject<'_>,
    (comparison, secret): (&Comparison, &SecretPolicy),
    (found, fingerprint): (Found<'_>, Fingerprint),
    findings: &mut Findings<'_>,
) {
    let mut places: Vec<String> = comparison
        .elsewhere
        .iter()
        .filter(|other| other.fingerprint == fingerprint)
        .map(|other| {
            if other.name == found.name {
                other.environment.to_string()
            } else {
                format!("{} (as `{}`)", other.environment, other.name)
            }
        })
        .collect();
    places.sort();
    places.dedup();
    if places.is_empty() {
        return;
    }
    let breach = Breach::new(
        rules::REUSED_ACROSS_ENVIRONMENTS,
        format!(
            "{} has the same value: a leak there is a leak here",
            places.join(", ")
        ),
        format!("give `{}` a value of its own in each environment", found.name),
    );
    findings.add_as(
        severity_across(secret, subject.tier()),
        breach,
        About::found(found),
    );
}

/// Returns how much it matters that another environment has the same value.
pub fn severity_across(secret: &SecretPolicy, tier: Tier) -> Severity {
    // Where the policy does not demand it, an issuer may well have one account for all.
    match (secret.distinct_across_environments(), secret.is_generated()) {
        (true, _) => rules::REUSED_ACROSS_ENVIRONMENTS.severity(tier),
        (false, true) if tier != Tier::Development => Severity::Warning,
        (false, _) => Severity::Note,
    }
}

/// Returns the name to rotate for a new value: that of the first root where the secret is made of others.
fn root_of(secret: &SecretPolicy) -> &SecretName {
    let derivation = secret.derivation();
    let root = derivation.and_then(|derivation| derivation.roots().first().copied());
    root.unwrap_or(secret.name())
}

fn in_store(
    subject: &Subject<'_>,
    comparison: &Comparison,
    (secret, fingerprint): (&SecretPolicy, Fingerprint),
) -> Option<Breach> {
    let (name, environment) = (secret.name(), subject.environment.name());
    let is_own = |version: &&StoredVersion| version.name == name.as_str();
    let twins = comparison
        .stored
        .iter()
        .filter(|version| version.fingerprint == fingerprint);
    let twin = twins.max_by_key(|version| version.compromised);
    let is_former = |twin: &StoredVersion| matches!(twin.stage, Stage::Previous | Stage::Retired);
    let has_current = || {
        comparison
            .stored
            .iter()
            .filter(is_own)
            .any(|version| version.stage == Stage::Current)
    };
    let place = subject.facts.source.place();
    Some(match twin {
        Some(twin) if twin.compromised => Breach::new(
            rules::COMPROMISED_VALUE,
            "the store marks this value as compromised: somebody else has it",
            format!(
                "replace it now: mintage rotate {} -e {environment} --reason compromise",
                root_of(secret)
            ),
        ),
        Some(twin) if is_own(&twin) && is_former(twin) => Breach::new(
            rules::FORMER_VALUE,
            "it is the value from before the last rotation",
            format!("put the current one into {place}: mintage reveal {name} -e {environment}"),
        ),
        None if has_current() => Breach::new(
            rules::DIFFERS_FROM_STORE,
            "it is not the value that the store has",
            format!("bring it in: mintage import {name} -e {environment}; or put the stored one here"),
        ),
        _ => return None,
    })
}
