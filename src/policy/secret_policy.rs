//! A secret as it holds in one environment.

use regex_lite::Regex;

use crate::policy::Claims;
use crate::policy::Derivation;
use crate::policy::Embed;
use crate::policy::Encoding;
use crate::policy::Kind;
use crate::policy::Mismatch;
use crate::policy::Period;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::VariablePolicy;
use crate::policy::WellKnown;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::issuers::IssuedShape;
use crate::policy::own_kind::decodes;
use crate::policy::redraw::Redraw;
use crate::secret::SecretName;

/// A secret as it holds in one environment. Its recipe can be followed and is strong enough for its kind.
#[derive(Clone, Debug)]
pub struct SecretPolicy {
    pub(super) name: SecretName,
    pub(super) kind: &'static Kind,
    pub(super) kind_name: String,
    pub(super) shape: Shape,
    pub(super) recipe: Recipe,
    pub(super) redraws: Vec<Redraw>,
    pub(super) derivation: Option<Derivation>,
    pub(super) decoded_bytes: Option<u32>,
    pub(super) rules: SecretRules,
    pub(super) life: Life,
    pub(super) format: Option<&'static IssuedShape>,
    pub(super) issuer: Option<String>,
    pub(super) console_url: Option<String>,
    pub(super) description: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) sinks: Vec<String>,
    pub(super) embed: Vec<Embed>,
    pub(super) embed_change: Option<String>,
    pub(super) required: bool,
}

/// What values are judged by, beside the kind's own rule.
#[derive(Clone, Debug, Default)]
pub(super) struct SecretRules {
    pub(super) min_length: Option<u32>,
    pub(super) min_bits: Option<u32>,
    pub(super) min_entropy: Option<f64>,
    pub(super) kind_pattern: Option<Regex>,
    pub(super) pattern: Option<Regex>,
    pub(super) forbid_pattern: Option<Regex>,
    pub(super) forbid_values: Vec<String>,
    pub(super) distinct_across_environments: bool,
    pub(super) distinct_from: Vec<SecretName>,
    pub(super) claims: Option<Claims>,
    pub(super) warn: Option<Box<VariablePolicy>>,
}

impl SecretRules {
    /// Returns whether a pattern says what values look like or do not.
    pub(super) fn has_patterns(&self) -> bool {
        self.kind_pattern.is_some() || self.pattern.is_some() || self.forbid_pattern.is_some()
    }

    /// Returns whether a value keeps every pattern; one that is no text keeps none.
    pub(super) fn keeps(&self, text: Option<&str>) -> bool {
        self.fits(text) && !self.is_forbidden(text)
    }

    fn fits(&self, text: Option<&str>) -> bool {
        let wanted = [&self.kind_pattern, &self.pattern];
        let matches = |pattern: &Regex| text.is_some_and(|text| pattern.is_match(text));
        wanted.into_iter().flatten().all(matches)
    }

    fn is_forbidden(&self, text: Option<&str>) -> bool {
        let forbidden = self.forbid_pattern.as_ref();
        forbidden.is_some_and(|pattern| text.is_some_and(|text| pattern.is_match(text)))
    }
}

/// How a secret ages.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) rotate_every: Option<Period>,
    pub(super) remind_before: Period,
    pub(super) keep_previous: u32,
    pub(super) overlap: Option<Period>,
    pub(super) usage_delay: Option<Period>,
    pub(super) previous_var: Option<SecretName>,
    pub(super) alternates_with: Option<SecretName>,
    pub(super) hazard: Option<Hazard>,
}

impl SecretPolicy {
    /// Returns the name.
    pub fn name(&self) -> &SecretName {
        &self.name
    }

    /// Returns the kind; every kind that the policy declares itself is one and the same `custom` here.
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// Returns the kind as the policy calls it.
    pub fn kind_name(&self) -> &str {
        &self.kind_name
    }

    /// Returns what the policy asks of the kind.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Returns how a value is made.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Returns what is drawn again, and what that costs.
    pub fn redraws(&self) -> &[Redraw] {
        &self.redraws
    }

    /// Returns a lower bound on the entropy of a value that we make, in bits: log2 of the number of values that the
    /// recipe can make and that every demand of the policy keeps.
    pub fn bits(&self) -> f64 {
        self.recipe.bits_after(&self.redraws)
    }

    /// Returns whether a value that the recipe made may be one that the policy refuses by a pattern or by name.
    pub fn may_refuse(&self) -> bool {
        self.rules.has_patterns() || !self.rules.forbid_values.is_empty()
    }

    /// Returns how it is computed from other secrets, where it is.
    pub fn derivation(&self) -> Option<&Derivation> {
        self.derivation.as_ref()
    }

    /// Says in words what a value is made of.
    pub fn made_of(&self) -> String {
        match &self.derivation {
            Some(derivation) => derivation.describe(),
            None => self.recipe.describe(),
        }
    }

    /// Returns whether we draw the values, rather than an issuer makes them or they are derived.
    pub fn is_generated(&self) -> bool {
        self.kind.role == Role::Generated
    }

    /// Returns why replacing a value needs more than a new value: as the policy says, by its kind, or by a name that
    /// a program is known for.
    pub fn hazard(&self) -> Option<Hazard> {
        let by_name = || WellKnown::find(self.name.as_str()).map(|known| known.hazard);
        self.life.hazard.or(self.kind.hazard).or_else(by_name)
    }

    /// Returns the number of bytes that a value must decode to.
    pub fn decoded_bytes(&self) -> Option<u32> {
        self.decoded_bytes
    }

    /// Returns the least number of characters. The default of the policy counts for generated kinds only.
    pub fn min_length(&self) -> Option<u32> {
        self.rules.min_length
    }

    /// Returns the least strength in bits, where the policy asks for more than the kind.
    pub fn min_bits(&self) -> Option<u32> {
        self.rules.min_bits
    }

    /// Returns the least measured entropy in bits per character.
    pub fn min_entropy(&self) -> Option<f64> {
        self.rules.min_entropy
    }

    /// Returns how often it is rotated; `None` where it never is.
    pub fn rotate_every(&self) -> Option<Period> {
        self.life.rotate_every
    }

    /// Returns how long before its due date it is announced.
    pub fn remind_before(&self) -> Period {
        self.life.remind_before
    }

    /// Returns how many former versions are kept.
    pub fn keep_previous(&self) -> u32 {
        self.life.keep_previous
    }

    /// Returns how long the former version stays valid after a rotation.
    pub fn overlap(&self) -> Option<Period> {
        self.life.overlap
    }

    /// Returns the secret of the other identity with which it takes turns.
    pub fn alternates_with(&self) -> Option<&SecretName> {
        self.life.alternates_with.as_ref()
    }

    /// Returns what replacing the value does to its users: what its kind says, unless its name or the policy know more
    /// of the server that it is for.
    pub fn overlap_class(&self) -> OverlapClass {
        let of_kind = self.kind.overlap;
        if !matches!(
            of_kind,
            OverlapClass::CutoverOnly | OverlapClass::ServerMultiVerifier
        ) {
            return of_kind;
        }
        match self.hazard() {
            Some(Hazard::DataAtRest) => OverlapClass::DataAtRest,
            Some(Hazard::WriteOnce) => OverlapClass::WriteOnce,
            None if self.life.alternates_with.is_some() => OverlapClass::AlternatingIdentity,
            None => of_kind,
        }
    }

    /// Returns how long the new version is accepted before it is used.
    pub fn usage_delay(&self) -> Option<Period> {
        self.life.usage_delay
    }

    /// Returns the variable that carries the former value while both are valid.
    pub fn previous_var(&self) -> Option<&SecretName> {
        self.life.previous_var.as_ref()
    }

    /// Returns the format that its issuer gives it, where the policy says.
    pub fn format(&self) -> Option<&'static IssuedShape> {
        self.format
    }

    /// Returns who makes it, where we do not.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Returns where the issuer makes it.
    pub fn console_url(&self) -> Option<&str> {
        self.console_url.as_deref()
    }

    /// Returns what every value looks like.
    pub fn pattern(&self) -> Option<&Regex> {
        self.rules.pattern.as_ref().or(self.rules.kind_pattern.as_ref())
    }

    /// Returns what no value looks like.
    pub fn forbid_pattern(&self) -> Option<&Regex> {
        self.rules.forbid_pattern.as_ref()
    }

    /// Returns the values that are refused; they are public, or the policy would not name them.
    pub fn forbid_values(&self) -> &[String] {
        &self.rules.forbid_values
    }

    /// Returns what it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Returns who answers for it.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// Returns the sinks that use it.
    pub fn sinks(&self) -> &[String] {
        &self.sinks
    }

    /// Returns the consumers that it survives in unescaped.
    pub fn embed(&self) -> &[Embed] {
        &self.embed
    }

    /// Says in words what the consumers changed about the recipe; `None` when nothing had to change.
    pub fn embed_change(&self) -> Option<&str> {
        self.embed_change.as_deref()
    }

    /// Returns whether two environments must never share a value.
    pub fn distinct_across_environments(&self) -> bool {
        self.rules.distinct_across_environments
    }

    /// Returns the names whose values must be others.
    pub fn distinct_from(&self) -> &[SecretName] {
        &self.rules.distinct_from
    }

    /// Returns the rules, as of a variable of text, that are warned about when they are broken.
    pub fn warn(&self) -> Option<&VariablePolicy> {
        self.rules.warn.as_deref()
    }

    /// Returns whether it must be there in this environment.
    pub fn required(&self) -> bool {
        self.required
    }

    /// Says whether a value from elsewhere fits: the kind's own rule, the decoded size, the patterns and the
    /// refused values. How strong it is, is another question.
    ///
    /// # Errors
    ///
    /// The first rule that the value breaks; the error holds no character of it.
    pub fn accepts(&self, value: &[u8]) -> Result<(), Mismatch> {
        (self.kind.accepts)(&self.shape, value)?;
        if let Some(bytes) = self.decoded_bytes {
            self.decodes_to(value, bytes)?;
        }
        if let Some(claims) = &self.rules.claims {
            claims.accepts(value)?;
        }
        let text = std::str::from_utf8(value).ok();
        let rules = &self.rules;
        if !rules.fits(text) {
            return Err(match self.format {
                Some(format)
                    if rules
                        .pattern
                        .as_ref()
                        .is_some_and(|own| own.as_str() == format.pattern) =>
                {
                    Mismatch::Shape(format.name)
                }
                _ => Mismatch::Pattern,
            });
        }
        if let Some(format) = self.format {
            format.checks(value)?;
        }
        if rules.is_forbidden(text) {
            return Err(Mismatch::Form(
                "allowed: it fits the pattern that the policy forbids",
            ));
        }
        let refused = |known: &String| known.as_bytes() == value;
        if rules.forbid_values.iter().any(refused) {
            return Err(Mismatch::Form("allowed: the policy refuses this very value"));
        }
        Ok(())
    }

    /// Decodes by the encoding of the recipe, or by any where somebody else makes the value.
    fn decodes_to(&self, value: &[u8], bytes: u32) -> Result<(), Mismatch> {
        if let Recipe::Bytes { encoding, prefix, .. } = &self.recipe {
            let text = value.strip_prefix(prefix.as_bytes()).unwrap_or(value);
            return decodes(text, *encoding, bytes);
        }
        let fits = |encoding| decodes(value, encoding, bytes).is_ok();
        if Encoding::ALL.into_iter().any(fits) {
            return Ok(());
        }
        Err(Mismatch::Form(
            "hex or base64 of as many bytes as the policy says",
        ))
    }
}
