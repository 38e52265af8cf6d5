//! Parts that occurred before.

use crate::scoring::models::Arc;
use crate::scoring::models::Model;
use crate::scoring::models::length_bits;

/// Finds, for each position, the longest copy of an earlier part; upper and lower case are one.
pub(super) fn find(value: &[u8], arcs: &mut Vec<Arc>) {
    let mut latest = [NONE; SLOTS];
    let mut previous = vec![NONE; value.len()];
    for (at, window) in value.windows(LEAST).enumerate() {
        let slot = slot(window);
        let longest = longest(value, at, latest[slot], &previous);
        if let Some((length, changed)) = longest {
            arcs.push(Arc {
                start: at as u32,
                end: (at + length) as u32,
                bits: (at as f32).log2() + length_bits(length - LEAST) + changed as f32,
                model: Model::Copy,
            });
        }
        previous[at] = latest[slot];
        latest[slot] = at as u16;
    }
    mirrors(value, arcs);
}

/// Finds parts that are the part before them read backwards.
fn mirrors(value: &[u8], arcs: &mut Vec<Arc>) {
    for middle in LEAST..value.len().saturating_sub(LEAST - 1) {
        let pairs = value[..middle].iter().rev().zip(&value[middle..]).take(MOST);
        let length = pairs
            .take_while(|(old, new)| old.eq_ignore_ascii_case(new))
            .count();
        if length >= LEAST {
            arcs.push(Arc {
                start: middle as u32,
                end: (middle + length) as u32,
                bits: MIRROR_BITS + length_bits(length - LEAST),
                model: Model::Copy,
            });
        }
    }
}

/// Returns the length of the longest copy and how many letters changed their case in it.
fn longest(value: &[u8], at: usize, newest: u16, previous: &[u16]) -> Option<(usize, usize)> {
    let mut best = None;
    let mut candidate = newest;
    for _ in 0..TRIES {
        if candidate == NONE {
            break;
        }
        let from = usize::from(candidate);
        let pairs = || value[from..].iter().zip(&value[at..]).take(MOST);
        let length = pairs()
            .take_while(|(old, new)| old.eq_ignore_ascii_case(new))
            .count();
        if length >= LEAST && best.is_none_or(|(longest, _)| length > longest) {
            let changed = pairs().take(length).filter(|(old, new)| old != new).count();
            best = Some((length, changed));
        }
        candidate = previous[from];
    }
    best
}

fn slot(window: &[u8]) -> usize {
    let word = window
        .iter()
        .fold(0_u32, |word, byte| word << 8 | u32::from(byte | 0x20));
    (word.wrapping_mul(0x9e37_79b1) >> 24) as usize
}

const SLOTS: usize = 256;

/// Shortest and longest copy that is looked for.
const LEAST: usize = 4;
const MOST: usize = 64;

/// How many earlier places are compared.
const TRIES: usize = 8;

/// What says that a part is a mirror image.
const MIRROR_BITS: f32 = 5.0;

const NONE: u16 = u16::MAX;
