//! Why a use case could not do what was asked.

use chrono::DateTime;
use chrono::Utc;
use thiserror::Error;

use crate::app::HandoutError;
use crate::app::SignoffError;
use crate::app::SinkFailure;
use crate::app::error_text::entries;
use crate::app::error_text::incomplete;
use crate::app::error_text::joined;
use crate::app::error_text::places;
use crate::app::error_text::rotations;
use crate::app::error_text::shown;
use crate::dotenv::Form;
use crate::dotenv::WriteError;
use crate::generator::DeriveError;
use crate::ledger::Damage;
use crate::ledger::Journal;
use crate::ledger::MalformedKeys;
use crate::ledger::MalformedSettings;
use crate::policy::Mismatch;
use crate::policy::kinds::Hazard;
use crate::ports::AuditError;
use crate::ports::BreachError;
use crate::ports::CipherError;
use crate::ports::StorageError;
use crate::ports::ValueError;
use crate::rotation::Refusal;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::VersionId;

/// Why a use case could not do what was asked. No variant holds any part of a value.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AppError {
    /// The project is set up already.
    #[error("this project has a policy and a store already")]
    AlreadyInitialised,
    /// The audit log cannot be written, and what it would record is not done.
    #[error("the audit log cannot be written")]
    Audit(#[from] AuditError),
    /// The list of leaked passwords does not answer.
    #[error(transparent)]
    Breaches(#[from] BreachError),
    /// Encryption or decryption failed.
    #[error("cannot open `{file}`")]
    Cipher {
        /// The file of the store.
        file: String,
        /// Why.
        source: CipherError,
    },
    /// The version is marked as known to others.
    #[error("this value of `{name}` is marked as compromised and is not taken back")]
    Compromised {
        /// The secret.
        name: SecretName,
        /// The environment.
        environment: EnvironmentName,
    },
    /// The store cannot be believed, so nothing is written to it.
    #[error("the store is damaged, so nothing is written to it")]
    Damaged(Vec<Damage>),
    /// The secret cannot be believed.
    #[error("`{name}` in {environment} is damaged, so its value is not used")]
    DamagedSecret {
        /// The environment.
        environment: EnvironmentName,
        /// The secret.
        name: SecretName,
        /// What is wrong.
        damage: Vec<Damage>,
    },
    /// The policy says nothing of this environment.
    #[error("the policy has no environment `{name}`")]
    EnvironmentUnknown {
        /// The environment asked for.
        name: EnvironmentName,
        /// Those the policy has.
        known: Vec<String>,
    },
    /// The values cannot be handed to a command.
    #[error(transparent)]
    Handout(#[from] HandoutError),
    /// A sign-off is not recorded.
    #[error(transparent)]
    Signoff(#[from] SignoffError),
    /// `init` was not told what to start from.
    #[error("there is no policy to start from")]
    NoPolicyToStartFrom,
    /// Secrets that the policy requires have no value.
    #[error("{environment} is not complete: there is no value of {}", joined(.names))]
    Incomplete {
        /// The environment.
        environment: EnvironmentName,
        /// The secrets.
        names: Vec<SecretName>,
    },
    /// `keys.age` opened but holds something else.
    #[error(transparent)]
    Keys(#[from] MalformedKeys),
    /// Nothing is stored under this name.
    #[error("`{name}` has no value in {environment}")]
    NoValue {
        /// The secret.
        name: SecretName,
        /// The environment.
        environment: EnvironmentName,
    },
    /// Somebody else makes it, and it was not brought in yet.
    #[error("`{name}` has no value in {environment}: it was not brought in yet")]
    NotBroughtIn {
        /// The secret.
        name: SecretName,
        /// The environment.
        environment: EnvironmentName,
    },
    /// It is computed from others, which have to be named in its place.
    #[error("`{name}` is derived from {}: {what}", joined(.roots))]
    DerivedSecret {
        /// The secret.
        name: SecretName,
        /// What it is derived from.
        roots: Vec<SecretName>,
        /// The environment.
        environment: EnvironmentName,
        /// What cannot be done with it, and why.
        what: &'static str,
    },
    /// A derived value cannot be computed.
    #[error("`{name}` in {environment} cannot be derived")]
    NotDerived {
        /// The secret.
        name: SecretName,
        /// The environment.
        environment: EnvironmentName,
        /// Why.
        source: DeriveError,
    },
    /// Values cannot be written in a dialect.
    #[error("this environment cannot be written for {}", .form.reader())]
    NotWritten {
        /// The dialect.
        form: Form,
        /// Why.
        source: WriteError,
    },
    /// There is no version with this id.
    #[error("`{name}` has no version {version} in {environment}")]
    NoVersion {
        /// The secret.
        name: SecretName,
        /// The environment.
        environment: EnvironmentName,
        /// The version asked for.
        version: VersionId,
    },
    /// No rotation is under way.
    #[error("no rotation is under way in {environment}")]
    NothingOpen {
        /// The environment.
        environment: EnvironmentName,
    },
    /// `.mintage` has no store.
    #[error("there is no store here")]
    NotInitialised,
    /// The policy leaves the value of a variable to others.
    #[error("the policy does not say which value `{name}` has")]
    OpenVariable {
        /// The variable.
        name: SecretName,
    },
    /// A value from elsewhere does not fit.
    #[error("the value for `{name}` is refused: {mismatch}")]
    Refused {
        /// The secret.
        name: SecretName,
        /// Why.
        mismatch: Mismatch,
    },
    /// Sinks still hold former values.
    #[error("former values in {environment} are not dropped everywhere: {}", places(.failures))]
    RetireIncomplete {
        /// The environment.
        environment: EnvironmentName,
        /// What was not dropped, and why.
        failures: Vec<SinkFailure>,
    },
    /// The value before may not come back.
    #[error("`{name}` is not rolled back: {refusal}")]
    Rollback {
        /// The secret.
        name: SecretName,
        /// Why.
        refusal: Refusal,
    },
    /// Another process is rotating.
    #[error("another rotation is under way and did not end within {seconds} seconds{}", rotations(.journals))]
    RotationBusy {
        /// How long we waited.
        seconds: u64,
        /// What is under way, as far as it can be read.
        journals: Vec<Journal>,
    },
    /// Sinks were not told, or did not prove it.
    #[error("the rotation of {} in {} is not complete{}", entries(.journal), .journal.environment, incomplete(.failures))]
    RotationIncomplete {
        /// The journal, as it is on disk.
        journal: Box<Journal>,
        /// What failed, and why.
        failures: Vec<SinkFailure>,
    },
    /// Something else went wrong in the midst of a rotation.
    #[error("the rotation of {} in {} was interrupted: {source}", entries(.journal), .journal.environment)]
    RotationStopped {
        /// The journal, as it was last written.
        journal: Box<Journal>,
        /// What went wrong.
        source: Box<AppError>,
    },
    /// Its value would change while a rotation is under way.
    #[error("a rotation of `{name}` is under way in {environment}")]
    RotationOpen {
        /// The secret.
        name: SecretName,
        /// The environment.
        environment: EnvironmentName,
    },
    /// Every sink accepts the new values, and they are not used before verifiers have heard of them.
    #[error("the new value of {} is accepted everywhere and is used from {} on", joined(.names), .until.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))]
    RotationWaits {
        /// The environment.
        environment: EnvironmentName,
        /// The secrets.
        names: Vec<SecretName>,
        /// When they may be used.
        until: DateTime<Utc>,
    },
    /// Sinks hold something that would be lost, or cannot be read.
    #[error("a sink cannot be told of a new value: {}", places(.failures))]
    SinksNotReady {
        /// What is in the way.
        failures: Vec<SinkFailure>,
    },
    /// The policy says nothing of such a sink.
    #[error("the policy has no sink of this name")]
    SinkUnknown {
        /// Those that the policy has.
        known: Vec<String>,
    },
    /// The rotation may not begin.
    #[error("`{name}` is not rotated: {refusal}")]
    Rotation {
        /// The secret.
        name: SecretName,
        /// Why.
        refusal: Refusal,
    },
    /// A new value alone would do harm.
    #[error("`{name}` is not rotated: {}", .hazard.advice())]
    RotationHazard {
        /// The secret.
        name: SecretName,
        /// Why.
        hazard: Hazard,
        /// How it is replaced without harm, where the program that reads it is known.
        procedure: Option<&'static str>,
    },
    /// The rotation would need somebody else.
    #[error("`{name}` is made by {issuer}: it cannot be generated")]
    RotationByIssuer {
        /// The secret.
        name: SecretName,
        /// The environment.
        environment: EnvironmentName,
        /// Who makes it.
        issuer: String,
        /// Where.
        console_url: Option<String>,
    },
    /// Sinks would have to be told.
    #[error("`{name}` is used by the sinks {sinks}, which this version cannot tell of a new value")]
    RotationNeedsSinks {
        /// The secret.
        name: SecretName,
        /// The sinks, joined.
        sinks: String,
    },
    /// The issuer has not made a new value.
    #[error("the value for `{name}` is one that it has or had: it needs a new one")]
    SameValue {
        /// The secret.
        name: SecretName,
    },
    /// The policy says nothing of this secret.
    #[error("the policy has no secret {}", shown(.name, .nearest))]
    SecretUnknown {
        /// The secret asked for.
        name: SecretName,
        /// The nearest name the policy has.
        nearest: Option<String>,
    },
    /// `store.toml` cannot be read.
    #[error(transparent)]
    Settings(#[from] MalformedSettings),
    /// The policy names another store than the one that holds the values.
    #[error("the policy keeps {environment} in `{store}`, and its values are elsewhere")]
    StoreChanged {
        /// The environment.
        environment: EnvironmentName,
        /// What the policy says.
        store: &'static str,
    },
    /// A file of the store cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The scorer objects to whatever this policy makes.
    #[error("`{label}`: 1,000 values in a row were weaker than the policy asks for")]
    Unmintable {
        /// The secret or the kind.
        label: String,
    },
    /// A value cannot be stored or read.
    #[error("the value of `{name}` in {environment} cannot be used")]
    Value {
        /// The secret.
        name: SecretName,
        /// The environment.
        environment: EnvironmentName,
        /// Why.
        source: ValueError,
    },
    /// It cannot be told which values are kept.
    #[error("the values of {environment} cannot be listed")]
    ValuesNotListed {
        /// The environment.
        environment: EnvironmentName,
        /// Why.
        source: ValueError,
    },
    /// Values cannot be written.
    #[error("the new values cannot be written to {environment}")]
    ValuesNotWritten {
        /// The environment.
        environment: EnvironmentName,
        /// Why.
        source: ValueError,
    },
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;
    use crate::ledger::Action;
    use crate::ledger::JournalEntry;
    use crate::ledger::Reason;
    use crate::ledger::RotationId;
    use crate::ledger::WalkPhase;
    use crate::secret::VersionId;

    #[test]
    fn who_rotates_what_since_when_is_told_to_whoever_has_to_wait() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let started_at = DateTime::UNIX_EPOCH;
        let error = AppError::RotationBusy {
            seconds: 120,
            journals: vec![Journal {
                journal: Journal::FORMAT,
                rotation: RotationId::new(started_at, &mut rng),
                environment: "production".parse().unwrap(),
                action: Action::Rotate,
                reason: Reason::Scheduled,
                by: "ana@host".to_owned(),
                started_at,
                phase: WalkPhase::Use,
                accepted_at: None,
                secrets: vec![JournalEntry {
                    name: "JWT_SECRET".parse().unwrap(),
                    new: VersionId::new(started_at, &mut rng),
                    old: None,
                }],
                steps: Vec::new(),
            }],
        };

        assert_eq!(
            error.to_string(),
            "another rotation is under way and did not end within 120 seconds, JWT_SECRET in production by ana@host \
             since 1970-01-01T00:00:00Z"
        );
    }
}
