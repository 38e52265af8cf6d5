//! How versions change places. Pure: records and an instant in, a record out.
//!
//! With sinks, the order of the steps stands in types from [`Planned`] to [`Promotion`], what the sinks are to hold
//! at each of them in [`Holding`], what it means in words in [`Plan`], and what the next run does after a crash in the
//! table of `recovery.rs`, which [`next()`] decides by.
//!
//! A secret without sinks needs no journal: its new version is staged as a file that no ledger names, and one
//! ledger rename promotes it. What a crash leaves there, and what the next run does:
//!
//! | crash after | observed | next run |
//! |---|---|---|
//! | nothing, or the audit intent | the old state | starts anew |
//! | the version file | the old state and a leftover file | starts anew; `verify --fix` removes the file |
//! | the ledger's rename | the new state | nothing to do |

mod alternation;
mod holding;
mod plan;
mod recovery;
mod schedule;
mod walk;

use chrono::DateTime;
use chrono::Utc;
use thiserror::Error;

use crate::ledger::Binding;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::Period;
use crate::secret::Stage;
use crate::secret::VersionId;

pub use alternation::admit_turn;
pub use holding::Holding;
pub use plan::Affected;
pub use plan::Plan;
pub use recovery::Next;
pub use recovery::is_drift;
pub use recovery::next;
pub use recovery::orphans;
pub use recovery::resolved;
pub use recovery::undoing;
pub use schedule::Family;
pub use schedule::Turn;
pub use schedule::is_in_overlap;
pub use schedule::turn;
pub use schedule::without_clashes;
pub use walk::Planned;
pub use walk::Promotion;
pub use walk::Set;
pub use walk::Staged;
pub use walk::Tested;
pub use walk::Unfinished;

/// What a promotion goes by.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// When it happens.
    pub now: DateTime<Utc>,
    /// Why.
    pub reason: Reason,
    /// How long the old version stays valid beside the new one.
    pub overlap: Option<Period>,
    /// How many old versions are kept for a rollback.
    pub keep_previous: u32,
}

/// Why a rotation is not begun.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum Refusal {
    /// The value before is known to somebody.
    #[error("the value before is marked as compromised: it is never brought back")]
    Compromised,
    /// Its users work with it: the other identity has its turn.
    #[error("its users work with it: the turn is that of `{partner}`, to which they change over then")]
    InUse {
        /// The secret of the other identity.
        partner: String,
    },
    /// No value came before the current one.
    #[error("no value came before the current one")]
    NothingBefore,
    /// There is nothing to replace.
    #[error("it has no value yet")]
    NothingToReplace,
    /// Users of it may not have changed over to the other identity yet.
    #[error(
        "its users have until {until} to change over to `{partner}`, and another rotation would cut them off"
    )]
    PartnerInOverlap {
        /// The secret of the other identity.
        partner: String,
        /// When that ends, RFC 3339.
        until: String,
    },
    /// The other identity is being rotated.
    #[error("the rotation of `{partner}`, with which it takes turns, is not finished")]
    PartnerOpen {
        /// The secret of the other identity.
        partner: String,
    },
    /// The version before is still in use by somebody, and another rotation would drop it.
    #[error("the overlap of its last rotation runs until {until}, and another rotation would cut it short")]
    OverlapOpen {
        /// When it ends, RFC 3339.
        until: String,
    },
}

/// Says whether a rotation for `reason` may begin at `now`.
///
/// # Errors
///
/// While an overlap runs, unless the secret is compromised; and when there is no current version.
pub fn admit(record: &SecretRecord, reason: Reason, now: DateTime<Utc>) -> Result<(), Refusal> {
    if record.current().is_none() {
        return Err(Refusal::NothingToReplace);
    }
    if reason == Reason::Compromise {
        return Ok(());
    }
    open_overlap(record, now).map_or(Ok(()), |until| {
        Err(Refusal::OverlapOpen {
            until: until.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        })
    })
}

/// Returns when the last overlap ends that still runs at `now`.
pub fn open_overlap(record: &SecretRecord, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    record
        .versions
        .iter()
        .filter(|version| version.stage == Stage::Previous)
        .filter_map(|version| version.overlap_ends_at)
        .filter(|until| *until > now)
        .max()
}

/// Adds `version` as `pending`; whatever was pending before is retired, so that there is at most one.
pub fn stage(record: &SecretRecord, mut version: VersionRecord) -> SecretRecord {
    let mut next = unstage(record);
    next.revision = record.revision + 1;
    version.stage = Stage::Pending;
    next.versions.push(version);
    next
}

/// Retires what is pending.
pub fn unstage(record: &SecretRecord) -> SecretRecord {
    let mut next = record.clone();
    next.revision += 1;
    for version in &mut next.versions {
        if version.stage == Stage::Pending {
            version.stage = Stage::Retired;
        }
    }
    next
}

/// Makes `version` current and moves the others along.
///
/// The version before becomes `previous` until its overlap ends; after a compromise it is retired at once and
/// marked, and running overlaps end. Older versions beyond `keep_previous` and what was pending are retired. When
/// the new value expires is not known.
///
/// This is for secrets that no sink has to be told of. With sinks, [`promote_staged`] is the way, which takes a
/// [`Promotion`].
pub fn promote(record: &SecretRecord, mut version: VersionRecord, terms: Terms) -> SecretRecord {
    let mut next = record.clone();
    next.revision += 1;
    next.expires_at = None;
    replace_current(&mut next, &version, terms);
    retire_beyond(&mut next, terms);
    version.stage = Stage::Current;
    version.promoted_at = Some(terms.now);
    next.versions.push(version);
    next
}

/// Makes the version current that every sink was told of and proved, and moves the others along as [`promote`]
/// does; `None` when the promotion is not about this record or its version is not pending.
///
/// Versions whose overlap is over are retired: every sink holds the new value and the one before it by now.
pub fn promote_staged(record: &SecretRecord, promotion: &Promotion, terms: Terms) -> Option<SecretRecord> {
    let id = promotion.version_of(&record.name)?;
    let mut next = record.clone();
    let place = next
        .versions
        .iter()
        .position(|version| version.id == id && version.stage == Stage::Pending)?;
    let version = next.versions.remove(place);
    for old in &mut next.versions {
        let is_over = old.overlap_ends_at.is_some_and(|until| until <= terms.now);
        if old.stage == Stage::Previous && is_over {
            old.stage = Stage::Retired;
        }
    }
    Some(promote(&next, version, terms))
}

/// Moves the current version, and copies of its value, out of the way of `version`.
fn replace_current(next: &mut SecretRecord, version: &VersionRecord, terms: Terms) {
    let compromised = terms.reason == Reason::Compromise;
    let known = next
        .current()
        .filter(|_| compromised)
        .map(|current| current.fingerprint);
    for old in &mut next.versions {
        let is_known = known == Some(old.fingerprint);
        old.compromised |= is_known;
        match old.stage {
            Stage::Current => {
                old.stage = if compromised {
                    Stage::Retired
                } else {
                    Stage::Previous
                };
                old.replaced_at = Some(terms.now);
                old.overlap_ends_at = match terms.overlap {
                    Some(overlap) if !compromised => overlap.after(terms.now),
                    _ => None,
                };
            }
            // The value goes on living as another version: it must not be dropped with this one.
            Stage::Previous if is_known || old.fingerprint == version.fingerprint => {
                old.stage = Stage::Retired;
                old.overlap_ends_at = None;
            }
            Stage::Previous if compromised => old.overlap_ends_at = None,
            Stage::Pending => old.stage = Stage::Retired,
            Stage::Previous | Stage::Retired => {}
        }
    }
}

/// Returns the former versions that are no longer valid and that sinks may still hold: the retire queue.
pub fn retirable(record: &SecretRecord, now: DateTime<Utc>) -> impl Iterator<Item = &VersionRecord> {
    record.versions.iter().filter(move |version| {
        version.stage == Stage::Previous && version.overlap_ends_at.is_some_and(|until| until <= now)
    })
}

/// Returns the former values of a secret that somebody else makes and that its issuer still takes, as far as anybody
/// has said: those whose overlap does not run any more at `now`.
pub fn unrevoked(record: &SecretRecord, now: DateTime<Utc>) -> impl Iterator<Item = &VersionRecord> {
    let current = record.current().map(|current| current.fingerprint);
    record.versions.iter().filter(move |version| {
        version.replaced_at.is_some()
            && version.revoked_at.is_none()
            && Some(version.fingerprint) != current
            && version.overlap_ends_at.is_none_or(|until| until <= now)
    })
}

/// Notes that the issuer ended the former values; `None` when there is none.
pub fn revoke(record: &SecretRecord, now: DateTime<Utc>) -> Option<SecretRecord> {
    let ended: Vec<VersionId> = unrevoked(record, now).map(|version| version.id).collect();
    if ended.is_empty() {
        return None;
    }
    let mut next = record.clone();
    next.revision += 1;
    for version in next
        .versions
        .iter_mut()
        .filter(|version| ended.contains(&version.id))
    {
        version.revoked_at = Some(now);
    }
    Some(next)
}

/// Ends the overlaps that still run at `now`; `None` when there is none.
pub fn end_overlaps(record: &SecretRecord, now: DateTime<Utc>) -> Option<SecretRecord> {
    open_overlap(record, now)?;
    let mut next = record.clone();
    next.revision += 1;
    for version in &mut next.versions {
        if version.stage == Stage::Previous && version.overlap_ends_at.is_some_and(|until| until > now) {
            version.overlap_ends_at = Some(now);
        }
    }
    Some(next)
}

/// Retires the versions whose overlap is over; `None` when there is none.
pub fn retire(record: &SecretRecord, now: DateTime<Utc>) -> Option<SecretRecord> {
    let over: Vec<VersionId> = retirable(record, now).map(|version| version.id).collect();
    if over.is_empty() {
        return None;
    }
    let mut next = record.clone();
    next.revision += 1;
    for version in &mut next.versions {
        if over.contains(&version.id) {
            version.stage = Stage::Retired;
        }
    }
    Some(next)
}

/// Forgets the values of retired versions beyond the `keep` former ones that are kept; `None` when there is none.
///
/// Whatever is current, pending or previous stays, and of those that were in use at least the last one that is not
/// compromised: the last known-working value is never destroyed. The records stay, so that a compromised value is
/// recognised for ever.
pub fn destroy(record: &SecretRecord, keep: u32) -> Option<SecretRecord> {
    if record.at_stage(Stage::Pending).is_some() {
        return None;
    }
    let at = |stage| {
        record
            .versions
            .iter()
            .filter(move |version| version.stage == stage)
    };
    let mut retired: Vec<&VersionRecord> = at(Stage::Retired)
        .filter(|version| version.binding != Binding::Destroyed)
        .collect();
    retired.sort_by_key(|version| std::cmp::Reverse(version.replaced_at));
    let room = (keep.max(1) as usize).saturating_sub(at(Stage::Previous).count());
    let mut kept = 0;
    let mut beyond = Vec::new();
    for version in retired {
        if version.replaced_at.is_none() || kept >= room {
            beyond.push(version.id);
        } else if !version.compromised {
            kept += 1;
        }
    }
    if beyond.is_empty() {
        return None;
    }
    let mut next = record.clone();
    next.revision += 1;
    for version in next
        .versions
        .iter_mut()
        .filter(|version| beyond.contains(&version.id))
    {
        version.binding = Binding::Destroyed;
    }
    Some(next)
}

/// Returns the version that a rollback brings back: the last one that was replaced and is kept, or else the last
/// one that was retired. What is marked as compromised, in this version or another of the same value, never is.
///
/// # Errors
///
/// When there is none, or the one that was replaced last is compromised.
pub fn rollback_target(record: &SecretRecord) -> Result<&VersionRecord, Refusal> {
    let current = record.current().ok_or(Refusal::NothingToReplace)?;
    let was_used = |version: &&VersionRecord| {
        version.replaced_at.is_some()
            && version.fingerprint != current.fingerprint
            && version.binding != Binding::Destroyed
    };
    let of = |stage| {
        let used = record.versions.iter().filter(was_used);
        used.filter(move |version| version.stage == stage)
            .max_by_key(|version| version.replaced_at)
    };
    let target = of(Stage::Previous)
        .or_else(|| of(Stage::Retired))
        .ok_or(Refusal::NothingBefore)?;
    let same = |version: &VersionRecord| version.fingerprint == target.fingerprint && version.compromised;
    if record.versions.iter().any(same) {
        return Err(Refusal::Compromised);
    }
    Ok(target)
}

fn retire_beyond(record: &mut SecretRecord, terms: Terms) {
    let mut kept = 0;
    for old in record.versions.iter_mut().rev() {
        if old.stage != Stage::Previous {
            continue;
        }
        let in_overlap = old.overlap_ends_at.is_some_and(|until| until > terms.now);
        kept += 1;
        if kept > terms.keep_previous && !in_overlap {
            old.stage = Stage::Retired;
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod walk_tests;
