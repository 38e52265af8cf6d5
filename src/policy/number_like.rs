//! Values that a parser of YAML or JSON could take for a number or a time.

use crate::policy::Encoding;
use crate::policy::Recipe;

/// Returns whether a parser of YAML or JSON could take the value for a number or a time.
pub fn reads_as_number(value: &[u8]) -> bool {
    let is_of_a_base = match value {
        [b'0', letter, digits @ ..] if !digits.is_empty() => {
            base(*letter).is_some_and(|base| digits.iter().all(|byte| is_digit_of(base, byte)))
        }
        _ => false,
    };
    is_of_a_base || value.iter().all(is_numeric)
}

/// Returns an upper bound on the share of all values of `recipe`, its other rules apart, that read as a number.
///
/// Nothing is drawn again where every value does, because digits were asked for.
pub(super) fn share(recipe: &Recipe) -> f64 {
    match recipe {
        Recipe::Bytes {
            bytes,
            encoding,
            prefix,
            ..
        } => {
            let whole = match encoding {
                Encoding::Base64 | Encoding::Base64url => *bytes as usize * 4 / 3,
                Encoding::Hex => *bytes as usize * 2,
            };
            share_of(prefix.as_bytes(), symbols_of(*encoding), whole)
        }
        Recipe::Characters(characters) => {
            let symbols = characters.alphabet().bytes();
            if reads_as_number(symbols) {
                return 0.0;
            }
            share_of(characters.prefix().as_bytes(), symbols, characters.drawn())
        }
        // 30 digits, of which one is 8, 9, a or b; the four `-` are those of a date.
        Recipe::Uuid => 0.5 * share_of(b"", HEX, 30),
        Recipe::Given | Recipe::Made(_) | Recipe::UuidV7 | Recipe::Words { .. } => 0.0,
    }
}

/// Returns the characters of an encoding, padding apart.
pub(super) const fn symbols_of(encoding: Encoding) -> &'static [u8] {
    match encoding {
        Encoding::Base64 => BASE64,
        Encoding::Base64url => BASE64URL,
        Encoding::Hex => HEX,
    }
}

/// Returns the share of numbers among `fixed` and `drawn` uniform characters behind it; what follows may be anything.
fn share_of(fixed: &[u8], symbols: &[u8], drawn: usize) -> f64 {
    let among = |fits: &dyn Fn(&u8) -> bool| {
        symbols.iter().filter(|byte| fits(byte)).count() as f64 / symbols.len() as f64
    };
    let plain = if fixed.iter().all(is_numeric) {
        among(&is_numeric).powi(drawn as i32)
    } else {
        0.0
    };
    let at = |place: usize, fits: &dyn Fn(&u8) -> bool| match fixed.get(place) {
        Some(byte) => f64::from(u8::from(fits(byte))),
        None => among(fits),
    };
    let rest = drawn.saturating_sub(2_usize.saturating_sub(fixed.len()));
    let of_base = |letter: u8| {
        let fits = |byte: &u8| base(letter).is_some_and(|base| is_digit_of(base, byte));
        if !fixed.iter().skip(2).all(fits) {
            return 0.0;
        }
        let start = at(0, &|byte| *byte == b'0') * at(1, &|byte| *byte == letter);
        start * among(&fits).powi(rest as i32)
    };
    plain + of_base(b'b') + of_base(b'o') + of_base(b'x')
}

/// Returns the base that a letter behind a `0` stands for.
fn base(letter: u8) -> Option<u32> {
    match letter {
        b'b' => Some(2),
        b'o' => Some(8),
        b'x' => Some(16),
        _ => None,
    }
}

fn is_numeric(byte: &u8) -> bool {
    byte.is_ascii_digit() || b"e+-._:".contains(&byte.to_ascii_lowercase())
}

fn is_digit_of(base: u32, byte: &u8) -> bool {
    char::from(*byte).is_digit(base) || *byte == b'_'
}

const HEX: &[u8] = b"0123456789abcdef";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Alphabet;
    use crate::policy::Characters;

    /// Lists all values of `length` characters behind a prefix.
    fn listed(prefix: &str, symbols: &[u8], length: usize) -> f64 {
        let all = symbols.len().pow(length as u32);
        let numbers = (0..all).filter(|number| {
            let mut rest = *number;
            let mut value = prefix.as_bytes().to_vec();
            for _ in 0..length {
                value.push(symbols[rest % symbols.len()]);
                rest /= symbols.len();
            }
            reads_as_number(&value)
        });
        numbers.count() as f64 / all as f64
    }

    #[test]
    fn shares_are_those_of_all_values_listed() {
        for (prefix, symbols, length) in [
            ("", "0123456789abcdef", 4),
            ("", "0123456789abcdefghijklmnopqrstuvwxyz", 3),
            ("", "01bxe-z", 5),
            ("0", "01bxe-z", 4),
            ("0x", "0123abcz", 4),
            ("0o", "01289abz", 4),
            ("0b", "01289abz", 4),
            ("0b1z", "01289abz", 3),
            ("12:", "0123abcz", 4),
            ("pw_", "0123abcz", 4),
        ] {
            let alphabet = Alphabet::new(symbols);
            let bytes = alphabet.bytes().to_vec();
            let length_of_all = (prefix.len() + length) as u32;
            let characters = Characters::new("test", alphabet, length_of_all)
                .unwrap()
                .with_prefix(prefix)
                .unwrap();

            let bound = share(&Recipe::Characters(characters));

            let exact = listed(prefix, &bytes, length);
            assert!(
                (bound - exact).abs() < 1e-12,
                "`{prefix}` {symbols}: {bound} {exact}"
            );
        }
    }

    #[test]
    fn hexadecimal_numbers_are_as_frequent_as_was_counted() {
        // 1 in 1,845 are of digits alone, and 1 in 1,318 have one `e` among them: measured with PyYAML.
        let digits = (10.0_f64 / 16.0).powi(16);
        let recipe = Recipe::Bytes {
            bytes: 8,
            encoding: Encoding::Hex,
            prefix: String::new(),
            plain_edges: false,
        };

        assert!((1.0 / digits - 1_845.0).abs() < 1.0);
        // Any number of `e` counts here, and all digits.
        assert!(share(&recipe) > digits + 14.0 / 16.0 * digits);
        assert!(share(&recipe) < 0.003);
    }
}
