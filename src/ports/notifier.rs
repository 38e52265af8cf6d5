//! Whoever is told what is due.

use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;
use serde_json::Value;
use thiserror::Error;

use crate::ports::Awaited;

/// Somebody who is told, over one channel.
pub trait Notifier {
    /// Returns what a person has to do on this machine before anything is sent; `None` when nothing.
    fn awaits(&self) -> Option<Awaited>;

    /// Sends a notice. It has arrived only if this succeeds; `at` is when it is sent.
    ///
    /// # Errors
    ///
    /// When it was not accepted, or nobody said that it was.
    fn send(&self, notice: &Notice, at: DateTime<Utc>) -> Result<(), NotifyError>;

    /// Says that a run came to its end, where somebody waits for that.
    ///
    /// # Errors
    ///
    /// When nobody said that it was heard.
    fn beat(&self) -> Result<(), NotifyError>;
}

/// Finds the notifiers of a policy.
pub trait Notifiers {
    /// Returns the notifier of this name; `None` where this version cannot tell such a one.
    fn notifier(&self, name: &str) -> Option<&dyn Notifier>;
}

/// What is sent at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Names it, and stays the same when it is sent again.
    pub id: String,
    /// What it says.
    pub message: Message,
}

/// A message in the form that a channel takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A JSON document, for whoever is reached by a URL.
    Document(Value),
    /// A mail without its head.
    Mail {
        /// One line.
        subject: String,
        /// Plain text.
        text: String,
    },
    /// A few lines that come up on a screen.
    Popup {
        /// One line.
        title: String,
        /// Plain text.
        text: String,
        /// Whether it stays until somebody has seen it.
        is_urgent: bool,
    },
}

/// Why a notice did not arrive. It holds no part of a secret, and of a URL its host at most.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{what}")]
pub struct NotifyError {
    /// What to do about it.
    pub obstacle: Obstacle,
    /// What happened, as one lower-case line.
    pub what: String,
    /// How long it asks to be left alone.
    pub retry_after: Option<Duration>,
}

impl NotifyError {
    /// Says what happened.
    pub fn new(obstacle: Obstacle, what: impl Into<String>) -> Self {
        Self {
            obstacle,
            what: what.into(),
            retry_after: None,
        }
    }
}

/// What to do about a notice that did not arrive.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Obstacle {
    /// Try again before long: it may pass.
    Passing,
    /// Leave it alone: it takes a person to change what is sent or where to.
    Refused,
    /// Try again the next time: it cannot be reached in a way that can be trusted.
    Unreachable,
}
