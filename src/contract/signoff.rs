//! Sign-offs that the policy demands.

use serde::Serialize;

use crate::contract::Subject;
use crate::contract::findings::About;
use crate::contract::findings::Findings;
use crate::contract::rules;

/// Where a role stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleSignoff {
    /// The role.
    pub role: String,
    /// Whether it has confirmed the present state.
    pub state: SignoffState,
}

/// Whether a role has confirmed the present state of an environment.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignoffState {
    /// The ledger is another than the one that was confirmed.
    LedgerChanged,
    /// Nobody has ever confirmed as this.
    Open,
    /// The policy is another than the one that was confirmed.
    PolicyChanged,
    /// Somebody has who confirmed as another role before, and the policy wants two people.
    SamePerson,
    /// Somebody has.
    Signed,
}

impl SignoffState {
    /// Returns the name as reports spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LedgerChanged => "ledger-changed",
            Self::Open => "open",
            Self::PolicyChanged => "policy-changed",
            Self::SamePerson => "same-person",
            Self::Signed => "signed",
        }
    }
}

/// Misses every role that has not confirmed the present state.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let demanded = subject.policy.signoff();
    if !demanded.is_some_and(|demanded| demanded.required_in(subject.environment)) {
        return;
    }
    for RoleSignoff { role, state } in &subject.facts.signoffs {
        let (rule, message) = match state {
            SignoffState::Signed => continue,
            SignoffState::Open => (rules::SIGNOFF_MISSING, "nobody has confirmed as it yet"),
            SignoffState::SamePerson => (
                rules::SIGNOFF_MISSING,
                "who confirmed as it has confirmed as another role, and two people are needed",
            ),
            SignoffState::LedgerChanged => (
                rules::SIGNOFF_STALE,
                "the ledger has changed since it was confirmed",
            ),
            SignoffState::PolicyChanged => (
                rules::SIGNOFF_STALE,
                "the policy has changed since it was confirmed",
            ),
        };
        let environment = subject.environment.name();
        let fix = format!("have that person look at it: mintage signoff --role {role} -e {environment}");
        findings.add(rule, About::name(role), message, fix);
    }
}
