//! What a policy or a command line asks of a kind.

use thiserror::Error;

use crate::policy::Alphabet;
use crate::policy::CharacterClass;
use crate::policy::Checksum;
use crate::policy::Encoding;

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
    /// Classes of characters with the least number of each.
    pub classes: Option<Vec<CharacterClass>>,
    /// Characters never to draw.
    pub exclude: Option<String>,
    /// Fixed text in front.
    pub prefix: Option<String>,
    /// Check characters at the end.
    pub checksum: Option<Checksum>,
}

impl Shape {
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
            (self.prefix.is_some(), "prefix"),
            (self.checksum.is_some(), "checksum"),
        ]
        .into_iter()
        .filter_map(|(set, name)| set.then_some(name))
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
    /// Values of this shape could be guessed.
    #[error(
        "values of this shape carry {bits:.1} bits, which is below the floor of {floor} bits for kind `{kind}`"
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
