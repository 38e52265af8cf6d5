//! Keys struck to fill a field, without a word in mind.

use crate::scoring::alphabet::Charset;
use crate::scoring::gates;
use crate::scoring::habits::Habits;
use crate::scoring::keyboard::AFTER;
use crate::scoring::keyboard::NEAR;
use crate::scoring::keyboard::RESTING;
use crate::scoring::letters;
use crate::scoring::steps::Steps;

/// A stretch of keys struck at random by hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mash {
    /// First character.
    pub(super) start: usize,
    /// One past the last character.
    pub(super) end: usize,
    /// By how many bits the model describes it better than its alphabet.
    pub(super) saved: f64,
}

/// Finds the stretch of `value` that hands struck, if most of it is one; `rates` is what each character can carry,
/// `length` how long all is that `value` is left of, and `known` how many bits already speak against chance.
///
/// The model is a code that learns as it reads: which keys are used, which follow which, when letters change to
/// digits and back. It starts from what a resting pair of hands strikes. As it is a code for all texts, no more
/// than a share of 2^-k of random values saves k bits (Kraft), whatever their alphabet.
pub(super) fn find(value: &[u8], rates: &[f32], whole: Charset, length: usize, known: f32) -> Option<Mash> {
    if value.len() < LEAST {
        return None;
    }
    let mut hand = Hand::new(whole);
    let (mut all, mut low, mut low_at) = (0.0_f32, 0.0_f32, 0);
    let mut best = (0, 0, 0.0_f32);
    for (at, (byte, rate)) in value.iter().zip(rates).enumerate() {
        // What only separates groups was not struck.
        if *rate == 0.0 {
            continue;
        }
        all += rate - hand.cost(*byte);
        if all - low > best.2 {
            best = (low_at, at + 1, all - low);
        }
        if all < low {
            (low, low_at) = (all, at + 1);
        }
    }
    let (start, end, saved) = best;
    let gate = gates::of_hands(whole, length, rates.iter().sum()) - known;
    let changes = changes(rates);
    // Where letters and digits stand tells nothing of hands; which letters they are does.
    let by_keys = hand.saved_by_keys + hand.beaten.log2();
    if !whole.is_digits() && by_keys < LEAST_BY_KEYS {
        return None;
    }
    let of_all = all + CHANGE * changes as f32;
    if of_all >= gate && saved - all < REST_IS_RANDOM {
        return Some(Mash {
            start: 0,
            end: value.len(),
            saved: f64::from(of_all),
        });
    }
    // That it begins here and ends there is to be told as well.
    let place = if start == 0 && end + SHORT_TAIL >= value.len() {
        TAIL
    } else {
        2.0 * (value.len() as f32).log2() - 1.0
    };
    (saved >= gate.max(LEAST_OF_A_PART) + place).then_some(Mash {
        start,
        end,
        saved: f64::from(saved - place),
    })
}

/// Returns how often the alphabet changes inside a value; a code that takes each part by its own has to say where, and to what.
fn changes(rates: &[f32]) -> usize {
    rates
        .windows(2)
        .filter(|pair| pair[0] != pair[1] && !pair.contains(&0.0))
        .count()
}

/// What was struck so far.
struct Hand {
    is_hexadecimal: bool,
    has_others: bool,
    has_capitals: bool,
    keys: [f32; KINDS],
    /// How many of them were letters, and digits.
    struck: [f32; 2],
    pairs: [[u8; KINDS]; KINDS],
    /// How many letters, and digits, followed each key.
    followed: [[f32; 2]; KINDS],
    /// The key that followed two keys the last time, plus 1.
    next: [[u8; KINDS]; KINDS],
    /// By how many bits the guesses beat chance among the letters and among the digits.
    saved_by_keys: f32,
    /// By what factor they did since that was counted.
    beaten: f32,
    habits: Habits,
    steps: Steps,
    /// How far each guess is trusted.
    trust: [f32; GUESSES],
    hits: f32,
    tries: f32,
    classes: [[f32; 3]; 4],
    /// How many letters, digits and signs were struck.
    roaming: [f32; 3],
    /// How far hands are trusted to go on with letters, or with digits.
    stays: f32,
    last: usize,
    before_last: usize,
    last_class: usize,
    upper: bool,
    kept_case: f32,
    letters: f32,
}

impl Hand {
    /// Hands that strike no capitals, or nothing but letters, where the alphabet knows as much.
    fn new(whole: Charset) -> Self {
        let is_hexadecimal = whole.is_digits();
        Self {
            is_hexadecimal,
            has_others: !whole.is_letters(),
            has_capitals: !whole.is_of_one_case(),
            keys: [0.0; KINDS],
            struck: [0.0; 2],
            pairs: [[0; KINDS]; KINDS],
            followed: [[0.0; 2]; KINDS],
            next: [[0; KINDS]; KINDS],
            saved_by_keys: 0.0,
            beaten: 1.0,
            trust: TRUST,
            habits: Habits::new(),
            steps: Steps::new(),
            hits: 0.3,
            tries: 1.5,
            classes: if is_hexadecimal {
                HEXADECIMAL_CLASSES
            } else {
                CLASSES
            },
            roaming: ROAMING,
            stays: STAYS,
            last: OTHER,
            before_last: OTHER,
            last_class: START,
            upper: false,
            kept_case: LETTERS_BEFORE - 1.0,
            letters: LETTERS_BEFORE,
        }
    }

    /// Returns the bits of the next character, and learns from it.
    fn cost(&mut self, byte: u8) -> f32 {
        let (key, class, among) = match (byte, letters::letter(byte)) {
            (_, Some(letter)) => (usize::from(letter), LETTER, 1.0),
            (b'0'..=b'9', _) => (26 + usize::from(byte - b'0'), DIGIT, 1.0),
            (b' '..=b'~', _) => (OTHER, 2, SIGNS),
            _ => (OTHER, 2, SIGNS / 16.0),
        };
        let mut share = if self.has_others {
            self.class(class) * among
        } else {
            1.0
        };
        if class == LETTER && self.has_capitals {
            share *= self.case(byte.is_ascii_uppercase());
        }
        if key != OTHER {
            share *= self.key(key, class);
        }
        self.before_last = self.last;
        self.last = key;
        -share.log2()
    }

    /// The share of letters, digits or signs: hands that stay where they are, or that roam over all keys.
    fn class(&mut self, class: usize) -> f32 {
        let row = &mut self.classes[self.last_class];
        let stay = row[class] / (row[0] + row[1] + row[2]);
        row[class] += 1.0;
        let roam = self.roaming[class] / self.roaming.iter().sum::<f32>();
        self.roaming[class] += 1.0;
        self.last_class = class;
        let share = self.stays * stay + (1.0 - self.stays) * roam;
        self.stays *= stay / share;
        share
    }

    fn case(&mut self, upper: bool) -> f32 {
        let is_first = self.letters == LETTERS_BEFORE;
        let kept = is_first || upper == self.upper;
        let share = if is_first && upper {
            1.0 - SMALL_FIRST
        } else if is_first {
            SMALL_FIRST
        } else if kept {
            self.kept_case / self.letters
        } else {
            1.0 - self.kept_case / self.letters
        };
        self.upper = upper;
        self.letters += 1.0;
        self.kept_case += f32::from(u8::from(kept));
        share
    }

    /// The share of a key among the letters or among the digits: several guesses, each trusted as far as it was right.
    fn key(&mut self, key: usize, class: usize) -> f32 {
        let guesses = if class == DIGIT {
            self.guesses(0.1, key, class)
        } else if self.is_hexadecimal {
            self.guesses(1.0 / 6.0, key, class)
        } else {
            self.guesses(RESTING[key], key, class)
        };
        // Four sums at a time, which the processor adds up at once.
        let mut sums = [0.0; 4];
        for (trusts, guesses) in self.trust.chunks_exact_mut(4).zip(guesses.chunks_exact(4)) {
            for (sum, (trust, guess)) in sums.iter_mut().zip(trusts.iter_mut().zip(guesses)) {
                *trust *= guess;
                *sum += *trust;
            }
        }
        let share = sums[0] + sums[1] + sums[2] + sums[3];
        let inverse = 1.0 / share;
        for trust in &mut self.trust {
            *trust *= inverse;
        }
        self.learn(key, class);
        self.beaten *= share * if class == DIGIT { 10.0 } else { 26.0 };
        if !(1e-20..1e20).contains(&self.beaten) {
            self.saved_by_keys += self.beaten.log2();
            self.beaten = 1.0;
        }
        share
    }

    /// Where hands rest, what follows the last key, the keys beside it, one hand, both in any order, one after the other, both with
    /// the keys that were struck before, those keys alone, and what followed the last keys before.
    fn guesses(&mut self, resting: f32, key: usize, class: usize) -> [f32; GUESSES] {
        let (first, second) = (self.before_last, self.last);
        let hands = if class == LETTER && !self.is_hexadecimal {
            let near = if second == OTHER {
                resting
            } else {
                NEAR[second][key]
            };
            let beside = if second < 26 { AFTER[second][key] } else { near };
            let [one, both, turns, worn] = self.habits.shares(key, self.keys[key]);
            let [step, of_hand] = self.steps.shares(key);
            [resting, beside, near, one, both, turns, worn, step, of_hand]
        } else {
            let mut alike = [resting; 9];
            if !self.is_hexadecimal && second != OTHER {
                alike[1..=3].fill(NEAR[second][key]);
            }
            alike
        };
        let zero = (self.keys[key] + TRUST_IN_REST * resting) / (self.struck[class] + TRUST_IN_REST);
        let after = f32::from(self.pairs[second][key]);
        let one = (after + TRUST_IN_KEYS * zero) / (self.followed[second][class] + TRUST_IN_KEYS);
        let expected = usize::from(self.next[first][second]);
        let mut two = one;
        if expected > 0 && is_of(expected - 1, class) {
            let sure = self.hits / self.tries;
            let hit = expected - 1 == key;
            self.tries += 1.0;
            self.hits += f32::from(u8::from(hit));
            two = (1.0 - sure) * one + if hit { sure } else { 0.0 };
        }
        let [rest, beside, near, one, both, turns, worn, step, hand] = hands;
        [
            rest, beside, near, one, both, turns, worn, step, hand, zero, two, 0.0,
        ]
    }

    fn learn(&mut self, key: usize, class: usize) {
        // Of six letters no hand has its own.
        if class == LETTER && !self.is_hexadecimal {
            self.habits.learn(key);
            self.steps.learn(key);
        }
        self.keys[key] += 1.0;
        self.struck[class] += 1.0;
        if self.pairs[self.last][key] < u8::MAX {
            self.pairs[self.last][key] += 1;
            self.followed[self.last][class] += 1.0;
        }
        self.next[self.before_last][self.last] = key as u8 + 1;
    }
}

fn is_of(key: usize, class: usize) -> bool {
    if class == LETTER {
        key < 26
    } else {
        (26..OTHER).contains(&key)
    }
}

/// Letters, digits, and one for all signs.
const KINDS: usize = 37;
const OTHER: usize = 36;

/// Ways to guess the next key, and one that is never trusted, so that they make whole fours.
const GUESSES: usize = 12;

/// How far each guess is trusted at the start.
const TRUST: [f32; GUESSES] = [
    0.10, 0.06, 0.03, 0.05, 0.25, 0.20, 0.05, 0.09, 0.08, 0.05, 0.04, 0.0,
];

/// How many letters of one case in a row, but for one, are supposed to come before the first.
const LETTERS_BEFORE: f32 = 31.0;

/// How often the first letter is a small one.
const SMALL_FIRST: f32 = 0.75;

const LETTER: usize = 0;
const DIGIT: usize = 1;
const START: usize = 3;

/// Weights of letters, digits and signs after letters, digits, signs and at the start, before anything is read.
const CLASSES: [[f32; 3]; 4] = [
    [20.0, 0.8, 0.3],
    [2.0, 3.0, 0.3],
    [2.0, 0.6, 0.8],
    [6.0, 0.6, 0.1],
];

/// The same whatever comes before, and how far that is not trusted.
const ROAMING: [f32; 3] = [2.0, 0.7, 0.1];
const STAYS: f32 = 0.6;

/// The same for hexadecimal digits.
const HEXADECIMAL_CLASSES: [[f32; 3]; 4] = [
    [1.0, 1.8, 0.01],
    [1.2, 1.6, 0.01],
    [0.6, 1.0, 0.01],
    [0.6, 1.0, 0.01],
];

/// One of so many signs on a keyboard; other bytes are rarer still.
const SIGNS: f32 = 1.0 / 36.0;

/// How many keys must be read before they outweigh where hands rest, and what was struck at all.
const TRUST_IN_REST: f32 = 12.0;
const TRUST_IN_KEYS: f32 = 1.6;

/// Shortest value that is looked at, in characters.
const LEAST: usize = 12;

/// How many characters people put behind what they struck, and the bits to say that they did.
const SHORT_TAIL: usize = 4;
const TAIL: f32 = 3.0;

/// Bits that must be saved by a part of a value, beside what it costs to say where it is.
const LEAST_OF_A_PART: f32 = 7.5;

/// Bits to say where the alphabet changes, and to which.
const CHANGE: f32 = 8.0;

/// Bits that must be saved by which keys were struck.
const LEAST_BY_KEYS: f32 = 2.0;

/// Bits that the rest of a value must cost more than its alphabet to be thought random.
const REST_IS_RANDOM: f32 = 12.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::alphabet;

    fn saved(text: &str) -> f64 {
        let rates = vec![26_f32.log2(); text.len()];
        find(
            text.as_bytes(),
            &rates,
            alphabet::of(text.as_bytes()),
            text.len(),
            0.0,
        )
        .map_or(0.0, |mash| mash.saved)
    }

    #[test]
    fn mashed_keys_are_found_and_random_letters_are_not() {
        for text in [
            "asdkjfhaskdjfhalksjdhflkajsdhf",
            "weojfriowejiorjwoiejfoiwjefoi",
            "dfjgkldfjglkdfjgldkfjglkdfj",
        ] {
            assert!(saved(text) > 16.0, "{text}: {}", saved(text));
        }
        assert_eq!(saved("xqznbvtrmwpcyhuoeklgijfadsbq"), 0.0);
    }

    #[test]
    fn the_shares_of_all_keys_add_up_to_one() {
        let total: f32 = (b' '..=b'~')
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| {
                let mut hand = Hand::new(alphabet::of(b"aB1"));
                for before in b"asdjk2fajsd9Asdk" {
                    hand.cost(*before);
                }
                (-hand.cost(byte)).exp2()
            })
            .sum();

        assert!(total <= 1.0 && total > 0.9, "{total}");
    }
}
