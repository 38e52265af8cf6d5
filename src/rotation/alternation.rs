//! Whose turn it is of two identities that take turns.
//!
//! The identity that got its value last is the one in use. A rotation gives the other one a new value, and the users
//! change over to it while the overlap runs. A value is valid until its identity has its next turn, for two intervals.

use chrono::DateTime;
use chrono::SecondsFormat;
use chrono::Utc;

use crate::ledger::SecretRecord;
use crate::rotation::Refusal;
use crate::rotation::open_overlap;
use crate::secret::Stage;

/// Says whether a secret may get a new value at `now` while the users of its `partner` go on.
///
/// # Errors
///
/// When it is the one in use, or users may not have changed over to it yet.
pub fn admit_turn(own: &SecretRecord, partner: &SecretRecord, now: DateTime<Utc>) -> Result<(), Refusal> {
    let name = partner.name.to_string();
    if partner.at_stage(Stage::Pending).is_some() {
        return Err(Refusal::PartnerOpen { partner: name });
    }
    if let Some(until) = open_overlap(partner, now) {
        return Err(Refusal::PartnerInOverlap {
            partner: name,
            until: until.to_rfc3339_opts(SecondsFormat::Secs, true),
        });
    }
    if partner.current().is_some() && in_use_since(partner) < in_use_since(own) {
        return Err(Refusal::InUse { partner: name });
    }
    Ok(())
}

/// Returns since when a secret has its value. Of two that got theirs at once, the last by name is the one in use.
fn in_use_since(record: &SecretRecord) -> (Option<DateTime<Utc>>, String) {
    let current = record.current();
    let since = current.map(|version| version.promoted_at.unwrap_or(version.recorded_at));
    (since, record.name.to_string())
}
