//! What the program that uses a value takes for the key, which need not be the text in the env file.

use std::fmt;

use zeroize::Zeroize;

use crate::policy::Encoding;
use crate::policy::kinds::bytes;

/// How many bytes of key the consumer of a kind takes out of a value, and how many it needs.
#[derive(Clone, Copy, Debug)]
pub struct KeyRule {
    /// Fixed text in front that is no part of the key.
    pub prefix: &'static str,
    /// How the consumer makes bytes of the text behind it.
    pub reading: Reading,
    /// Whether base64 has to have its padding.
    pub padded: bool,
    /// The least bytes of key.
    pub least: usize,
    /// The most bytes of key that count.
    pub most: usize,
    /// The least number of different characters.
    pub different: usize,
    /// Who says so.
    pub source: &'static str,
}

/// How a consumer makes bytes of a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reading {
    /// As the policy's `encoding` says; without one, in this way, where `None` are the characters as they stand.
    Asked(Option<Encoding>),
    /// Always decoded.
    Decoded(Encoding),
    /// Decoded where the prefix is there, and else the characters as they stand.
    Prefixed(Encoding),
    /// Always the characters as they stand.
    Text,
}

impl KeyRule {
    /// Makes the rule of a key of at least `least` bytes.
    pub(super) const fn at_least(least: usize, reading: Reading, source: &'static str) -> Self {
        Self {
            prefix: "",
            reading,
            padded: false,
            least,
            most: usize::MAX,
            different: 0,
            source,
        }
    }

    /// Makes the rule of a key of exactly so many bytes.
    pub(super) const fn exactly(bytes: usize, reading: Reading, source: &'static str) -> Self {
        Self {
            most: bytes,
            ..Self::at_least(bytes, reading, source)
        }
    }

    /// Counts the bytes of key in `value`; `asked` is the encoding that the policy says.
    pub fn measure(&self, value: &[u8], asked: Option<Encoding>) -> KeyBytes {
        let behind = value.strip_prefix(self.prefix.as_bytes());
        let text = behind.unwrap_or(value);
        let read_as = match self.reading {
            Reading::Asked(otherwise) => asked.or(otherwise),
            Reading::Decoded(encoding) => Some(encoding),
            Reading::Prefixed(encoding) => behind.map(|_| encoding),
            Reading::Text => None,
        };
        let other = plain_encoding(text).filter(|_| self.reading != Reading::Text && read_as.is_none());
        // Hexadecimal is base64 by chance only.
        let hex = (plain_encoding(text) == Some(Encoding::Hex)).then_some(Encoding::Hex);
        let encodings = [
            read_as,
            other,
            hex.filter(|hex| read_as.is_some_and(|read| read != *hex)),
        ];
        let decoded = encodings.into_iter().flatten().filter_map(|encoding| {
            if self.padded && Some(encoding) == read_as && !text.len().is_multiple_of(4) {
                return None;
            }
            let bytes = bytes::decode(text, encoding).ok()?.len();
            Some((encoding, bytes))
        });
        KeyBytes {
            rule: *self,
            read_as,
            is_choice: self.reading == Reading::Asked(None) && asked.is_none(),
            as_text: text.len(),
            decoded: decoded.collect(),
            few_different: Some(different(text)).filter(|found| *found < self.different),
        }
    }

    /// Returns how every value is encoded where the consumer takes one size and one encoding only.
    pub fn exact_encoding(&self, asked: Option<Encoding>) -> Option<Encoding> {
        let encoding = match self.reading {
            Reading::Asked(otherwise) => asked.or(otherwise)?,
            Reading::Decoded(encoding) | Reading::Prefixed(encoding) => encoding,
            Reading::Text => return None,
        };
        (self.least == self.most).then_some(encoding)
    }
}

/// The bytes of key in one value; it holds no character of it.
#[derive(Clone, Debug)]
pub struct KeyBytes {
    rule: KeyRule,
    /// How the consumer decodes it; `None` when the characters are the key.
    pub read_as: Option<Encoding>,
    /// Whether nothing says if the characters or what they encode are the key.
    is_choice: bool,
    /// Bytes of the text, without its prefix.
    pub as_text: usize,
    /// Bytes behind each encoding that the text can be in.
    pub decoded: Vec<(Encoding, usize)>,
    /// How many different characters there are, where they are too few.
    few_different: Option<usize>,
}

impl PartialEq for KeyBytes {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl KeyBytes {
    /// Returns the bytes that the consumer takes for the key; `None` when it cannot decode the value.
    pub fn taken(&self) -> Option<usize> {
        let Some(encoding) = self.read_as else {
            return Some(self.as_text);
        };
        let decoded = self.decoded.iter().find(|(other, _)| *other == encoding);
        decoded.map(|(_, bytes)| *bytes)
    }

    /// Returns the least bytes that the consumer needs.
    pub const fn least(&self) -> usize {
        self.rule.least
    }

    /// Returns the most bytes that count, where there is an end.
    pub fn most(&self) -> Option<usize> {
        Some(self.rule.most).filter(|most| *most < usize::MAX)
    }

    /// Returns who says how many bytes are needed.
    pub const fn source(&self) -> &'static str {
        self.rule.source
    }

    /// Returns whether the consumer gets the key that it needs.
    pub fn fits(&self) -> bool {
        self.few_different.is_none() && self.taken().is_some_and(|bytes| self.is_enough(bytes))
    }

    /// Returns whether a consumer that decodes the value would get too little, while one that does not is served.
    pub fn depends_on_reading(&self) -> bool {
        self.is_choice && self.fits() && self.decoded.iter().any(|(_, bytes)| !self.is_enough(*bytes))
    }

    fn is_enough(&self, bytes: usize) -> bool {
        (self.rule.least..=self.rule.most).contains(&bytes)
    }
}

impl fmt::Display for KeyBytes {
    /// Says what there is and what is needed, as in "64 bytes as text, 32 bytes if decoded from hex; RFC 7518 §3.2
    /// asks for 32 or more".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(encoding) = self.read_as {
            match self.taken() {
                Some(bytes) => write!(f, "{bytes} bytes decoded from {encoding}, ")?,
                None if self.rule.padded => write!(f, "not {encoding} with its padding, ")?,
                None => write!(f, "not {encoding}, ")?,
            }
        }
        write!(f, "{} bytes as text", self.as_text)?;
        for (encoding, bytes) in self
            .decoded
            .iter()
            .filter(|(other, _)| Some(*other) != self.read_as)
        {
            write!(f, ", {bytes} bytes if decoded from {encoding}")?;
        }
        if let Some(found) = self.few_different {
            write!(f, ", {found} different characters")?;
        }
        write!(f, "; {} ", self.rule.source)?;
        match (self.rule.least, self.rule.most) {
            (least, most) if least == most => write!(f, "asks for exactly {least}"),
            (least, usize::MAX) => write!(f, "asks for {least} or more"),
            (least, most) => write!(f, "asks for {least} to {most}"),
        }?;
        match self.rule.different {
            0 => Ok(()),
            least => write!(f, ", {least} of them different"),
        }
    }
}

/// Returns the encoding that a text is plainly in; letters and digits alone are in none.
fn plain_encoding(text: &[u8]) -> Option<Encoding> {
    if !text.is_empty() && text.len().is_multiple_of(2) && text.iter().all(u8::is_ascii_hexdigit) {
        return Some(Encoding::Hex);
    }
    let has = |signs: &[u8]| text.iter().any(|byte| signs.contains(byte));
    [(Encoding::Base64, has(b"+/=")), (Encoding::Base64url, has(b"-_"))]
        .into_iter()
        .find(|(encoding, is_marked)| *is_marked && bytes::decode(text, *encoding).is_ok())
        .map(|(encoding, _)| encoding)
}

/// Counts the different bytes of `text`.
fn different(text: &[u8]) -> usize {
    let mut seen = text.to_vec();
    seen.sort_unstable();
    seen.dedup();
    let different = seen.len();
    seen.zeroize();
    different
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Kind;

    fn told(kind: &str, value: &str, asked: Option<Encoding>) -> (String, bool, bool) {
        let rule = Kind::find(kind).unwrap().consumed.unwrap();
        let key = rule.measure(value.as_bytes(), asked);
        (key.to_string(), key.fits(), key.depends_on_reading())
    }

    #[test]
    fn jwt_keys_are_counted_as_text_and_as_what_they_encode() {
        let hex = "0a9d3e1b0a7c4f5d".repeat(4);

        assert_eq!(
            told("jwt-hs256", &hex, None),
            (
                "64 bytes as text, 32 bytes if decoded from hex; RFC 7518 §3.2 asks for 32 or more"
                    .to_owned(),
                true,
                false
            )
        );
        assert!(told("jwt-hs512", &hex, None).1);
        assert!(told("jwt-hs512", &hex, None).2);
        assert_eq!(
            told("jwt-hs512", &hex, Some(Encoding::Hex)),
            (
                "32 bytes decoded from hex, 64 bytes as text; RFC 7518 §3.2 asks for 64 or more".to_owned(),
                false,
                false
            )
        );
    }

    #[test]
    fn base64_of_32_bytes_serves_hs256_and_not_hs384() {
        let value = ["k7Qw+zT9/mX2bR4vLp3sHd8YeGc5nVj1KfWaQ2x0ab", "A="].concat();

        assert!(told("jwt-hs256", &value, None).1);
        let (message, fits, _) = told("jwt-hs384", &value, None);
        assert!(!fits);
        assert_eq!(
            message,
            "44 bytes as text, 32 bytes if decoded from base64; RFC 7518 §3.2 asks for 48 or more"
        );
    }

    #[test]
    fn a_key_of_aes_in_hexadecimal_is_not_32_bytes_because_it_has_32_characters() {
        let hex = "0a9d3e1b0a7c4f5d".repeat(2);

        assert_eq!(
            told("aes-256", &hex, None).0,
            "24 bytes decoded from base64, 32 bytes as text, 16 bytes if decoded from hex; \
             FIPS 197 asks for exactly 32"
        );
        assert!(!told("aes-256", &hex, Some(Encoding::Hex)).1);
        assert!(told("aes-256", &hex.repeat(2), Some(Encoding::Hex)).1);
        assert!(
            told("aes-256", "not base64!", None)
                .0
                .starts_with("not base64, 11 bytes")
        );
    }

    #[test]
    fn laravel_decodes_only_behind_its_prefix() {
        let key = ["AbCd".repeat(10), "Aac=".to_owned()].concat();

        assert!(told("laravel", &["base64:", &key].concat(), None).1);
        assert!(!told("laravel", &key, None).1);
    }

    #[test]
    fn other_consumers_have_limits_of_their_own() {
        assert!(told("htpasswd", &"x".repeat(72), None).1);
        assert!(
            told("htpasswd", &"x".repeat(73), None)
                .0
                .contains("asks for 1 to 72")
        );
        assert!(!told("htpasswd", &"x".repeat(73), None).1);
        assert!(!told("phoenix", &"x".repeat(63), None).1);
        assert!(told("phoenix", &"x".repeat(64), None).1);
        assert!(told("django", &"abcde".repeat(10), None).1);
        assert!(!told("django", &"abcde".repeat(9), None).1);
        assert!(
            told("django", &"abcd".repeat(13), None)
                .0
                .contains("4 different characters")
        );
        assert!(!told("django", &"abcd".repeat(13), None).1);
        assert!(!told("langfuse", &"0a9d".repeat(15), None).1);
        assert!(told("langfuse", &"0a9d".repeat(16), None).1);
        assert!(!told("webhook", "whsec_AAAA", None).1);
        let fernet = ["AbCd".repeat(10), "Aac=".to_owned()].concat();
        assert!(told("fernet", &fernet, None).1);
        assert_eq!(
            told("fernet", fernet.trim_end_matches('='), None).0,
            "not base64url with its padding, 43 bytes as text; the Fernet specification asks for exactly 32"
        );
    }

    #[test]
    fn values_of_one_size_have_one_encoding() {
        let encoding = |kind: &str| {
            let rule = Kind::find(kind).unwrap().consumed.unwrap();
            rule.exact_encoding(None)
        };

        assert_eq!(encoding("langfuse"), Some(Encoding::Hex));
        assert_eq!(encoding("laravel"), Some(Encoding::Base64));
        assert_eq!(encoding("jwt-hs256"), None);
        assert_eq!(encoding("phoenix"), None);
    }
}
