//! The smallest usual alphabet that a value fits into.

/// A usual alphabet, by the set of characters it holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Charset {
    /// Bits of the classes below that it holds.
    classes: u16,
    /// log2 of its size, which is what one character of it can carry.
    pub(super) bits: f32,
}

impl Charset {
    /// Returns whether nothing but hexadecimal or decimal digits can occur.
    pub(super) fn is_digits(self) -> bool {
        self.bits <= 4.0
    }

    /// Returns whether nothing but letters can occur.
    pub(super) fn is_letters(self) -> bool {
        self.classes & !(LOWER | UPPER) == 0
    }

    /// Returns whether there is nothing but letters of one case, and digits.
    pub(super) fn is_of_one_case(self) -> bool {
        self.classes & !(LOWER | DIGITS) == 0 || self.classes & !(UPPER | DIGITS) == 0
    }

    /// Returns whether padded base64 fits.
    pub(super) fn is_base64(self) -> bool {
        BASE64_CLASSES & self.classes == self.classes
    }
}

/// Returns the smallest usual alphabet of `value`.
pub(super) fn of(value: &[u8]) -> Charset {
    holding(value.iter().copied())
}

/// Returns the smallest usual alphabet of the rest of `value`.
pub(super) fn without(value: &[u8], separator: u8) -> Charset {
    holding(value.iter().copied().filter(|byte| *byte != separator))
}

/// Returns the smallest usual alphabet of `value`, that of its letters and digits where other signs only separate.
///
/// A dash between words or groups says nothing of the characters beside it.
pub(super) fn beside_separators(value: &[u8]) -> Charset {
    let is_separator = |byte: &u8| b"-_.: ".contains(byte);
    let signs = value.iter().filter(|byte| !byte.is_ascii_alphanumeric()).count();
    let separators = value.iter().filter(|byte| is_separator(byte)).count();
    if signs == 0 || signs > separators || 4 * separators > value.len() {
        return of(value);
    }
    holding(value.iter().copied().filter(|byte| !is_separator(byte)))
}

fn holding(bytes: impl Iterator<Item = u8>) -> Charset {
    let seen = bytes.fold(0, |seen, byte| seen | CLASS[usize::from(byte)]);
    CHARSETS
        .iter()
        .copied()
        .find(|charset| seen & !charset.classes == 0)
        .unwrap_or(BYTES)
}

/// Returns the one separator that cuts `value` into three or more groups of one length, as in `7Q2K-M0XV-…`.
pub(super) fn group_separator(value: &[u8]) -> Option<u8> {
    let size = value.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
    let separator = value[size];
    let mut groups = value.chunks(size + 1);
    let last = groups.next_back()?;
    let is_group = |group: &[u8]| {
        group.last() == Some(&separator) && group[..size].iter().all(u8::is_ascii_alphanumeric)
    };
    let regular = (2..=8).contains(&size) && groups.len() >= 2 && groups.all(is_group);
    (regular && !last.is_empty() && last.iter().all(u8::is_ascii_alphanumeric)).then_some(separator)
}

/// Fills in what each character of `value` can carry at most, in bits; `whole` is the alphabet of all of it.
///
/// A stretch gets a smaller alphabet of its own where that is no accident: the difference over its whole
/// length is [`EVIDENCE`] or more. So `live_` and 32 hexadecimal digits are not counted as base64url.
/// Returns whether there was such a stretch.
pub(super) fn rates(value: &[u8], whole: Charset, rates: &mut Vec<f32>) -> bool {
    rates.clear();
    rates.resize(value.len(), whole.bits);
    let mut mixed = false;
    for charset in CHARSETS.iter().rev().filter(|charset| charset.bits < whole.bits) {
        if value.len() as f32 * (whole.bits - charset.bits) < EVIDENCE {
            continue;
        }
        let mut start = 0;
        for end in 0..=value.len() {
            let inside = value
                .get(end)
                .is_some_and(|byte| CLASS[usize::from(*byte)] & !charset.classes == 0);
            if inside {
                continue;
            }
            let stretch = &mut rates[start..end];
            let saved: f32 = stretch.iter().map(|rate| rate - charset.bits).sum();
            let in_all = stretch.len() as f32 * (whole.bits - charset.bits);
            if in_all >= EVIDENCE && saved >= REFINEMENT {
                stretch.fill(charset.bits);
                mixed = true;
            }
            start = end + 1;
        }
    }
    mixed
}

/// Bits by which a smaller alphabet must shorten a stretch to be believed.
const EVIDENCE: f32 = 28.0;

/// The same beside the next larger alphabet that was believed.
const REFINEMENT: f32 = 10.0;

const DIGIT_2_TO_7: u16 = 1;
const DIGIT_OTHER: u16 = 1 << 1;
const LOWER_A_TO_F: u16 = 1 << 2;
const LOWER_OTHER: u16 = 1 << 3;
const UPPER_A_TO_F: u16 = 1 << 4;
const UPPER_OTHER: u16 = 1 << 5;
const DASH_OR_UNDERSCORE: u16 = 1 << 6;
const PLUS_OR_SLASH: u16 = 1 << 7;
const EQUALS: u16 = 1 << 8;
const SPACE: u16 = 1 << 9;
const PRINTABLE: u16 = 1 << 10;
const OTHER: u16 = 1 << 11;

const DIGITS: u16 = DIGIT_2_TO_7 | DIGIT_OTHER;
const LOWER: u16 = LOWER_A_TO_F | LOWER_OTHER;
const UPPER: u16 = UPPER_A_TO_F | UPPER_OTHER;
const BASE62: u16 = DIGITS | LOWER | UPPER;
const BASE64_CLASSES: u16 = BASE62 | PLUS_OR_SLASH | EQUALS;
const VISIBLE: u16 = BASE64_CLASSES | DASH_OR_UNDERSCORE | PRINTABLE;

/// log2 of the sizes 10, 16, 16, 26, 26, 32, 32, 36, 36, 52, 62, 64, 64, 94 and 95, smallest first.
static CHARSETS: [Charset; 15] = [
    charset(DIGITS, std::f32::consts::LOG2_10),
    charset(DIGITS | LOWER_A_TO_F, 4.0),
    charset(DIGITS | UPPER_A_TO_F, 4.0),
    charset(LOWER, 4.700_44),
    charset(UPPER, 4.700_44),
    charset(LOWER | DIGIT_2_TO_7, 5.0),
    charset(UPPER | DIGIT_2_TO_7, 5.0),
    charset(LOWER | DIGITS, 5.169_925),
    charset(UPPER | DIGITS, 5.169_925),
    charset(LOWER | UPPER, 5.700_44),
    charset(BASE62, 5.954_196),
    charset(BASE62 | DASH_OR_UNDERSCORE, 6.0),
    charset(BASE64_CLASSES, 6.0),
    charset(VISIBLE, 6.554_589),
    charset(VISIBLE | SPACE, 6.569_856),
];

const BYTES: Charset = charset(u16::MAX, 8.0);

const fn charset(classes: u16, bits: f32) -> Charset {
    Charset { classes, bits }
}

/// The class of each byte.
static CLASS: [u16; 256] = {
    let mut table = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'2'..=b'7' => DIGIT_2_TO_7,
            b'0' | b'1' | b'8' | b'9' => DIGIT_OTHER,
            b'a'..=b'f' => LOWER_A_TO_F,
            b'g'..=b'z' => LOWER_OTHER,
            b'A'..=b'F' => UPPER_A_TO_F,
            b'G'..=b'Z' => UPPER_OTHER,
            b'-' | b'_' => DASH_OR_UNDERSCORE,
            b'+' | b'/' => PLUS_OR_SLASH,
            b'=' => EQUALS,
            b' ' => SPACE,
            other if other.is_ascii_graphic() => PRINTABLE,
            _ => OTHER,
        };
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_alphabet_is_found() {
        for (text, size) in [
            ("0451", 10.0_f32),
            ("00ff", 16.0),
            ("00FF", 16.0),
            ("abz", 26.0),
            ("mfrgg2", 32.0),
            ("MFRGG2", 32.0),
            ("abz9", 36.0),
            ("AbZ", 52.0),
            ("AbZ9", 62.0),
            ("AbZ9_", 64.0),
            ("AbZ9+=", 64.0),
            ("AbZ9_+", 94.0),
            ("a b", 95.0),
            ("\u{e4}", 256.0),
        ] {
            assert!((of(text.as_bytes()).bits - size.log2()).abs() < 1e-5, "{size}");
        }
    }

    #[test]
    fn a_long_stretch_of_digits_counts_as_digits() {
        let value = b"acme_live_90f1a22b3c44d5e5f67a7b8c99adbecf";
        let mut found = Vec::new();

        let mixed = rates(value, of(value), &mut found);

        assert!(mixed);
        assert!(found[..10].iter().all(|bits| *bits == 6.0));
        assert!(found[10..].iter().all(|bits| *bits == 4.0));
    }
}
