//! Deriving, in the commit that changes a secret, whatever is computed from it.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;
use serde::Serialize;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::Store;
use crate::app::WrittenVersion;
use crate::generator;
use crate::ledger::Binding;
use crate::ledger::Origin;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::Derivation;
use crate::policy::Period;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::rotation;
use crate::rotation::Terms;
use crate::secret::EnvironmentName;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::Stage;
use crate::secret::VersionId;

/// What one commit will write.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// The records that change.
    pub(super) records: Vec<SecretRecord>,
    /// Their new values.
    pub(super) versions: Vec<WrittenVersion>,
}

/// A derived secret that cannot be computed yet.
#[derive(Clone, Debug, Serialize)]
pub struct WaitingSecret {
    /// The secret.
    pub name: SecretName,
    /// The secrets it is derived from that have no value.
    pub roots: Vec<SecretName>,
}

/// What became of the derived secrets that were asked for by name.
#[derive(Debug, Default)]
pub(super) struct Derived {
    /// Those that hold already.
    pub(super) existing: Vec<SecretName>,
    /// Those whose roots have no value.
    pub(super) waiting: Vec<WaitingSecret>,
}

/// What deriving needs beside the change.
pub(super) struct Along<'a> {
    pub(super) store: &'a Store<'a>,
    pub(super) policy: &'a Policy,
    pub(super) environment: &'a EnvironmentName,
    pub(super) checked: &'a Checked,
    /// Why the roots change.
    pub(super) reason: Reason,
}

impl Along<'_> {
    /// Adds to `change` every secret that is derived from one it changes, and those of `asked` that do not hold.
    ///
    /// # Errors
    ///
    /// When a root cannot be read, or is of no use for what is derived from it. Nothing has changed then.
    pub(super) fn derive(
        &self,
        change: &mut Change,
        asked: &[SecretName],
        rng: &mut dyn CryptoRng,
    ) -> Result<Derived, AppError> {
        let mut outcome = Derived::default();
        // Values that other versions of this commit do not carry, read once.
        let mut stored: BTreeMap<SecretName, SecretValue> = BTreeMap::new();
        // One instant for the whole commit, so that overlaps of roots and of what is derived end together.
        let latest = change.records.last().and_then(SecretRecord::current);
        let now = latest.map_or_else(|| self.store.now(), |version| version.recorded_at);
        for secret in self.policy.derived(self.environment) {
            let Some(derivation) = secret.derivation() else {
                continue;
            };
            let name = secret.name();
            let roots = derivation.roots();
            let is_touched = change.versions.iter().any(|new| roots.contains(&&new.name));
            let is_asked = asked.contains(name);
            if !is_touched && !is_asked {
                continue;
            }
            let missing = self.read_roots(&roots, change, &mut stored)?;
            if !missing.is_empty() {
                let waiting = WaitingSecret {
                    name: name.clone(),
                    roots: missing,
                };
                outcome.waiting.extend(is_asked.then_some(waiting));
                continue;
            }
            let value_of = |root: &SecretName| value_of(root, change, &stored);
            if self.holds(secret, derivation, &value_of, rng)? {
                outcome.existing.extend(is_asked.then(|| name.clone()));
                continue;
            }
            let value = generator::derive(derivation, &value_of, now, rng);
            let value = value.map_err(|source| self.refused(name, source))?;
            let (record, version) = self.version(secret, derivation, change, &value, (now, rng));
            change.versions.push(WrittenVersion {
                name: name.clone(),
                value,
                id: version,
            });
            change.records.push(record);
        }
        Ok(outcome)
    }

    /// Reads the roots that this commit does not change, and returns those that have no value.
    fn read_roots(
        &self,
        roots: &[&SecretName],
        change: &Change,
        stored: &mut BTreeMap<SecretName, SecretValue>,
    ) -> Result<Vec<SecretName>, AppError> {
        let mut missing = Vec::new();
        for root in roots.iter().copied() {
            if value_of(root, change, stored).is_some() {
                continue;
            }
            match self.checked.ledger.record(root).and_then(SecretRecord::current) {
                Some(version) => {
                    let value = self.store.value(self.environment, self.checked, root, version)?;
                    stored.insert(root.clone(), value);
                }
                None => missing.push(root.clone()),
            }
        }
        Ok(missing)
    }

    /// Returns whether the stored value is what the roots make, so that nothing has to be written.
    fn holds<'v>(
        &self,
        secret: &SecretPolicy,
        derivation: &Derivation,
        roots: generator::Roots<'v>,
        rng: &mut dyn CryptoRng,
    ) -> Result<bool, AppError> {
        let name = secret.name();
        let Some(current) = self.checked.ledger.record(name).and_then(SecretRecord::current) else {
            return Ok(false);
        };
        let stored = self.store.value(self.environment, self.checked, name, current)?;
        generator::holds(derivation, roots, &stored, rng).map_err(|source| self.refused(name, source))
    }

    fn version(
        &self,
        secret: &SecretPolicy,
        derivation: &Derivation,
        change: &Change,
        value: &SecretValue,
        (now, rng): (DateTime<Utc>, &mut dyn CryptoRng),
    ) -> (SecretRecord, VersionId) {
        let name = secret.name();
        let roots: Vec<&VersionRecord> = derivation
            .roots()
            .into_iter()
            .filter_map(|root| {
                let changed = change.records.iter().find(|record| record.name == *root);
                changed.or(self.checked.ledger.record(root))?.current()
            })
            .collect();
        // It is as old as the last of its roots that changed; of unknown age if one of them is.
        let ages: Option<Vec<DateTime<Utc>>> = roots.iter().map(|root| root.changed_at).collect();
        let version = VersionRecord {
            id: VersionId::new(now, rng),
            stage: Stage::Pending,
            origin: Origin::Derived,
            recorded_at: now,
            changed_at: ages.and_then(|ages| ages.into_iter().max()),
            promoted_at: None,
            replaced_at: None,
            overlap_ends_at: None,
            revoked_at: None,
            compromised: false,
            bits: roots.iter().map(|root| root.bits).min().unwrap_or(0),
            fingerprint: Fingerprint::of(value, self.store.keys().fingerprint_key()),
            binding: Binding::Sha256(String::new()),
        };
        let id = version.id;
        let terms = Terms {
            now,
            reason: self.reason,
            overlap: overlap_of(self.policy, self.environment, secret),
            keep_previous: secret.keep_previous(),
        };
        let old = self.checked.ledger.record(name).cloned();
        let old = old.unwrap_or_else(|| SecretRecord::new(name.clone(), secret.kind_name()));
        let mut record = rotation::promote(&old, version, terms);
        secret.kind_name().clone_into(&mut record.kind);
        record.expires_at = expiry_of(secret, now);
        (record, id)
    }

    fn refused(&self, name: &SecretName, source: generator::DeriveError) -> AppError {
        AppError::NotDerived {
            name: name.clone(),
            environment: self.environment.clone(),
            source,
        }
    }
}

/// Returns how long the former value of a secret stays valid: a derived one dies with the first of its old roots.
pub(super) fn overlap_of(
    policy: &Policy,
    environment: &EnvironmentName,
    secret: &SecretPolicy,
) -> Option<Period> {
    let Some(derivation) = secret.derivation() else {
        return secret.overlap();
    };
    let policy_of = |root: &SecretName| policy.secret(root, environment);
    let overlaps = derivation.roots().into_iter().filter_map(policy_of);
    overlaps
        .filter_map(SecretPolicy::overlap)
        .min_by_key(|overlap| overlap.approximate_seconds())
}

/// Returns when a value that was made at `made` stops working by itself, where that is known.
pub(super) fn expiry_of(secret: &SecretPolicy, made: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match secret.derivation() {
        Some(Derivation::Signed(token)) => Some(generator::ends_at(token, made)),
        _ => None,
    }
}

/// Finds a value that this commit writes, or else one that was read.
fn value_of<'a>(
    name: &SecretName,
    change: &'a Change,
    stored: &'a BTreeMap<SecretName, SecretValue>,
) -> Option<&'a SecretValue> {
    let new = change.versions.iter().find(|new| new.name == *name);
    new.map(|new| &new.value).or_else(|| stored.get(name))
}
