//! Minting what a policy declares and the store lacks.

use rand::CryptoRng;
use serde::Serialize;

use crate::app::AppError;
use crate::app::Minter;
use crate::app::Store;
use crate::app::WaitingSecret;
use crate::app::World;
use crate::app::WrittenVersion;
use crate::app::context_of;
use crate::app::derive::Along;
use crate::app::derive::Change;
use crate::app::environment_of;
use crate::app::secret_of;
use crate::ledger::Action;
use crate::ledger::Binding;
use crate::ledger::Origin;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::Tier;
use crate::policy::kinds::Role;
use crate::policy::whole_bits;
use crate::rotation;
use crate::rotation::Terms;
use crate::secret::EnvironmentName;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::Stage;
use crate::secret::VersionId;

/// Which secrets are meant.
#[derive(Clone, Debug)]
pub enum Selection {
    /// All that the policy declares.
    All,
    /// These.
    Names(Vec<SecretName>),
}

/// What `create` did.
#[derive(Debug, Default, Serialize)]
pub struct CreateReport {
    /// Secrets that were minted.
    pub secrets: Vec<CreatedSecret>,
    /// Secrets that had a value already.
    pub existing: Vec<SecretName>,
    /// Secrets that somebody else makes and that are still missing.
    pub issued: Vec<IssuedSecret>,
    /// Derived secrets whose roots have no value yet.
    pub waiting: Vec<WaitingSecret>,
}

/// A version that was made.
#[derive(Clone, Debug, Serialize)]
pub struct CreatedSecret {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// The version.
    pub version: VersionId,
    /// The kind.
    pub kind: String,
    /// A lower bound on its strength in bits.
    pub bits: u32,
    /// The short form of its fingerprint.
    pub fingerprint: String,
    /// Where the version stands.
    pub stage: Stage,
}

/// A secret that somebody else makes.
#[derive(Clone, Debug, Serialize)]
pub struct IssuedSecret {
    /// The secret.
    pub name: SecretName,
    /// Who makes it.
    pub issuer: Option<String>,
    /// Where to get it.
    pub console_url: Option<String>,
}

/// Mints every selected secret that has no value yet, and whatever is derived from it, in one commit. `progress` is told of each one.
///
/// # Errors
///
/// When a name is unknown, the store cannot be believed or written. Nothing has changed then.
pub fn create(
    world: World<'_>,
    policy: &Policy,
    environment: &EnvironmentName,
    selection: &Selection,
    rng: &mut dyn CryptoRng,
    progress: &dyn Fn(u64, u64),
) -> Result<CreateReport, AppError> {
    let tier = environment_of(policy, environment)?.tier();
    let names = match selection {
        Selection::All => policy.secret_names().cloned().collect(),
        Selection::Names(names) => distinct(names),
    };
    let wanted = names
        .iter()
        .map(|name| secret_of(policy, name, environment))
        .collect::<Result<Vec<_>, _>>()?;
    let mut store = Store::open_for_writing(world, environment)?;
    let checked = store.ledger(environment)?;
    let mut report = CreateReport::default();
    let mut change = Change::default();
    let mut derived = Vec::new();
    let total = wanted.len() as u64;
    for (done, secret) in (1..).zip(wanted) {
        let name = secret.name();
        if secret.derivation().is_some() {
            derived.push(name.clone());
            continue;
        }
        if checked
            .ledger
            .record(name)
            .is_some_and(|record| record.current().is_some())
        {
            report.existing.push(name.clone());
            continue;
        }
        if secret.kind().role == Role::Issued {
            report.issued.push(issued(secret));
            continue;
        }
        let (value, version) = new_version(&store, policy, secret, tier, rng)?;
        let old = checked.ledger.record(name).cloned();
        let old = old.unwrap_or_else(|| SecretRecord::new(name.clone(), secret.kind_name()));
        let terms = Terms {
            now: version.recorded_at,
            reason: Reason::Scheduled,
            overlap: None,
            keep_previous: secret.keep_previous(),
        };
        change.versions.push(WrittenVersion {
            name: name.clone(),
            value,
            id: version.id,
        });
        change.records.push(rotation::promote(&old, version, terms));
        progress(done, total);
    }
    let along = Along {
        store: &store,
        policy,
        environment,
        checked: &checked,
        reason: Reason::Scheduled,
    };
    let outcome = along.derive(&mut change, &derived, rng)?;
    report.existing.extend(outcome.existing);
    report.waiting = outcome.waiting;
    let Change { records, versions } = change;
    if records.is_empty() {
        return Ok(report);
    }
    let written = store.commit(environment, checked, records, &versions, (Action::Mint, None))?;
    report.secrets = written
        .iter()
        .filter_map(|record| created(environment, record))
        .collect();
    Ok(report)
}

/// Returns the names in their order, each once.
pub(super) fn distinct(names: &[SecretName]) -> Vec<SecretName> {
    let mut seen = Vec::with_capacity(names.len());
    for name in names {
        if !seen.contains(name) {
            seen.push(name.clone());
        }
    }
    seen
}

/// Mints a value and starts its record; the binding is filled in by the commit.
pub(super) fn new_version(
    store: &Store<'_>,
    policy: &Policy,
    secret: &SecretPolicy,
    tier: Tier,
    rng: &mut dyn CryptoRng,
) -> Result<(SecretValue, VersionRecord), AppError> {
    let names = [secret.name().as_str(), policy.name()];
    let context = context_of(secret, tier, &names);
    let minter = Minter::new(secret.name().as_str(), secret.recipe(), context).for_policy(secret);
    let now = store.now();
    let value = minter.mint(now, rng)?;
    let version = VersionRecord {
        id: VersionId::new(now, rng),
        stage: Stage::Pending,
        origin: Origin::Minted,
        recorded_at: now,
        changed_at: Some(now),
        promoted_at: None,
        replaced_at: None,
        overlap_ends_at: None,
        revoked_at: None,
        compromised: false,
        bits: whole_bits(secret.bits()),
        fingerprint: Fingerprint::of(&value, store.keys().fingerprint_key()),
        binding: Binding::Sha256(String::new()),
    };
    Ok((value, version))
}

/// Reports the current version of a record.
pub(super) fn created(environment: &EnvironmentName, record: &SecretRecord) -> Option<CreatedSecret> {
    let version = record.current()?;
    Some(CreatedSecret {
        environment: environment.clone(),
        name: record.name.clone(),
        version: version.id,
        kind: record.kind.clone(),
        bits: version.bits,
        fingerprint: version.fingerprint.to_string(),
        stage: version.stage,
    })
}

fn issued(secret: &SecretPolicy) -> IssuedSecret {
    IssuedSecret {
        name: secret.name().clone(),
        issuer: secret.issuer().map(str::to_owned),
        console_url: secret.console_url().map(str::to_owned),
    }
}
