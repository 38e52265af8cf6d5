//! Making values that their own policy and the scorer accept.

use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;

use crate::app::AppError;
use crate::generator;
use crate::policy::Encoding;
use crate::policy::Recipe;
use crate::policy::SecretPolicy;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::scoring;
use crate::scoring::Context;
use crate::scoring::Level;
use crate::secret::SecretValue;

/// Makes values by one recipe; what the scorer would object to is drawn again.
pub struct Minter<'a> {
    label: &'a str,
    recipe: &'a Recipe,
    context: Context<'a>,
    policy: Option<&'a SecretPolicy>,
    must_be_high: bool,
    is_beyond_chance: bool,
}

impl<'a> Minter<'a> {
    /// Makes values by `recipe`; `label` names them in errors.
    pub fn new(label: &'a str, recipe: &'a Recipe, mut context: Context<'a>) -> Self {
        // The consumer reads what the recipe writes.
        if let Recipe::Bytes { encoding, .. } = recipe {
            context.encoding = context.encoding.or(Some(*encoding));
        }
        // A code that saves k bits on a uniform value does so with a chance of 2^-k at most (Kraft). Of whole random
        // bytes this strong, 144 bits would have to be saved before the scorer objects: there is nothing to see.
        // Only hexadecimal is made so: in other alphabets chance can spell a separator, a prefix or a reference.
        let is_hexadecimal =
            matches!(recipe, Recipe::Bytes { encoding: Encoding::Hex, prefix, .. } if prefix.is_empty());
        let is_beyond_chance = is_hexadecimal
            && recipe.reaches(BITS_BEYOND_CHANCE)
            && context.min_entropy.is_none()
            && context.min_bits.is_none_or(|bits| bits <= BITS_OF_HIGH);
        Self {
            label,
            recipe,
            context,
            policy: None,
            must_be_high: recipe.reaches(BITS_OF_HIGH),
            is_beyond_chance,
        }
    }

    /// Draws again what the patterns of `policy` or its list of refused values refuse, too.
    pub fn for_policy(mut self, policy: &'a SecretPolicy) -> Self {
        self.policy = policy.may_refuse().then_some(policy);
        self
    }

    /// Makes one value at the time `now`.
    ///
    /// # Errors
    ///
    /// When the recipe makes none, or nothing that the scorer accepts.
    pub fn mint(&self, now: DateTime<Utc>, rng: &mut dyn CryptoRng) -> Result<SecretValue, AppError> {
        for _ in 0..ATTEMPTS {
            match generator::generate(self.recipe, now, rng) {
                Some(value) if self.accepts(&value) => return Ok(value),
                Some(_) => {}
                None => break,
            }
        }
        Err(AppError::Unmintable {
            label: self.label.to_owned(),
        })
    }

    /// Returns whether a value is one that this hands out, rather than draws again.
    pub fn accepts(&self, value: &SecretValue) -> bool {
        let refuses = |policy: &SecretPolicy| policy.refuses(value);
        if self.policy.is_some_and(refuses) {
            return false;
        }
        if self.is_beyond_chance || scoring::plainly_random(value, &self.context) {
            return true;
        }
        let score = scoring::score(value, &self.context);
        let level_fits = !self.must_be_high || score.level == Level::High;
        // A value that is weak because the recipe is short was asked for; any other objection means a new draw.
        let objected = score.findings.iter().any(|finding| {
            finding.severity >= Severity::Warning && (self.must_be_high || finding.rule != "weak-entropy")
        });
        level_fits && !objected
    }
}

/// Returns what the scorer should know of a secret.
pub fn context_of<'a>(policy: &SecretPolicy, tier: Tier, names: &'a [&'a str]) -> Context<'a> {
    Context::of(policy, tier, names)
}

/// From this many bits on, every value must score `high`.
const BITS_OF_HIGH: u32 = 112;

/// From this many random bytes' worth of bits on, no value is looked at again.
const BITS_BEYOND_CHANCE: u32 = 256;

/// Draws before giving up. A policy that a sensible share of values satisfies never comes near.
const ATTEMPTS: u32 = 1_000;
