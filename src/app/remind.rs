//! What is due or expiring.

use crate::app::State;
use crate::app::StatusRow;
use crate::contract::life;
use crate::policy::Finding;
use crate::policy::Tier;

/// Whether a message names secrets and certificates.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Privacy {
    /// It names none.
    Anonymous,
    /// It names them.
    #[default]
    Named,
}

/// What is due, soon due or of unknown age.
#[derive(Debug)]
pub struct RemindReport {
    /// Rows that somebody should act on, the most urgent first.
    pub rows: Vec<StatusRow>,
    /// The same as findings, in the same order.
    pub findings: Vec<Finding>,
}

impl RemindReport {
    /// Returns whether something is overdue.
    pub fn has_overdue(&self) -> bool {
        self.rows.iter().any(|row| row.state.is_due())
    }
}

/// Picks what is due or expiring out of a status.
pub fn remind(rows: Vec<StatusRow>) -> RemindReport {
    let mut due: Vec<StatusRow> = rows
        .into_iter()
        .filter(|row| matches!(row.state, State::DueSoon | State::Unrevoked) || row.state.is_due())
        .collect();
    due.sort_by_key(|row| {
        let when = row.due_at.into_iter().chain(row.expires_at).min();
        (row.state, when, row.environment.clone(), row.name.clone())
    });
    let findings = due.iter().map(finding).collect();
    RemindReport { rows: due, findings }
}

/// Says what is wrong with a row and what to do.
pub(super) fn finding(row: &StatusRow) -> Finding {
    let expires_first = match (row.expires_at, row.due_at) {
        (Some(expires), Some(due)) => expires <= due,
        (Some(_), None) => true,
        _ => false,
    };
    let (rule, message) = match (row.state, expires_first) {
        (State::Compromised, _) => (life::COMPROMISED, "its value is marked as compromised"),
        (State::Overdue, true) => (life::EXPIRED, "has expired"),
        (State::Overdue, false) => (life::OVERDUE, "is overdue for rotation"),
        (State::UnknownAge, _) => (
            life::UNKNOWN_AGE,
            "nobody knows how old it is, so it is treated as due",
        ),
        (State::Unrevoked, _) => (
            life::UNREVOKED,
            "nobody has said that its former value is revoked where it was issued",
        ),
        (_, true) => (life::EXPIRES_SOON, "expires soon"),
        (_, false) => (life::DUE_SOON, "is due for rotation soon"),
    };
    let fix = match (&row.issued_by, row.state) {
        (_, State::Compromised) => format!(
            "mintage rotate {} -e {} --reason compromise",
            row.name, row.environment
        ),
        (issuer, State::Unrevoked) => format!(
            "revoke it at {}, then: mintage retire {} -e {}",
            issuer.as_deref().unwrap_or("its issuer"),
            row.name,
            row.environment
        ),
        (Some(issuer), _) => format!(
            "get a new one from {issuer}, then: mintage rotate {} -e {}",
            row.name, row.environment
        ),
        (None, State::UnknownAge) if row.kind == "issued" => format!(
            "mintage import {} -e {} --created DATE with the value in use",
            row.name, row.environment
        ),
        (None, _) => format!("mintage rotate {} -e {}", row.name, row.environment),
    };
    Finding {
        rule: rule.id,
        severity: rule.severity(Tier::Production),
        environment: Some(row.environment.clone()),
        name: Some(row.name.to_string()),
        location: None,
        message: message.to_owned(),
        fix,
    }
}
