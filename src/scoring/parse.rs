//! The shortest description of a value, and how much of it no model compresses.

use zeroize::Zeroizing;

use crate::scoring::alphabet;
use crate::scoring::alphabet::Charset;
use crate::scoring::human;
use crate::scoring::mash;
use crate::scoring::mash::Mash;
use crate::scoring::models;
use crate::scoring::models::Arc;
use crate::scoring::models::Model;

/// A value taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parse {
    /// Length of the shortest description, in bits: an upper bound on the work of a guesser.
    pub(super) strength_bits: f64,
    /// Bits of the parts that no model compresses.
    pub(super) random_bits: f64,
    /// Share of the characters that each model describes, from 0 to 1.
    shares: [f32; Model::COUNT],
    /// Where models describe it, from the back to the front.
    believed: Vec<(usize, usize)>,
}

impl Parse {
    /// Returns the share of the characters that `models` describe together, from 0 to 1.
    pub(super) fn share(&self, models: &[Model]) -> f32 {
        models.iter().map(|model| self.shares[*model as usize]).sum()
    }

    /// Returns whether any model describes a part.
    pub(super) fn has_pattern(&self) -> bool {
        self.shares.iter().any(|share| *share > 0.0)
    }

    /// Takes out what hands struck: of what no model describes, or of all if that explains much more than the models.
    fn look_for_hands(&mut self, value: &[u8], rates: &[f32], whole: Charset) {
        let uniform: f64 = rates.iter().copied().map(f64::from).sum();
        let by_models = uniform - self.strength_bits;
        // Who strikes the same keys again and again seldom draws the others.
        let is_struck_again = STRUCK_AGAIN.contains(&self.share(&[Model::Copy, Model::Run]))
            && self.share(&[Model::Date, Model::Name, Model::Word]) == 0.0;
        let (least, known) = if is_struck_again {
            (0.0, KNOWN_BY_COPIES)
        } else if self.believed.is_empty() {
            (0.0, 0.0)
        } else {
            (by_models + MUCH_MORE, 0.0)
        };
        if let Some(mash) = mash::find(value, rates, whole, value.len(), 0.0)
            && mash.saved >= least
        {
            self.is_mashed(&mash, rates);
        } else if !self.believed.is_empty() {
            let (rest, rates) = self.rest(value, rates);
            if let Some(mash) = mash::find(&rest, &rates, whole, value.len(), known) {
                self.is_mashed(&mash, &rates);
            }
        }
    }

    /// Returns all that no model describes, with its rates: what hands strike twice is a copy only the second time.
    fn rest(&self, value: &[u8], rates: &[f32]) -> (Zeroizing<Vec<u8>>, Vec<f32>) {
        let mut rest = Zeroizing::new(Vec::with_capacity(value.len()));
        let mut of_rest = Vec::with_capacity(value.len());
        let mut start = 0;
        let ends = [(value.len(), value.len())];
        for (end, after) in self.believed.iter().rev().copied().chain(ends) {
            rest.extend_from_slice(&value[start..end]);
            of_rest.extend_from_slice(&rates[start..end]);
            start = after;
        }
        (rest, of_rest)
    }

    /// Takes what hands struck out of the random bits; `rates` are those of the part where it was looked for.
    fn is_mashed(&mut self, mash: &Mash, rates: &[f32]) {
        let struck: f64 = rates[mash.start..mash.end].iter().copied().map(f64::from).sum();
        self.random_bits = (self.random_bits - struck).max(0.0);
        self.strength_bits = (self.strength_bits - mash.saved).max(self.random_bits);
        self.shares[Model::Mash as usize] = 1.0 - self.shares.iter().sum::<f32>().min(1.0);
    }
}

/// Takes `value` apart; `names` are words that its author had at hand.
///
/// A description is a walk along the characters in two moods. In the random mood a character costs what its
/// alphabet allows. In the human mood letters cost what some language makes of them, and an [`Arc`] of a model jumps
/// over many characters for a few bits. Changing the mood costs bits too, so that a word that chance put into a
/// random value saves next to nothing. The cheapest walk is found position by position (Viterbi).
pub(super) fn parse(value: &[u8], whole: Charset, names: &[&str], hands: Hands) -> Parse {
    let mut rates = Vec::new();
    let separator = alphabet::group_separator(value);
    let whole = separator.map_or(whole, |separator| alphabet::without(value, separator));
    let mixed = alphabet::rates(value, whole, &mut rates);
    blank_continuations(value, &mut rates);
    blank_separators(value, separator, &mut rates);
    let mut arcs = Vec::new();
    models::find(value, whole, names, &mut arcs);
    arcs.sort_unstable_by_key(|arc| arc.start);
    let steps = walk(value, (&rates, separator), whole, &arcs);
    let mut parse = Account::new(value, &rates, Gates::of(whole, mixed, rates.iter().sum())).close(&steps);
    if hands == Hands::Suspected {
        parse.look_for_hands(value, &rates, whole);
    }
    parse
}

/// Whether hands could have struck a value to fill a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Hands {
    /// Its form says that a program made it.
    Excluded,
    Suspected,
}

/// The bytes that continue a UTF-8 character carry nothing of their own.
fn blank_continuations(value: &[u8], rates: &mut [f32]) {
    if value.is_ascii() || std::str::from_utf8(value).is_err() {
        return;
    }
    for (rate, byte) in rates.iter_mut().zip(value) {
        if byte & 0xc0 == 0x80 {
            *rate = 0.0;
        }
    }
}

/// Separators between groups of one length carry nothing.
fn blank_separators(value: &[u8], separator: Option<u8>, costs: &mut [f32]) {
    let Some(separator) = separator else {
        return;
    };
    for (cost, byte) in costs.iter_mut().zip(value) {
        if *byte == separator {
            *cost = 0.0;
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Mood {
    Random,
    Human,
}

/// The cheapest way to a position in one mood.
#[derive(Clone, Copy, Debug)]
struct Step {
    cost: f32,
    from: u32,
    mood: Mood,
    model: Model,
}

impl Step {
    const UNREACHED: Self = Self {
        cost: f32::INFINITY,
        from: 0,
        mood: Mood::Random,
        model: Model::Letters,
    };

    fn offer(&mut self, other: Self) {
        if other.cost < self.cost {
            *self = other;
        }
    }
}

/// Fills in, for every position, the cheapest way to it in the random and in the human mood.
fn walk(
    value: &[u8],
    (rates, separator): (&[f32], Option<u8>),
    whole: Charset,
    arcs: &[Arc],
) -> Vec<[Step; 2]> {
    let mut steps = vec![[Step::UNREACHED; 2]; value.len() + 1];
    steps[0][0].cost = 0.0;
    let mut arcs = arcs.iter().peekable();
    let is_text = value.is_ascii() || std::str::from_utf8(value).is_ok();
    let mut letters = Vec::new();
    human::costs(value, is_text, &mut letters);
    blank_separators(value, separator, &mut letters);
    let letters_pay = !whole.is_digits();
    for at in 0..value.len() {
        let [random, human] = steps[at].map(|step| step.cost);
        let enter = if at == 0 { ENTER_FIRST } else { ENTER };
        let (to_random, random_mood) = cheaper((random, Mood::Random), (human + LEAVE, Mood::Human));
        let (to_human, human_mood) = cheaper((human, Mood::Human), (random + enter, Mood::Random));
        let step = |cost, mood, model| Step {
            cost,
            from: at as u32,
            mood,
            model,
        };
        steps[at + 1][0].offer(step(to_random + rates[at], random_mood, Model::Letters));
        if letters_pay || to_human < to_random + ENTER_FIRST {
            let bits = to_human + letters[at];
            steps[at + 1][1].offer(step(bits, human_mood, Model::Letters));
        }
        while let Some(arc) = arcs.next_if(|arc| arc.start as usize <= at) {
            let bits = to_human + ARC + arc.bits;
            steps[arc.end as usize][1].offer(step(bits, human_mood, arc.model));
        }
    }
    steps
}

fn cheaper(one: (f32, Mood), other: (f32, Mood)) -> (f32, Mood) {
    if other.0 < one.0 { other } else { one }
}

/// Adds up what the human stretches of a walk save, and drops those that chance explains.
struct Account<'a> {
    value: &'a [u8],
    rates: &'a [f32],
    stretches: Vec<Stretch>,
    gates: Gates,
}

/// What must be saved to be believed, in bits.
#[derive(Clone, Copy)]
struct Gates {
    /// By all stretches together.
    all: f64,
    /// By a stretch at either end of the value.
    end: f64,
    /// By a stretch at either end that a separator cuts off.
    separated: f64,
}

/// A stretch of the human mood.
struct Stretch {
    start: usize,
    end: usize,
    saved: f64,
    shares: [f32; Model::COUNT],
}

impl<'a> Account<'a> {
    fn new(value: &'a [u8], rates: &'a [f32], gates: Gates) -> Self {
        Self {
            value,
            rates,
            stretches: Vec::new(),
            gates,
        }
    }

    fn close(mut self, steps: &[[Step; 2]]) -> Parse {
        let uniform = self.sum(0, self.rates.len());
        self.trace(steps);
        let saved: f64 = self.stretches.iter().map(|stretch| stretch.saved).sum();
        let mut parse = Parse {
            strength_bits: uniform,
            random_bits: uniform,
            shares: [0.0; Model::COUNT],
            believed: Vec::new(),
        };
        for stretch in &self.stretches {
            let is_believed = saved >= self.gates.all && stretch.saved >= LEAST_OF_A_STRETCH;
            if !is_believed && !self.is_believed_at_an_end(stretch) {
                continue;
            }
            parse.believed.push((stretch.start, stretch.end));
            parse.strength_bits -= stretch.saved;
            parse.random_bits -= self.sum(stretch.start, stretch.end);
            for (sum, share) in parse.shares.iter_mut().zip(stretch.shares) {
                *sum += share / self.rates.len() as f32;
            }
        }
        parse.random_bits = parse.random_bits.max(0.0);
        parse.strength_bits = parse.strength_bits.max(parse.random_bits);
        parse
    }

    /// People put words in front of and behind random parts, mostly with a separator between.
    fn is_believed_at_an_end(&self, stretch: &Stretch) -> bool {
        let inner = match (stretch.start, stretch.end) {
            (0, end) => self.value.get(end - 1),
            (start, end) if end == self.value.len() => self.value.get(start),
            _ => return false,
        };
        let is_separated = inner.is_some_and(|byte| !byte.is_ascii_alphanumeric());
        let gate = if is_separated {
            self.gates.separated
        } else {
            self.gates.end
        };
        let letters = stretch.shares[Model::Letters as usize];
        stretch.saved >= gate && 3.0 * letters <= (stretch.end - stretch.start) as f32
    }

    /// Walks back from the end and cuts the walk into stretches.
    fn trace(&mut self, steps: &[[Step; 2]]) {
        let mut at = steps.len() - 1;
        let [random, human] = steps[at].map(|step| step.cost);
        let mut mood = if human < random { Mood::Human } else { Mood::Random };
        let mut open: Option<Stretch> = None;
        while at > 0 {
            let step = steps[at][mood as usize];
            let from = step.from as usize;
            if mood == Mood::Human {
                let stretch = open.get_or_insert_with(|| Stretch {
                    start: at,
                    end: at,
                    // Leaving costs, except at the end of the value.
                    saved: -f64::from(step.cost)
                        - f64::from(LEAVE) * f64::from(u8::from(at + 1 < steps.len())),
                    shares: [0.0; Model::COUNT],
                });
                stretch.start = from;
                stretch.shares[step.model as usize] += (at - from) as f32;
            }
            if let Some(mut stretch) = open.take_if(|_| mood == Mood::Human && step.mood == Mood::Random) {
                stretch.saved += f64::from(steps[from][0].cost) + self.sum(stretch.start, stretch.end);
                self.stretches.push(stretch);
            }
            at = from;
            mood = step.mood;
        }
    }

    fn sum(&self, start: usize, end: usize) -> f64 {
        self.rates[start..end].iter().copied().map(f64::from).sum()
    }
}

/// Bits that each stretch must save beside others that are believed.
const LEAST_OF_A_STRETCH: f64 = 11.0;

/// Bits by which struck keys must explain a value better than models that are believed.
const MUCH_MORE: f64 = 10.0;

/// Share of a value that short copies make, which is less than that of one long copy, and the bits that they speak
/// against chance in the rest.
const STRUCK_AGAIN: std::ops::Range<f32> = 0.08..0.45;
const KNOWN_BY_COPIES: f32 = 6.0;

/// Bits to change from the random to the human mood, inside the value and at its start.
const ENTER: f32 = 7.0;
const ENTER_FIRST: f32 = 3.0;

/// Bits to change back.
const LEAVE: f32 = 2.0;

/// Bits to say that an arc follows and not a letter.
const ARC: f32 = 1.5;

impl Gates {
    /// A code that saves k bits on a uniform value does so with a probability of 2^-k at most (Kraft), so small
    /// savings are no evidence. The larger the alphabet, the more does text save, and the less fits the alphabet that
    /// is supposed; a value of several alphabets is put together from parts.
    fn of(whole: Charset, mixed: bool, most: f32) -> Self {
        let all = believed(whole, most);
        if mixed {
            Self {
                all: 10.0,
                end: 8.0,
                separated: 5.0,
            }
        } else {
            Self {
                all,
                end: all + 1.0,
                separated: all - 2.0,
            }
        }
    }
}

/// Returns the bits that a description of a whole value must save to be believed; `most` is what the value can carry.
pub(super) fn believed(whole: Charset, most: f32) -> f64 {
    let by_alphabet = SAVED_BY_ALPHABET * (whole.bits - 4.7).max(0.0);
    let spare = if most < PLENTY && !whole.is_digits() {
        LESS_BELOW_PLENTY
    } else {
        0.0
    };
    LEAST_SAVED + f64::from(by_alphabet + SAVED_BY_SIGNS * (whole.bits - 6.0).max(0.0) - spare)
}

/// Bits from which a value is taken for anything but chance once in ten thousand times at most, and how much less must be
/// saved where it cannot carry them anyway.
pub(super) const PLENTY: f32 = 127.9;
const LESS_BELOW_PLENTY: f32 = 3.0;

/// Bits that must be saved among small letters, and how much more for each bit of a larger alphabet.
const LEAST_SAVED: f64 = 14.8;
const SAVED_BY_ALPHABET: f32 = 6.5;

/// The same beyond base64: passwords hold a few chosen signs, and so carry less than the alphabet that is supposed.
const SAVED_BY_SIGNS: f32 = 4.0;
