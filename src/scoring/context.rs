//! What is known about a value beside its characters.

use crate::policy::Encoding;
use crate::policy::Kind;
use crate::policy::Recipe;
use crate::policy::SecretPolicy;
use crate::policy::Tier;
use crate::policy::kinds::KeyBytes;
use crate::policy::kinds::Role;
use crate::scoring::rules::truncated::Whole;

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
    /// The one size that the policy allows.
    pub whole: Option<Whole>,
    /// The sign at which the reader of an env file ended the value, with more behind it.
    pub cut_at: Option<char>,
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
            whole: whole(secret),
            cut_at: None,
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

    /// Returns the one size that a value can have, by the policy or by the kind.
    pub(super) fn whole(&self) -> Option<Whole> {
        let of_kind = || {
            let rule = self.kind?.consumed?;
            Some(Whole {
                prefix: rule.prefix.len(),
                bytes: rule.least,
                encoding: rule.exact_encoding(self.encoding)?,
            })
        };
        self.whole.or_else(of_kind)
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

/// Returns the size that a policy says, where it says one: what a kind makes by itself is not all that it takes.
fn whole(secret: &SecretPolicy) -> Option<Whole> {
    let shape = secret.shape();
    match secret.recipe() {
        Recipe::Bytes {
            bytes,
            encoding,
            prefix,
            ..
        } if shape.bytes.is_some() || shape.length.is_some() => Some(Whole {
            prefix: prefix.len(),
            bytes: *bytes as usize,
            encoding: *encoding,
        }),
        _ => None,
    }
}
