//! What it costs that some values are drawn again.

use crate::policy::Encoding;
use crate::policy::Recipe;
use crate::policy::evenness::Drawn;
use crate::policy::evenness::entropy_of;
use crate::policy::number_like;

/// Why values are drawn again, and how many of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Redraw {
    why: String,
    share: f64,
}

impl Redraw {
    /// At most `share` of all values are drawn again because of `why`.
    pub(crate) fn new(why: impl Into<String>, share: f64) -> Self {
        Self {
            why: why.into(),
            share,
        }
    }

    /// Returns an upper bound on what it costs, in bits.
    pub fn bits(&self) -> f64 {
        -(1.0 - self.share).max(0.0).log2()
    }
}

impl std::fmt::Display for Redraw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bits = self.bits();
        if bits < UNCOUNTED {
            write!(f, "{}: less than {UNCOUNTED} bits", self.why)
        } else {
            // Rounded up: nothing is promised that is not kept.
            write!(f, "{}: {:.1} bits", self.why, (bits * 10.0).ceil() / 10.0)
        }
    }
}

impl Recipe {
    /// Returns a lower bound on the entropy of one value, in bits: log2 of the number of values that are kept.
    ///
    /// What the scorer objects to by chance is not counted: it costs less than [`UNCOUNTED`] bits.
    pub fn bits(&self) -> f64 {
        self.bits_after(&self.own_redraws())
    }

    /// Returns the same where `redraws` hold, which the recipe's own have to be among.
    pub(crate) fn bits_after(&self, redraws: &[Redraw]) -> f64 {
        let share: f64 = redraws.iter().map(|redraw| redraw.share).sum();
        (self.bits_by_rules() + (1.0 - share).max(0.0).log2()).max(0.0)
    }

    /// Returns what is drawn again by the recipe itself, whatever a policy demands beside it.
    pub fn own_redraws(&self) -> Vec<Redraw> {
        let numbers = self.among_kept(number_like::share(self));
        if numbers > 0.0 {
            vec![Redraw::new("values that read as numbers", numbers)]
        } else {
            Vec::new()
        }
    }

    /// Returns whether values are as strong as `floor` bits, with `redraws` on top of the recipe's own.
    ///
    /// A floor is meant for whole random bytes: up to [`TOLERATED`] bits that redrawing and plain edges cost them are
    /// forgiven.
    pub(crate) fn reaches_after(&self, floor: u32, redraws: &[Redraw]) -> bool {
        let kept = self.bits_after(redraws);
        let whole = match self {
            Self::Bytes { bytes, .. } => f64::from(*bytes) * 8.0,
            _ => self.bits_by_rules(),
        };
        kept + (whole - kept).min(TOLERATED) >= f64::from(floor)
    }

    /// Returns whether values are as strong as `floor` bits.
    pub fn reaches(&self, floor: u32) -> bool {
        self.reaches_after(floor, &self.own_redraws())
    }

    /// Returns what share of values the demand for `least` bits of measured entropy per character draws again, at
    /// most; `None` where nothing is known of how often characters occur.
    pub(crate) fn uneven(&self, least: f64) -> Option<f64> {
        // Entropy is compared when it is rounded to 0.01.
        let least = (least * 100.0 - 1e-6).ceil() / 100.0;
        let (drawn, prefix) = self.drawn()?;
        // Entropy is concave: that of the whole is at least the mean of its parts. Check characters count as nothing.
        let (own, all) = ((drawn.length + drawn.padding) as f64, self.min_length() as f64);
        let least = (least * all - prefix.len() as f64 * entropy_of(prefix.as_bytes())) / own;
        Some(self.among_kept(drawn.unmet(least)))
    }

    /// Returns what share of values a scorer that demands `least` bits draws again, at most: it counts the smallest
    /// usual alphabet that a value fits into, which chance can make smaller than the one it was drawn from.
    pub(crate) fn plain(&self, least: u32) -> f64 {
        let Some((drawn, _)) = self.drawn() else {
            return 0.0;
        };
        let symbols: Vec<u8> = match self {
            Self::Characters(characters) => characters.alphabet().bytes().to_vec(),
            Self::Bytes { encoding, .. } => number_like::symbols_of(*encoding).to_vec(),
            _ => return 0.0,
        };
        // The last character of an encoding is not uniform: it counts as one that fits anywhere.
        let places = drawn.length.saturating_sub(1) as i32;
        let share = |fits: Fits| {
            let inside = symbols.iter().filter(|symbol| fits(symbol)).count();
            match inside == symbols.len() {
                true => 0.0,
                false => (inside as f64 / symbols.len() as f64).powi(places),
            }
        };
        let too_small = USUAL
            .iter()
            .filter(|(size, _)| drawn.length as f64 * size.log2() < f64::from(least));
        let share: f64 = too_small.map(|(_, fits)| share(*fits)).sum();
        self.among_kept(share.min(1.0))
    }

    /// Returns what is drawn, and the fixed text in front; `None` where nothing is known of how often characters occur.
    fn drawn(&self) -> Option<(Drawn, &str)> {
        match self {
            Self::Bytes {
                bytes,
                encoding,
                prefix,
                ..
            } => Some((drawn_of(*bytes as usize, *encoding), prefix)),
            Self::Characters(characters) => {
                let drawn = Drawn {
                    symbols: characters.alphabet().len(),
                    length: characters.drawn(),
                    padding: 0,
                };
                Some((drawn, characters.prefix()))
            }
            _ => None,
        }
    }

    /// Turns a share of everything that could be drawn into an upper bound on the share of what the rules keep.
    fn among_kept(&self, share: f64) -> f64 {
        let drawn = match self {
            Self::Bytes { bytes, .. } => f64::from(*bytes) * 8.0,
            Self::Characters(characters) => {
                characters.drawn() as f64 * (characters.alphabet().len() as f64).log2()
            }
            _ => self.bits_by_rules(),
        };
        (share * (drawn - self.bits_by_rules()).exp2()).min(1.0)
    }
}

/// Says whether a character is of an alphabet.
type Fits = fn(&u8) -> bool;

/// Usual alphabets, by size: those that chance leaves a value of another alphabet in often enough to count.
const USUAL: [(f64, Fits); 6] = [
    (36.0, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()),
    (36.0, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()),
    (52.0, u8::is_ascii_alphabetic),
    (62.0, u8::is_ascii_alphanumeric),
    (64.0, |byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)),
    (64.0, |byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte)),
];

/// Every character of an encoding is uniform but the last one of base64, which is independent of the others.
fn drawn_of(bytes: usize, encoding: Encoding) -> Drawn {
    let length = (bytes * 8).div_ceil(if encoding == Encoding::Hex { 4 } else { 6 });
    Drawn {
        symbols: if encoding == Encoding::Hex { 16 } else { 64 },
        length,
        padding: encoding.length_of(bytes) - length,
    }
}

/// Rounds bits down to 0.1; what lies less than [`ROUNDED`] below the next step takes it.
pub fn shown_bits(bits: f64) -> f64 {
    ((bits + ROUNDED) * 10.0).floor() / 10.0
}

/// Rounds bits down to whole ones; what lies less than [`ROUNDED`] below the next step takes it.
pub fn whole_bits(bits: f64) -> u32 {
    (bits + ROUNDED) as u32
}

/// Bits that are not told apart: 32 random bytes are 256 bits, though one in 10^11 of them reads as a number.
const ROUNDED: f64 = 0.001;

/// Bits that are not counted: chance makes the scorer object to 1 value in 150 at most, and tests measure that.
pub const UNCOUNTED: f64 = 0.01;

/// Bits that redrawing may cost whole random bytes before they miss a floor.
pub const TOLERATED: f64 = 0.2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_rounded_up_and_strengths_down() {
        assert_eq!(Redraw::new("x", 0.187).to_string(), "x: 0.3 bits");
        assert_eq!(Redraw::new("x", 0.5).to_string(), "x: 1.0 bits");
        assert_eq!(Redraw::new("x", 0.501).to_string(), "x: 1.1 bits");
        assert_eq!(Redraw::new("x", 1e-4).to_string(), "x: less than 0.01 bits");
        assert_eq!([255.9997, 255.99, 130.992].map(shown_bits), [256.0, 255.9, 130.9]);
        assert_eq!([255.9997, 255.99, 130.992].map(whole_bits), [256, 255, 130]);
    }

    #[test]
    fn costs_add_up_and_never_go_below_nothing() {
        let recipe = Recipe::Words { words: 6 };
        let half = Redraw::new("x", 0.5);

        assert!((recipe.bits() - recipe.bits_after(std::slice::from_ref(&half)) - 1.0).abs() < 1e-9);
        assert_eq!(recipe.bits_after(&[half.clone(), half]), 0.0);
    }

    #[test]
    fn whole_bytes_are_forgiven_a_little_and_no_more() {
        let recipe = Recipe::Bytes {
            bytes: 32,
            encoding: Encoding::Base64url,
            prefix: String::new(),
            plain_edges: true,
        };

        assert!(recipe.bits() < 256.0);
        assert!(recipe.reaches(256));
        assert!(!recipe.reaches(257));
        assert!(!recipe.reaches_after(256, &[Redraw::new("x", 0.187)]));
    }
}
