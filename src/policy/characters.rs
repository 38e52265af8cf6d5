//! Characters drawn from an alphabet under rules, and what the rules cost.

use crate::policy::Alphabet;
use crate::policy::Checksum;
use crate::policy::ShapeError;

/// Characters drawn without bias from an alphabet, under rules that are kept by drawing again.
#[derive(Clone, Debug, PartialEq)]
pub struct Characters {
    alphabet: Alphabet,
    length: u32,
    classes: Vec<CharacterClass>,
    plain_edges: bool,
    prefix: String,
    checksum: Option<Checksum>,
}

impl Characters {
    /// Longest value, in characters.
    pub const MAX_LENGTH: u32 = 4_096;

    /// Draws `length` characters, all from `alphabet`.
    ///
    /// # Errors
    ///
    /// When the alphabet is empty or the length is 0 or above [`Self::MAX_LENGTH`].
    pub fn new(kind: &'static str, alphabet: Alphabet, length: u32) -> Result<Self, ShapeError> {
        if alphabet.is_empty() {
            return Err(ShapeError::EmptyAlphabet);
        }
        if length == 0 || length > Self::MAX_LENGTH {
            return Err(ShapeError::OutOfRange {
                kind,
                field: "length",
                found: length,
                least: 1,
                most: Self::MAX_LENGTH,
            });
        }
        Ok(Self {
            alphabet,
            length,
            classes: Vec::new(),
            plain_edges: false,
            prefix: String::new(),
            checksum: None,
        })
    }

    /// Demands at least so many characters of each class; the classes must not overlap.
    ///
    /// # Errors
    ///
    /// When the minima, prefix and checksum do not fit, or a class shares no character with the alphabet.
    pub fn with_classes(mut self, classes: Vec<CharacterClass>) -> Result<Self, ShapeError> {
        for class in &classes {
            let present = class
                .alphabet
                .bytes()
                .iter()
                .any(|byte| self.alphabet.contains(*byte));
            if !present && class.min > 0 {
                return Err(ShapeError::EmptyAlphabet);
            }
        }
        self.classes = classes;
        self.fitting()
    }

    /// Demands a letter or digit at both ends, so that no parser takes an edge for punctuation.
    ///
    /// # Errors
    ///
    /// When the alphabet has neither letters nor digits.
    pub fn with_plain_edges(mut self) -> Result<Self, ShapeError> {
        if self.alphabet.alphanumeric().is_empty() {
            return Err(ShapeError::EmptyAlphabet);
        }
        self.plain_edges = true;
        Ok(self)
    }

    /// Puts a fixed text in front; it counts towards the length.
    ///
    /// # Errors
    ///
    /// When the prefix has other characters than `[A-Za-z0-9_.:-]`, or leaves no room.
    pub fn with_prefix(mut self, prefix: &str) -> Result<Self, ShapeError> {
        check_prefix(prefix)?;
        prefix.clone_into(&mut self.prefix);
        self.fitting()
    }

    /// Adds check characters at the end; they count towards the length.
    ///
    /// # Errors
    ///
    /// When they leave no room.
    pub fn with_checksum(mut self, checksum: Checksum) -> Result<Self, ShapeError> {
        self.checksum = Some(checksum);
        self.fitting()
    }

    /// Returns the alphabet of the drawn characters.
    pub fn alphabet(&self) -> &Alphabet {
        &self.alphabet
    }

    /// Returns the number of characters, prefix and checksum included.
    pub fn length(&self) -> usize {
        self.length as usize
    }

    /// Returns the number of drawn characters.
    pub fn drawn(&self) -> usize {
        let fixed = self.prefix.len() + self.checksum.map_or(0, Checksum::length);
        (self.length as usize).saturating_sub(fixed)
    }

    /// Returns the fixed text in front.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Returns the check characters' rule.
    pub fn checksum(&self) -> Option<Checksum> {
        self.checksum
    }

    /// Returns whether the drawn characters keep every rule.
    pub fn accepts(&self, drawn: &[u8]) -> bool {
        let edges_fit = !self.plain_edges
            || [drawn.first(), drawn.last()]
                .iter()
                .all(|edge| edge.is_some_and(u8::is_ascii_alphanumeric));
        edges_fit
            && self.classes.iter().all(|class| {
                let found = drawn
                    .iter()
                    .filter(|byte| class.alphabet.contains(**byte))
                    .count();
                found >= class.min as usize
            })
    }

    /// Returns a lower bound on the entropy of the drawn characters, in bits.
    ///
    /// It is log2 of the number of acceptable strings. With plain edges only those strings are counted whose
    /// inner characters meet the class minima by themselves, which makes it a lower bound.
    pub fn bits(&self) -> f64 {
        let drawn = self.drawn();
        // Where no string is counted, nothing is known but that there may be one.
        self.bound(drawn).max(0.0)
    }

    fn bound(&self, drawn: usize) -> f64 {
        if !self.plain_edges || drawn < 2 {
            return self.bits_without_edge_rule(drawn);
        }
        let edge = (self.alphabet.alphanumeric().len() as f64).log2();
        2.0 * edge + self.bits_without_edge_rule(drawn - 2)
    }

    fn bits_without_edge_rule(&self, drawn: usize) -> f64 {
        let size = self.alphabet.len() as f64;
        drawn as f64 * size.log2() + self.acceptance(drawn).log2()
    }

    /// Returns the probability that `drawn` uniform characters meet all class minima.
    ///
    /// With p the share of a class, `ways[k]` is the probability weight of the classes seen so far filling
    /// exactly k of the places: a multinomial sum, term by term.
    fn acceptance(&self, drawn: usize) -> f64 {
        let size = self.alphabet.len() as f64;
        let mut rest = 1.0;
        let mut ways = vec![0.0; drawn + 1];
        ways[0] = 1.0;
        for class in &self.classes {
            let members = class
                .alphabet
                .bytes()
                .iter()
                .filter(|byte| self.alphabet.contains(**byte))
                .count();
            let share = members as f64 / size;
            rest -= share;
            ways = spread(&ways, share, class.min as usize);
        }
        spread(&ways, rest.max(0.0), 0)[drawn]
    }

    fn fitting(self) -> Result<Self, ShapeError> {
        let minima: u32 = self.classes.iter().map(|class| class.min).sum();
        let fixed = self.prefix.len() + self.checksum.map_or(0, Checksum::length);
        let needed = u32::try_from(fixed)
            .unwrap_or(u32::MAX)
            .saturating_add(minima.max(1));
        if self.length < needed {
            return Err(ShapeError::NoRoom {
                length: self.length,
                needed,
            });
        }
        Ok(self)
    }

    /// Says in words what a value is made of.
    pub(super) fn describe(&self) -> String {
        let mut text = format!("{} characters out of {}", self.drawn(), self.alphabet.len());
        if !self.prefix.is_empty() {
            text = format!("`{}` and {text}", self.prefix);
        }
        if let Some(checksum) = self.checksum {
            text.push_str(&format!(", then a {checksum} checksum"));
        }
        text
    }
}

/// Adds a class of probability `share` with at least `min` members to the places filled so far.
fn spread(ways: &[f64], share: f64, min: usize) -> Vec<f64> {
    let drawn = ways.len() - 1;
    let mut next = vec![0.0; drawn + 1];
    for (filled, weight) in ways.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        // The term C(filled + more, more) · share^more, built up step by step to stay in range.
        let mut term = *weight;
        for more in 0..=(drawn - filled) {
            if more > 0 {
                term *= share * (filled + more) as f64 / more as f64;
            }
            if more >= min {
                next[filled + more] += term;
            }
        }
    }
    next
}

/// Refuses a prefix that would not survive where values are pasted.
pub(super) fn check_prefix(prefix: &str) -> Result<(), ShapeError> {
    let fits = prefix.len() <= 32
        && prefix
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte));
    if fits { Ok(()) } else { Err(ShapeError::Prefix) }
}

/// A class of characters and the least number of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CharacterClass {
    /// The characters.
    pub alphabet: Alphabet,
    /// The least number, inclusive.
    pub min: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn characters(alphabet: &str, length: u32) -> Characters {
        Characters::new("test", alphabet.parse().unwrap(), length).unwrap()
    }

    fn class(name: &str, min: u32) -> CharacterClass {
        CharacterClass {
            alphabet: name.parse().unwrap(),
            min,
        }
    }

    #[test]
    fn class_rules_cost_what_counting_says() {
        // 2 of 3 characters over {0,1,a}, at least one digit and one letter: 9 − 4 (digits only) − 1 (a only) = 4.
        let rules = Characters::new("test", Alphabet::new("01a"), 2)
            .unwrap()
            .with_classes(vec![class("digits", 1), class("lower", 1)])
            .unwrap();

        assert!((rules.bits() - 4.0_f64.log2()).abs() < 1e-9, "{}", rules.bits());
    }

    #[test]
    fn vaults_default_password_costs_what_was_measured() {
        // 20 of 63 characters, one of each class: acceptance 26.4 %.
        let alphabet = Alphabet::new("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");
        let rules = Characters::new("test", alphabet, 20)
            .unwrap()
            .with_classes(vec![
                class("digits", 1),
                class("lower", 1),
                class("upper", 1),
                CharacterClass {
                    alphabet: Alphabet::new("-"),
                    min: 1,
                },
            ])
            .unwrap();

        assert!((rules.bits() - 117.6).abs() < 0.1, "{}", rules.bits());
    }

    #[test]
    fn plain_edges_cost_their_share() {
        let free = characters("base64url", 32).bits();
        let edged = characters("base64url", 32).with_plain_edges().unwrap().bits();

        assert!((free - edged - 2.0 * (64.0_f64 / 62.0).log2()).abs() < 1e-9);
    }

    #[test]
    fn minima_beyond_the_length_are_refused_with_the_arithmetic() {
        let refused = characters("base62", 6)
            .with_prefix("pw_")
            .and_then(|rules| rules.with_classes(vec![class("upper", 2), class("digits", 2)]));

        assert_eq!(refused, Err(ShapeError::NoRoom { length: 6, needed: 7 }));
    }

    #[test]
    fn an_empty_alphabet_or_length_is_refused() {
        assert_eq!(
            Characters::new("test", Alphabet::new(""), 8),
            Err(ShapeError::EmptyAlphabet)
        );
        assert!(Characters::new("test", Alphabet::new("a"), 0).is_err());
    }
}
