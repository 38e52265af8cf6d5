//! What the next run does with a rotation that was interrupted.
//!
//! The ledger says how far a rotation came; the journal says what was asked of the sinks; the sinks say what they
//! hold. The value is in the store before any sink hears of it, so nothing is ever generated twice.
//!
//! | crash after | journal | ledger | sinks | next run |
//! |---|---|---|---|---|
//! | the audit intent | none | old | old | starts anew |
//! | the journal | waiting | old | old | discards it and starts anew |
//! | version files | waiting | old | old | discards it and the files it names, starts anew |
//! | the ledger's rename, staged | waiting | pending | old | tells the sinks |
//! | the journal, before a sink acts | setting | pending | old or new | asks the sink: new counts as told, anything else is told again, with the same value |
//! | the sink's act | setting | pending | new | the same |
//! | the journal, after it | set | pending | new | tests it |
//! | the test | tested | pending | new | promotes |
//! | the ledger's rename, promoted | tested | current | new | removes the journal |
//! | `--abort`'s journal | undo, waiting | pending | old or new | puts the sinks back |
//! | the ledger's rename, undone | undo, tested | retired | old | removes the journal |
//! | the journal is lost | none | pending | old or new | writes it again, with every sink `unknown`, and asks them |
//! | the journal was superseded | any | retired | the successor's | removes it |
//! | the journal was superseded in part | any | some retired, some pending | either | undoes the rest |
//!
//! A sink that did not answer is asked the same way. One that cannot show what it holds is told again: every
//! write of a sink is idempotent for its version.

use crate::ledger::Journal;
use crate::ledger::JournalEntry;
use crate::ledger::Ledger;
use crate::ledger::SecretRecord;
use crate::ledger::StepState;
use crate::ledger::WalkPhase;
use crate::secret::Fingerprint;
use crate::secret::SecretName;
use crate::secret::Stage;
use crate::secret::VersionId;

/// What to do with an open journal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Next {
    /// Go on telling and testing.
    Continue(Journal),
    /// Put the sinks back.
    Undo(Journal),
    /// Remove the journal: everything it names is in its place, was undone or was superseded.
    Close,
    /// Remove the journal and these versions' files: they never came into the ledger.
    Discard(Vec<(SecretName, VersionId)>),
}

/// Decides what to do with an open journal, from what the ledger says of its versions.
pub fn next(journal: &Journal, ledger: &Ledger) -> Next {
    let stage = |entry: &JournalEntry| {
        let record = ledger.record(&entry.name);
        record
            .and_then(|record| record.version(entry.new))
            .map(|version| version.stage)
    };
    let unstaged: Vec<(SecretName, VersionId)> = journal
        .secrets
        .iter()
        .filter(|entry| stage(entry).is_none())
        .map(|entry| (entry.name.clone(), entry.new))
        .collect();
    let mut open = journal.clone();
    open.retain(|entry| stage(entry) == Some(Stage::Pending));
    if open.secrets.is_empty() {
        return if unstaged.is_empty() {
            Next::Close
        } else {
            Next::Discard(unstaged)
        };
    }
    if open.secrets.len() < journal.secrets.len() {
        return Next::Undo(undoing(&open));
    }
    match open.phase {
        WalkPhase::Undo => Next::Undo(open),
        WalkPhase::Accept | WalkPhase::Use => Next::Continue(open),
    }
}

/// Returns the journal of the undoing of a rotation. A sink that was told nothing has nothing to undo.
pub fn undoing(journal: &Journal) -> Journal {
    let mut undoing = journal.clone();
    if journal.phase == WalkPhase::Undo {
        return undoing;
    }
    undoing.begin(WalkPhase::Undo);
    let is_first = journal.phase == WalkPhase::Accept || journal.accepted_at.is_none();
    for (step, before) in undoing.steps.iter_mut().zip(&journal.steps) {
        if is_first && before.state == StepState::Waiting {
            step.state = StepState::Tested;
        }
    }
    undoing
}

/// Returns what is pending and in none of the journals.
pub fn orphans(ledger: &Ledger, journals: &[Journal]) -> Vec<JournalEntry> {
    let pending = ledger.records().filter_map(|record| {
        Some(JournalEntry {
            name: record.name.clone(),
            new: record.at_stage(Stage::Pending)?.id,
            old: record.current().map(|version| version.id),
        })
    });
    let is_known = |entry: &JournalEntry| {
        let mut known = journals.iter().flat_map(|journal| &journal.secrets);
        known.any(|other| other.new == entry.new)
    };
    pending.filter(|entry| !is_known(entry)).collect()
}

/// Returns how far a step came whose sink was asked; `holds` says whether it holds what it is to hold, `None` that
/// it cannot tell.
///
/// Only a step that may have been done is taken as done: one that is waiting is told in any case.
pub fn resolved(state: StepState, holds: Option<bool>) -> StepState {
    match (state, holds) {
        (StepState::Setting | StepState::Unknown, Some(true)) => StepState::Set,
        (StepState::Setting | StepState::Unknown | StepState::Refused, _) => StepState::Waiting,
        (state, _) => state,
    }
}

/// Returns whether a sink holds a value that no version of the record has: telling it would lose the only copy.
pub fn is_drift(record: &SecretRecord, held: &[Fingerprint]) -> bool {
    let is_ours = |held: &Fingerprint| record.versions.iter().any(|version| version.fingerprint == *held);
    !held.iter().all(is_ours)
}
