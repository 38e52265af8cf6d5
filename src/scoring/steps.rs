//! How far the next key is from the one before, or from the one that the same hand struck before.

use crate::scoring::keyboard::PLACES;

/// How often hands took each kind of step.
pub(super) struct Steps {
    from_last: [f32; KINDS],
    of_hand: [f32; KINDS],
    /// How often the hand changed, and did not.
    turns: [f32; 2],
    last: Option<usize>,
    /// The last key of the right and of the left hand.
    places: [usize; 2],
}

impl Steps {
    pub(super) const fn new() -> Self {
        Self {
            from_last: FROM_LAST,
            of_hand: OF_HAND,
            turns: TURNS,
            last: None,
            places: RESTING,
        }
    }

    /// Returns the share of a letter by its distance from the last one, and from where its hand is.
    pub(super) fn shares(&self, key: usize) -> [f32; 2] {
        let Some(last) = self.last else {
            return [1.0 / 26.0; 2];
        };
        let is_left = left(key);
        let place = self.places[usize::from(is_left)];
        let turn = self.turns[usize::from(is_left == left(last))] / (self.turns[0] + self.turns[1]);
        [
            share(&self.from_last, &SIZES[last], KIND[last][key]),
            turn * share(&self.of_hand, &SIZES_OF_HAND[place], KIND[place][key]),
        ]
    }

    pub(super) fn learn(&mut self, key: usize) {
        let is_left = left(key);
        if let Some(last) = self.last {
            self.from_last[usize::from(KIND[last][key])] += 1.0;
            let place = self.places[usize::from(is_left)];
            self.of_hand[usize::from(KIND[place][key])] += 1.0;
            self.turns[usize::from(is_left == left(last))] += 1.0;
        }
        self.places[usize::from(is_left)] = key;
        self.last = Some(key);
    }
}

/// The share of one key of the kind, among the kinds that there are from here.
fn share(weights: &[f32; KINDS], sizes: &Sizes, kind: u8) -> f32 {
    // Four sums at a time, which the processor adds up at once.
    let mut possible = [0.0; 4];
    for (weights, exists) in weights.chunks_exact(4).zip(sizes.exist.chunks_exact(4)) {
        for (sum, (weight, exists)) in possible.iter_mut().zip(weights.iter().zip(exists)) {
            *sum += weight * exists;
        }
    }
    let possible = possible[0] + possible[1] + possible[2] + possible[3];
    weights[usize::from(kind)] / (possible * sizes.keys[usize::from(kind)])
}

const fn left(key: usize) -> bool {
    PLACES[key].1 < 5
}

/// Columns apart, 0, 1, 2, up to 4 and more, in the same row and in another; the last two are none.
const KINDS: usize = 12;

const fn kind(one: usize, other: usize) -> usize {
    let across = match PLACES[one].1.abs_diff(PLACES[other].1) {
        0 => 0,
        1 => 1,
        2 => 2,
        3 | 4 => 3,
        _ => 4,
    };
    if PLACES[one].0 == PLACES[other].0 {
        across
    } else {
        5 + across
    }
}

static KIND: [[u8; 26]; 26] = {
    let mut table = [[0; 26]; 26];
    let mut at = 0;
    while at < 26 * 26 {
        table[at / 26][at % 26] = kind(at / 26, at % 26) as u8;
        at += 1;
    }
    table
};

/// The keys that are of each kind from some key.
struct Sizes {
    /// How many there are.
    keys: [f32; KINDS],
    /// 1 where there are any.
    exist: [f32; KINDS],
}

static SIZES: [Sizes; 26] = sizes(false);

/// The same among the keys of one hand.
static SIZES_OF_HAND: [Sizes; 26] = sizes(true);

const fn sizes(of_hand: bool) -> [Sizes; 26] {
    let mut table = [const {
        Sizes {
            keys: [0.0; KINDS],
            exist: [0.0; KINDS],
        }
    }; 26];
    let mut at = 0;
    while at < 26 * 26 {
        let (one, other) = (at / 26, at % 26);
        if !of_hand || left(one) == left(other) {
            let kind = kind(one, other);
            table[one].keys[kind] += 1.0;
            table[one].exist[kind] = 1.0;
        }
        at += 1;
    }
    table
}

/// Weights of the kinds before anything is read.
const FROM_LAST: [f32; KINDS] = [0.4, 2.0, 1.6, 1.8, 1.2, 0.4, 0.8, 0.7, 0.8, 1.0, 0.0, 0.0];
const OF_HAND: [f32; KINDS] = [1.2, 2.0, 1.6, 1.0, 0.0, 0.5, 0.9, 0.7, 0.5, 0.0, 0.0, 0.0];

/// Weights of a change of hands and of none.
const TURNS: [f32; 2] = [4.0, 2.5];

/// Where the right and the left hand are at the start: on `k` and `d`.
const RESTING: [usize; 2] = [10, 3];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_all_letters_add_up_to_one() {
        let mut steps = Steps::new();
        for letter in b"qpajskdlwzm" {
            steps.learn(usize::from(letter - b'a'));
            let mut sums = [0.0_f32; 2];
            for key in 0..26 {
                let shares = steps.shares(key);
                sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
            }

            assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-4), "{sums:?}");
        }
    }

    #[test]
    fn fingers_that_stay_where_they_are_are_expected_to_go_on() {
        let mut steps = Steps::new();
        for letter in b"sdsfsdsfdsfs" {
            steps.learn(usize::from(letter - b'a'));
        }

        let [near, _] = steps.shares(3);
        let [far, _] = steps.shares(15);

        assert!(near > 5.0 * far, "{near} {far}");
    }
}
