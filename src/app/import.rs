//! Bringing existing values in.

use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;
use serde::Serialize;

use crate::app::AppError;
use crate::app::CreatedSecret;
use crate::app::Store;
use crate::app::World;
use crate::app::WrittenVersion;
use crate::app::compromise;
use crate::app::context_of;
use crate::app::create::created;
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
use crate::rotation;
use crate::rotation::Terms;
use crate::scoring;
use crate::scoring::Level;
use crate::secret::EnvironmentName;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::SecretValue;
use crate::secret::Stage;
use crate::secret::VersionId;

/// A value from elsewhere.
#[derive(Debug)]
pub struct Incoming {
    /// The secret it is for.
    pub name: SecretName,
    /// The value.
    pub value: SecretValue,
    /// When it came into being, as far as its source knows.
    pub changed: Option<DateTime<Utc>>,
}

/// How values are taken in.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportTerms {
    /// When the values came into being, whatever their sources know; unknown counts as due.
    pub created: Option<DateTime<Utc>>,
    /// When they stop working by themselves.
    pub expires: Option<DateTime<Utc>>,
    /// Take values of the wrong shape too.
    pub force: bool,
    /// Report what would happen, change nothing.
    pub dry_run: bool,
}

/// What `import` did.
#[derive(Debug, Serialize)]
pub struct ImportReport {
    /// One row for each value.
    pub secrets: Vec<ImportRow>,
    /// The secrets that are derived from them and were computed anew.
    pub derived: Vec<CreatedSecret>,
}

/// What became of one value.
#[derive(Debug, Serialize)]
pub struct ImportRow {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// The kind.
    pub kind: String,
    /// Characters.
    pub length: usize,
    /// The scorer's level.
    pub level: Level,
    /// Rules of the scorer's findings.
    pub findings: Vec<&'static str>,
    /// The short form of its fingerprint.
    pub fingerprint: String,
    /// When it came into being, as far as anybody said.
    pub changed_at: Option<DateTime<Utc>>,
    /// What became of it.
    pub fate: ImportFate,
    /// Why its shape does not fit, where it was taken all the same.
    pub mismatch: Option<String>,
}

/// What became of an incoming value.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImportFate {
    /// The first value of its secret.
    Added,
    /// It took the place of another value, which is kept as `previous`.
    Replaced,
    /// The store had it already.
    Unchanged,
}

/// Takes values in and derives what is computed from them, in one commit.
///
/// # Errors
///
/// When a name is unknown, a value has the wrong shape or is marked as compromised, or the store cannot be
/// written. Nothing has changed then.
pub fn import(
    world: World<'_>,
    policy: &Policy,
    environment: &EnvironmentName,
    incoming: Vec<Incoming>,
    terms: ImportTerms,
    rng: &mut dyn CryptoRng,
) -> Result<ImportReport, AppError> {
    let tier = environment_of(policy, environment)?.tier();
    let mut store = Store::open_for_writing(world, environment)?;
    let checked = store.ledger(environment)?;
    let known = compromise::known(&store)?;
    let now = store.now();
    let (mut rows, mut change) = (Vec::new(), Change::default());
    for Incoming { name, value, changed } in incoming {
        let changed = terms.created.or(changed).filter(|changed| *changed <= now);
        let secret = secret_of(policy, &name, environment)?;
        if let Some(derivation) = secret.derivation() {
            return Err(AppError::DerivedSecret {
                name,
                roots: derivation.roots().into_iter().cloned().collect(),
                environment: environment.clone(),
                what: "it is computed, not brought in",
            });
        }
        let mismatch = secret.takes(&value, tier).err();
        if let (Some(mismatch), false) = (&mismatch, terms.force) {
            return Err(AppError::Refused {
                name,
                mismatch: mismatch.clone(),
            });
        }
        let names = [name.as_str(), policy.name()];
        let score = scoring::score(&value, &context_of(secret, tier, &names));
        let fingerprint = Fingerprint::of(&value, store.keys().fingerprint_key());
        let old = checked
            .ledger
            .record(&name)
            .cloned()
            .unwrap_or_else(|| SecretRecord::new(name.clone(), secret.kind_name()));
        if known.contains(&fingerprint) {
            return Err(AppError::Compromised {
                name,
                environment: environment.clone(),
            });
        }
        let fate = match old.current() {
            Some(current) if current.fingerprint == fingerprint => ImportFate::Unchanged,
            Some(_) => ImportFate::Replaced,
            None => ImportFate::Added,
        };
        rows.push(ImportRow {
            environment: environment.clone(),
            name: name.clone(),
            kind: secret.kind_name().to_owned(),
            length: score.length,
            level: score.level,
            findings: score.findings.iter().map(|finding| finding.rule).collect(),
            fingerprint: fingerprint.to_string(),
            changed_at: changed,
            fate,
            mismatch: mismatch.map(|mismatch| mismatch.to_string()),
        });
        if fate == ImportFate::Unchanged {
            if let Some(dated) = redated(&old, changed, terms) {
                change.records.push(dated);
            }
            continue;
        }
        let version = VersionRecord {
            id: VersionId::new(now, rng),
            stage: Stage::Pending,
            origin: Origin::Imported,
            recorded_at: now,
            changed_at: changed,
            promoted_at: None,
            replaced_at: None,
            overlap_ends_at: None,
            revoked_at: None,
            compromised: false,
            bits: score.shown_strength_bits(),
            fingerprint,
            binding: Binding::Sha256(String::new()),
        };
        change.versions.push(WrittenVersion {
            name,
            value,
            id: version.id,
        });
        let promotion = Terms {
            now,
            reason: Reason::Scheduled,
            overlap: secret.overlap(),
            keep_previous: secret.keep_previous(),
        };
        let mut record = rotation::promote(&old, version, promotion);
        record.expires_at = terms.expires;
        change.records.push(record);
    }
    let brought_in = change.records.len();
    let along = Along {
        store: &store,
        policy,
        environment,
        checked: &checked,
        reason: Reason::Scheduled,
    };
    along.derive(&mut change, &[], rng)?;
    let Change { records, versions } = change;
    let derived = records[brought_in..].iter();
    let derived = derived
        .filter_map(|record| created(environment, record))
        .collect();
    if !terms.dry_run && !records.is_empty() {
        store.commit(environment, checked, records, &versions, (Action::Import, None))?;
    }
    Ok(ImportReport {
        secrets: rows,
        derived,
    })
}

/// Fills in dates for a value that the store has already; `None` when there is nothing to fill in.
fn redated(
    record: &SecretRecord,
    changed: Option<DateTime<Utc>>,
    terms: ImportTerms,
) -> Option<SecretRecord> {
    let mut dated = record.clone();
    if terms.expires.is_some() {
        dated.expires_at = terms.expires;
    }
    for version in &mut dated.versions {
        // What a source says never goes before what is known, but what a person says does.
        let is_open = terms.created.is_some() || version.changed_at.is_none();
        if version.stage == Stage::Current && changed.is_some() && is_open {
            version.changed_at = changed;
        }
    }
    if dated == *record {
        return None;
    }
    dated.revision += 1;
    Some(dated)
}
