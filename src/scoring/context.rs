//! What is known about a value beside its characters.

use crate::policy::Kind;
use crate::policy::Tier;
use crate::policy::kinds::Role;

/// What is known about a value beside its characters. The default is a production value of unknown purpose.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    /// How strict to be.
    pub tier: Tier,
    /// Names of variable, application and host, which must not be the value.
    pub names: &'a [&'a str],
    /// What the value is meant to be.
    pub kind: Option<&'static Kind>,
    /// The least number of characters that the policy allows.
    pub min_length: Option<u32>,
    /// The least number of random bits that the policy allows.
    pub min_bits: Option<u32>,
    /// The least measured entropy that a checklist demands, in bits per character.
    pub min_entropy: Option<f64>,
}

impl Context<'_> {
    /// Returns whether somebody else makes the value.
    pub(super) fn is_issued(&self) -> bool {
        self.kind.is_some_and(|kind| kind.role == Role::Issued)
    }

    /// Returns whether the value is meant to be words of the EFF long list.
    pub(super) fn is_passphrase(&self) -> bool {
        self.kind.is_some_and(|kind| kind.name == "passphrase")
    }
}
