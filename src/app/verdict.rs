//! Whether values are fit to be handed out: what `check` would say of them, and whether they have expired.

use std::collections::BTreeSet;

use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;

use crate::contract;
use crate::contract::Comparison;
use crate::contract::Facts;
use crate::contract::Source;
use crate::contract::Subject;
use crate::contract::Values;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::Environment;
use crate::policy::Finding;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::Severity;
use crate::policy::kinds::Role;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::Stage;

/// The values of an environment that are about to be handed out, and what is known of them.
pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    pub(super) environment: &'a Environment,
    pub(super) candidates: &'a [Candidate<'a>],
    /// Secrets in question that have no value.
    pub(super) missing: &'a [&'a SecretName],
    /// Declared variables that the command gets beside them.
    pub(super) beside: Vec<(SecretName, &'a SecretValue)>,
    pub(super) now: DateTime<Utc>,
}

/// A value that is about to be handed out.
pub(super) struct Candidate<'a> {
    pub(super) secret: &'a SecretPolicy,
    pub(super) record: &'a SecretRecord,
    pub(super) version: &'a VersionRecord,
    pub(super) value: SecretValue,
}

impl Candidate<'_> {
    /// Returns the name that the policy knows the value by, whatever variable carries it.
    fn name(&self) -> &SecretName {
        let former = self.secret.previous_var();
        former
            .filter(|_| self.version.stage == Stage::Previous)
            .unwrap_or(self.secret.name())
    }
}

/// Judges values by the contract of their environment, as far as it can be known from them: whatever a file or
/// a repository would tell is not asked, and a variable that nobody sets may come from elsewhere. An error forbids to
/// hand them out, a warning does not; notes are left out.
pub(super) fn verdict(case: Case<'_>, comparison: Comparison, rng: &mut dyn CryptoRng) -> Vec<Finding> {
    let beside = case.beside.iter().map(|(name, value)| (name, *value));
    let handed = case.candidates.iter().map(|one| (one.name(), &one.value));
    let values: Vec<(&SecretName, &SecretValue)> = beside.chain(handed).collect();
    let secrets = case.candidates.iter().map(|one| one.secret.name());
    let names: BTreeSet<SecretName> = values
        .iter()
        .map(|(name, _)| *name)
        .chain(secrets)
        .chain(case.missing.iter().copied())
        .cloned()
        .collect();
    let mut facts = Facts::new(Source::Store(names), case.now.date_naive());
    facts.comparison = Some(comparison);
    let subject = Subject {
        policy: case.policy,
        environment: case.environment,
        values: Values::of_process(values.iter().map(|(name, value)| (name.as_str(), *value))),
        facts: &facts,
    };
    let mut findings = contract::check(&subject, rng).findings;
    findings.retain(|finding| finding.severity > Severity::Note);
    for candidate in case.candidates {
        // A secret that is handed out by two names is judged once.
        let expired = expired(&case, candidate).filter(|expired| !findings.contains(expired));
        findings.extend(expired);
    }
    findings
}

fn expired(case: &Case<'_>, candidate: &Candidate<'_>) -> Option<Finding> {
    let end = candidate.record.expires_at?;
    if candidate.version.stage != Stage::Current || end > case.now {
        return None;
    }
    let name = &candidate.record.name;
    Some(Finding {
        rule: "expired",
        severity: Severity::Warning,
        environment: Some(case.environment.name().clone()),
        name: Some(name.to_string()),
        location: None,
        message: "has expired".to_owned(),
        fix: replaced(candidate.secret, name, case.environment),
    })
}

/// Says how a value is replaced.
fn replaced(secret: &SecretPolicy, name: &SecretName, environment: &Environment) -> String {
    let environment = environment.name();
    match (secret.derivation(), secret.kind().role) {
        (Some(derivation), _) => {
            let root = derivation
                .roots()
                .first()
                .map_or_else(String::new, ToString::to_string);
            format!("replace what it is derived from: mintage rotate {root} -e {environment}")
        }
        (None, Role::Issued) => format!("bring a new one in: mintage import {name} -e {environment}"),
        (None, _) => format!("replace it: mintage rotate {name} -e {environment}"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;
    use ring::hmac;

    use super::*;
    use crate::contract::StoredVersion;
    use crate::ledger::Binding;
    use crate::ledger::Origin;
    use crate::secret::Fingerprint;

    const POLICY: &str = "
        schema = 1
        name = \"x\"
        [environments.production]
        [secrets.JWT_SECRET]
        kind = \"jwt-hs256\"
        required = true
        overlap = \"7d\"
        previous_var = \"OLD_SECRET\"
        [secrets.COPY]
        same_as = \"JWT_SECRET\"
        [secrets.ISSUED_KEY]
        kind = \"issued\"
        issuer = \"Example\"
        required = true
        [secrets.OPTIONAL]
        kind = \"hex\"
        [variables.PORT]
        type = \"int\"
        required = true
        [variables.REGION]
        type = \"string\"
        required = true";

    fn version(stage: Stage, fingerprint: Fingerprint) -> VersionRecord {
        VersionRecord {
            id: "01900000-0000-7000-8000-000000000000".parse().unwrap(),
            stage,
            origin: Origin::Minted,
            recorded_at: DateTime::UNIX_EPOCH,
            changed_at: None,
            promoted_at: None,
            replaced_at: None,
            overlap_ends_at: None,
            revoked_at: None,
            compromised: false,
            bits: 0,
            fingerprint,
            binding: Binding::Sha256(String::new()),
        }
    }

    /// Judges one value of `name` after `change` was made to its record and version.
    fn judged(
        name: &str,
        value: &str,
        change: impl Fn(&mut SecretRecord, &mut VersionRecord),
    ) -> Vec<String> {
        let name: SecretName = name.parse().unwrap();
        let value = SecretValue::new(value.as_bytes().to_vec());
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[1; 32]);
        let mut record = SecretRecord::new(name.clone(), "hex");
        let mut version = version(Stage::Current, Fingerprint::of(&value, &key));
        change(&mut record, &mut version);
        let stored = StoredVersion {
            name: name.to_string(),
            stage: version.stage,
            compromised: version.compromised,
            fingerprint: version.fingerprint,
        };
        let comparison = Comparison {
            key,
            elsewhere: Vec::new(),
            stored: vec![stored],
        };
        let policy = Policy::parse("x", POLICY).unwrap();
        let environment = policy.environments().next().unwrap();
        let candidate = Candidate {
            secret: policy.secret(&name, environment.name()).unwrap(),
            record: &record,
            version: &version,
            value,
        };
        said(&policy, (&[candidate], &[]), Vec::new(), comparison)
    }

    fn said(
        policy: &Policy,
        (candidates, missing): (&[Candidate<'_>], &[&SecretName]),
        beside: Vec<(SecretName, &SecretValue)>,
        comparison: Comparison,
    ) -> Vec<String> {
        let case = Case {
            policy,
            environment: policy.environments().next().unwrap(),
            candidates,
            missing,
            beside,
            now: DateTime::UNIX_EPOCH,
        };
        let findings = verdict(case, comparison, &mut ChaCha20Rng::seed_from_u64(0));
        let told = findings
            .into_iter()
            .map(|finding| format!("{:?} {}: {}", finding.severity, finding.rule, finding.fix));
        told.collect()
    }

    fn nothing_stored() -> Comparison {
        crate::app::no_stored_values(&mut ChaCha20Rng::seed_from_u64(0))
    }

    /// 64 hexadecimal digits without a pattern: the first digits of pi.
    const STRONG: &str = "243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6c89";

    #[test]
    fn a_sound_value_passes() {
        assert!(judged("JWT_SECRET", STRONG, |_, _| {}).is_empty());
    }

    #[test]
    fn a_value_that_others_know_is_forbidden_whatever_its_strength() {
        for (name, root) in [
            ("JWT_SECRET", "JWT_SECRET"),
            ("COPY", "JWT_SECRET"),
            ("ISSUED_KEY", "ISSUED_KEY"),
        ] {
            assert_eq!(
                judged(name, STRONG, |_, version| version.compromised = true),
                [format!(
                    "Error compromised-value: replace it now: mintage rotate {root} -e production --reason compromise"
                )],
                "{name}"
            );
        }
    }

    #[test]
    fn an_expired_value_is_a_warning() {
        let expired = |record: &mut SecretRecord, _: &mut VersionRecord| {
            record.expires_at = Some(DateTime::UNIX_EPOCH);
        };
        let valid = |record: &mut SecretRecord, _: &mut VersionRecord| {
            record.expires_at = Some(DateTime::UNIX_EPOCH + TimeDelta::seconds(1));
        };

        assert_eq!(
            judged("JWT_SECRET", STRONG, expired),
            ["Warning expired: replace it: mintage rotate JWT_SECRET -e production"]
        );
        assert!(judged("JWT_SECRET", STRONG, valid).is_empty());
    }

    #[test]
    fn strength_is_asked_of_values_that_are_no_functions_of_others() {
        let weak = judged("JWT_SECRET", "password", |_, _| {});
        let former = judged("JWT_SECRET", "password", |_, version| {
            version.stage = Stage::Previous;
        });

        assert!(weak.iter().any(|one| one.starts_with("Error ")), "{weak:?}");
        assert!(judged("COPY", "password", |_, _| {}).is_empty());
        assert!(
            former
                .iter()
                .any(|one| one.starts_with("Error ")
                    && one.ends_with("mintage retire JWT_SECRET -e production")),
            "{former:?}"
        );
    }

    #[test]
    fn only_required_secrets_are_missed() {
        let policy = Policy::parse("x", POLICY).unwrap();
        let names: Vec<&SecretName> = policy.secret_names().collect();

        // A variable that nobody sets may stand in a file that the command reads.
        assert_eq!(
            said(&policy, (&[], &names), Vec::new(), nothing_stored()),
            [
                "Error missing: get it from Example, then: mintage import ISSUED_KEY -e production",
                "Error missing: mint it: mintage create JWT_SECRET -e production",
            ]
        );
    }

    #[test]
    fn variables_that_the_command_gets_are_judged_too() {
        let policy = Policy::parse("x", POLICY).unwrap();
        let port = SecretValue::new(b"http".to_vec());
        let beside = vec![("PORT".parse().unwrap(), &port)];

        assert_eq!(
            said(&policy, (&[], &[]), beside, nothing_stored()),
            ["Error wrong-type: correct `PORT`; what it is for: mintage policy show PORT"]
        );
    }
}
