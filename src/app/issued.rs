//! New values that somebody else has made.

use rand::CryptoRng;

use crate::app::AppError;
use crate::app::Incoming;
use crate::app::Store;
use crate::app::compromise;
use crate::app::context_of;
use crate::app::environment_of;
use crate::app::walk::Ground;
use crate::ledger::Binding;
use crate::ledger::Origin;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::SecretPolicy;
use crate::scoring;
use crate::secret::Fingerprint;
use crate::secret::SecretValue;
use crate::secret::Stage;
use crate::secret::VersionId;

/// Checks a value that the issuer has made, and starts its record; it is as old as the moment it is brought in.
///
/// # Errors
///
/// When it has the wrong shape, is marked as compromised, or is one that the secret has or had.
pub(super) fn given_version(
    ground: Ground<'_>,
    store: &Store<'_>,
    (secret, record): (&SecretPolicy, &SecretRecord),
    given: &Incoming,
    rng: &mut dyn CryptoRng,
) -> Result<(SecretValue, VersionRecord), AppError> {
    let (name, value) = (secret.name(), &given.value);
    let tier = environment_of(ground.policy, ground.environment)?.tier();
    secret.takes(value, tier).map_err(|mismatch| AppError::Refused {
        name: name.clone(),
        mismatch,
    })?;
    let fingerprint = Fingerprint::of(value, store.keys().fingerprint_key());
    if compromise::known(store)?.contains(&fingerprint) {
        return Err(AppError::Compromised {
            name: name.clone(),
            environment: ground.environment.clone(),
        });
    }
    if record
        .versions
        .iter()
        .any(|known| known.fingerprint == fingerprint)
    {
        return Err(AppError::SameValue { name: name.clone() });
    }
    let names = [name.as_str(), ground.policy.name()];
    let score = scoring::score(value, &context_of(secret, tier, &names));
    let now = store.now();
    let version = VersionRecord {
        id: VersionId::new(now, rng),
        stage: Stage::Pending,
        origin: Origin::Imported,
        recorded_at: now,
        changed_at: Some(now),
        promoted_at: None,
        replaced_at: None,
        overlap_ends_at: None,
        revoked_at: None,
        compromised: false,
        bits: score.shown_strength_bits(),
        fingerprint,
        binding: Binding::Sha256(String::new()),
    };
    Ok((value.duplicate(), version))
}
