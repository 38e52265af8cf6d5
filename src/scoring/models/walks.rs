//! Steps along the alphabet, the digits or the keyboard.

use crate::scoring::alphabet::Charset;
use crate::scoring::models::Arc;
use crate::scoring::models::Model;
use crate::scoring::models::length_bits;

/// Finds walks of four characters or more: `abcd`, `9753`, `qwer`, `1qaz`; and of eight that are two walks
/// in turn, such as `a1b2c3d4`.
pub(super) fn find(value: &[u8], whole: Charset, arcs: &mut Vec<Arc>) {
    if value.len() < LEAST {
        return;
    }
    scan(value, 1, LEAST, START_AND_STEP, arcs, next_letter);
    scan(value, 1, LEAST, START_AND_STEP, arcs, |one, two| {
        step(KEYS[usize::from(one)], KEYS[usize::from(two)], &KEY_STEPS)
    });
    scan(
        value,
        2,
        LEAST_OF_TWO,
        START_AND_STEP + whole.bits + STEP,
        arcs,
        next_letter,
    );
}

/// Finds the stretches in which each character is the same step behind the one `stride` before it.
fn scan(
    value: &[u8],
    stride: usize,
    least: usize,
    bits: f32,
    arcs: &mut Vec<Arc>,
    next: impl Fn(u8, u8) -> Option<i8>,
) {
    let step_to = |at: usize| next(value[at - stride], value[at]);
    let mut opened = None;
    for at in 2 * stride..=value.len() {
        let step = if at < value.len() { step_to(at) } else { None };
        if step.is_some() && step == step_to(at - stride) {
            opened.get_or_insert(at - 2 * stride);
        } else if let Some(start) = opened.take()
            && at - start >= least
        {
            arcs.push(Arc {
                start: start as u32,
                end: at as u32,
                bits: bits + length_bits(at - start - least),
                model: Model::Walk,
            });
        }
    }
}

/// Returns the step from one letter or digit to another, around the end of the digits and of `a` to `f`.
fn next_letter(one: u8, two: u8) -> Option<i8> {
    let (one, two) = (one.to_ascii_lowercase(), two.to_ascii_lowercase());
    if !one.is_ascii_alphanumeric() {
        return None;
    }
    match (one, two) {
        (b'9', b'0') | (b'f', b'a') | (b'z', b'a') => Some(1),
        (b'0', b'9') | (b'a', b'f') | (b'a', b'z') => Some(-1),
        _ if one.is_ascii_digit() != two.is_ascii_digit() => None,
        _ => step(one, two, &LETTER_STEPS),
    }
}

fn step(one: u8, two: u8, steps: &[i8]) -> Option<i8> {
    if one == 0 || two == 0 {
        return None;
    }
    let step = i8::try_from(i16::from(two) - i16::from(one)).ok()?;
    steps.contains(&step).then_some(step)
}

/// Steps that people take: to the neighbour or the one behind it.
const LETTER_STEPS: [i8; 5] = [1, -1, 2, -2, 0];

/// Along a row, and down or up a column in either slant.
const KEY_STEPS: [i8; 6] = [1, -1, 16, -16, 15, -15];

const LEAST: usize = 4;
const LEAST_OF_TWO: usize = 8;

/// One step of those above, and a first character too.
const STEP: f32 = 2.5;
const START_AND_STEP: f32 = 5.5 + STEP;

/// Row times 16 and column of each key on a US keyboard, 0 for none.
pub(in crate::scoring) const KEYS: [u8; 256] = {
    const ROWS: [&[u8]; 4] = [b"1234567890-=", b"qwertyuiop[]", b"asdfghjkl;'", b"zxcvbnm,./"];
    const SHIFTED: [&[u8]; 4] = [b"!@#$%^&*()_+", b"QWERTYUIOP{}", b"ASDFGHJKL:\"", b"ZXCVBNM<>?"];
    let mut table = [0; 256];
    let mut row = 0;
    while row < ROWS.len() {
        let mut column = 0;
        while column < ROWS[row].len() {
            let place = (row as u8 + 1) * 16 + column as u8 + 1;
            table[ROWS[row][column] as usize] = place;
            table[SHIFTED[row][column] as usize] = place;
            column += 1;
        }
        row += 1;
    }
    table
};
