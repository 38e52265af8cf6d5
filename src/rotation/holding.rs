//! What sinks are to hold of a secret.

use chrono::DateTime;
use chrono::Utc;

use crate::ledger::JournalEntry;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::ledger::WalkPhase;
use crate::secret::Stage;
use crate::secret::VersionId;

/// The versions that every sink of a secret is to hold, and those that it must not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Holding {
    /// The one in use.
    pub current: VersionId,
    /// Those that are valid beside it, the most recent first.
    pub accepted: Vec<VersionId>,
    /// Former ones that must not be valid any more.
    pub gone: Vec<VersionId>,
}

impl Holding {
    /// Outside of a rotation: the current version, and those whose overlap runs at `now`.
    pub fn steady(record: &SecretRecord, now: DateTime<Utc>) -> Option<Self> {
        let current = record.current()?;
        Some(Self::around(record, current, running(record, now)))
    }

    /// In a phase of a rotation; `accepts_old` says whether the old value is valid beside the new one afterwards.
    pub fn during(
        record: &SecretRecord,
        (phase, entry): (WalkPhase, &JournalEntry),
        accepts_old: bool,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let old = entry.old.and_then(|old| record.version(old));
        let new = record.version(entry.new)?;
        match (phase, old) {
            (WalkPhase::Accept, Some(old)) => Some(Self::around(record, old, vec![new])),
            (WalkPhase::Accept | WalkPhase::Use, None) => Some(Self::around(record, new, Vec::new())),
            (WalkPhase::Use, Some(old)) => {
                let accepted = if accepts_old { vec![old] } else { Vec::new() };
                Some(Self::around(record, new, accepted))
            }
            (WalkPhase::Undo, _) => Self::steady(record, now),
        }
    }

    /// Leaves out what has the value of the current version: a rollback brings a value back as a new version.
    fn around(record: &SecretRecord, current: &VersionRecord, accepted: Vec<&VersionRecord>) -> Self {
        let differs = |version: &&VersionRecord| version.fingerprint != current.fingerprint;
        let accepted: Vec<&VersionRecord> = accepted.into_iter().filter(differs).collect();
        let is_accepted = |version: &VersionRecord| {
            accepted
                .iter()
                .any(|other| other.fingerprint == version.fingerprint)
        };
        let gone = record
            .versions
            .iter()
            .rev()
            .filter(|version| matches!(version.stage, Stage::Current | Stage::Previous | Stage::Pending))
            .filter(differs)
            .filter(|version| !is_accepted(version));
        Self {
            current: current.id,
            gone: gone.map(|version| version.id).collect(),
            accepted: accepted.iter().map(|version| version.id).collect(),
        }
    }

    /// Returns every version that it names.
    pub fn versions(&self) -> impl Iterator<Item = VersionId> {
        let others = self.accepted.iter().chain(&self.gone);
        std::iter::once(self.current).chain(others.copied())
    }
}

/// Returns the former versions whose overlap runs at `now`, the most recent first.
fn running(record: &SecretRecord, now: DateTime<Utc>) -> Vec<&VersionRecord> {
    let mut running: Vec<&VersionRecord> = record
        .versions
        .iter()
        .filter(|version| version.stage == Stage::Previous)
        .filter(|version| version.overlap_ends_at.is_some_and(|until| until > now))
        .collect();
    running.sort_by_key(|version| std::cmp::Reverse(version.replaced_at));
    running
}
