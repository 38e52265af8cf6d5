//! The characters a value is drawn from.

use std::str::FromStr;

use thiserror::Error;

/// A set of distinct printable ASCII characters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Alphabet(Vec<u8>);

impl Alphabet {
    /// Keeps the distinct printable ASCII characters of `characters`, in order.
    pub fn new(characters: &str) -> Self {
        let mut distinct: Vec<u8> = characters
            .bytes()
            .filter(|byte| byte.is_ascii_graphic())
            .collect();
        distinct.sort_unstable();
        distinct.dedup();
        Self(distinct)
    }

    /// Returns the characters as bytes, in ASCII order.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns how many characters there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether no character is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether `byte` is one of the characters.
    pub fn contains(&self, byte: u8) -> bool {
        self.0.binary_search(&byte).is_ok()
    }

    /// Returns this set without the characters of `others`.
    pub fn without(&self, others: &str) -> Self {
        Self(
            self.0
                .iter()
                .copied()
                .filter(|byte| !others.as_bytes().contains(byte))
                .collect(),
        )
    }

    /// Returns the characters that are in both sets.
    pub fn shared_with(&self, other: &Self) -> Self {
        Self(
            self.0
                .iter()
                .copied()
                .filter(|byte| other.contains(*byte))
                .collect(),
        )
    }

    /// Returns the letters and digits of this set.
    pub fn alphanumeric(&self) -> Self {
        Self(self.0.iter().copied().filter(u8::is_ascii_alphanumeric).collect())
    }
}

impl FromStr for Alphabet {
    type Err = UnknownAlphabet;

    /// Looks a named set up; policies name sets, they do not list characters.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        NAMED
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, characters)| Self::new(characters))
            .ok_or(UnknownAlphabet)
    }
}

/// A name that no set of characters has.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error(
    "no charset of this name: known are alphanumeric, base62, base64url, digits, hex, letters, lower, printable, safe, upper"
)]
pub struct UnknownAlphabet;

/// Names and their characters. `safe` came through every env file dialect unquoted.
pub(super) const NAMED: [(&str, &str); 10] = [
    ("alphanumeric", BASE62),
    ("base62", BASE62),
    (
        "base64url",
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_",
    ),
    ("digits", "0123456789"),
    ("hex", "0123456789abcdef"),
    ("letters", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    ("lower", "abcdefghijklmnopqrstuvwxyz"),
    (
        "printable",
        "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~",
    ),
    (
        "safe",
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_",
    ),
    ("upper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
];

const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_each_character_once() {
        assert_eq!(Alphabet::new("abca b\n").bytes(), b"abc");
        assert_eq!("base62".parse::<Alphabet>().unwrap().len(), 62);
        assert_eq!("printable".parse::<Alphabet>().unwrap().len(), 94);
        assert_eq!("base63".parse::<Alphabet>(), Err(UnknownAlphabet));
    }
}
