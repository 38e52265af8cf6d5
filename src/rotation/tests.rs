//! Versions change places.

use chrono::TimeDelta;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use ring::hmac;

use super::*;
use crate::ledger::Origin;
use crate::secret::Fingerprint;
use crate::secret::SecretValue;
use crate::secret::VersionId;

pub(super) fn start() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-21T10:00:00Z")
        .unwrap()
        .to_utc()
}

pub(super) fn version(number: u64) -> VersionRecord {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &[1; 32]);
    VersionRecord {
        id: VersionId::new(start(), &mut ChaCha20Rng::seed_from_u64(number)),
        stage: Stage::Pending,
        origin: Origin::Minted,
        recorded_at: start(),
        changed_at: Some(start()),
        promoted_at: None,
        replaced_at: None,
        overlap_ends_at: None,
        revoked_at: None,
        compromised: false,
        bits: 256,
        fingerprint: Fingerprint::of(&SecretValue::new(vec![number as u8]), &key),
        binding: Binding::Sha256(String::new()),
    }
}

pub(super) fn terms(days: i64, reason: Reason) -> Terms {
    Terms {
        now: start() + TimeDelta::days(days),
        reason,
        overlap: Some(Period::days(7)),
        keep_previous: 1,
    }
}

pub(super) fn after(rotations: &[(i64, Reason)]) -> SecretRecord {
    let mut record = SecretRecord::new("A".parse().unwrap(), "hex");
    for (number, (days, reason)) in (0..).zip(rotations) {
        record = promote(&record, version(number), terms(*days, *reason));
    }
    record
}

pub(super) fn stages(record: &SecretRecord) -> Vec<Stage> {
    record.versions.iter().map(|version| version.stage).collect()
}

#[test]
fn a_first_version_becomes_current() {
    let record = after(&[(0, Reason::Scheduled)]);

    assert_eq!(stages(&record), [Stage::Current]);
    assert_eq!(record.revision, 1);
}

#[test]
fn the_old_version_stays_valid_for_the_overlap() {
    let record = after(&[(0, Reason::Scheduled), (90, Reason::Scheduled)]);

    assert_eq!(stages(&record), [Stage::Previous, Stage::Current]);
    assert_eq!(
        record.versions[0].overlap_ends_at,
        Some(start() + TimeDelta::days(97))
    );
    assert_eq!(
        open_overlap(&record, start() + TimeDelta::days(96)),
        record.versions[0].overlap_ends_at
    );
    assert_eq!(open_overlap(&record, start() + TimeDelta::days(97)), None);
}

#[test]
fn a_second_rotation_waits_for_the_overlap_unless_the_secret_is_compromised() {
    let record = after(&[(0, Reason::Scheduled), (90, Reason::Scheduled)]);
    let during = start() + TimeDelta::days(91);

    assert!(matches!(
        admit(&record, Reason::Scheduled, during),
        Err(Refusal::OverlapOpen { .. })
    ));
    assert_eq!(admit(&record, Reason::Compromise, during), Ok(()));
    assert_eq!(
        admit(&record, Reason::Scheduled, start() + TimeDelta::days(98)),
        Ok(())
    );
}

#[test]
fn a_compromise_ends_every_overlap_and_marks_the_old_version() {
    let record = after(&[
        (0, Reason::Scheduled),
        (90, Reason::Scheduled),
        (91, Reason::Compromise),
    ]);

    assert_eq!(stages(&record), [Stage::Previous, Stage::Retired, Stage::Current]);
    assert!(record.versions[1].compromised);
    assert_eq!(open_overlap(&record, start() + TimeDelta::days(91)), None);
}

#[test]
fn versions_beyond_those_to_keep_are_retired() {
    let record = after(&[
        (0, Reason::Scheduled),
        (90, Reason::Scheduled),
        (180, Reason::Scheduled),
    ]);

    assert_eq!(stages(&record), [Stage::Retired, Stage::Previous, Stage::Current]);
}

#[test]
fn what_was_current_at_a_time_can_be_told() {
    let record = after(&[(0, Reason::Scheduled), (90, Reason::Scheduled)]);

    let before = record.current_at(start() + TimeDelta::days(89)).unwrap();
    let since = record.current_at(start() + TimeDelta::days(90)).unwrap();

    assert_eq!(before.id, record.versions[0].id);
    assert_eq!(since.id, record.versions[1].id);
    assert!(record.current_at(start() - TimeDelta::days(1)).is_none());
}

#[test]
fn nothing_is_rotated_that_has_no_value() {
    assert_eq!(
        admit(&after(&[]), Reason::Scheduled, start()),
        Err(Refusal::NothingToReplace)
    );
}

#[test]
fn a_rollback_brings_back_what_was_replaced_last_and_nothing_compromised() {
    let twice = after(&[(0, Reason::Scheduled), (90, Reason::Scheduled)]);
    let compromised = after(&[(0, Reason::Scheduled), (90, Reason::Compromise)]);

    assert_eq!(rollback_target(&twice).unwrap().id, twice.versions[0].id);
    assert_eq!(rollback_target(&compromised), Err(Refusal::Compromised));
    assert_eq!(
        rollback_target(&after(&[(0, Reason::Scheduled)])),
        Err(Refusal::NothingBefore)
    );
    assert_eq!(rollback_target(&after(&[])), Err(Refusal::NothingToReplace));
}

#[test]
fn a_value_that_is_brought_back_is_not_dropped_as_the_old_one() {
    let record = after(&[(0, Reason::Scheduled), (90, Reason::Scheduled)]);
    let mut copy = version(9);
    copy.fingerprint = record.versions[0].fingerprint;

    let back = promote(&record, copy, terms(91, Reason::Scheduled));

    assert_eq!(stages(&back), [Stage::Retired, Stage::Previous, Stage::Current]);
    assert_eq!(back.versions[0].overlap_ends_at, None);
    assert_eq!(retirable(&back, start() + TimeDelta::days(200)).count(), 1);
}

#[test]
fn a_compromise_marks_every_version_of_the_value() {
    let record = after(&[(0, Reason::Scheduled), (90, Reason::Scheduled)]);
    let mut copy = version(9);
    copy.fingerprint = record.versions[0].fingerprint;
    let back = promote(&record, copy, terms(91, Reason::Scheduled));

    let ended = promote(&back, version(10), terms(92, Reason::Compromise));

    let marks: Vec<bool> = ended.versions.iter().map(|version| version.compromised).collect();
    assert_eq!(marks, [true, false, true, false]);
}

#[test]
fn overlaps_end_on_time_or_when_asked_and_only_then_is_a_version_retired() {
    let record = after(&[(0, Reason::Scheduled), (90, Reason::Scheduled)]);
    let at = |days| start() + TimeDelta::days(days);

    assert_eq!(retirable(&record, at(96)).count(), 0);
    assert_eq!(retire(&record, at(96)), None);
    assert_eq!(
        stages(&retire(&record, at(97)).unwrap()),
        [Stage::Retired, Stage::Current]
    );
    let ended = end_overlaps(&record, at(91)).unwrap();
    assert_eq!(retirable(&ended, at(91)).count(), 1);
    assert_eq!(end_overlaps(&ended, at(91)), None);
}

#[test]
fn values_beyond_those_that_are_kept_are_destroyed_and_the_last_known_working_one_never() {
    let rotations: Vec<(i64, Reason)> = (0..5).map(|number| (number * 90, Reason::Scheduled)).collect();
    let record = after(&rotations);
    let destroyed = |record: &SecretRecord, keep| {
        let next = destroy(record, keep).unwrap_or_else(|| record.clone());
        let gone = next.versions.iter();
        gone.map(|version| version.binding == Binding::Destroyed)
            .collect::<Vec<_>>()
    };
    let retired = retire(&record, start() + TimeDelta::days(1_000)).unwrap();

    assert_eq!(destroyed(&record, 1), [true, true, true, false, false]);
    assert_eq!(destroyed(&record, 3), [true, false, false, false, false]);
    assert_eq!(destroyed(&retired, 1), [true, true, true, false, false]);
    assert_eq!(destroyed(&retired, 0), [true, true, true, false, false]);
    assert_eq!(destroy(&record, 100), None);
    assert_eq!(
        destroyed(&stage(&record, version(9)), 1),
        [false; 6],
        "one is pending"
    );
    let next = destroy(&retired, 1).unwrap();
    assert_eq!(destroy(&next, 1), None, "only once");
    assert_eq!(rollback_target(&next).unwrap().id, next.versions[3].id);
}

#[test]
fn a_compromised_value_does_not_count_as_one_that_works() {
    let mut record = after(&[
        (0, Reason::Scheduled),
        (90, Reason::Scheduled),
        (180, Reason::Compromise),
    ]);
    let gone = |record: &SecretRecord| record.versions[0].binding == Binding::Destroyed;
    assert!(!gone(&destroy(&record, 1).unwrap()), "it is the previous one");

    record.versions[0].stage = Stage::Retired;

    assert_eq!(
        destroy(&record, 1),
        None,
        "the one before the compromised one is the last that works"
    );
}
