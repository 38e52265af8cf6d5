//! How versions change places. Pure: records and an instant in, a record out.
//!
//! A secret without sinks needs no journal: its new version is staged as a file that no ledger names, and one
//! ledger rename promotes it. What a crash leaves, and what the next run does:
//!
//! | crash after | observed | next run |
//! |---|---|---|
//! | nothing, or the audit intent | the old state | starts anew |
//! | the version file | the old state and a leftover file | starts anew; `verify --fix` removes the file |
//! | the ledger's rename | the new state | nothing to do |

use chrono::DateTime;
use chrono::Utc;
use thiserror::Error;

use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::ledger::VersionRecord;
use crate::policy::Period;
use crate::secret::Stage;

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
    /// There is nothing to replace.
    #[error("it has no value yet")]
    NothingToReplace,
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

/// Makes `version` current and moves the others along.
///
/// The version before becomes `previous` until its overlap ends; after a compromise it is retired at once and
/// marked, and running overlaps end. Older versions beyond `keep_previous` are retired. When the new value
/// expires is not known.
pub fn promote(record: &SecretRecord, mut version: VersionRecord, terms: Terms) -> SecretRecord {
    let mut next = record.clone();
    next.revision += 1;
    next.expires_at = None;
    let compromised = terms.reason == Reason::Compromise;
    for old in &mut next.versions {
        match old.stage {
            Stage::Current => {
                old.stage = if compromised {
                    Stage::Retired
                } else {
                    Stage::Previous
                };
                old.compromised |= compromised;
                old.replaced_at = Some(terms.now);
                old.overlap_ends_at = match terms.overlap {
                    Some(overlap) if !compromised => overlap.after(terms.now),
                    _ => None,
                };
            }
            Stage::Previous if compromised => old.overlap_ends_at = None,
            Stage::Pending | Stage::Previous | Stage::Retired => {}
        }
    }
    retire_beyond(&mut next, terms);
    version.stage = Stage::Current;
    version.promoted_at = Some(terms.now);
    next.versions.push(version);
    next
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
