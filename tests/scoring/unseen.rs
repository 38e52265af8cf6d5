//! Ways of filling a field that were written down before the model of hands was tuned, and were not looked at since.

use rand::RngExt;
use rand_chacha::ChaCha20Rng;

use crate::typed::Typist;

/// A way of filling a field, by its name.
pub const STYLES: [(&str, Typist); 3] = [
    ("unseen mash, drifting fingers", drifting),
    ("unseen mash, slaps", slaps),
    ("unseen mash, shifted rolls", shifted_rolls),
];

const ROWS: [&[u8]; 4] = [b"1234567890", b"qwertyuiop", b"asdfghjkl;", b"zxcvbnm,./"];

fn length(rng: &mut ChaCha20Rng) -> usize {
    rng.random_range(24..49)
}

/// Each hand hovers over a place that moves slowly, and strikes around it.
fn drifting(rng: &mut ChaCha20Rng) -> String {
    let mut places = [(2.0_f64, 2.0_f64), (2.0, 7.0)];
    let mut hand = 0;
    (0..length(rng))
        .map(|_| {
            if rng.random::<f64>() < 0.6 {
                hand = 1 - hand;
            }
            let around = |spread: f64, rng: &mut ChaCha20Rng| {
                (rng.random::<f64>() + rng.random::<f64>() + rng.random::<f64>() - 1.5) * spread
            };
            let (row, column) = &mut places[hand];
            *row = (*row + around(0.3, rng)).clamp(1.2, 2.6);
            *column = (*column + around(0.5, rng)).clamp(hand as f64 * 5.0 + 0.5, hand as f64 * 4.0 + 4.0);
            let struck = (*row + around(1.2, rng)).round().clamp(0.0, 3.0) as usize;
            let at = (*column + around(3.0, rng)).round().clamp(0.0, 8.0) as usize;
            let key = ROWS[struck][at.min(if struck == 3 { 6 } else { 8 })];
            char::from(key)
        })
        .collect()
}

/// A flat hand hits several neighbouring keys at once, in no order.
fn slaps(rng: &mut ChaCha20Rng) -> String {
    let wanted = length(rng);
    let mut text = String::new();
    while text.len() < wanted {
        let row = [1, 2, 2, 2, 3][rng.random_range(0..5)];
        let count = rng.random_range(3..7);
        let from = rng.random_range(0..6);
        let mut keys: Vec<u8> = (0..count)
            .map(|_| {
                let line = if rng.random::<f64>() < 0.8 { row } else { 2 };
                ROWS[line][(from + rng.random_range(0..5)).min(if line == 3 { 6 } else { 8 })]
            })
            .collect();
        keys.dedup();
        text.extend(keys.into_iter().map(char::from));
    }
    text
}

/// Short rolls over any row, the digits too, with the shift key held for some of them.
fn shifted_rolls(rng: &mut ChaCha20Rng) -> String {
    let wanted = length(rng);
    let mut text = String::new();
    while text.len() < wanted {
        let row = [0, 1, 1, 2, 2, 2, 3][rng.random_range(0..7)];
        let last = if row == 3 { 6 } else { 8 };
        let shift = row > 0 && rng.random::<f64>() < 0.3;
        let mut at = rng.random_range(0..=last);
        for _ in 0..rng.random_range(2..6) {
            let key = char::from(ROWS[row][at]);
            text.push(if shift { key.to_ascii_uppercase() } else { key });
            at = match rng.random_range(0..6) {
                0 => rng.random_range(0..=last),
                1 | 2 => at.saturating_sub(1),
                3 => (at + 2).min(last),
                _ => (at + 1).min(last),
            };
        }
    }
    text
}
