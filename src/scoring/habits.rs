//! Habits of a pair of hands: which hand strikes next, and in which row.

use crate::scoring::keyboard::KEYS;
use crate::scoring::keyboard::PLACES;

/// Which hand strikes after which, and in which row.
pub(super) struct Habits {
    last_is_left: bool,
    /// How often the hand changed, and did not.
    turns: [f32; 2],
    rows: [f32; 3],
    /// How many letters were struck by each hand in each row.
    struck: [[f32; 2]; 3],
}

impl Habits {
    pub(super) fn new() -> Self {
        Self {
            last_is_left: true,
            turns: [0.0; 2],
            rows: ROWS,
            struck: [[0.0; 2]; 3],
        }
    }

    /// Returns the share of a letter if all keys of a hand in a row are alike, and if those struck before are liked more;
    /// `count` is how often it was struck.
    pub(super) fn shares(&self, key: usize, count: f32) -> [f32; 4] {
        let (row, column) = PLACES[key];
        let (row, is_left) = (usize::from(row), column < 5);
        let turn = usize::from(is_left == self.last_is_left);
        let read = self.turns[0] + self.turns[1];
        let of_hand = TURNS.map(|before| (self.turns[turn] + before[turn]) / (read + before[0] + before[1]));
        let of_row = self.rows[row] / self.rows.iter().sum::<f32>();
        let size = KEYS[row][usize::from(is_left)];
        let among = (count + LIKED) / (self.struck[row][usize::from(is_left)] + LIKED * size);
        let [one, both, turns] = of_hand.map(|share| share * of_row / size);
        [one, both, turns, of_hand[1] * of_row * among]
    }

    pub(super) fn learn(&mut self, key: usize) {
        let (row, column) = PLACES[key];
        let (row, is_left) = (usize::from(row), column < 5);
        self.turns[usize::from(is_left == self.last_is_left)] += 1.0;
        self.rows[row] += 1.0;
        self.struck[row][usize::from(is_left)] += 1.0;
        self.last_is_left = is_left;
    }
}

/// Weights of a change of hands and of none, and of the upper, the home and the lower row, before anything is read.
const TURNS: [[f32; 2]; 3] = [[0.5, 7.0], [5.0, 5.0], [6.0, 1.6]];
const ROWS: [f32; 3] = [4.5, 11.0, 1.8];

/// How much a key of a hand in a row weighs before it is struck.
const LIKED: f32 = 0.7;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_all_letters_add_up_to_one() {
        let mut habits = Habits::new();
        let mut counts = [0.0; 26];
        for letter in b"qpajskdlwzm" {
            let key = usize::from(letter - b'a');
            habits.learn(key);
            counts[key] += 1.0;
        }
        let mut sums = [0.0_f32; 4];
        for (key, count) in counts.into_iter().enumerate() {
            let shares = habits.shares(key, count);
            sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
        }

        assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-4), "{sums:?}");
    }

    #[test]
    fn hands_that_take_turns_are_expected_to_go_on() {
        let mut habits = Habits::new();
        for letter in b"ajskdlfhajsk" {
            habits.learn(usize::from(letter - b'a'));
        }

        let [_, _, left, _] = habits.shares(3, 0.0);
        let [_, _, right, _] = habits.shares(9, 0.0);

        assert!(left > 3.0 * right, "{left} {right}");
    }
}
