//! Why a sign-off is not recorded.

use thiserror::Error;

use crate::secret::EnvironmentName;

/// Why a sign-off is not recorded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SignoffError {
    /// Another process wrote to the ledger.
    #[error("the ledger of {environment} has changed since it was checked")]
    Moved {
        /// The environment.
        environment: EnvironmentName,
    },
    /// The policy asks nobody to sign.
    #[error("the policy has no [signoff], so there is no role to confirm as")]
    NotDemanded,
    /// What would be confirmed is not fit for use.
    #[error("{environment} is not ready: the check finds {errors} {}", if *.errors == 1 { "error" } else { "errors" })]
    NotReady {
        /// The environment.
        environment: EnvironmentName,
        /// How many errors.
        errors: u32,
    },
    /// There is no ledger.
    #[error("{environment} has no ledger yet, so there is nothing to confirm")]
    NothingToConfirm {
        /// The environment.
        environment: EnvironmentName,
    },
    /// The policy names no such role.
    #[error("the policy has no role `{role}`")]
    RoleUnknown {
        /// What was asked for.
        role: String,
        /// The roles there are.
        known: Vec<String>,
    },
    /// The policy wants two people, and this may be one.
    #[error(
        "`{role}` has to be another person than `{other}`, whom {by} has confirmed as with this account or this key"
    )]
    SamePerson {
        /// The role.
        role: String,
        /// The role that the person has taken.
        other: String,
        /// The account that confirmed.
        by: String,
    },
}
