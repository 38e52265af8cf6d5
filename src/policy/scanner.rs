//! What secret scanners search for to find values of a recipe in places where they should not be.

use crate::policy::Alphabet;
use crate::policy::Checksum;
use crate::policy::Encoding;
use crate::policy::Recipe;

impl Recipe {
    /// Returns a regular expression that finds every value of this recipe, and nothing that is a character longer or
    /// shorter; `None` where values have no prefix to know them by.
    ///
    /// It is RE2, as gitleaks and the custom patterns of GitHub take it. Where a word boundary would not do, the value
    /// is the first group.
    pub fn scanner_regex(&self) -> Option<String> {
        let (prefix, body, set) = match self {
            Self::Bytes {
                bytes,
                encoding,
                prefix,
                ..
            } => {
                let (body, set) = encoded(*bytes as usize, *encoding);
                (prefix.as_str(), body, set)
            }
            Self::Characters(characters) => {
                let drawn = characters.drawn();
                let set = characters.alphabet();
                let checksum = characters.checksum().map_or(0, Checksum::length);
                let body = match class(set).as_str() {
                    BASE62_CLASS => format!("[{BASE62_CLASS}]{{{}}}", drawn + checksum),
                    other if checksum == 0 => format!("[{other}]{{{drawn}}}"),
                    other => format!("[{other}]{{{drawn}}}[{BASE62_CLASS}]{{{checksum}}}"),
                };
                let around: String = set.bytes().iter().copied().map(char::from).collect();
                (
                    characters.prefix(),
                    body,
                    Alphabet::new(&format!("{around}{BASE62}")),
                )
            }
            _ => return None,
        };
        if prefix.is_empty() {
            return None;
        }
        let value = format!("{}{body}", escaped(prefix));
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let starts_as_word = prefix.bytes().next().is_some_and(is_word);
        if starts_as_word && set.bytes().iter().copied().all(is_word) {
            return Some(format!(r"\b{value}\b"));
        }
        let text: String = set.bytes().iter().copied().map(char::from).collect();
        let around = class(&Alphabet::new(&format!("{text}{WORD}")));
        Some(format!("(?:^|[^{around}])({value})(?:[^{around}]|$)"))
    }

    /// Returns how many characters of a value can stand in clear beside its hash, so that it can be listed and looked
    /// up: the prefix and the eight behind it. `None` where the rest would be left with less than 80 bits, or where
    /// values have neither prefix nor checksum, as keys that are handed out have.
    pub fn lookup_length(&self) -> Option<usize> {
        let Self::Characters(characters) = self else {
            return None;
        };
        let shown = LOOKED_UP as f64 * (characters.alphabet().len() as f64).log2();
        let is_key = !characters.prefix().is_empty() && characters.checksum().is_some();
        (is_key && characters.bits() - shown >= LEAST_BITS_LEFT)
            .then(|| characters.prefix().len() + LOOKED_UP)
    }
}

/// Returns what the encoding of so many bytes looks like, and the characters in it.
fn encoded(bytes: usize, encoding: Encoding) -> (String, Alphabet) {
    let length = encoding.length_of(bytes);
    let (characters, padding) = match encoding {
        Encoding::Base64 => (format!("{BASE62}+/"), (3 - bytes % 3) % 3),
        Encoding::Base64url => (format!("{BASE62}-_"), 0),
        Encoding::Hex => ("0123456789abcdef".to_owned(), 0),
    };
    let set = Alphabet::new(&characters);
    let body = format!("[{}]{{{}}}{}", class(&set), length - padding, "=".repeat(padding));
    let around = if encoding == Encoding::Base64 { "=" } else { "" };
    (body, Alphabet::new(&format!("{characters}{around}")))
}

/// Writes a set as the inside of a bracket expression, with ranges.
fn class(set: &Alphabet) -> String {
    let mut text = String::new();
    for run in set.bytes().chunk_by(|one, next| one + 1 == *next) {
        let escape = |byte: u8| match byte {
            b'\\' | b']' | b'[' | b'^' | b'-' | b'&' | b'~' => format!("\\{}", char::from(byte)),
            _ => char::from(byte).to_string(),
        };
        match run {
            [first, .., last] if run.len() > 2 => {
                text.push_str(&format!("{}-{}", escape(*first), escape(*last)));
            }
            few => few.iter().for_each(|byte| text.push_str(&escape(*byte))),
        }
    }
    text
}

/// Escapes what a prefix can hold and an expression would read otherwise.
fn escaped(prefix: &str) -> String {
    prefix.replace('.', r"\.")
}

/// Drawn characters to look a key up by: one in 2 * 10^14 keys has the same.
const LOOKED_UP: usize = 8;

/// Bits that nobody can search through.
const LEAST_BITS_LEFT: f64 = 80.0;

/// What [`class`] makes of base62, of which check characters are.
const BASE62_CLASS: &str = "0-9A-Za-z";
const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const WORD: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

#[cfg(test)]
mod tests {
    use crate::policy::Kind;
    use crate::policy::Shape;

    fn regex_of(kind: &str, shape: &Shape) -> Option<String> {
        Kind::find(kind).unwrap().recipe(shape).unwrap().scanner_regex()
    }

    #[test]
    fn the_expression_says_prefix_length_and_characters() {
        let prefixed = |prefix: &str| Shape {
            prefix: Some(prefix.to_owned()),
            ..Shape::default()
        };

        assert_eq!(
            regex_of("api-key", &prefixed("ghp_")).unwrap(),
            r"\bghp_[0-9A-Za-z]{49}\b"
        );
        assert_eq!(
            regex_of("password", &prefixed("a.b:")).unwrap(),
            r"(?:^|[^\-0-9A-Z_a-z])(a\.b:[\-0-9A-Z_a-z]{28})(?:[^\-0-9A-Z_a-z]|$)"
        );
        assert_eq!(
            regex_of("webhook", &Shape::default()).unwrap(),
            "(?:^|[^+/-9=A-Z_a-z])(whsec_[+/-9A-Za-z]{43}=)(?:[^+/-9=A-Z_a-z]|$)"
        );
        assert_eq!(regex_of("hex", &Shape::default()), None);
    }

    #[test]
    fn eight_characters_of_a_key_can_be_shown_where_enough_are_left() {
        let length = |kind: &str, length: Option<u32>| {
            let shape = Shape {
                length,
                ..Shape::default()
            };
            Kind::find(kind).unwrap().recipe(&shape).unwrap().lookup_length()
        };

        assert_eq!(length("api-key", None), Some(12));
        // 22 drawn characters carry 131 bits, 14 of them 83.
        assert_eq!(length("api-key", Some(32)), Some(12));
        assert_eq!(length("password", None), None);
        assert_eq!(length("hex", None), None);
    }
}
