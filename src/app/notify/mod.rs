//! Telling people what is due, once and then weekly, until it is done.

mod attempt;
mod digest;
mod matter;
mod pagerduty;
mod slack;
mod teams;

use std::collections::BTreeSet;

use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;
use rand::Rng;
use serde::Serialize;
use serde_json::Value;

use crate::app::AppError;
use crate::app::Privacy;
use crate::app::layout;
use crate::ledger::StoreId;
use crate::policy::NotifierFormat;
use crate::policy::NotifierPolicy;
use crate::policy::NotifierTarget;
use crate::ports::Awaited;
use crate::ports::Clock;
use crate::ports::LocalState;
use crate::ports::Message;
use crate::ports::Notice;
use crate::ports::Notifier;
use crate::ports::Notifiers;
use crate::ports::NotifyError;
use crate::ports::Obstacle;
use crate::ports::Storage;
use crate::ports::StorageError;
use crate::ports::Told;
use crate::ports::ToldMatters;
use digest::Digest;
pub use matter::Matter;
pub use matter::Scene;

/// What notifiers need of the world.
#[derive(Clone, Copy)]
pub struct NotifyGround<'a> {
    /// The files of the store.
    pub storage: &'a dyn Storage,
    /// What this machine remembers.
    pub state: &'a dyn LocalState,
    /// The time.
    pub clock: &'a dyn Clock,
    /// The channels.
    pub channels: &'a dyn Notifiers,
}

/// What became of one notifier.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct NotifierOutcome {
    /// The notifier.
    pub notifier: String,
    /// How many matters it was told of.
    pub told: usize,
    /// How many are due and were told before.
    pub known: usize,
    /// How many it was told are over.
    pub resolved: usize,
    /// What kept it from being told all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
}

/// What kept a notifier from being told. Whatever it was not told is told by the next run.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Trouble {
    /// It takes a person to change what is sent or where to.
    Refused {
        /// What happened.
        message: String,
    },
    /// A person has not allowed it on this machine as it is now.
    Unapproved {
        /// What is in the way.
        message: String,
        /// What to do.
        fix: String,
    },
    /// It cannot be reached now.
    Unreachable {
        /// What happened.
        message: String,
    },
}

/// Tells every notifier what is due and was not told yet, was told a week ago, or has become worse since.
///
/// Nothing counts as told unless it was accepted, and what was accepted is remembered before the next one is told.
/// PagerDuty is told of every matter by itself, and when it is over.
///
/// # Errors
///
/// When what was told cannot be read or remembered; what is the matter with a notifier is in its outcome.
pub fn notify(
    notifiers: &[NotifierPolicy],
    scene: &Scene<'_>,
    ground: NotifyGround<'_>,
    rng: &mut dyn Rng,
) -> Result<Vec<NotifierOutcome>, AppError> {
    let store = layout::existing_settings(ground.storage)?.store;
    let told = ground.state.told(&store)?;
    let mut outcomes = Vec::new();
    for policy in notifiers {
        let mut round = Round::new(policy, scene, &told, (ground, &store));
        round.run(rng)?;
        outcomes.push(round.outcome);
    }
    Ok(outcomes)
}

/// Writes what is due as a message that Slack takes.
pub fn slack_message(scene: &Scene<'_>, privacy: Privacy) -> Value {
    let matters = scene.matters(privacy);
    let matters: Vec<&Matter> = matters.iter().collect();
    slack::message(&digest(scene, privacy, (&matters, 0)))
}

/// One notifier in one run.
struct Round<'a> {
    policy: &'a NotifierPolicy,
    scene: &'a Scene<'a>,
    ground: NotifyGround<'a>,
    store: &'a StoreId,
    matters: Vec<Matter>,
    /// The keys of what was told and is over.
    over: Vec<String>,
    outcome: NotifierOutcome,
}

impl<'a> Round<'a> {
    fn new(
        policy: &'a NotifierPolicy,
        scene: &'a Scene<'a>,
        told: &ToldMatters,
        (ground, store): (NotifyGround<'a>, &'a StoreId),
    ) -> Self {
        let known = told.of(policy.name());
        let mut matters = scene.matters(privacy(policy));
        let due: BTreeSet<String> = matters.iter().map(|matter| matter.key.clone()).collect();
        let is_seen = |told: &Told| {
            told.environment
                .as_ref()
                .is_none_or(|environment| scene.environments.contains(environment))
        };
        let over = known
            .iter()
            // What a damaged store does not say any more may be due all the same.
            .filter(|(key, told)| !scene.is_damaged && is_seen(told) && !due.contains(*key))
            .map(|(key, _)| key.clone())
            .collect();
        matters.retain(|matter| matter.severity >= policy.min_severity());
        let all = matters.len();
        matters.retain(|matter| is_news(matter, known.get(&matter.key), scene.at));
        Self {
            policy,
            scene,
            ground,
            store,
            over,
            outcome: NotifierOutcome {
                notifier: policy.name().to_owned(),
                told: 0,
                known: all - matters.len(),
                resolved: 0,
                trouble: None,
            },
            matters,
        }
    }

    /// Tells what there is to tell, as far as the notifier takes it.
    fn run(&mut self, rng: &mut dyn Rng) -> Result<(), StorageError> {
        let channels = self.ground.channels;
        let Some(notifier) = channels.notifier(self.policy.name()) else {
            let message = "this version cannot tell a notifier of this type".to_owned();
            self.outcome.trouble = Some(Trouble::Refused { message });
            return Ok(());
        };
        if let Some(Awaited { what, next }) = notifier.awaits() {
            self.outcome.trouble = Some(Trouble::Unapproved {
                message: what,
                fix: next,
            });
            return Ok(());
        }
        let told = match self.policy.target() {
            NotifierTarget::PagerDuty { .. } => self.tell_one_by_one(notifier, rng)?,
            _ => self.tell_at_once(notifier, rng)?,
        };
        let clock = self.ground.clock;
        let told = match told {
            Ok(()) if !self.scene.is_damaged => attempt::attempt(clock, rng, || notifier.beat()),
            told => told,
        };
        self.outcome.trouble = told.err().map(Trouble::from);
        Ok(())
    }

    fn tell_at_once(
        &mut self,
        notifier: &dyn Notifier,
        rng: &mut dyn Rng,
    ) -> Result<Result<(), NotifyError>, StorageError> {
        if !self.matters.is_empty() {
            let matters: Vec<&Matter> = self.matters.iter().collect();
            let digest = digest(self.scene, privacy(self.policy), (&matters, self.outcome.known));
            if let Err(error) = self.send(notifier, message(self.policy, &digest), rng) {
                return Ok(Err(error));
            }
            self.remember(&self.matters)?;
            self.outcome.told = self.matters.len();
        }
        self.forget(&self.over)?;
        Ok(Ok(()))
    }

    fn tell_one_by_one(
        &mut self,
        notifier: &dyn Notifier,
        rng: &mut dyn Rng,
    ) -> Result<Result<(), NotifyError>, StorageError> {
        for matter in &self.matters {
            let digest = digest(self.scene, privacy(self.policy), (&[], 0));
            let event = Message::Document(pagerduty::trigger(&digest, matter));
            if let Err(error) = self.send(notifier, event, rng) {
                return Ok(Err(error));
            }
            self.remember(std::slice::from_ref(matter))?;
            self.outcome.told += 1;
        }
        for key in &self.over {
            if let Err(error) = self.send(notifier, Message::Document(pagerduty::resolve(key)), rng) {
                return Ok(Err(error));
            }
            self.forget(std::slice::from_ref(key))?;
            self.outcome.resolved += 1;
        }
        Ok(Ok(()))
    }

    fn send(&self, notifier: &dyn Notifier, message: Message, rng: &mut dyn Rng) -> Result<(), NotifyError> {
        let notice = Notice {
            id: format!("msg_{:016x}{:016x}", rng.next_u64(), rng.next_u64()),
            message,
        };
        let clock = self.ground.clock;
        attempt::attempt(clock, rng, || notifier.send(&notice, clock.now()))
    }

    fn remember(&self, matters: &[Matter]) -> Result<(), StorageError> {
        self.ground.state.change_told(self.store, &mut |told| {
            for matter in matters {
                let now = Told {
                    environment: matter.environment.clone(),
                    rank: matter.rank,
                    at: self.scene.at,
                };
                told.add(self.policy.name(), &matter.key, now);
            }
        })
    }

    fn forget(&self, keys: &[String]) -> Result<(), StorageError> {
        if keys.is_empty() {
            return Ok(());
        }
        self.ground.state.change_told(self.store, &mut |told| {
            for key in keys {
                told.remove(self.policy.name(), key);
            }
        })
    }
}

impl From<NotifyError> for Trouble {
    fn from(error: NotifyError) -> Self {
        let message = error.what;
        match error.obstacle {
            Obstacle::Passing | Obstacle::Unreachable => Self::Unreachable { message },
            Obstacle::Refused => Self::Refused { message },
        }
    }
}

/// Returns whether somebody has to be told: nobody was, or a week ago, or it was not as bad.
fn is_news(matter: &Matter, told: Option<&Told>, now: DateTime<Utc>) -> bool {
    told.is_none_or(|told| matter.rank < told.rank || now - told.at >= week())
}

fn privacy(policy: &NotifierPolicy) -> Privacy {
    if policy.anonymous() {
        Privacy::Anonymous
    } else {
        Privacy::Named
    }
}

fn digest<'a>(
    scene: &Scene<'a>,
    privacy: Privacy,
    (matters, known): (&'a [&'a Matter], usize),
) -> Digest<'a> {
    Digest {
        project: (privacy == Privacy::Named).then_some(scene.project),
        at: scene.at,
        matters,
        known,
    }
}

fn message(policy: &NotifierPolicy, digest: &Digest<'_>) -> Message {
    match policy.target() {
        NotifierTarget::Desktop => digest.popup(),
        NotifierTarget::Email { .. } => digest.mail(),
        NotifierTarget::Webhook {
            format: NotifierFormat::Slack,
            ..
        } => Message::Document(slack::message(digest)),
        NotifierTarget::Webhook {
            format: NotifierFormat::Teams,
            ..
        } => Message::Document(teams::message(digest)),
        NotifierTarget::PagerDuty { .. } | NotifierTarget::Webhook { .. } => {
            Message::Document(digest.document())
        }
    }
}

/// After how long something is told again. Half a day less than a week: a timer does not start at the same minute.
fn week() -> TimeDelta {
    TimeDelta::hours(7 * 24 - 12)
}
