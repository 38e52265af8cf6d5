//! Judges values: how many bits nobody can guess, and what is wrong with a value.
//!
//! The measured Shannon entropy of a single value says how evenly its characters are used, not how hard it is
//! to guess: it rejects 18.7 % of perfect 16-byte values in hexadecimal and accepts the alphabet. So it is
//! measured and shown, but decides nothing. What decides is the shortest description over several models of how
//! people make values up (the module `parse`), beside lists of published values and rules about the whole text.
//!
//! A score can prove weakness, never randomness: the digest of an unlisted phrase, the output of a seeded
//! generator and a published key that is not listed look random.

mod alphabet;
mod breach;
mod context;
mod explanation;
mod gates;
mod habits;
mod human;
mod judge;
mod keyboard;
mod known;
mod languages;
mod letters;
mod mash;
mod models;
mod parse;
mod patterns;
mod plain;
mod rules;
mod score;
mod shannon;
mod steps;
mod turned;

pub use context::Context;
pub use explanation::DecodedKey;
pub use explanation::Explanation;
pub use explanation::Key;
pub use explanation::Part;
pub use rules::truncated::Whole;
pub use score::Grade;
pub use score::Level;
pub use score::Origin;
pub use score::Score;
pub use score::demanded_bits;

use crate::secret::SecretValue;

/// Judges `value`.
///
/// Findings hold no character of it, whatever it is. Of a value longer than 4,096 bytes only the front is
/// taken apart, which gives a lower bound on what the rest of this function finds.
pub fn score(value: &SecretValue, context: &Context<'_>) -> Score {
    judge::judge(bytes(value), context)
}

/// Judges `value` and, if a person could have chosen it, looks it up in a list of leaked passwords by its SHA-1.
///
/// `count` returns how often the password with a digest leaked.
///
/// # Errors
///
/// When `count` fails.
pub fn score_with<E>(
    value: &SecretValue,
    context: &Context<'_>,
    count: impl FnOnce(&[u8; 20]) -> Result<Option<u64>, E>,
) -> Result<Score, E> {
    breach::look_up(bytes(value), score(value, context), context.tier, count)
}

/// Returns whether `value` is so plainly random that [`score`] would find it high and nothing worth a warning.
///
/// Cheap and conservative, for loops that mint millions of values: after false, ask [`score`].
pub fn plainly_random(value: &SecretValue, context: &Context<'_>) -> bool {
    plain::is_plain(bytes(value), context)
}

/// The only place where this module reads a plaintext; what lies below borrows it.
fn bytes(value: &SecretValue) -> &[u8] {
    value.expose()
}

#[cfg(test)]
mod tests;
