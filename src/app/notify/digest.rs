//! Several matters in one message.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono::Utc;
use serde_json::Value;
use serde_json::json;

use crate::app::notify::matter::Matter;
use crate::policy::Severity;
use crate::ports::Message;

/// What one message tells.
#[derive(Clone, Copy)]
pub struct Digest<'a> {
    /// What the policy calls itself; `None` where nothing is named.
    pub project: Option<&'a str>,
    /// Now.
    pub at: DateTime<Utc>,
    /// What is told, the most urgent first.
    pub matters: &'a [&'a Matter],
    /// How many more are due and were told before.
    pub known: usize,
}

impl Digest<'_> {
    /// Says how much there is, on one line.
    pub fn headline(&self) -> String {
        let project = self.project.unwrap_or("mintage");
        let urgent = self
            .matters
            .iter()
            .filter(|matter| matter.severity == Severity::Error);
        let count = match self.matters.len() {
            1 => "1 reminder".to_owned(),
            count => format!("{count} reminders"),
        };
        match urgent.count() {
            0 => format!("{project}: {count}"),
            urgent => format!("{project}: {count}, {urgent} urgent"),
        }
    }

    /// Says that there is more than what is listed; `None` where there is not.
    pub fn rest(&self, listed: usize) -> Option<String> {
        let unlisted = self.matters.len().saturating_sub(listed);
        let mut parts = Vec::new();
        if unlisted > 0 {
            parts.push(format!("{unlisted} more are not listed here"));
        }
        if self.known > 0 {
            parts.push(format!("{} more are still due and were told before", self.known));
        }
        (!parts.is_empty()).then(|| format!("{}: see mintage remind", parts.join(", ")))
    }

    /// Says when a matter is or was due, in parentheses behind a space; nothing where that is unknown.
    pub fn when(&self, matter: &Matter) -> String {
        let Some(due) = matter.due_at else {
            return String::new();
        };
        let day = due.format("%Y-%m-%d");
        match (due.date_naive() - self.at.date_naive()).num_days() {
            0 => format!(" ({day}, today)"),
            1 => format!(" ({day}, tomorrow)"),
            -1 => format!(" ({day}, yesterday)"),
            days @ 2.. => format!(" ({day}, in {days} days)"),
            days => format!(" ({day}, {} days ago)", days.unsigned_abs()),
        }
    }

    /// Writes a document of our own.
    pub fn document(&self) -> Value {
        json!({
            "schema": "mintage/notification/1",
            "at": self.at,
            "project": self.project,
            "headline": self.headline(),
            "reminders": self.matters,
            "told_before": self.known,
        })
    }

    /// Writes a mail.
    pub fn mail(&self) -> Message {
        let mut text = String::new();
        for matter in self.matters.iter().take(MOST_IN_MAIL) {
            let when = self.when(matter);
            let _ = writeln!(
                text,
                "{} {}{when}\n    {}\n",
                matter.label, matter.message, matter.fix
            );
        }
        if let Some(rest) = self.rest(MOST_IN_MAIL) {
            let _ = writeln!(text, "{rest}");
        }
        Message::Mail {
            subject: self.headline(),
            text,
        }
    }

    /// Writes what comes up on a screen.
    pub fn popup(&self) -> Message {
        let listed = self.matters.iter().take(MOST_IN_POPUP);
        let mut lines: Vec<String> = listed
            .map(|matter| format!("{} {}{}", matter.label, matter.message, self.when(matter)))
            .collect();
        lines.extend(self.rest(MOST_IN_POPUP));
        Message::Popup {
            title: self.headline(),
            text: lines.join("\n"),
            is_urgent: self
                .matters
                .iter()
                .any(|matter| matter.severity == Severity::Error),
        }
    }
}

/// Cuts a text to at most `most` characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

/// How many matters a mail lists.
const MOST_IN_MAIL: usize = 500;

/// How many matters come up on a screen.
const MOST_IN_POPUP: usize = 5;
