//! When a secret's turn comes.
//!
//! All arithmetic is in UTC, so that every machine says the same: `90d` are ninety times 24 hours, months and years
//! are those of the calendar in UTC. What `status` and `remind` show is the latest date. A timer begins up to a day
//! before it, each secret a little earlier than the others, so that a thousand do not change in the same minute and
//! none is overdue where a timer runs.

use std::collections::BTreeSet;

use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;
use ring::digest;

use crate::ledger::SecretRecord;
use crate::policy::Period;
use crate::policy::SecretPolicy;
use crate::rotation::open_overlap;
use crate::rotation::retirable;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::Stage;

/// Whether it is a secret's turn to be rotated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Turn {
    /// Its value comes from the future: some clock is wrong, and nothing may be concluded from its age.
    Ahead {
        /// When the value changed.
        changed_at: DateTime<Utc>,
    },
    /// It is.
    Due {
        /// Since when; `None` where nobody knows how old it is.
        since: Option<DateTime<Utc>>,
    },
    /// It never is.
    Never,
    /// It is not yet.
    NotYet {
        /// From when on.
        from: DateTime<Utc>,
    },
}

/// Says whether it is the turn of a secret at `now`.
///
/// It is from its due date less its jitter on, or from `remind_before` ahead of the day on which its value stops
/// working by itself. A value of unknown age is due.
pub fn turn(
    secret: &SecretPolicy,
    record: &SecretRecord,
    environment: &EnvironmentName,
    now: DateTime<Utc>,
) -> Turn {
    let Some(current) = record.current() else {
        return Turn::Never;
    };
    let ends = record
        .expires_at
        .and_then(|end| secret.remind_before().before(end));
    let due = match (secret.rotate_every(), current.changed_at) {
        (None, _) => None,
        (Some(_), None) => return Turn::Due { since: None },
        (Some(_), Some(changed_at)) if changed_at - clock_skew() > now => return Turn::Ahead { changed_at },
        (Some(every), Some(changed_at)) => every
            .after(changed_at)
            .map(|due| due - jitter(environment, secret.name(), every)),
    };
    match due.into_iter().chain(ends).min() {
        None => Turn::Never,
        Some(from) if from <= now => Turn::Due { since: Some(from) },
        Some(from) => Turn::NotYet { from },
    }
}

/// Returns how much earlier than its due date a secret's turn comes: always the same for the same secret, at most a
/// tenth of its period and at most a day.
pub fn jitter(environment: &EnvironmentName, name: &SecretName, every: Period) -> TimeDelta {
    let most = (every.approximate_seconds() / 10).min(MOST_JITTER);
    let hash = digest::digest(&digest::SHA256, format!("{environment}\0{name}").as_bytes());
    let number = hash
        .as_ref()
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let seconds = number % (most + 1);
    TimeDelta::seconds(i64::try_from(seconds).unwrap_or_default())
}

/// Returns whether a former value of a secret is valid beside the current one, or will be: its overlap runs, it is
/// over and the value was not dropped yet, or a rotation is under way.
pub fn is_in_overlap(record: &SecretRecord, now: DateTime<Utc>) -> bool {
    open_overlap(record, now).is_some()
        || retirable(record, now).next().is_some()
        || record.at_stage(Stage::Pending).is_some()
}

/// What is to be rotated together: a secret and what is derived from it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Family {
    /// The secret that gets a new value.
    pub root: SecretName,
    /// Since when its turn has come; `None` where nobody knows how old it is.
    pub since: Option<DateTime<Utc>>,
    /// The sinks that are told.
    pub sinks: BTreeSet<String>,
    /// Whether the former value stays valid for a time.
    pub overlaps: bool,
}

/// Picks the families that may begin now, the most overdue first, so that no sink has two open overlaps at once;
/// `busy` holds the sinks that have one. Returns those that may begin, and those that wait and for which sink.
pub fn without_clashes(
    mut families: Vec<Family>,
    mut busy: BTreeSet<String>,
) -> (Vec<Family>, Vec<(Family, String)>) {
    families.sort_by(|one, other| (one.since, &one.root).cmp(&(other.since, &other.root)));
    let (mut begin, mut wait) = (Vec::new(), Vec::new());
    for family in families {
        let clash = family.sinks.iter().find(|sink| busy.contains(*sink)).cloned();
        match clash.filter(|_| family.overlaps) {
            Some(sink) => wait.push((family, sink)),
            None => {
                if family.overlaps {
                    busy.extend(family.sinks.iter().cloned());
                }
                begin.push(family);
            }
        }
    }
    (begin, wait)
}

/// How far the clocks of two machines may differ before an age means nothing.
fn clock_skew() -> TimeDelta {
    TimeDelta::minutes(5)
}

/// Greatest jitter, in seconds: a day.
const MOST_JITTER: u64 = 86_400;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Reason;
    use crate::policy::Policy;
    use crate::rotation::tests::after;
    use crate::rotation::tests::start;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn production() -> EnvironmentName {
        "production".parse().unwrap()
    }

    /// The turn of a secret with this cadence whose value changed at this time; `None` is unknown.
    fn turn_of(every: &str, changed_at: Option<&str>, now: DateTime<Utc>) -> Turn {
        let text =
            format!("schema = 1\n[secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\nrotate_every = \"{every}\"\n");
        let policy = Policy::parse("", &text).unwrap();
        let mut record = after(&[(0, Reason::Scheduled)]);
        record.versions[0].changed_at = changed_at.map(at);
        record.name = "JWT_SECRET".parse().unwrap();
        let secret = policy.secret(&record.name, &production()).unwrap();
        turn(secret, &record, &production(), now)
    }

    fn jitter_of(every: &str) -> TimeDelta {
        jitter(
            &production(),
            &"JWT_SECRET".parse().unwrap(),
            every.parse().unwrap(),
        )
    }

    #[test]
    fn the_turn_comes_a_little_before_the_due_date_and_never_after_it() {
        for (every, changed, due) in [
            ("90d", "2026-08-31T10:00:00Z", "2026-11-29T10:00:00Z"),
            ("6mo", "2026-08-31T10:00:00Z", "2027-02-28T10:00:00Z"),
            ("6mo", "2027-08-31T10:00:00Z", "2028-02-29T10:00:00Z"),
            ("1y", "2028-02-29T10:00:00Z", "2029-02-28T10:00:00Z"),
            ("4y", "2024-02-29T10:00:00Z", "2028-02-29T10:00:00Z"),
            ("2w", "2026-10-20T10:00:00+02:00", "2026-11-03T09:00:00+01:00"),
            ("12h", "2026-10-25T00:30:00Z", "2026-10-25T12:30:00Z"),
        ] {
            let from = at(due) - jitter_of(every);
            let second = TimeDelta::seconds(1);
            assert_eq!(
                turn_of(every, Some(changed), from - second),
                Turn::NotYet { from },
                "{every}"
            );
            assert_eq!(
                turn_of(every, Some(changed), from),
                Turn::Due { since: Some(from) },
                "{every}"
            );
            assert!(from <= at(due) && from > at(changed), "{every}");
        }
    }

    #[test]
    fn a_thousand_secrets_are_spread_over_a_day_and_always_in_the_same_way() {
        let every = Period::days(90);
        let minutes: BTreeSet<i64> = (0..1_000)
            .map(|number| {
                let jitter = jitter(&production(), &format!("KEY_{number}").parse().unwrap(), every);
                assert!(jitter >= TimeDelta::zero() && jitter <= TimeDelta::hours(24));
                jitter.num_minutes()
            })
            .collect();

        // Of 1,000 balls in 1,440 bins, 721 bins are hit on average; fewer than 650 are by no chance worth naming.
        assert!(minutes.len() > 650, "{} minutes", minutes.len());
        assert_eq!(jitter_of("90d"), jitter_of("90d"));
        assert!(jitter_of("1h") <= TimeDelta::minutes(6));
        let staging = "staging".parse().unwrap();
        assert_ne!(
            jitter(&staging, &"JWT_SECRET".parse().unwrap(), every),
            jitter_of("90d")
        );
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nothing_due() {
        let changed = "2026-11-21T10:00:00Z";

        assert_eq!(
            turn_of("90d", Some(changed), at("2026-11-21T09:54:59Z")),
            Turn::Ahead {
                changed_at: at(changed)
            }
        );
        assert!(matches!(
            turn_of("90d", Some(changed), at("2026-11-21T09:55:01Z")),
            Turn::NotYet { .. }
        ));
        assert!(matches!(
            turn_of("90d", Some(changed), at("1970-01-01T00:00:00Z")),
            Turn::Ahead { .. }
        ));
    }

    #[test]
    fn an_unknown_age_is_due_and_no_cadence_is_never() {
        assert_eq!(turn_of("90d", None, start()), Turn::Due { since: None });
        assert_eq!(turn_of("never", None, start()), Turn::Never);
    }

    #[test]
    fn a_value_that_ends_by_itself_has_its_turn_before_that() {
        let text = "schema = 1\n[secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\nremind_before = \"14d\"\n";
        let policy = Policy::parse("", text).unwrap();
        let mut record = after(&[(0, Reason::Scheduled)]);
        record.name = "JWT_SECRET".parse().unwrap();
        record.expires_at = Some(at("2030-03-31T00:00:00Z"));
        let secret = policy.secret(&record.name, &production()).unwrap();
        let from = at("2030-03-17T00:00:00Z");

        assert_eq!(
            turn(secret, &record, &production(), from),
            Turn::Due { since: Some(from) }
        );
        assert_eq!(
            turn(secret, &record, &production(), from - TimeDelta::seconds(1)),
            Turn::NotYet { from }
        );
    }

    #[test]
    fn no_sink_has_two_overlaps_at_once_and_the_most_overdue_goes_first() {
        let family = |root: &str, since: Option<&str>, sinks: &[&str], overlaps| Family {
            root: root.parse().unwrap(),
            since: since.map(at),
            sinks: sinks.iter().map(|sink| (*sink).to_owned()).collect(),
            overlaps,
        };
        let families = vec![
            family("A", Some("2026-11-02T00:00:00Z"), &["web"], true),
            family("B", Some("2026-11-01T00:00:00Z"), &["web", "worker"], true),
            family("C", Some("2026-11-03T00:00:00Z"), &["web"], false),
            family("D", Some("2026-11-04T00:00:00Z"), &["other"], true),
            family("E", None, &["busy"], true),
            family("F", None, &["web"], true),
        ];
        let names = |families: &mut dyn Iterator<Item = &Family>| {
            families.map(|family| family.root.to_string()).collect::<Vec<_>>()
        };

        let (begin, wait) = without_clashes(families, BTreeSet::from(["busy".to_owned()]));

        assert_eq!(names(&mut begin.iter()), ["F", "C", "D"]);
        assert_eq!(names(&mut wait.iter().map(|(family, _)| family)), ["E", "B", "A"]);
        assert_eq!(wait[1].1, "web");
    }
}
