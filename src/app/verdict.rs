//! Whether values are fit to be handed out.

use chrono::DateTime;
use chrono::Utc;

use crate::app::context_of;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::Environment;
use crate::policy::Finding;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::Severity;
use crate::policy::kinds::Role;
use crate::scoring;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::Stage;

/// The values of an environment that are about to be handed out, and what is known of them.
pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    pub(super) environment: &'a Environment,
    pub(super) candidates: &'a [Candidate<'a>],
    /// Declared secrets that have no value.
    pub(super) missing: &'a [&'a SecretName],
    pub(super) now: DateTime<Utc>,
}

/// A value that is about to be handed out.
pub(super) struct Candidate<'a> {
    pub(super) secret: &'a SecretPolicy,
    pub(super) record: &'a SecretRecord,
    pub(super) version: &'a VersionRecord,
    pub(super) value: SecretValue,
}

/// Judges the values of an environment: required ones are there, nobody else knows them, they have not expired,
/// and they are as strong as the tier asks for. An error forbids to hand them out, a warning does not.
///
/// Derived values are as strong as their roots, and former values were judged when they were current.
pub(super) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let missing = case.missing.iter().filter_map(|name| case.missing(name));
    let mut findings: Vec<Finding> = missing.collect();
    for candidate in case.candidates {
        findings.extend(case.compromised(candidate));
        if candidate.version.stage != Stage::Current {
            continue;
        }
        findings.extend(case.expired(candidate));
        if candidate.secret.derivation().is_none() {
            findings.extend(case.weak(candidate));
        }
    }
    // A secret that is handed out by two names is judged once.
    let mut seen = Vec::new();
    findings.retain(|finding| {
        let is_new = !seen.contains(finding);
        seen.push(finding.clone());
        is_new
    });
    findings
}

impl Case<'_> {
    fn missing(&self, name: &SecretName) -> Option<Finding> {
        let secret = self.policy.secret(name, self.environment.name())?;
        let place = self.environment.name();
        let fix = match (secret.kind().role, secret.issuer()) {
            (Role::Issued, Some(issuer)) => {
                format!("get it from {issuer}, then: mintage import {name} -e {place}")
            }
            (Role::Issued, None) => format!("bring it in: mintage import {name} -e {place}"),
            _ => format!("mint it: mintage create {name} -e {place}"),
        };
        secret.required().then(|| {
            let message = "is required and has no value".to_owned();
            self.finding("missing", Severity::Error, name, (message, fix))
        })
    }

    fn compromised(&self, candidate: &Candidate<'_>) -> Option<Finding> {
        let name = &candidate.record.name;
        candidate.version.compromised.then(|| {
            let fix = replaced(candidate.secret, name, self.environment);
            let message = "is marked as known to others".to_owned();
            self.finding("compromised", Severity::Error, name, (message, fix))
        })
    }

    fn expired(&self, candidate: &Candidate<'_>) -> Option<Finding> {
        candidate.record.expires_at.filter(|end| *end <= self.now)?;
        let name = &candidate.record.name;
        let fix = replaced(candidate.secret, name, self.environment);
        Some(self.finding(
            "expired",
            Severity::Warning,
            name,
            ("has expired".to_owned(), fix),
        ))
    }

    /// Says why a value is below the bar of its tier.
    fn weak(&self, candidate: &Candidate<'_>) -> Vec<Finding> {
        let name = &candidate.record.name;
        let tier = self.environment.tier();
        let names = [name.as_str(), self.policy.name()];
        let score = scoring::score(&candidate.value, &context_of(candidate.secret, tier, &names));
        if !score.below_bar(tier) {
            return Vec::new();
        }
        let fix = replaced(candidate.secret, name, self.environment);
        let weighs = |finding: &&Finding| finding.severity > Severity::Note;
        let reasons: Vec<Finding> = score.findings.iter().filter(weighs).cloned().collect();
        if reasons.is_empty() {
            let message = format!("is weaker than {tier} asks for");
            return vec![self.finding("weak-entropy", Severity::Error, name, (message, fix))];
        }
        let placed = reasons
            .into_iter()
            .map(|reason| self.finding(reason.rule, Severity::Error, name, (reason.message, fix.clone())));
        placed.collect()
    }

    fn finding(
        &self,
        rule: &'static str,
        severity: Severity,
        name: &SecretName,
        (message, fix): (String, String),
    ) -> Finding {
        Finding {
            rule,
            severity,
            environment: Some(self.environment.name().clone()),
            name: Some(name.to_string()),
            location: None,
            message,
            fix,
        }
    }
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

    use super::*;
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
        [secrets.COPY]
        same_as = \"JWT_SECRET\"
        [secrets.ISSUED_KEY]
        kind = \"issued\"
        issuer = \"Example\"
        required = true
        [secrets.OPTIONAL]
        kind = \"hex\"";

    fn version(stage: Stage) -> VersionRecord {
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
            fingerprint: Fingerprint::try_from("00".repeat(16)).unwrap(),
            binding: Binding::Sha256(String::new()),
        }
    }

    /// Judges one value of `name` after `change` was made to its record and version.
    fn judged(
        name: &str,
        value: &str,
        change: impl Fn(&mut SecretRecord, &mut VersionRecord),
    ) -> Vec<String> {
        let policy = Policy::parse("x", POLICY).unwrap();
        let environment = policy.environments().next().unwrap();
        let name: SecretName = name.parse().unwrap();
        let mut record = SecretRecord::new(name.clone(), "hex");
        let mut version = version(Stage::Current);
        change(&mut record, &mut version);
        let candidate = Candidate {
            secret: policy.secret(&name, environment.name()).unwrap(),
            record: &record,
            version: &version,
            value: SecretValue::new(value.as_bytes().to_vec()),
        };
        let findings = verdict(&Case {
            policy: &policy,
            environment,
            candidates: &[candidate],
            missing: &[],
            now: DateTime::UNIX_EPOCH,
        });
        let told = findings
            .into_iter()
            .map(|finding| format!("{:?} {}: {}", finding.severity, finding.rule, finding.fix));
        told.collect()
    }

    /// 64 hexadecimal digits without a pattern: the first digits of pi.
    const STRONG: &str = "243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6c89";

    #[test]
    fn a_sound_value_passes() {
        assert!(judged("JWT_SECRET", STRONG, |_, _| {}).is_empty());
    }

    #[test]
    fn a_value_that_others_know_is_forbidden_whatever_its_strength() {
        assert_eq!(
            judged("JWT_SECRET", STRONG, |_, version| version.compromised = true),
            ["Error compromised: replace it: mintage rotate JWT_SECRET -e production"]
        );
        assert_eq!(
            judged("COPY", "x", |_, version| version.compromised = true),
            ["Error compromised: replace what it is derived from: mintage rotate JWT_SECRET -e production"]
        );
        assert_eq!(
            judged("ISSUED_KEY", STRONG, |_, version| version.compromised = true),
            ["Error compromised: bring a new one in: mintage import ISSUED_KEY -e production"]
        );
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
    fn strength_is_asked_of_current_values_that_are_no_functions_of_others() {
        assert!(!judged("JWT_SECRET", "password", |_, _| {}).is_empty());
        assert!(judged("COPY", "password", |_, _| {}).is_empty());
        assert!(
            judged("JWT_SECRET", "password", |_, version| version.stage =
                Stage::Previous)
            .is_empty()
        );
    }

    #[test]
    fn only_required_values_are_missed() {
        let policy = Policy::parse("x", POLICY).unwrap();
        let names: Vec<&SecretName> = policy.secret_names().collect();

        let findings = verdict(&Case {
            policy: &policy,
            environment: policy.environments().next().unwrap(),
            candidates: &[],
            missing: &names,
            now: DateTime::UNIX_EPOCH,
        });

        let told: Vec<String> = findings
            .iter()
            .map(|one| format!("{} {}", one.rule, one.fix))
            .collect();
        assert_eq!(
            told,
            [
                "missing get it from Example, then: mintage import ISSUED_KEY -e production",
                "missing mint it: mintage create JWT_SECRET -e production",
            ]
        );
    }
}
