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
    scan(value, 1, &LETTERS, START_AND_STEP, arcs);
    scan(value, 1, &KEYS, START_AND_STEP, arcs);
    scan(value, 2, &LETTERS, START_AND_STEP + whole.bits + STEP, arcs);
}

/// Returns whether the step to `at` is one that walks take, and the same as the one before.
pub(in crate::scoring) fn goes_on(value: &[u8], at: usize, stride: usize, places: &[u8; 256]) -> bool {
    let place = |at: usize| places[usize::from(value[at])];
    let (first, second, third) = (place(at - 2 * stride), place(at - stride), place(at));
    let step = STEPS[usize::from(third.wrapping_sub(second))];
    first != 0
        && second != 0
        && third != 0
        && step != 0
        && step == STEPS[usize::from(second.wrapping_sub(first))]
}

/// Finds the stretches in which each character is the same step behind the one `stride` before it.
fn scan(value: &[u8], stride: usize, places: &[u8; 256], bits: f32, arcs: &mut Vec<Arc>) {
    let least = if stride == 1 { LEAST } else { LEAST_OF_TWO };
    let mut opened = None;
    for at in 2 * stride..=value.len() {
        if at < value.len() && goes_on(value, at, stride, places) {
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

const LEAST: usize = 4;
const LEAST_OF_TWO: usize = 8;

/// One step of those above, and a first character too.
const STEP: f32 = 2.5;
const START_AND_STEP: f32 = 5.5 + STEP;

/// Row times 16 and column of each key on a US keyboard, 0 for none.
pub(in crate::scoring) static KEYS: [u8; 256] = {
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

/// Digits and letters in order, far apart from each other; 0 for all else.
pub(in crate::scoring) static LETTERS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            digit @ b'0'..=b'9' => digit - b'0' + 1,
            letter @ b'A'..=b'Z' => letter - b'A' + 64,
            letter @ b'a'..=b'z' => letter - b'a' + 64,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// A name for each step that a walk can take, 0 for all others; around the end of an alphabet is one step.
static STEPS: [u8; 256] = {
    let mut table = [0; 256];
    let mut step = 0;
    while step < 256 {
        table[step] = match step as u8 as i8 {
            0 => 1,
            1 | -9 | -5 | -25 => 2,
            -1 | 9 | 5 | 25 => 3,
            2 => 4,
            -2 => 5,
            16 => 6,
            -16 => 7,
            15 => 8,
            -15 => 9,
            _ => 0,
        };
        step += 1;
    }
    table
};
