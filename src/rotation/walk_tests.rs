//! Steps in their order, and what the next run does after a crash at each of them.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use ring::hmac;

use super::tests::after;
use super::tests::stages;
use super::tests::start;
use super::tests::terms;
use super::tests::version;
use super::*;
use crate::ledger::Action;
use crate::ledger::Journal;
use crate::ledger::JournalEntry;
use crate::ledger::JournalStep;
use crate::ledger::Ledger;
use crate::ledger::RotationId;
use crate::ledger::StepState;
use crate::ledger::StoreId;
use crate::ledger::WalkPhase;

/// A ledger of these records, as it is read back.
fn ledger(records: &[SecretRecord]) -> Ledger {
    let store = StoreId::generate(&mut ChaCha20Rng::seed_from_u64(5));
    let key = hmac::Key::new(hmac::HMAC_SHA256, &[9; 32]);
    let records: BTreeMap<_, _> = records
        .iter()
        .map(|record| (record.name.clone(), record.clone()))
        .collect();
    let environment = "production".parse().unwrap();
    Ledger::read(&Ledger::write(&records, 1, (&store, &environment), &key))
}

/// A secret that was rotated once, and a journal of its second rotation.
fn begun() -> (SecretRecord, Journal) {
    let record = after(&[(0, Reason::Scheduled)]);
    let entry = JournalEntry {
        name: record.name.clone(),
        new: version(7).id,
        old: Some(record.versions[0].id),
    };
    let step = |sink: &str| JournalStep {
        sink: sink.to_owned(),
        secret: record.name.clone(),
        state: StepState::Waiting,
    };
    let journal = Journal {
        journal: Journal::FORMAT,
        rotation: RotationId::new(start(), &mut ChaCha20Rng::seed_from_u64(6)),
        environment: "production".parse().unwrap(),
        action: Action::Rotate,
        reason: Reason::Scheduled,
        by: "ana@host".to_owned(),
        started_at: start(),
        phase: WalkPhase::Use,
        accepted_at: None,
        secrets: vec![entry],
        steps: vec![step("x"), step("y")],
    };
    (record, journal)
}

fn at(journal: &Journal, states: [StepState; 2]) -> Journal {
    let mut journal = journal.clone();
    for (step, state) in journal.steps.iter_mut().zip(states) {
        step.state = state;
    }
    journal
}

#[test]
fn a_version_is_promoted_only_when_every_sink_proved_it() {
    let (record, journal) = begun();
    let pending = stage(&record, version(7));
    let before = ledger(std::slice::from_ref(&record));
    let staged = || Planned::new(&journal).staged(&ledger(std::slice::from_ref(&pending)));

    assert!(
        Planned::new(&journal).staged(&before).is_err(),
        "it is in no ledger"
    );
    let half = at(&journal, [StepState::Set, StepState::Setting]);
    assert_eq!(staged().unwrap().set(&half).unwrap_err().steps.len(), 1);
    let told = at(&journal, [StepState::Tested, StepState::Set]);
    let set = staged().unwrap().set(&told).unwrap();
    assert_eq!(set.tested(&told).unwrap_err().steps[0].sink, "y");
    let mut proved = at(&journal, [StepState::Tested; 2]);
    let tested = staged().unwrap().set(&proved).unwrap().tested(&proved).unwrap();
    let promoted = promote_staged(&pending, &tested.finish(), terms(90, Reason::Scheduled)).unwrap();

    assert_eq!(stages(&promoted), [Stage::Previous, Stage::Current]);
    assert_eq!(promoted.current().unwrap().id, version(7).id);
    proved.phase = WalkPhase::Accept;
    assert!(
        staged().unwrap().set(&proved).is_err(),
        "they were told to accept it only"
    );
}

#[test]
fn what_is_not_staged_is_not_promoted() {
    let (record, journal) = begun();
    let proved = at(&journal, [StepState::Tested; 2]);
    let pending = stage(&record, version(7));
    let staged = Planned::new(&proved).staged(&ledger(&[pending])).unwrap();
    let promotion = staged.set(&proved).unwrap().tested(&proved).unwrap().finish();

    assert_eq!(
        promote_staged(&record, &promotion, terms(90, Reason::Scheduled)),
        None
    );
}

#[test]
fn there_is_at_most_one_pending_version() {
    let (record, _) = begun();

    let twice = stage(&stage(&record, version(7)), version(8));

    assert_eq!(stages(&twice), [Stage::Current, Stage::Retired, Stage::Pending]);
    assert_eq!(
        stages(&unstage(&twice)),
        [Stage::Current, Stage::Retired, Stage::Retired]
    );
}

#[test]
fn the_next_run_does_what_the_table_says() {
    let (record, journal) = begun();
    let pending = stage(&record, version(7));
    let promoted = promote(&record, version(7), terms(90, Reason::Scheduled));
    let new = journal.secrets[0].new;
    let mut undo = journal.clone();
    undo.begin(WalkPhase::Undo);
    let decide =
        |journal: &Journal, record: &SecretRecord| next(journal, &ledger(std::slice::from_ref(record)));

    assert_eq!(
        decide(&journal, &record),
        Next::Discard(vec![(record.name.clone(), new)])
    );
    for states in [
        [StepState::Waiting; 2],
        [StepState::Set, StepState::Setting],
        [StepState::Tested; 2],
    ] {
        let open = at(&journal, states);
        assert_eq!(decide(&open, &pending), Next::Continue(open));
    }
    assert_eq!(decide(&journal, &promoted), Next::Close);
    assert_eq!(decide(&undo, &pending), Next::Undo(undo.clone()));
    assert_eq!(decide(&undo, &unstage(&pending)), Next::Close);
    assert_eq!(
        decide(&journal, &stage(&pending, version(8))),
        Next::Close,
        "superseded"
    );
}

#[test]
fn a_pending_version_without_a_journal_is_found() {
    let (record, journal) = begun();
    let pending = stage(&record, version(7));

    assert_eq!(
        orphans(&ledger(std::slice::from_ref(&pending)), &[]),
        journal.secrets
    );
    assert_eq!(orphans(&ledger(&[pending]), &[journal]), []);
    assert_eq!(orphans(&ledger(&[record]), &[]), []);
}

#[test]
fn a_sink_is_believed_only_where_it_may_have_been_told() {
    use StepState::*;
    for (state, holds, then) in [
        (Waiting, Some(true), Waiting),
        (Setting, Some(true), Set),
        (Unknown, Some(true), Set),
        (Setting, Some(false), Waiting),
        (Unknown, None, Waiting),
        (Refused, Some(true), Waiting),
        (Set, Some(false), Set),
        (Tested, None, Tested),
    ] {
        assert_eq!(resolved(state, holds), then, "{state:?} {holds:?}");
    }
}

#[test]
fn what_sinks_are_to_hold_follows_the_phase() {
    let (record, journal) = begun();
    let pending = stage(&record, version(7));
    let (old, new) = (journal.secrets[0].old.unwrap(), journal.secrets[0].new);
    let during = |phase, accepts_old| {
        Holding::during(&pending, (phase, &journal.secrets[0]), accepts_old, start()).unwrap()
    };
    let holding = |current, accepted: &[VersionId], gone: &[VersionId]| Holding {
        current,
        accepted: accepted.to_vec(),
        gone: gone.to_vec(),
    };

    assert_eq!(during(WalkPhase::Accept, true), holding(old, &[new], &[]));
    assert_eq!(during(WalkPhase::Use, true), holding(new, &[old], &[]));
    assert_eq!(during(WalkPhase::Use, false), holding(new, &[], &[old]));
    assert_eq!(during(WalkPhase::Undo, true), holding(old, &[], &[new]));
    let promoted = promote(&record, version(7), terms(90, Reason::Scheduled));
    let steady = |days| Holding::steady(&promoted, start() + TimeDelta::days(days)).unwrap();
    assert_eq!(steady(91), holding(new, &[old], &[]));
    assert_eq!(steady(97), holding(new, &[], &[old]));
}

#[test]
fn a_rollback_during_the_overlap_swaps_the_two_values() {
    let record = after(&[(0, Reason::Scheduled), (90, Reason::Scheduled)]);
    let mut copy = version(9);
    copy.fingerprint = record.versions[0].fingerprint;
    let entry = JournalEntry {
        name: record.name.clone(),
        new: copy.id,
        old: Some(record.versions[1].id),
    };
    let pending = stage(&record, copy);
    let now = start() + TimeDelta::days(91);

    let holding = Holding::during(&pending, (WalkPhase::Use, &entry), true, now).unwrap();

    assert_eq!(holding.current, entry.new);
    assert_eq!(holding.accepted, [record.versions[1].id]);
    assert_eq!(
        holding.gone,
        [],
        "the version before has the value that is brought back"
    );
}

#[test]
fn a_value_that_no_version_has_is_drift() {
    let (record, _) = begun();

    assert!(!is_drift(&record, &[record.versions[0].fingerprint]));
    assert!(!is_drift(&record, &[]));
    assert!(is_drift(&record, &[version(8).fingerprint]));
}

#[test]
fn undoing_leaves_alone_what_was_never_told() {
    let (_, journal) = begun();
    let states =
        |journal: &Journal| -> Vec<StepState> { journal.steps.iter().map(|step| step.state).collect() };
    let half = at(&journal, [StepState::Tested, StepState::Waiting]);
    let mut second = half.clone();
    second.accepted_at = Some(start());

    let undone = undoing(&half);

    assert_eq!(undone.phase, WalkPhase::Undo);
    assert_eq!(states(&undone), [StepState::Waiting, StepState::Tested]);
    assert_eq!(undoing(&undone), undone);
    assert_eq!(
        states(&undoing(&second)),
        [StepState::Waiting; 2],
        "it accepts the new value"
    );
}

#[test]
fn what_is_left_of_a_superseded_rotation_is_undone() {
    let (record, mut journal) = begun();
    let mut other = record.clone();
    other.name = "B".parse().unwrap();
    let mut entry = journal.secrets[0].clone();
    entry.name = other.name.clone();
    journal.secrets.push(entry);
    let superseded = stage(&stage(&record, version(7)), version(8));

    let next = next(&journal, &ledger(&[superseded, stage(&other, version(7))]));

    let Next::Undo(rest) = next else {
        panic!("{next:?}");
    };
    assert_eq!(rest.secrets.len(), 1);
    assert_eq!(rest.secrets[0].name, other.name);
}

/// Plans a secret of `kind` that two sinks use, one of which holds two values.
fn planned(kind: &str, fields: &str, reason: Reason) -> Plan {
    let text =
        format!("schema = 1\n[secrets]\nROOT = {{ kind = \"hex\" }}\nA = {{ kind = \"{kind}\"{fields} }}\n");
    let policy = crate::policy::Policy::parse("mintage.toml", &text).unwrap();
    let environment = "production".parse().unwrap();
    let secret = policy.secret(&"A".parse().unwrap(), &environment).unwrap();
    Plan::of(&Affected {
        secret,
        reason,
        sinks: &[("web".to_owned(), true), ("file".to_owned(), false)],
        overlap: secret.overlap(),
    })
}

#[test]
fn every_overlap_class_has_its_own_words() {
    let both = ", overlap = \"7d\", previous_var = \"B\"";
    let issued = ", issuer = \"Acme\"";
    for (kind, fields, step, affected) in [
        (
            "redis-password",
            ", overlap = \"1d\"",
            "make it current, the old one previous for 1d",
            "the server can hold both for 1d",
        ),
        (
            "jwt-hs256",
            both,
            "set it in web, file, the old one in B",
            "stays valid for 7d",
        ),
        (
            "jwt-hs256",
            "",
            "make it current, the old one previous",
            "logs everyone out",
        ),
        (
            "hex",
            "",
            "set it in web, file",
            "whoever still uses the old one is cut off",
        ),
        (
            "hex",
            both,
            "the old one in B",
            "whoever reads both accepts the old value for 7d",
        ),
        ("aes-256", "", "set it in web, file", "re-encrypt everything"),
        (
            "same-as",
            ", same_as = \"ROOT\"",
            "compute A: the value of ROOT",
            "computed from another secret",
        ),
        (
            "issued",
            issued,
            "take the new value of A that Acme made",
            "the issuer makes it",
        ),
        ("passphrase", "", "mint A", "a person remembers it"),
    ] {
        let plan = planned(kind, fields, Reason::Scheduled);

        assert!(
            plan.steps.iter().any(|said| said.contains(step)),
            "{kind}: {plan:#?}"
        );
        let said = plan.consequences.join("\n");
        assert!(said.contains(affected), "{kind}: {plan:#?}");
        let compromised = planned(kind, fields, Reason::Compromise);
        assert_ne!(compromised.consequences.first(), None, "{kind}");
        let ends = "the old one retired and marked as compromised";
        assert!(compromised.steps.iter().any(|said| said.contains(ends)), "{kind}");
    }
}

#[test]
fn a_plan_names_delays_departures_drills_and_sinks_of_one_value() {
    let fields = ", overlap = \"7d\", previous_var = \"B\", usage_delay = \"10m\"";

    let departure = planned("jwt-hs256", fields, Reason::Departure);
    let drill = planned("jwt-hs256", fields, Reason::Test);
    let compromise = planned("jwt-hs256", fields, Reason::Compromise);

    assert!(
        departure.steps[1].contains("accept it, B beside the old one, and wait 10m"),
        "{departure:#?}"
    );
    let said = departure.consequences.join("\n");
    assert!(said.contains("whoever left can use the old value") && said.contains("file holds one value"));
    assert!(drill.consequences.join("\n").contains("the value really changes"));
    assert!(!compromise.steps.join("\n").contains("wait"), "{compromise:#?}");
}
