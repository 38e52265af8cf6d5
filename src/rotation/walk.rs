//! The order of a rotation as types: each step takes the proof of the one before it.
//!
//! ```text
//! Planned ──stage──▶ Staged ──set──▶ Set ──test──▶ Tested ──finish──▶ Promotion
//! ```
//!
//! The proof is what is durable: that a version is staged says the ledger, that sinks were told and proved it
//! says the journal. Only a [`Promotion`] makes a staged version current, and only [`Tested::finish`] makes one:
//!
//! ```compile_fail
//! fn skip(staged: mintage::rotation::Staged) -> mintage::rotation::Promotion {
//!     staged.finish()
//! }
//! ```
//!
//! ```compile_fail
//! fn untested(set: mintage::rotation::Set) -> mintage::rotation::Promotion {
//!     set.finish()
//! }
//! ```

use crate::ledger::Journal;
use crate::ledger::JournalEntry;
use crate::ledger::JournalStep;
use crate::ledger::Ledger;
use crate::ledger::StepState;
use crate::ledger::WalkPhase;
use crate::secret::SecretName;
use crate::secret::Stage;
use crate::secret::VersionId;

/// A rotation whose journal is durable. Nothing was written for it yet.
#[derive(Debug)]
pub struct Planned(Vec<JournalEntry>);

/// Every new version is in the ledger as `pending`.
#[derive(Debug)]
pub struct Staged(Vec<JournalEntry>);

/// Every sink was told of every new value.
#[derive(Debug)]
pub struct Set(Vec<JournalEntry>);

/// Every sink proved every new value.
#[derive(Debug)]
pub struct Tested(Vec<JournalEntry>);

/// What may be made current.
#[derive(Debug)]
pub struct Promotion(Vec<JournalEntry>);

/// A step that is not finished: the secrets and sinks that it waits for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unfinished {
    /// The steps of the journal that did not come far enough; empty when the ledger lacks a version.
    pub steps: Vec<JournalStep>,
}

impl Planned {
    /// Takes over what the journal says.
    pub fn new(journal: &Journal) -> Self {
        Self(journal.secrets.clone())
    }

    /// Says that the new versions are staged.
    ///
    /// # Errors
    ///
    /// When one of them is not `pending` in the ledger.
    pub fn staged(self, ledger: &Ledger) -> Result<Staged, Unfinished> {
        let is_pending = |entry: &JournalEntry| {
            let record = ledger.record(&entry.name);
            let version = record.and_then(|record| record.version(entry.new));
            version.is_some_and(|version| version.stage == Stage::Pending)
        };
        if self.0.iter().all(is_pending) {
            Ok(Staged(self.0))
        } else {
            Err(Unfinished { steps: Vec::new() })
        }
    }
}

impl Staged {
    /// Says that the sinks were told.
    ///
    /// # Errors
    ///
    /// When the journal says of one that it was not, or that it was told of something else.
    pub fn set(self, journal: &Journal) -> Result<Set, Unfinished> {
        finished(journal, &[StepState::Set, StepState::Tested])?;
        Ok(Set(self.0))
    }
}

impl Set {
    /// Says that the sinks proved it.
    ///
    /// # Errors
    ///
    /// When the journal says of one that it did not.
    pub fn tested(self, journal: &Journal) -> Result<Tested, Unfinished> {
        finished(journal, &[StepState::Tested])?;
        Ok(Tested(self.0))
    }
}

impl Tested {
    /// Allows the promotion.
    pub fn finish(self) -> Promotion {
        Promotion(self.0)
    }
}

impl Promotion {
    /// Returns the secrets and their new versions.
    pub fn entries(&self) -> &[JournalEntry] {
        &self.0
    }

    /// Returns the version of a secret that may be made current.
    pub fn version_of(&self, name: &SecretName) -> Option<VersionId> {
        self.0
            .iter()
            .find(|entry| entry.name == *name)
            .map(|entry| entry.new)
    }
}

fn finished(journal: &Journal, states: &[StepState]) -> Result<(), Unfinished> {
    let steps: Vec<JournalStep> = journal
        .steps
        .iter()
        .filter(|step| journal.phase != WalkPhase::Use || !states.contains(&step.state))
        .cloned()
        .collect();
    if steps.is_empty() {
        Ok(())
    } else {
        Err(Unfinished { steps })
    }
}
