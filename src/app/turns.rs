//! Whose turn it is, and who has to wait.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app::AppError;
use crate::app::Checked;
use crate::app::Motive;
use crate::app::Store;
use crate::app::admission::admitted;
use crate::app::admission::made_here;
use crate::app::admission::with_derived;
use crate::app::batch::affected;
use crate::app::compromise;
use crate::app::derive::overlap_of;
use crate::app::walk::Ground;
use crate::ledger::Reason;
use crate::ledger::SecretRecord;
use crate::policy::SecretPolicy;
use crate::rotation;
use crate::rotation::Family;
use crate::rotation::Refusal;
use crate::rotation::Turn;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;
use crate::secret::Stage;

/// A secret whose turn has come and that is not rotated now.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    /// The environment.
    pub environment: EnvironmentName,
    /// The secret.
    pub name: SecretName,
    /// What it waits for.
    pub why: Why,
    /// The same in words.
    pub message: String,
    /// Until when, where that is known.
    pub until: Option<DateTime<Utc>>,
    /// What a person can do about it.
    pub fix: Option<String>,
}

/// What a secret waits for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Its value comes from the future: a clock is wrong.
    Clock,
    /// Its value is marked as compromised elsewhere: how fast it has to go is for a person to say.
    Compromised,
    /// It is computed from another secret and ends by itself before that has its turn.
    Derived,
    /// A freeze holds.
    Frozen,
    /// A new value alone would do harm.
    Hazard,
    /// Somebody else makes it.
    Issued,
    /// Its own last overlap still runs.
    Overlap,
    /// A sink that cannot be told: not approved on this machine, or of an unknown sort.
    Sink,
    /// Another secret of the same sink is in its overlap.
    SinkBusy,
    /// The new value is accepted everywhere and not used yet.
    UsageDelay,
}

impl Why {
    /// Returns the name as reports spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Compromised => "compromised",
            Self::Derived => "derived",
            Self::Frozen => "frozen",
            Self::Hazard => "hazard",
            Self::Issued => "issued",
            Self::Overlap => "overlap",
            Self::Sink => "sink",
            Self::SinkBusy => "sink-busy",
            Self::UsageDelay => "usage-delay",
        }
    }

    /// Returns whether waiting alone does not help.
    pub const fn needs_somebody(self) -> bool {
        matches!(
            self,
            Self::Clock | Self::Compromised | Self::Derived | Self::Hazard | Self::Issued | Self::Sink
        )
    }
}

/// Whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// Secrets to rotate, batch by batch: those whose new value is used at once, then by the time that it is only
    /// accepted, since a batch waits for the longest.
    pub(super) batches: Vec<Vec<SecretName>>,
    /// Secrets whose turn has come and that wait.
    pub(super) waiting: Vec<Waiting>,
}

/// Says whose turn it is at `now`: roots only, since what is derived comes along with them.
///
/// # Errors
///
/// When a ledger cannot be read.
pub(super) fn turns(
    ground: Ground<'_>,
    store: &Store<'_>,
    checked: &Checked,
    now: DateTime<Utc>,
) -> Result<Turns, AppError> {
    let known = compromise::known(store)?;
    let mut turns = Turns::default();
    let mut families = Vec::new();
    for name in ground.policy.secret_names() {
        let secret = ground.policy.secret(name, ground.environment);
        let record = checked.ledger.record(name);
        let Some((secret, record)) = secret.zip(record) else {
            continue;
        };
        // A rotation that is under way is no matter of turns.
        if record.at_stage(Stage::Pending).is_some() {
            continue;
        }
        let current = record.current();
        if current.is_some_and(|current| known.contains(&current.fingerprint)) {
            turns.waiting.push(compromised(ground, name));
            continue;
        }
        match rotation::turn(secret, record, ground.environment, now) {
            Turn::NotYet { .. } | Turn::Never => {}
            Turn::Ahead { changed_at } => turns.waiting.push(ahead(ground, name, changed_at)),
            Turn::Due { since } => match obstacle(ground, checked, secret, now) {
                Some(waiting) => turns.waiting.push(waiting),
                None => families.push(family(ground, secret, since)),
            },
        }
    }
    let (begin, wait) = rotation::without_clashes(families, busy(ground, checked, now));
    for (family, sink) in wait {
        turns.waiting.push(Waiting {
            message: format!("another secret of the sink `{sink}` is in its overlap"),
            ..waiting(ground, &family.root, Why::SinkBusy)
        });
    }
    turns.batches = batched(ground, begin);
    Ok(turns)
}

/// Puts together what is accepted for the same time before it is used.
fn batched(ground: Ground<'_>, families: Vec<Family>) -> Vec<Vec<SecretName>> {
    let mut batches: BTreeMap<u64, Vec<SecretName>> = BTreeMap::new();
    for family in families {
        let batch = batches.entry(delay(ground, &family.root)).or_default();
        batch.push(family.root);
    }
    batches.into_values().collect()
}

/// Returns what keeps a secret from its turn, what a person has to do first.
fn obstacle(
    ground: Ground<'_>,
    checked: &Checked,
    secret: &SecretPolicy,
    now: DateTime<Utc>,
) -> Option<Waiting> {
    let (name, environment) = (secret.name(), ground.environment);
    let refused = made_here(ground, secret).err();
    let refused = refused.or_else(|| admitted(ground, checked, secret, Motive::default(), now).err());
    if let Some(error) = refused {
        let record = checked.ledger.record(name);
        let until = record.and_then(|record| rotation::open_overlap(record, now));
        return refusal(ground, name, &error, until);
    }
    let sinks = sinks(ground, name);
    if let Some(deaf) = sinks.iter().find_map(|sink| deaf(ground, name, sink)) {
        return Some(deaf);
    }
    let freeze = ground.policy.frozen(environment, now)?;
    let until = freeze.until().map(|day| format!(" until {day}"));
    Some(Waiting {
        message: format!("a freeze holds{}: {}", until.unwrap_or_default(), freeze.reason()),
        ..waiting(ground, name, Why::Frozen)
    })
}

/// Says that a secret waits for a sink which cannot be told before a person did something.
pub(super) fn deaf(ground: Ground<'_>, name: &SecretName, sink: &str) -> Option<Waiting> {
    let (message, fix) = match ground.sinks.sink(sink) {
        Ok(sink) => {
            let awaited = sink.awaits()?;
            (awaited.what, Some(awaited.next))
        }
        Err(error) => (error.to_string(), None),
    };
    Some(Waiting {
        message,
        fix,
        ..waiting(ground, name, Why::Sink)
    })
}

/// Says what a secret waits for that may not be rotated; `None` where it has nothing to rotate.
fn refusal(
    ground: Ground<'_>,
    name: &SecretName,
    error: &AppError,
    overlap_ends_at: Option<DateTime<Utc>>,
) -> Option<Waiting> {
    let environment = ground.environment;
    let (why, fix) = match error {
        AppError::DerivedSecret { roots, .. } => {
            let root = roots.first().map(SecretName::as_str).unwrap_or_default();
            let fix = format!("mintage rotate {root} -e {environment}");
            (Why::Derived, Some(fix))
        }
        AppError::RotationByIssuer { console_url, .. } => {
            let place = console_url.as_deref().unwrap_or("the issuer's console");
            let fix = format!("make a new one at {place}, then: mintage rotate {name} -e {environment}");
            (Why::Issued, Some(fix))
        }
        AppError::RotationHazard { .. } => {
            let fix = format!("see how: mintage rotate {name} -e {environment}");
            (Why::Hazard, Some(fix))
        }
        AppError::Rotation {
            refusal:
                Refusal::InUse { .. }
                | Refusal::OverlapOpen { .. }
                | Refusal::PartnerInOverlap { .. }
                | Refusal::PartnerOpen { .. },
            ..
        } => (Why::Overlap, None),
        _ => return None,
    };
    Some(Waiting {
        message: error.to_string(),
        until: overlap_ends_at.filter(|_| why == Why::Overlap),
        fix,
        ..waiting(ground, name, why)
    })
}

fn compromised(ground: Ground<'_>, name: &SecretName) -> Waiting {
    let environment = ground.environment;
    Waiting {
        message: "its value is marked as compromised".to_owned(),
        fix: Some(format!(
            "mintage rotate {name} -e {environment} --reason compromise"
        )),
        ..waiting(ground, name, Why::Compromised)
    }
}

fn ahead(ground: Ground<'_>, name: &SecretName, changed_at: DateTime<Utc>) -> Waiting {
    let changed_at = changed_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    Waiting {
        message: format!("its value changed at {changed_at}, which is still to come"),
        fix: Some("check the clock of this machine, and of the one that made the value".to_owned()),
        ..waiting(ground, name, Why::Clock)
    }
}

fn waiting(ground: Ground<'_>, name: &SecretName, why: Why) -> Waiting {
    Waiting {
        environment: ground.environment.clone(),
        name: name.clone(),
        why,
        message: String::new(),
        until: None,
        fix: None,
    }
}

fn family(ground: Ground<'_>, secret: &SecretPolicy, since: Option<DateTime<Utc>>) -> Family {
    Family {
        root: secret.name().clone(),
        since,
        sinks: sinks(ground, secret.name()),
        overlaps: overlap_of(ground.policy, ground.environment, secret).is_some(),
    }
}

/// Returns the sinks of a secret and of whatever is derived from it.
fn sinks(ground: Ground<'_>, root: &SecretName) -> BTreeSet<String> {
    let family = with_derived(ground, std::slice::from_ref(root));
    let policies = family
        .iter()
        .filter_map(|name| ground.policy.secret(name, ground.environment));
    policies.flat_map(SecretPolicy::sinks).cloned().collect()
}

/// Returns the sinks of which a secret is in its overlap.
fn busy(ground: Ground<'_>, checked: &Checked, now: DateTime<Utc>) -> BTreeSet<String> {
    let in_overlap = |record: &&SecretRecord| rotation::is_in_overlap(record, now);
    let overlapping = checked.ledger.records().filter(in_overlap);
    let policies = overlapping.filter_map(|record| ground.policy.secret(&record.name, ground.environment));
    policies.flat_map(SecretPolicy::sinks).cloned().collect()
}

/// Returns for how many seconds the new values of a secret and of what is derived from it are only accepted.
fn delay(ground: Ground<'_>, root: &SecretName) -> u64 {
    let family = with_derived(ground, std::slice::from_ref(root));
    let policies = family
        .iter()
        .filter_map(|name| ground.policy.secret(name, ground.environment));
    policies
        .filter_map(|secret| affected(ground, secret, Reason::Scheduled, &[]).usage_delay())
        .map(|delay| delay.approximate_seconds())
        .max()
        .unwrap_or(0)
}
