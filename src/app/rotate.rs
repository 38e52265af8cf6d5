//! Replacing the value of a secret that no sink has to be told of.

use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;
use serde::Serialize;

use crate::app::AppError;
use crate::app::CreatedSecret;
use crate::app::Store;
use crate::app::World;
use crate::app::WrittenVersion;
use crate::app::create::created;
use crate::app::create::distinct;
use crate::app::create::new_version;
use crate::app::derive::Along;
use crate::app::derive::Change;
use crate::app::environment_of;
use crate::app::secret_of;
use crate::ledger::Action;
use crate::ledger::Reason;
use crate::policy::OverlapClass;
use crate::policy::Policy;
use crate::policy::WellKnown;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::Role;
use crate::rotation;
use crate::rotation::Terms;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// What `rotate` did.
#[derive(Debug, Serialize)]
pub struct RotateReport {
    /// The new versions: what was asked for, then what is derived from it.
    pub secrets: Vec<CreatedSecret>,
    /// How many of them were asked for.
    #[serde(skip)]
    pub rotated: usize,
    /// Until when old versions stay valid, in the order of `secrets`.
    pub overlap_ends_at: Vec<Option<DateTime<Utc>>>,
    /// What each rotation does to those who use the old value, in the order of `secrets`.
    pub consequences: Vec<&'static str>,
}

/// Why secrets are rotated, and what whoever asks for it vouches for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Motive {
    /// Why.
    pub reason: Reason,
    /// Whatever was encrypted with the old value can be read without it.
    pub is_reencrypted: bool,
    /// The service that read the old value on its first start only will be given the new one by hand.
    pub is_changed_in_service: bool,
}

impl Motive {
    /// Returns whether this harm was seen to.
    const fn averts(self, hazard: Hazard) -> bool {
        match hazard {
            Hazard::DataAtRest => self.is_reencrypted,
            Hazard::WriteOnce => self.is_changed_in_service,
        }
    }
}

/// Rotates the named secrets, and whatever is derived from them, in one commit: each new version is promoted, the old one kept as `previous`.
///
/// # Errors
///
/// When one cannot be rotated, or the store cannot be believed or written. Nothing has changed then.
pub fn rotate(
    world: World<'_>,
    policy: &Policy,
    environment: &EnvironmentName,
    names: &[SecretName],
    motive: Motive,
    rng: &mut dyn CryptoRng,
) -> Result<RotateReport, AppError> {
    let reason = motive.reason;
    let tier = environment_of(policy, environment)?.tier();
    let mut store = Store::open_for_writing(world, environment)?;
    let checked = store.ledger(environment)?;
    let (mut change, mut consequences) = (Change::default(), Vec::new());
    for name in &distinct(names) {
        let secret = secret_of(policy, name, environment)?;
        if let Some(derivation) = secret.derivation() {
            return Err(AppError::DerivedSecret {
                name: name.clone(),
                roots: derivation.roots().into_iter().cloned().collect(),
                environment: environment.clone(),
                what: "it is computed anew whenever that is rotated",
            });
        }
        if secret.kind().role == Role::Issued {
            return Err(AppError::RotationByIssuer {
                name: name.clone(),
                environment: environment.clone(),
                issuer: secret.issuer().unwrap_or("its issuer").to_owned(),
                console_url: secret.console_url().map(str::to_owned),
            });
        }
        if let Some(hazard) = secret.hazard().filter(|hazard| !motive.averts(*hazard)) {
            return Err(AppError::RotationHazard {
                name: name.clone(),
                hazard,
                procedure: WellKnown::find(name.as_str()).map(|known| known.procedure),
            });
        }
        if !secret.sinks().is_empty() {
            return Err(AppError::RotationNeedsSinks {
                name: name.clone(),
                sinks: secret.sinks().join(", "),
            });
        }
        let record = checked.ledger.record(name).ok_or_else(|| AppError::NoValue {
            name: name.clone(),
            environment: environment.clone(),
        })?;
        rotation::admit(record, reason, store.now()).map_err(|refusal| AppError::Rotation {
            name: name.clone(),
            refusal,
        })?;
        let (value, version) = new_version(&store, policy, secret, tier, rng)?;
        let terms = Terms {
            now: version.recorded_at,
            reason,
            overlap: secret.overlap(),
            keep_previous: secret.keep_previous(),
        };
        change.versions.push(WrittenVersion {
            name: name.clone(),
            value,
            id: version.id,
        });
        let mut next = rotation::promote(record, version, terms);
        secret.kind_name().clone_into(&mut next.kind);
        change.records.push(next);
        consequences.push(match reason {
            Reason::Compromise => "whoever still uses the old value is cut off",
            _ => secret.kind().overlap.consequence(),
        });
    }
    let along = Along {
        store: &store,
        policy,
        environment,
        checked: &checked,
        reason,
    };
    let rotated = change.records.len();
    along.derive(&mut change, &[], rng)?;
    consequences.resize(change.records.len(), OverlapClass::Derived.consequence());
    let Change { records, versions } = change;
    let written = store.commit(
        environment,
        checked,
        records,
        &versions,
        (Action::Rotate, Some(reason)),
    )?;
    Ok(RotateReport {
        secrets: written
            .iter()
            .filter_map(|record| created(environment, record))
            .collect(),
        rotated,
        overlap_ends_at: written
            .iter()
            .map(|record| rotation::open_overlap(record, store.now()))
            .collect(),
        consequences,
    })
}
