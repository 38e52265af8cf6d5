//! The result of judging one value.

use std::fmt;

use serde::Serialize;

use crate::policy::Finding;
use crate::policy::Severity;
use crate::policy::Tier;
use crate::policy::kinds::KeyBytes;
use crate::scoring::Part;
use crate::scoring::rules;

/// How strong a value is, in one word.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Guessable, or public.
    Low,
    /// At least 80 random bits, or a passphrase of at least 77.
    Medium,
    /// At least 112 random bits.
    High,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::High => "high",
            Self::Low => "low",
            Self::Medium => "medium",
        })
    }
}

/// How strong a value is, in school grades; the order is from worst to best.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Grade {
    /// Published, a default, a placeholder, or no value at all.
    F,
    /// The best attack needs fewer than 64 bits.
    E,
    /// At least 64 bits against the best attack.
    D,
    /// At least 80 random bits, or a passphrase of at least 77.
    C,
    /// At least 112 random bits.
    B,
    /// At least 128 random bits.
    A,
    /// At least 256 random bits.
    #[serde(rename = "A+")]
    APlus,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::A => "A",
            Self::APlus => "A+",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::F => "F",
        })
    }
}

/// Where a value seems to come from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Origin {
    /// Nothing, or a word that stands for nothing.
    Empty,
    /// Text in hexadecimal or base64.
    EncodedText,
    /// Made up by a person.
    Human,
    /// Random parts beside parts that follow a pattern.
    Mixed,
    /// Words drawn from the EFF long list.
    Passphrase,
    /// Printed in public: a default, an example or a word on every guessing list.
    Published,
    /// No pattern was found; that is not proof of randomness.
    Random,
    /// Names a value that is kept elsewhere.
    Reference,
    /// A UUID.
    StructuredId,
    /// Text that was meant to be replaced.
    Template,
}

impl Origin {
    /// Returns the name as reports spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::EncodedText => "encoded-text",
            Self::Human => "human",
            Self::Mixed => "mixed",
            Self::Passphrase => "passphrase",
            Self::Published => "published",
            Self::Random => "random",
            Self::Reference => "reference",
            Self::StructuredId => "structured-id",
            Self::Template => "template",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What was found out about one value; it holds no character of it.
///
/// The numbers are exact. Show them with the `shown_` methods: below 64 bits an exact number tells an
/// attacker something about the value.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// In one word, decided on `random_bits`.
    pub level: Level,
    /// In school grades, decided on `random_bits`.
    pub grade: Grade,
    /// Length in characters; in bytes when the value is not UTF-8.
    pub length: usize,
    /// Shannon entropy of the characters, measured, in bits per character. It says nothing about order.
    pub entropy_bits_per_char: f64,
    /// The most that the recognised alphabet allows, in bits per character.
    pub entropy_max_bits_per_char: f64,
    /// Bits that no model compresses: an upper bound on what an attacker has to guess.
    pub random_bits: f64,
    /// Bits of the best attack found: an upper bound, never below `random_bits`.
    pub strength_bits: f64,
    /// Where the value seems to come from.
    pub origin: Origin,
    /// What is wrong with it; environment, name and location are for the caller to fill in.
    pub findings: Vec<Finding>,
    /// What the models describe of it, the most first.
    pub(super) described: Vec<Part>,
    /// The bytes that the consumer of the kind takes for its key.
    pub(super) key: Option<KeyBytes>,
    /// Somebody else chose the value, so its strength is not ours to judge.
    pub(super) issued: bool,
}

impl Score {
    /// Returns whether the value is too weak for `tier`, or no key for the consumer of its kind; an issued value only
    /// when it is no real value.
    pub fn below_bar(&self, tier: Tier) -> bool {
        let is_no_key =
            |finding: &Finding| finding.rule == rules::KEY_BYTES.id && finding.severity == Severity::Error;
        if self.findings.iter().any(is_no_key) {
            return true;
        }
        self.is_weak(tier)
    }

    /// Returns whether the value is too weak for `tier`, whatever its consumer makes of it.
    pub(super) fn is_weak(&self, tier: Tier) -> bool {
        if self.issued {
            return self.grade == Grade::F;
        }
        match tier {
            Tier::Development => self.grade == Grade::F || self.strength_bits < DEVELOPMENT_BITS,
            Tier::Production | Tier::Staging => self.level != Level::High,
        }
    }

    /// Returns what the consumer of the kind takes for its key, where the kind has a rule about that.
    pub fn key(&self) -> Option<&KeyBytes> {
        self.key.as_ref()
    }

    /// Returns the strength as reports show it: 256 at most, and below 64 rounded down to a multiple of 8.
    pub fn shown_strength_bits(&self) -> u32 {
        shown(self.strength_bits)
    }

    /// Returns the random bits as reports show them: 256 at most, and below 64 rounded down to a multiple of 8.
    pub fn shown_random_bits(&self) -> u32 {
        shown(self.random_bits)
    }

    /// Returns the measured entropy rounded to 0.01 bits per character.
    pub fn shown_entropy(&self) -> f64 {
        (self.entropy_bits_per_char * 100.0).round() / 100.0
    }
}

/// Returns the random bits that an environment demands of values that mintage can make.
pub fn demanded_bits(tier: Tier) -> u32 {
    let bits = match tier {
        Tier::Development => DEVELOPMENT_BITS,
        Tier::Production | Tier::Staging => HIGH_BITS,
    };
    bits as u32
}

pub(super) fn shown(bits: f64) -> u32 {
    let whole = bits.clamp(0.0, 256.0) as u32;
    if whole < 64 { whole / 8 * 8 } else { whole }
}

/// Decides level and grade of a value that is a value.
pub(super) fn rank(random_bits: f64, strength_bits: f64, passphrase: bool) -> (Level, Grade) {
    match random_bits {
        bits if bits >= 256.0 => (Level::High, Grade::APlus),
        bits if bits >= 128.0 => (Level::High, Grade::A),
        bits if bits >= HIGH_BITS => (Level::High, Grade::B),
        bits if bits >= 80.0 || passphrase && bits >= 77.0 => (Level::Medium, Grade::C),
        _ if strength_bits >= DEVELOPMENT_BITS => (Level::Low, Grade::D),
        _ => (Level::Low, Grade::E),
    }
}

/// Random bits from which a value is high: the least that NIST SP 800-131A allows.
pub(super) const HIGH_BITS: f64 = 112.0;

/// Bits that suffice on a person's machine.
pub(super) const DEVELOPMENT_BITS: f64 = 64.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_and_levels_follow_the_table() {
        let ranks = [256.0, 255.9, 128.0, 127.9, 112.0, 111.9, 80.0, 79.9, 64.0, 63.9].map(|bits| {
            let (level, grade) = rank(bits, bits, false);
            format!("{level} {grade}")
        });

        assert_eq!(
            ranks,
            [
                "high A+", "high A", "high A", "high B", "high B", "medium C", "medium C", "low D", "low D",
                "low E"
            ]
        );
        assert_eq!(rank(77.5, 77.5, true), (Level::Medium, Grade::C));
        assert_eq!(rank(0.0, 100.0, false), (Level::Low, Grade::D));
    }

    #[test]
    fn few_bits_are_shown_in_steps_of_eight() {
        assert_eq!(
            [0.0, 7.9, 8.0, 63.9, 64.0, 71.5, 300.0].map(shown),
            [0, 0, 8, 56, 64, 71, 256]
        );
    }

    #[test]
    fn reports_spell_levels_grades_and_origins_in_one_way() {
        assert_eq!(serde_json::to_string(&Level::High).unwrap(), "\"high\"");
        assert_eq!(serde_json::to_string(&Grade::APlus).unwrap(), "\"A+\"");
        assert_eq!(serde_json::to_string(&Grade::B).unwrap(), "\"B\"");
        for origin in [Origin::EncodedText, Origin::StructuredId, Origin::Passphrase] {
            assert_eq!(serde_json::to_string(&origin).unwrap(), format!("\"{origin}\""));
        }
    }
}
