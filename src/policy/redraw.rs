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
        let (drawn, prefix) = match self {
            Self::Bytes {
                bytes,
                encoding,
                prefix,
                ..
            } => (drawn_of(*bytes as usize, *encoding), prefix.as_str()),
            Self::Characters(characters) => {
                let drawn = Drawn {
                    symbols: characters.alphabet().len(),
                    length: characters.drawn(),
                    padding: 0,
                };
                (drawn, characters.prefix())
            }
            _ => return None,
        };
        // Entropy is concave: that of the whole is at least the mean of its parts. Check characters count as nothing.
        let (own, all) = ((drawn.length + drawn.padding) as f64, self.min_length() as f64);
        let least = (least * all - prefix.len() as f64 * entropy_of(prefix.as_bytes())) / own;
        Some(self.among_kept(drawn.unmet(least)))
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

/// Every character of an encoding is uniform but the last one of base64, which is independent of the others.
fn drawn_of(bytes: usize, encoding: Encoding) -> Drawn {
    let length = (bytes * 8).div_ceil(if encoding == Encoding::Hex { 4 } else { 6 });
    Drawn {
        symbols: if encoding == Encoding::Hex { 16 } else { 64 },
        length,
        padding: encoding.length_of(bytes) - length,
    }
}

/// Rounds bits down for the eye, by at most 0.1; [`UNCOUNTED`] bits are not counted.
pub fn shown_bits(bits: f64) -> f64 {
    ((bits + UNCOUNTED) * 10.0).floor() / 10.0
}

/// Rounds bits down to whole ones; [`UNCOUNTED`] bits are not counted.
pub fn whole_bits(bits: f64) -> u32 {
    (bits + UNCOUNTED) as u32
}

/// Bits that are not counted where a strength is shown: chance makes the scorer object to 1 value in 150 at most.
pub const UNCOUNTED: f64 = 0.01;

/// Bits that redrawing may cost whole random bytes before they miss a floor.
pub const TOLERATED: f64 = 0.2;
