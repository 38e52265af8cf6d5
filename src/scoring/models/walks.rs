//! Steps along the alphabet, the digits or the keyboard.

use crate::scoring::alphabet::Charset;
use crate::scoring::models::Arc;
use crate::scoring::models::Model;
use crate::scoring::models::length_bits;

/// Finds walks of four characters or more: `abcd`, `9753`, `qwer`, `1qaz`; and of two to four walks in turn, such
/// as `a1b2c3d4`, `qazwsxedc` and `1qaz2wsx3edc`.
pub(super) fn find(value: &[u8], whole: Charset, arcs: &mut Vec<Arc>) {
    if value.len() < LEAST {
        return;
    }
    scan(value, 1, &LETTERS, START_AND_STEP, arcs);
    scan(value, 1, &KEYS, START_AND_STEP, arcs);
    scan(value, 2, &LETTERS, START_AND_STEP + whole.bits + STEP, arcs);
    for stride in 2..=4 {
        let others = (stride - 1) as f32 * (whole.bits + STEP);
        scan(value, stride, &KEYS, START_AND_STEP + STRIDE + others, arcs);
    }
}

/// Where characters stand, and which steps between them people take.
pub(in crate::scoring) struct Board {
    /// The place of each character, 0 for none.
    places: [u8; 256],
    /// A name for the step of each difference between places, 0 for none.
    steps: [u8; 256],
}

impl Board {
    /// Tells for each position whether the step to it is the same as the one before, `stride` being 1 to 4.
    pub(in crate::scoring) fn follow(&self, value: &[u8], stride: usize, mut visit: impl FnMut(usize, bool)) {
        let (mut places, mut steps) = ([0; 4], [0; 4]);
        for (at, byte) in value.iter().enumerate() {
            let lane = at % stride;
            let (before, place) = (places[lane], self.places[usize::from(*byte)]);
            let taken = self.steps[usize::from(place.wrapping_sub(before))];
            let step = taken * u8::from((place != 0) & (before != 0));
            visit(at, (step != 0) & (step == steps[lane]));
            places[lane] = place;
            steps[lane] = step;
        }
    }
}

/// Finds the stretches in which each character is the same step behind the one `stride` before it.
fn scan(value: &[u8], stride: usize, board: &Board, bits: f32, arcs: &mut Vec<Arc>) {
    let least = LEAST_OF[stride];
    let mut equal = 0;
    let mut close = |end: usize, equal: usize| {
        let length = equal + 2 * stride;
        if equal == 0 {
            return;
        }
        // The first characters may end the walk before.
        for length in [length, equal] {
            if length >= least {
                arcs.push(Arc {
                    start: (end - length) as u32,
                    end: end as u32,
                    bits: bits + length_bits(length - least),
                    model: Model::Walk,
                });
            }
        }
    };
    board.follow(value, stride, |at, goes_on| {
        if goes_on {
            equal += 1;
        } else {
            close(at, equal);
            equal = 0;
        }
    });
    close(value.len(), equal);
}

const LEAST: usize = 4;

/// The same by stride.
const LEAST_OF: [usize; 5] = [LEAST, LEAST, 6, 9, 12];

/// Which of several strides it is.
const STRIDE: f32 = 1.5;

/// One step of those above, and a first character too.
const STEP: f32 = 2.5;
const START_AND_STEP: f32 = 5.5 + STEP;

/// Digits one apart and letters two apart, so that no step of one is a step of the other.
pub(in crate::scoring) static LETTERS: Board = Board {
    places: {
        let mut places = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            places[byte] = match byte as u8 {
                digit @ b'0'..=b'9' => digit - b'0' + 1,
                letter @ b'A'..=b'Z' => 2 * (letter - b'A') + 64,
                letter @ b'a'..=b'z' => 2 * (letter - b'a') + 64,
                _ => 0,
            };
            byte += 1;
        }
        places
    },
    // From 9 to 0, from `f` to `a` and from `z` to `a` is one step on.
    steps: steps(&[
        (0, 1),
        (1, 2),
        (-1, 3),
        (2, 4),
        (-2, 5),
        (4, 6),
        (-4, 7),
        (-9, 2),
        (9, 3),
        (-10, 4),
        (10, 5),
        (-50, 4),
        (50, 5),
    ]),
};

/// The keys of a US keyboard, at row times 16 and column.
pub(in crate::scoring) static KEYS: Board = Board {
    places: {
        const ROWS: [&[u8]; 4] = [b"1234567890-=", b"qwertyuiop[]", b"asdfghjkl;'", b"zxcvbnm,./"];
        const SHIFTED: [&[u8]; 4] = [b"!@#$%^&*()_+", b"QWERTYUIOP{}", b"ASDFGHJKL:\"", b"ZXCVBNM<>?"];
        let mut places = [0; 256];
        let mut row = 0;
        while row < ROWS.len() {
            let mut column = 0;
            while column < ROWS[row].len() {
                let place = (row as u8 + 1) * 16 + column as u8 + 1;
                places[ROWS[row][column] as usize] = place;
                places[SHIFTED[row][column] as usize] = place;
                column += 1;
            }
            row += 1;
        }
        places
    },
    // Along a row, and down or up a column in either slant.
    steps: steps(&[(1, 1), (-1, 2), (16, 3), (-16, 4), (15, 5), (-15, 6)]),
};

const fn steps(named: &[(i8, u8)]) -> [u8; 256] {
    let mut steps = [0; 256];
    let mut at = 0;
    while at < named.len() {
        steps[named[at].0 as u8 as usize] = named[at].1;
        at += 1;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::alphabet;

    fn found(text: &str) -> Vec<&str> {
        let value = text.as_bytes();
        let mut arcs = Vec::new();
        find(value, alphabet::of(value), &mut arcs);
        arcs.iter()
            .map(|arc| &text[arc.start as usize..arc.end as usize])
            .collect()
    }

    #[test]
    fn walks_are_found_whole() {
        for (text, walk) in [
            ("xxabcdefxx", "abcdef"),
            ("qq98765432qq", "98765432"),
            ("7890123", "7890123"),
            ("kk1qazkk", "1qaz"),
            ("0qwertz", "qwert"),
            ("99a1b2c3d4e5zz", "a1b2c3d4e5"),
            ("e4f5a6b7c8", "e4f5a6b7c8"),
            ("xx1q2w3e4r5t", "1q2w3e4r5t"),
            ("qazwsxedcrfv", "qazwsxedcrfv"),
            ("1qaz2wsx3edc", "1qaz2wsx3edc"),
        ] {
            assert!(found(text).contains(&walk), "{text}: {:?}", found(text));
        }
        assert_eq!(found("kx7q2mz9"), [""; 0]);
    }
}
