//! What a policy or a command line asks of a kind.

use thiserror::Error;

use crate::policy::Alphabet;
use crate::policy::CharacterClass;
use crate::policy::Checksum;
use crate::policy::Encoding;
use crate::policy::shown_bits;

/// What a policy or a command line asks of a kind; what is `None` is left to the kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// Random bytes, before they are encoded.
    pub bytes: Option<u32>,
    /// Characters, prefix and checksum included.
    pub length: Option<u32>,
    /// Words of a passphrase.
    pub words: Option<u32>,
    /// How bytes become text.
    pub encoding: Option<Encoding>,
    /// The characters to draw from.
    pub charset: Option<Alphabet>,
    /// Classes of characters and how many of each there can be.
    pub classes: Option<Vec<CharacterClass>>,
    /// Characters never to draw.
    pub exclude: Option<String>,
    /// Whether characters that look alike are never drawn.
    pub avoid_ambiguous: Option<bool>,
    /// What the first drawn character can be.
    pub first: Option<Alphabet>,
    /// What the last drawn character can be.
    pub last: Option<Alphabet>,
    /// Most of the same character in a row.
    pub max_consecutive: Option<u32>,
    /// Fixed text in front.
    pub prefix: Option<String>,
    /// Check characters at the end.
    pub checksum: Option<Checksum>,
}

impl Shape {
    /// The fields that say where drawn characters can stand, for kinds that draw text.
    pub const RULES_ON_TEXT: &'static [&'static str] =
        &["avoid_ambiguous", "first", "last", "max_consecutive"];

    /// Names the fields that are set, in the spelling of policies.
    pub fn set_fields(&self) -> impl Iterator<Item = &'static str> {
        [
            (self.bytes.is_some(), "bytes"),
            (self.length.is_some(), "length"),
            (self.words.is_some(), "words"),
            (self.encoding.is_some(), "encoding"),
            (self.charset.is_some(), "charset"),
            (self.classes.is_some(), "classes"),
            (self.exclude.is_some(), "exclude"),
            (self.avoid_ambiguous.is_some(), "avoid_ambiguous"),
            (self.first.is_some(), "first"),
            (self.last.is_some(), "last"),
            (self.max_consecutive.is_some(), "max_consecutive"),
            (self.prefix.is_some(), "prefix"),
            (self.checksum.is_some(), "checksum"),
        ]
        .into_iter()
        .filter_map(|(set, name)| set.then_some(name))
    }

    /// Returns `base` without the characters that are never to be drawn.
    pub fn alphabet(&self, base: &Alphabet) -> Alphabet {
        let left = base.without(self.exclude.as_deref().unwrap_or_default());
        match self.avoid_ambiguous {
            Some(true) => left.without(AMBIGUOUS),
            _ => left,
        }
    }

    /// Returns these fields, and those of `other` where this says nothing.
    pub fn or(self, other: Self) -> Self {
        Self {
            bytes: self.bytes.or(other.bytes),
            length: self.length.or(other.length),
            words: self.words.or(other.words),
            encoding: self.encoding.or(other.encoding),
            charset: self.charset.or(other.charset),
            classes: self.classes.or(other.classes),
            exclude: self.exclude.or(other.exclude),
            avoid_ambiguous: self.avoid_ambiguous.or(other.avoid_ambiguous),
            first: self.first.or(other.first),
            last: self.last.or(other.last),
            max_consecutive: self.max_consecutive.or(other.max_consecutive),
            prefix: self.prefix.or(other.prefix),
            checksum: self.checksum.or(other.checksum),
        }
    }

    /// Fails on the first set field that is not among `allowed`.
    ///
    /// # Errors
    ///
    /// [`ShapeError::NotApplicable`] names the field.
    pub fn only(&self, kind: &'static str, allowed: &[&str]) -> Result<(), ShapeError> {
        self.set_fields()
            .find(|field| !allowed.contains(field))
            .map_or(Ok(()), |field| Err(ShapeError::NotApplicable { kind, field }))
    }
}

/// A shape that a kind cannot have, or that is too weak to accept.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum ShapeError {
    /// Both ways to say the same thing.
    #[error("`{first}` and `{second}` say the same thing twice: keep one")]
    Conflict {
        /// One field.
        first: &'static str,
        /// The other field.
        second: &'static str,
    },
    /// No character is left to draw from.
    #[error("no character is left to draw from: `charset` minus `exclude` is empty")]
    EmptyAlphabet,
    /// A class that has to be there has no character in the alphabet.
    #[error("`classes` needs at least {min} of a class of which no character is left to draw from")]
    EmptyClass {
        /// The least number of them.
        min: u32,
    },
    /// No character can stand at an end.
    #[error("no character is left for `{field}`: it shares none with those to draw from")]
    EmptyEnd {
        /// The field.
        field: &'static str,
    },
    /// The minima do not fit into the length.
    #[error(
        "`length` is {length}, but the prefix, checksum and class minima need at least {needed} characters"
    )]
    NoRoom {
        /// Characters asked for.
        length: u32,
        /// Characters needed.
        needed: u32,
    },
    /// The kind has no such field.
    #[error("`{field}` means nothing for kind `{kind}`")]
    NotApplicable {
        /// The kind.
        kind: &'static str,
        /// The field.
        field: &'static str,
    },
    /// A number outside what the kind or this program can make.
    #[error("`{field}` is {found}, but kind `{kind}` takes {least} to {most}")]
    OutOfRange {
        /// The kind.
        kind: &'static str,
        /// The field.
        field: &'static str,
        /// What was asked.
        found: u32,
        /// The least, inclusive.
        least: u32,
        /// The most, inclusive.
        most: u32,
    },
    /// A prefix that would not survive where values are pasted.
    #[error("`prefix` may hold letters, digits, `_`, `-`, `.` and `:` only, at most 32 of them")]
    Prefix,
    /// Next to no text keeps the rules.
    #[error(
        "fewer than one in {most} texts keep `classes`, `first`, `last` and `max_consecutive`: drawing would take too long"
    )]
    Rare {
        /// Draws for one value, at most.
        most: u32,
    },
    /// The maxima do not fill the length.
    #[error("`classes` allow {most} characters at most, but {drawn} are to be drawn")]
    TooFew {
        /// Characters to draw.
        drawn: usize,
        /// The sum of the maxima.
        most: u32,
    },
    /// Values of this shape could be guessed.
    #[error(
        "values of this shape carry {:.1} bits, which is below the floor of {floor} bits for kind `{kind}`",
        shown_bits(*.bits)
    )]
    TooWeak {
        /// The kind.
        kind: &'static str,
        /// Lower bound on the bits of one value.
        bits: f64,
        /// The floor in bits.
        floor: u32,
    },
}

/// Characters that people take for one another in many fonts.
const AMBIGUOUS: &str = "0O1Il|";
