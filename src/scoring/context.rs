//! What is known about a value beside its characters.

use crate::policy::Encoding;
use crate::policy::Kind;
use crate::policy::SecretPolicy;
use crate::policy::Tier;
use crate::policy::kinds::KeyBytes;
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
    /// How the policy says that the value encodes bytes.
    pub encoding: Option<Encoding>,
    /// The least number of characters that the policy allows.
    pub min_length: Option<u32>,
    /// The least number of random bits that the policy allows.
    pub min_bits: Option<u32>,
    /// The least measured entropy that a checklist demands, in bits per character.
    pub min_entropy: Option<f64>,
}

impl<'a> Context<'a> {
    /// What a policy says about a secret; `names` must not be its value.
    pub fn of(secret: &SecretPolicy, tier: Tier, names: &'a [&'a str]) -> Self {
        Self {
            tier,
            names,
            kind: Some(secret.kind()),
            encoding: secret.shape().encoding,
            min_length: secret.min_length(),
            min_bits: secret.min_bits(),
            min_entropy: secret.min_entropy(),
        }
    }

    /// Counts the bytes that the consumer of the kind takes out of `value` for its key.
    pub(super) fn key(&self, value: &[u8]) -> Option<KeyBytes> {
        let rule = self.kind?.consumed?;
        Some(rule.measure(value, self.encoding))
    }

    /// Returns whether somebody else makes the value.
    pub(super) fn is_issued(&self) -> bool {
        self.kind.is_some_and(|kind| kind.role == Role::Issued)
    }

    /// Returns whether the value is meant to be words of the EFF long list.
    pub(super) fn is_passphrase(&self) -> bool {
        self.kind.is_some_and(|kind| kind.name == "passphrase")
    }
}
