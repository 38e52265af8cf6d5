//! Which secrets may be rotated, and for which reason.

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::walk::Ground;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::policy::SecretPolicy;
use crate::policy::WellKnown;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::Role;
use crate::rotation;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

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

/// A secret that is not rotated together with all others.
#[derive(Clone, Debug, Serialize)]
pub struct SkippedSecret {
    /// The secret.
    pub name: SecretName,
    /// Why not.
    pub reason: String,
}

/// Returns the secrets that can be rotated for this motive, and why the others cannot.
pub(super) fn rotatable(
    ground: Ground<'_>,
    checked: &Checked,
    motive: Motive,
    now: DateTime<Utc>,
) -> (Vec<SecretName>, Vec<SkippedSecret>) {
    let (mut names, mut skipped) = (Vec::new(), Vec::new());
    for name in ground.policy.secret_names() {
        let Some(secret) = ground.policy.secret(name, ground.environment) else {
            continue;
        };
        let admitted =
            made_here(ground, secret).and_then(|()| admitted(ground, checked, secret, motive, now));
        match admitted {
            Ok(_) => names.push(name.clone()),
            // It is computed anew with its roots.
            Err(AppError::DerivedSecret { .. }) => {}
            Err(refusal) => skipped.push(SkippedSecret {
                name: name.clone(),
                reason: refusal.to_string(),
            }),
        }
    }
    (names, skipped)
}

/// Refuses a secret that is computed from others; `what` says what cannot be done with it, and why.
pub(super) fn refuse_derived(
    ground: Ground<'_>,
    secret: &SecretPolicy,
    what: &'static str,
) -> Result<(), AppError> {
    let Some(derivation) = secret.derivation() else {
        return Ok(());
    };
    Err(AppError::DerivedSecret {
        name: secret.name().clone(),
        roots: derivation.roots().into_iter().cloned().collect(),
        environment: ground.environment.clone(),
        what,
    })
}

/// Refuses a secret whose new value somebody else makes.
pub(super) fn made_here(ground: Ground<'_>, secret: &SecretPolicy) -> Result<(), AppError> {
    if secret.kind().role != Role::Issued {
        return Ok(());
    }
    Err(AppError::RotationByIssuer {
        name: secret.name().clone(),
        environment: ground.environment.clone(),
        issuer: secret.issuer().unwrap_or("its issuer").to_owned(),
        console_url: secret.console_url().map(str::to_owned),
    })
}

/// Returns the record of a secret that may be rotated, wherever its new value comes from.
pub(super) fn admitted<'c>(
    ground: Ground<'_>,
    checked: &'c Checked,
    secret: &SecretPolicy,
    motive: Motive,
    now: DateTime<Utc>,
) -> Result<&'c SecretRecord, AppError> {
    let (name, environment) = (secret.name(), ground.environment);
    refuse_derived(ground, secret, "it is computed anew whenever that is rotated")?;
    if let Some(hazard) = secret.hazard().filter(|hazard| !motive.averts(*hazard)) {
        return Err(AppError::RotationHazard {
            name: name.clone(),
            hazard,
            procedure: WellKnown::find(name.as_str()).map(|known| known.procedure),
        });
    }
    let record = of_value(checked, name, environment)?;
    rotation::admit(record, motive.reason, now).map_err(|refusal| AppError::Rotation {
        name: name.clone(),
        refusal,
    })?;
    let partner = secret
        .alternates_with()
        .filter(|_| motive.reason != Reason::Compromise);
    if let Some(partner) = partner.and_then(|partner| checked.ledger.record(partner)) {
        rotation::admit_turn(record, partner, now).map_err(|refusal| AppError::Rotation {
            name: name.clone(),
            refusal,
        })?;
    }
    Ok(record)
}

/// Returns the record of a secret that has a value.
pub(super) fn of_value<'c>(
    checked: &'c Checked,
    name: &SecretName,
    environment: &EnvironmentName,
) -> Result<&'c SecretRecord, AppError> {
    checked.ledger.record(name).ok_or_else(|| AppError::NoValue {
        name: name.clone(),
        environment: environment.clone(),
    })
}

/// Returns the names, and those of whatever is derived from them.
pub(super) fn with_derived(ground: Ground<'_>, names: &[SecretName]) -> Vec<SecretName> {
    let mut all = names.to_vec();
    // A derived secret can be a root itself; they come in the order in which they are computed.
    for secret in ground.policy.derived(ground.environment) {
        let roots = secret.derivation().map(|derivation| derivation.roots());
        let mut roots = roots.unwrap_or_default().into_iter();
        if roots.any(|root| all.contains(root)) {
            all.push(secret.name().clone());
        }
    }
    all
}
