//! How one value is made, as data.

use rand::CryptoRng;

use crate::policy::Characters;
use crate::policy::Encoding;
use crate::secret::SecretValue;

/// How one value is made. A recipe can always be followed: constructors refuse what cannot be satisfied.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Recipe {
    /// Random bytes, encoded, behind a fixed prefix.
    Bytes {
        /// Number of random bytes.
        bytes: u32,
        /// How they become text.
        encoding: Encoding,
        /// Fixed text in front.
        prefix: String,
        /// Whether both ends are letters or digits, the padding of base64 apart. Keys are random bytes without this.
        plain_edges: bool,
    },
    /// Characters drawn from an alphabet.
    Characters(Characters),
    /// Nothing is drawn: somebody else makes the value.
    Given,
    /// What an algorithm makes of random bytes, such as a key in its file format.
    Made(Made),
    /// A random UUID (RFC 9562, version 4).
    Uuid,
    /// A UUID of a time and random bits (RFC 9562, version 7).
    UuidV7,
    /// Words of the EFF long list, joined by `.`.
    Words {
        /// Number of words.
        words: u32,
    },
}

impl Recipe {
    /// Returns log2 of a lower bound on the number of values that keep the rules for edges and classes.
    pub(super) fn bits_by_rules(&self) -> f64 {
        match self {
            Self::Bytes { bytes, .. } => f64::from(*bytes) * 8.0 - self.bits_of_edges(),
            Self::Characters(characters) => characters.bits(),
            Self::Given => 0.0,
            Self::Made(made) => made.bits,
            Self::Uuid => 122.0,
            Self::UuidV7 => 74.0,
            Self::Words { words } => f64::from(*words) * BITS_PER_WORD,
        }
    }

    /// Returns what plain edges cost encoded bytes, in bits.
    fn bits_of_edges(&self) -> f64 {
        match self {
            Self::Bytes {
                bytes,
                encoding: Encoding::Base64 | Encoding::Base64url,
                plain_edges: true,
                ..
            } => {
                // 2 of 64 characters are no letter or digit. The last one is any of 64 where whole groups end there.
                let edges = if bytes % 3 == 0 { 2.0 } else { 1.0 };
                edges * (64.0_f64 / 62.0).log2()
            }
            _ => 0.0,
        }
    }

    /// Returns the least number of characters a value can have.
    pub fn min_length(&self) -> usize {
        match self {
            Self::Bytes {
                bytes,
                encoding,
                prefix,
                ..
            } => prefix.len() + encoding.length_of(*bytes as usize),
            Self::Characters(characters) => characters.length(),
            Self::Given => 0,
            Self::Made(made) => made.min_length,
            Self::Uuid | Self::UuidV7 => 36,
            Self::Words { words } => (*words as usize) * SHORTEST_WORD + (*words as usize).saturating_sub(1),
        }
    }

    /// Says in words what a value is made of.
    pub fn describe(&self) -> String {
        match self {
            Self::Bytes {
                bytes,
                encoding,
                prefix,
                ..
            } if prefix.is_empty() => format!("{bytes} random bytes as {encoding}"),
            Self::Bytes {
                bytes,
                encoding,
                prefix,
                ..
            } => format!("`{prefix}` and {bytes} random bytes as {encoding}"),
            Self::Characters(characters) => characters.describe(),
            Self::Given => "made by the issuer".to_owned(),
            Self::Made(made) => made.what.to_owned(),
            Self::Uuid => "UUID version 4".to_owned(),
            Self::UuidV7 => "UUID version 7".to_owned(),
            Self::Words { words } => format!("{words} words of the EFF long list"),
        }
    }
}

/// What an algorithm makes of random bytes.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// Makes one value; `None` when the algorithm cannot, which no value of the random source should cause.
    pub make: fn(&mut dyn CryptoRng) -> Option<SecretValue>,
    /// A lower bound on the entropy of one value, in bits.
    pub bits: f64,
    /// The least number of characters a value can have.
    pub min_length: usize,
    /// The characters beside letters and digits that a value can hold.
    pub punctuation: &'static str,
    /// What a value is made of, in words.
    pub what: &'static str,
}

impl PartialEq for Made {
    fn eq(&self, other: &Self) -> bool {
        self.what == other.what
    }
}

/// log2 of 7,776.
pub(super) const BITS_PER_WORD: f64 = 12.924_812_503_605_78;

/// Letters of the shortest word of the EFF long list.
const SHORTEST_WORD: usize = 3;
