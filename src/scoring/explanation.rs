//! How the figures of a score came about.

use serde::Serialize;

use crate::policy::Encoding;
use crate::policy::kinds::KeyBytes;
use crate::scoring::Grade;
use crate::scoring::Score;
use crate::scoring::models::Model;
use crate::scoring::parse::Parse;

/// How the figures of a score came about; it holds no character of the value, and shares in steps of a tenth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// What the value would carry if every character had been drawn from its alphabet, in bits; 256 at most.
    pub uniform_bits: u32,
    /// What models of human habits describe; the rest counts as random.
    pub described: Vec<Part>,
    /// The next better grade, and the random bits from which it is given.
    pub next_grade: Option<Grade>,
    /// See `next_grade`.
    pub next_grade_random_bits: Option<u32>,
    /// What the consumer of the kind takes for its key, where the kind has a rule about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
}

/// What the consumer of a kind takes for its key, in bytes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Key {
    /// How it decodes the value; `None` when the characters are the key.
    pub read_as: Option<Encoding>,
    /// The bytes that it takes; `None` when it cannot decode the value.
    pub bytes: Option<usize>,
    /// The bytes of the characters.
    pub as_text: usize,
    /// The bytes behind each encoding that the value can be in.
    pub decoded: Vec<DecodedKey>,
    /// The least bytes that it needs.
    pub least: usize,
    /// The most bytes that count, where there is an end.
    pub most: Option<usize>,
    /// Who says so.
    pub source: &'static str,
    /// Whether it gets what it needs.
    pub fits: bool,
}

/// The bytes behind one encoding.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DecodedKey {
    /// The encoding.
    pub encoding: Encoding,
    /// How many bytes there are.
    pub bytes: usize,
}

impl From<&KeyBytes> for Key {
    fn from(key: &KeyBytes) -> Self {
        Self {
            read_as: key.read_as,
            bytes: key.taken(),
            as_text: key.as_text,
            decoded: key
                .decoded
                .iter()
                .map(|(encoding, bytes)| DecodedKey {
                    encoding: *encoding,
                    bytes: *bytes,
                })
                .collect(),
            least: key.least(),
            most: key.most(),
            source: key.source(),
            fits: key.fits(),
        }
    }
}

/// A share of a value that a model describes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Part {
    /// What kind of habit it is.
    pub model: &'static str,
    /// Its share of the characters, in percent, in steps of ten.
    pub share_percent: u8,
}

impl Score {
    /// Explains the figures.
    pub fn explanation(&self) -> Explanation {
        let uniform = self.length as f64 * self.entropy_max_bits_per_char;
        let next = match self.grade {
            Grade::F | Grade::E | Grade::D => Some((Grade::C, 80)),
            Grade::C => Some((Grade::B, 112)),
            Grade::B => Some((Grade::A, 128)),
            Grade::A => Some((Grade::APlus, 256)),
            Grade::APlus => None,
        };
        Explanation {
            uniform_bits: super::score::shown(uniform),
            described: self.described.clone(),
            next_grade: next.map(|(grade, _)| grade),
            next_grade_random_bits: next.map(|(_, bits)| bits),
            key: self.key().map(Key::from),
        }
    }
}

/// Lists what the models describe of a value, the most first.
pub(super) fn parts(parsed: &Parse) -> Vec<Part> {
    if !parsed.has_pattern() {
        return Vec::new();
    }
    let mut parts: Vec<Part> = MODELS
        .iter()
        .map(|(model, name)| Part {
            model: name,
            share_percent: (parsed.share(&[*model]) * 10.0).round() as u8 * 10,
        })
        .filter(|part| part.share_percent > 0)
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.share_percent));
    parts
}

const MODELS: [(Model, &str); 8] = [
    (Model::Copy, "repetition"),
    (Model::Date, "dates"),
    (Model::Letters, "letters in the order of a language"),
    (Model::Mash, "keys struck by hand"),
    (Model::Name, "the name of the variable, application or host"),
    (Model::Run, "one character over and over"),
    (Model::Walk, "steps along the alphabet or keyboard"),
    (Model::Word, "words"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::Context;
    use crate::scoring::judge;

    fn explained(text: &str) -> Explanation {
        judge::judge(text.as_bytes(), &Context::default()).explanation()
    }

    #[test]
    fn models_are_named_with_rough_shares() {
        let explanation = explained("MyCompany-Production-JWT-2024-01-15-secret");

        assert!(
            explanation.described.iter().any(|part| part.model == "words"),
            "{explanation:?}"
        );
        assert!(
            explanation.described.iter().any(|part| part.model == "dates"),
            "{explanation:?}"
        );
        assert!(
            explanation
                .described
                .iter()
                .all(|part| part.share_percent % 10 == 0)
        );
        assert_eq!(explanation.next_grade_random_bits, Some(80));
    }

    #[test]
    fn nothing_describes_a_random_value() {
        let explanation = explained("3f9c1e77ab0452d8c6e1f20b9a7d8345");

        assert_eq!(explanation.described, []);
        assert_eq!(
            (explanation.uniform_bits, explanation.next_grade),
            (128, Some(Grade::APlus))
        );
    }
}
