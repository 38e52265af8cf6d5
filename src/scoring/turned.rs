//! Text that was written backwards or with its letters shifted along the alphabet.

use zeroize::Zeroizing;

use crate::scoring::alphabet::Charset;
use crate::scoring::letters;
use crate::scoring::letters::Before;

/// Returns `value` turned the way in which it reads most like text, if it does at all; else nothing.
///
/// Only a suspicion: one value of thirty reads like text somehow. What comes back is to be judged like the value.
pub(super) fn suspect(value: &[u8], whole: Charset) -> Option<Zeroizing<Vec<u8>>> {
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    if value.len() < LEAST || 5 * letters < 3 * value.len() || 8 * digits > value.len() {
        return None;
    }
    let backwards = read(value.iter().rev(), 0, whole);
    let (saved, shift) = likely_shifts(value)
        .into_iter()
        .map(|shift| (read(value.iter(), shift, whole), shift))
        .fold(
            (backwards, 0),
            |best, other| if other.0 > best.0 { other } else { best },
        );
    let turned = |byte: &u8| match letters::letter(*byte) {
        Some(letter) => byte - letter + (letter + shift) % 26,
        None => *byte,
    };
    (saved >= SUSPICIOUS).then(|| {
        Zeroizing::new(if shift == 0 {
            value.iter().rev().copied().collect()
        } else {
            value.iter().map(turned).collect()
        })
    })
}

/// Returns the usual shift, and the two after which the letters are distributed most like those of text.
fn likely_shifts(value: &[u8]) -> [u8; 3] {
    let mut counts = [0.0_f32; 26];
    for letter in value.iter().copied().filter_map(letters::letter) {
        counts[usize::from(letter)] += 1.0;
    }
    let mut best = [(f32::INFINITY, 0); 2];
    for shift in 1..26 {
        let bits = |(letter, count): (usize, &f32)| count * COSTS[(letter + usize::from(shift)) % 26];
        let cost = counts.iter().enumerate().map(bits).sum();
        if cost < best[0].0 {
            best = [(cost, shift), best[0]];
        } else if cost < best[1].0 {
            best[1] = (cost, shift);
        }
    }
    [13, best[0].1, best[1].1]
}

fn read<'a>(value: impl Iterator<Item = &'a u8>, shift: u8, whole: Charset) -> f32 {
    let (mut before, mut saved, mut last) = (Before::NOTHING, 0.0, b'a');
    let mut sign = 0;
    for byte in value {
        let Some(letter) = letters::letter(*byte) else {
            saved += whole.bits - if *byte == sign { SAME_SIGN } else { OTHER };
            sign = *byte;
            (before, last) = (Before::NOTHING, b'a');
            continue;
        };
        let letter = (letter + shift) % 26;
        let case = if byte.is_ascii_uppercase() == last.is_ascii_uppercase() {
            SAME_CASE
        } else {
            OTHER_CASE
        };
        saved += whole.bits - before.cost(letter) - case;
        before = before.then(letter);
        last = *byte;
    }
    saved
}

/// Bits to say which of the ways that were read it was.
pub(super) const WAYS: f64 = 3.0;

/// Bits that must be saved to be worth a closer look.
const SUSPICIOUS: f32 = 2.0;

/// Bits of each letter in text, alone.
static COSTS: [f32; 26] = [
    3.3, 5.8, 5.2, 4.8, 3.2, 6.0, 5.6, 5.0, 3.7, 7.4, 5.6, 4.5, 5.0, 3.8, 3.8, 5.4, 8.8, 4.0, 4.0, 4.0, 4.7,
    6.4, 6.4, 8.4, 5.8, 7.2,
];

const SAME_CASE: f32 = 0.5;
const OTHER_CASE: f32 = 3.0;

/// A digit or a sign, and the same one again.
const OTHER: f32 = 6.5;
const SAME_SIGN: f32 = 4.0;

/// Shortest value that is looked at, in characters.
const LEAST: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::alphabet;

    #[test]
    fn backward_and_shifted_text_is_found() {
        for text in [
            "ecnetnesyranidronasisiht",
            "guvfvfnabeqvanelfragrapr",
            "wklvlvdqruglqdubvhqwhqfh",
            "ecnetnes-yranidro-na-si-siht",
        ] {
            let turned = suspect(text.as_bytes(), alphabet::of(text.as_bytes())).unwrap();
            let letters: Vec<u8> = turned.iter().copied().filter(|byte| *byte != b'-').collect();

            assert_eq!(letters, b"thisisanordinarysentence", "{text}");
        }
        let random = b"xqznbvtrmwpcyhuoeklgijfadsbq";
        assert_eq!(suspect(random, alphabet::of(random)), None);
    }
}
