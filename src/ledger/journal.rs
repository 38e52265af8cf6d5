//! The journal of a rotation: what is under way, durable before it happens. It holds no value.

use std::fmt;
use std::str::FromStr;

use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;
use ring::hmac;
use serde::Deserialize;
use serde::Serialize;

use crate::ledger::Action;
use crate::ledger::Damage;
use crate::ledger::Reason;
use crate::ledger::StoreId;
use crate::ledger::line;
use crate::ledger::line::Domain;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::VersionId;

/// One rotation that is under way: a batch of secrets of one environment and the sinks that are told of them.
///
/// The file is one JSON object with a MAC, like a line of the ledger. The MAC covers the id of the rotation, so
/// that no journal passes for that of another one.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    /// Version of this format.
    pub journal: u32,
    /// The id of the rotation, which is also the name of the file.
    pub rotation: RotationId,
    /// Where.
    pub environment: EnvironmentName,
    /// What was asked for: a new value, or the value before.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// Who asked: the user and the host.
    pub by: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// What the sinks are to hold.
    pub phase: WalkPhase,
    /// When every sink had come to accept the new value beside the old one, where that comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<DateTime<Utc>>,
    /// The secrets, by name.
    pub secrets: Vec<JournalEntry>,
    /// What has to be done at the sinks, in this order.
    pub steps: Vec<JournalStep>,
}

/// One secret of a rotation.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct JournalEntry {
    /// The secret.
    pub name: SecretName,
    /// The version that is to become current.
    pub new: VersionId,
    /// The version that was current at the start; a derived secret may have had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<VersionId>,
}

/// One secret at one sink.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct JournalStep {
    /// The sink, by its name in the policy.
    pub sink: String,
    /// The secret.
    pub secret: SecretName,
    /// How far it came.
    pub state: StepState,
}

/// How far one secret came at one sink in the journal's phase.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Nothing was done for it yet.
    Waiting,
    /// The sink was about to be told; whether it was is for the sink to show.
    Setting,
    /// The sink was told.
    Set,
    /// The sink proved it.
    Tested,
    /// The sink was told and did not answer: whether it heard is for the sink to show.
    Unknown,
    /// The sink refused, and holds what it held.
    Refused,
}

/// What the sinks are to hold.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WalkPhase {
    /// The old value, and accept the new one: for verifiers that are not told all at once.
    Accept,
    /// The new value, and accept the old one while the overlap lasts.
    Use,
    /// What they held before: the rotation is being undone.
    Undo,
}

/// The id of a rotation: a UUIDv7, so that ids sort by the time of their making.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct RotationId(VersionId);

impl RotationId {
    /// Makes an id for `now` with 74 random bits.
    pub fn new(now: DateTime<Utc>, rng: &mut dyn CryptoRng) -> Self {
        Self(VersionId::new(now, rng))
    }
}

impl fmt::Display for RotationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RotationId {
    type Err = <VersionId as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Journal {
    /// The format that this program reads and writes.
    pub const FORMAT: u32 = 1;

    /// Writes the file.
    pub fn write(&self, store: &StoreId, key: &hmac::Key) -> Vec<u8> {
        let body = serde_json::to_string(self).unwrap_or_default();
        let mac = domain(store, &self.rotation.to_string()).mac(key, &[body.as_bytes()]);
        let mut text = line::join(&body, &mac);
        text.push('\n');
        text.into_bytes()
    }

    /// Reads the file of `rotation`.
    ///
    /// # Errors
    ///
    /// [`Damage::JournalBroken`] when it is not what this program wrote for this rotation.
    pub fn read(bytes: &[u8], rotation: &str, store: &StoreId, key: &hmac::Key) -> Result<Self, Damage> {
        let text = String::from_utf8_lossy(bytes);
        let read = line::split(text.trim_end()).and_then(|(body, mac)| {
            let authentic = domain(store, rotation).mac(key, &[body.as_bytes()]) == mac;
            let journal: Self = serde_json::from_str(&body).ok().filter(|_| authentic)?;
            (journal.journal == Self::FORMAT && journal.rotation.to_string() == rotation).then_some(journal)
        });
        read.ok_or_else(|| Damage::JournalBroken {
            rotation: rotation.to_owned(),
        })
    }

    /// Reads the file without checking it; `None` when it is none.
    pub fn read_unverified(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        serde_json::from_str(&line::split(text.trim_end())?.0).ok()
    }

    /// Returns the entry of a secret.
    pub fn entry(&self, name: &SecretName) -> Option<&JournalEntry> {
        self.secrets.iter().find(|entry| entry.name == *name)
    }

    /// Returns the sinks in the order in which they are told, each once.
    pub fn sinks(&self) -> Vec<String> {
        let mut sinks: Vec<String> = Vec::new();
        for step in &self.steps {
            if !sinks.contains(&step.sink) {
                sinks.push(step.sink.clone());
            }
        }
        sinks
    }

    /// Returns whether every step came as far as one of `states`.
    pub fn is_at(&self, states: &[StepState]) -> bool {
        self.steps.iter().all(|step| states.contains(&step.state))
    }

    /// Begins another phase: every step waits again.
    pub fn begin(&mut self, phase: WalkPhase) {
        self.phase = phase;
        for step in &mut self.steps {
            step.state = StepState::Waiting;
        }
    }

    /// Keeps only the secrets for which `keep` holds.
    pub fn retain(&mut self, keep: impl Fn(&JournalEntry) -> bool) {
        self.secrets.retain(&keep);
        let kept: Vec<SecretName> = self.secrets.iter().map(|entry| entry.name.clone()).collect();
        self.steps.retain(|step| kept.contains(&step.secret));
    }
}

fn domain<'a>(store: &'a StoreId, rotation: &'a str) -> Domain<'a> {
    Domain {
        purpose: "journal",
        store: store.as_str(),
        place: rotation,
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    fn made() -> (Journal, StoreId, hmac::Key) {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let now = DateTime::UNIX_EPOCH;
        let entry = |name: &str, rng: &mut ChaCha20Rng| JournalEntry {
            name: name.parse().unwrap(),
            new: VersionId::new(now, rng),
            old: None,
        };
        let step = |sink: &str, name: &str| JournalStep {
            sink: sink.to_owned(),
            secret: name.parse().unwrap(),
            state: StepState::Tested,
        };
        let journal = Journal {
            journal: Journal::FORMAT,
            rotation: RotationId::new(now, &mut rng),
            environment: "production".parse().unwrap(),
            action: Action::Rotate,
            reason: Reason::Scheduled,
            by: "ana@host".to_owned(),
            started_at: now,
            phase: WalkPhase::Use,
            accepted_at: None,
            secrets: vec![entry("A", &mut rng), entry("B", &mut rng)],
            steps: vec![step("x", "A"), step("x", "B"), step("y", "B")],
        };
        (
            journal,
            StoreId::generate(&mut rng),
            hmac::Key::new(hmac::HMAC_SHA256, &[3; 32]),
        )
    }

    #[test]
    fn a_journal_survives_its_file_and_no_flipped_byte_does() {
        let (journal, store, key) = made();
        let id = journal.rotation.to_string();
        let bytes = journal.write(&store, &key);

        assert_eq!(Journal::read(&bytes, &id, &store, &key), Ok(journal.clone()));
        assert_eq!(Journal::read_unverified(&bytes), Some(journal));
        for place in 0..bytes.len() - 1 {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1;
            assert!(
                Journal::read(&flipped, &id, &store, &key).is_err(),
                "byte {place}"
            );
            assert!(
                Journal::read(&bytes[..place], &id, &store, &key).is_err(),
                "cut at {place}"
            );
        }
    }

    #[test]
    fn a_journal_does_not_pass_for_that_of_another_rotation_or_store() {
        let (journal, store, key) = made();
        let mut rng = ChaCha20Rng::seed_from_u64(8);
        let other = RotationId::new(DateTime::UNIX_EPOCH, &mut rng).to_string();
        let bytes = journal.write(&store, &key);

        assert!(Journal::read(&bytes, &other, &store, &key).is_err());
        let elsewhere = StoreId::generate(&mut rng);
        assert!(Journal::read(&bytes, &journal.rotation.to_string(), &elsewhere, &key).is_err());
    }

    #[test]
    fn a_secret_that_is_taken_out_takes_its_steps_along() {
        let (mut journal, ..) = made();

        journal.retain(|entry| entry.name.as_str() == "A");
        journal.begin(WalkPhase::Undo);

        assert_eq!(journal.sinks(), ["x"]);
        assert_eq!(journal.secrets.len(), 1);
        assert!(journal.is_at(&[StepState::Waiting]));
    }
}
