//! How much better than chance struck keys must explain a value to be believed.

use crate::scoring::alphabet::Charset;
use crate::scoring::parse::PLENTY;

/// Returns the bits that must be saved to be believed; `most` is what the value can carry.
///
/// Kraft's bound is far above what chance does: these gates let it through about once in 20,000 random values. They
/// are measured, and fall with the length because a code that expects hands loses bits on every random character.
pub(super) fn of_hands(whole: Charset, length: usize, most: f32) -> f32 {
    if whole.is_digits() {
        return if length < LONG_HEXADECIMAL {
            HEXADECIMAL_GATE
        } else {
            LONG_HEXADECIMAL_GATE
        };
    }
    let beyond = length as f32 - 24.0;
    let gate = match whole.bits {
        bits if bits < 4.8 => 10.7 - 0.02 * beyond,
        bits if bits < 5.5 => 10.0 - 0.08 * beyond,
        bits if bits <= 6.0 => 9.5 - 0.1 * beyond,
        _ => 13.0,
    };
    let spare = if most < PLENTY { LESS_BELOW_PLENTY } else { 0.0 };
    gate.max(LEAST_GATE) - spare
}

/// Bits that must be saved of any value.
const LEAST_GATE: f32 = 7.0;

/// How much less must be saved where a value cannot carry [`PLENTY`] bits anyway.
const LESS_BELOW_PLENTY: f32 = 3.5;

/// Bits that must be saved where all is hexadecimal.
const HEXADECIMAL_GATE: f32 = 12.0;

/// Bits that must be saved where all is hexadecimal and of 256 bits or more, which is minted without another look: chance
/// saves them once in 2^28 values.
const LONG_HEXADECIMAL_GATE: f32 = 28.0;

const LONG_HEXADECIMAL: usize = 64;
