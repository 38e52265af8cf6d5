//! Characters drawn from an alphabet under rules, and what the rules cost.

use crate::policy::Alphabet;
use crate::policy::Checksum;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::counting::Counted;

/// Characters drawn without bias from an alphabet, under rules that are kept by drawing again.
#[derive(Clone, Debug, PartialEq)]
pub struct Characters {
    alphabet: Alphabet,
    length: u32,
    classes: Vec<CharacterClass>,
    first: Option<Alphabet>,
    last: Option<Alphabet>,
    max_consecutive: Option<u32>,
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
            first: None,
            last: None,
            max_consecutive: None,
            prefix: String::new(),
            checksum: None,
        })
    }

    /// Demands so many characters of each class, at least and at most; the classes must not overlap.
    ///
    /// # Errors
    ///
    /// When the minima, prefix and checksum do not fit, the maxima are too few, or a class that has to be there shares
    /// no character with the alphabet.
    pub fn with_classes(mut self, classes: Vec<CharacterClass>) -> Result<Self, ShapeError> {
        let is_of = |class: &CharacterClass, byte: u8| class.alphabet.contains(byte);
        let bytes = self.alphabet.bytes();
        for class in classes.iter().filter(|class| class.min > 0) {
            if !bytes.iter().any(|byte| is_of(class, *byte)) {
                return Err(ShapeError::EmptyClass { min: class.min });
            }
        }
        self.classes = classes;
        self.fitting()
    }

    /// Demands that the first and the last drawn character come from sets of their own.
    ///
    /// # Errors
    ///
    /// When a set shares no character with the alphabet or with what was demanded before.
    pub fn with_ends(
        mut self,
        first: Option<&Alphabet>,
        last: Option<&Alphabet>,
    ) -> Result<Self, ShapeError> {
        self.first = self.narrowed("first", self.first.as_ref(), first)?;
        self.last = self.narrowed("last", self.last.as_ref(), last)?;
        Ok(self)
    }

    fn narrowed(
        &self,
        field: &'static str,
        before: Option<&Alphabet>,
        more: Option<&Alphabet>,
    ) -> Result<Option<Alphabet>, ShapeError> {
        let Some(more) = more else {
            return Ok(before.cloned());
        };
        let left = before.unwrap_or(&self.alphabet).shared_with(more);
        if left.is_empty() {
            return Err(ShapeError::EmptyEnd { field });
        }
        Ok(Some(left))
    }

    /// Demands a letter or digit at both ends, so that no parser takes an edge for punctuation.
    ///
    /// # Errors
    ///
    /// When the alphabet has neither letters nor digits.
    pub fn with_plain_edges(self) -> Result<Self, ShapeError> {
        let plain = self.alphabet.alphanumeric();
        if plain.is_empty() {
            return Err(ShapeError::EmptyAlphabet);
        }
        self.with_ends(Some(&plain), Some(&plain))
    }

    /// Forbids more than `most` of the same character in a row.
    ///
    /// # Errors
    ///
    /// When `most` is 0.
    pub fn with_max_consecutive(mut self, kind: &'static str, most: u32) -> Result<Self, ShapeError> {
        if most == 0 {
            return Err(ShapeError::OutOfRange {
                kind,
                field: "max_consecutive",
                found: most,
                least: 1,
                most: Self::MAX_LENGTH,
            });
        }
        self.max_consecutive = Some(most);
        Ok(self)
    }

    /// Takes on what a shape says of ends and runs.
    ///
    /// # Errors
    ///
    /// When that cannot be had.
    pub fn with_rules_of(self, kind: &'static str, shape: &Shape) -> Result<Self, ShapeError> {
        let ruled = self.with_ends(shape.first.as_ref(), shape.last.as_ref())?;
        match shape.max_consecutive {
            Some(most) => ruled.with_max_consecutive(kind, most),
            None => Ok(ruled),
        }
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

    /// Returns the classes with their minima and maxima.
    pub fn classes(&self) -> &[CharacterClass] {
        &self.classes
    }

    /// Returns what the first and the last drawn character come from, where that is less than the alphabet.
    pub fn ends(&self) -> [Option<&Alphabet>; 2] {
        [self.first.as_ref(), self.last.as_ref()]
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
        let fits = |end: &Option<Alphabet>, byte: Option<&u8>| match end {
            Some(end) => byte.is_some_and(|byte| end.contains(*byte)),
            None => true,
        };
        let runs_fit = self.max_consecutive.is_none_or(|most| {
            let mut runs = drawn.chunk_by(|one, other| one == other);
            runs.all(|run| run.len() <= most as usize)
        });
        fits(&self.first, drawn.first())
            && fits(&self.last, drawn.last())
            && runs_fit
            && self.classes.iter().all(|class| class.allows(drawn))
    }

    /// Returns a lower bound on the entropy of the drawn characters, in bits: log2 of the number of acceptable texts.
    pub fn bits(&self) -> f64 {
        let size = self.alphabet.len() as f64;
        // Where no text is counted, nothing is known but that there may be one.
        (self.drawn() as f64 * size.log2() + self.share().log2()).max(0.0)
    }

    /// Returns a lower bound on the share of drawn texts that keep every rule.
    pub fn share(&self) -> f64 {
        let counted = Counted {
            alphabet: &self.alphabet,
            drawn: self.drawn(),
            classes: &self.classes,
            first: self.first.as_ref(),
            last: self.last.as_ref(),
            max_consecutive: self.max_consecutive,
        };
        counted.share()
    }

    /// Returns the most characters that the classes leave room for; `None` where some character may come any number
    /// of times.
    fn most(&self) -> Option<u32> {
        let limit = |byte: &u8| {
            let mut classes = self.classes.iter();
            classes
                .find(|class| class.alphabet.contains(*byte))
                .and_then(|class| class.max)
        };
        if self.alphabet.bytes().iter().any(|byte| limit(byte).is_none()) {
            return None;
        }
        let maxima = self.classes.iter().filter_map(|class| class.max);
        Some(maxima.fold(0, u32::saturating_add))
    }

    fn fitting(self) -> Result<Self, ShapeError> {
        let minima = self.classes.iter().map(|class| class.min);
        let minima = minima.fold(0, u32::saturating_add);
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
        if let Some(most) = self.most().filter(|most| (*most as usize) < self.drawn()) {
            return Err(ShapeError::TooFew {
                drawn: self.drawn(),
                most,
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

/// Refuses a prefix that would not survive where values are pasted.
pub(super) fn check_prefix(prefix: &str) -> Result<(), ShapeError> {
    let fits = prefix.len() <= 32
        && prefix
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte));
    if fits { Ok(()) } else { Err(ShapeError::Prefix) }
}

/// A class of characters and how many of them there can be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CharacterClass {
    /// The characters.
    pub alphabet: Alphabet,
    /// The least number, inclusive.
    pub min: u32,
    /// The greatest number, inclusive; `None` is any.
    pub max: Option<u32>,
}

impl CharacterClass {
    /// Returns whether `text` has as many characters of this class as it says.
    pub(super) fn allows(&self, text: &[u8]) -> bool {
        let found = text.iter().filter(|byte| self.alphabet.contains(**byte)).count();
        found >= self.min as usize && self.max.is_none_or(|max| found <= max as usize)
    }
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
            max: None,
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
                    max: None,
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

    #[test]
    fn maxima_below_the_length_are_refused_unless_other_characters_fill_up() {
        let most = |name: &str, max: u32| CharacterClass {
            max: Some(max),
            ..class(name, 0)
        };
        let classes = || vec![most("letters", 20), most("digits", 4)];

        assert_eq!(
            characters("base62", 32).with_classes(classes()),
            Err(ShapeError::TooFew { drawn: 32, most: 24 })
        );
        assert!(characters("base62", 24).with_classes(classes()).is_ok());
        assert!(characters("safe", 32).with_classes(classes()).is_ok());
    }

    #[test]
    fn ends_narrow_each_other_and_never_to_nothing() {
        let named = |name: &str| -> Alphabet { name.parse().unwrap() };
        let lettered = characters("base64url", 32)
            .with_plain_edges()
            .and_then(|rules| rules.with_ends(Some(&named("letters")), None))
            .unwrap();

        let cost = characters("base64url", 32).bits() - lettered.bits();

        assert!((cost - (64.0_f64 / 52.0).log2() - (64.0_f64 / 62.0).log2()).abs() < 1e-9);
        assert!(lettered.accepts(b"a0"));
        assert!(!lettered.accepts(b"0a"));
        assert!(!lettered.accepts(b"a-"));
        assert_eq!(
            characters("digits", 64).with_ends(None, Some(&named("letters"))),
            Err(ShapeError::EmptyEnd { field: "last" })
        );
    }

    #[test]
    fn runs_are_told() {
        let rules = characters("base62", 8).with_max_consecutive("test", 2).unwrap();

        assert!(rules.accepts(b"aabbaaba"));
        assert!(!rules.accepts(b"aabbbaba"));
        assert!(characters("base62", 8).with_max_consecutive("test", 0).is_err());
    }
}
