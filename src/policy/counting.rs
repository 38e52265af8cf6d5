//! What rules on drawn characters leave: the share of all texts that keep them, counted rather than estimated.

use crate::policy::Alphabet;
use crate::policy::CharacterClass;

/// Rules on texts of `drawn` characters out of `alphabet`, each character as likely as any other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted<'a> {
    pub(super) alphabet: &'a Alphabet,
    pub(super) drawn: usize,
    pub(super) classes: &'a [CharacterClass],
    pub(super) first: Option<&'a Alphabet>,
    pub(super) last: Option<&'a Alphabet>,
    pub(super) max_consecutive: Option<u32>,
}

impl Counted<'_> {
    /// Returns a lower bound on the share of texts that keep every rule.
    ///
    /// Classes and ends together are counted exactly, and so are runs where no class says anything as well. Where both
    /// do, the share of texts with a forbidden run, among those whose ends fit, is taken off in full, which is more than
    /// both rules can take (Bonferroni).
    pub(super) fn share(&self) -> f64 {
        let ends = self.part(self.first, |_| true) * self.part(self.last, |_| true);
        let broken = ends * (1.0 - self.share_without_long_runs());
        (self.share_of_classes_and_ends() - broken).clamp(0.0, 1.0)
    }

    /// Counts class by class, with the ends taken by no character yet, by the first, by the last, or by both.
    ///
    /// Numbers of independent Poisson draws, given their sum, are those of a multinomial draw. So the share is a
    /// convolution of Poisson weights over the weight of the sum, and nothing in it leaves the range of numbers.
    fn share_of_classes_and_ends(&self) -> f64 {
        if self.drawn < 2 {
            return self.share_of_single_characters();
        }
        if self.classes.is_empty() {
            return self.part(self.first, |_| true) * self.part(self.last, |_| true);
        }
        let inner = self.drawn - 2;
        let factorials = log_factorials(inner);
        let mut ways = [(); 4].map(|()| vec![0.0; inner + 1]);
        ways[0][0] = 1.0;
        for group in self.groups() {
            let weights = poisson(group.share * inner as f64, &factorials);
            let mut next = [(); 4].map(|()| vec![0.0; inner + 1]);
            for taken in 0..4 {
                for takes in (0..4_usize).filter(|takes| takes & taken == 0) {
                    let factor = group.of_ends[takes];
                    let ends = takes.count_ones() as usize;
                    if factor > 0.0 && group.max >= ends {
                        let numbers = (group.min.saturating_sub(ends), group.max - ends);
                        convolve(&ways[taken], &weights, numbers, factor, &mut next[taken | takes]);
                    }
                }
            }
            ways = next;
        }
        let of_all = poisson(inner as f64, &factorials)[inner];
        (ways[3][inner] / of_all).min(1.0)
    }

    /// The first and the last character of a single one are the same.
    fn share_of_single_characters(&self) -> f64 {
        let keeps = |byte: u8| {
            let is_in = |end: Option<&Alphabet>| end.is_none_or(|end| end.contains(byte));
            let counts = self.classes.iter().all(|class| class.allows(&[byte]));
            is_in(self.first) && is_in(self.last) && counts
        };
        self.part(None, keeps)
    }

    /// Returns the classes, and all other characters as one more.
    fn groups(&self) -> Vec<Group> {
        let is_of_none = |byte: u8| !self.classes.iter().any(|class| class.alphabet.contains(byte));
        let rest = self.group(is_of_none, 0, None);
        let classes = self.classes.iter();
        classes
            .map(|class| self.group(|byte| class.alphabet.contains(byte), class.min, class.max))
            .chain([rest])
            .collect()
    }

    fn group(&self, is_member: impl Fn(u8) -> bool, min: u32, max: Option<u32>) -> Group {
        let first = self.part(self.first, &is_member);
        let last = self.part(self.last, &is_member);
        Group {
            share: self.part(None, &is_member),
            of_ends: [1.0, first, last, first * last],
            min: min as usize,
            max: max.map_or(usize::MAX, |max| max as usize),
        }
    }

    /// Returns the share of the alphabet that `is_member` and, where given, stands in `end`.
    fn part(&self, end: Option<&Alphabet>, is_member: impl Fn(u8) -> bool) -> f64 {
        let bytes = self.alphabet.bytes().iter().copied();
        let members = bytes.filter(|byte| is_member(*byte) && end.is_none_or(|end| end.contains(*byte)));
        members.count() as f64 / self.alphabet.len() as f64
    }

    /// Follows the length of the run that a text ends in, character by character, and whether that is the first
    /// character again. Where both ends have a rule, the worse case of equal and of different ends counts.
    fn share_without_long_runs(&self) -> f64 {
        let most = match self.max_consecutive {
            Some(most) if (most as usize) < self.drawn => most as usize,
            _ => return 1.0,
        };
        if self.alphabet.len() < 2 {
            return 0.0;
        }
        let same = 1.0 / self.alphabet.len() as f64;
        // By length of the last run: texts that end in their first character, and all others.
        let (mut equal, mut different) = (vec![0.0; most.max(1)], vec![0.0; most.max(1)]);
        equal[0] = 1.0;
        for _ in 1..self.drawn {
            let (of_equal, of_different): (f64, f64) = (equal.iter().sum(), different.iter().sum());
            for runs in [&mut equal, &mut different] {
                for at in (1..most).rev() {
                    runs[at] = runs[at - 1] * same;
                }
            }
            equal[0] = of_different * same;
            different[0] = of_equal * (1.0 - same) + of_different * (1.0 - 2.0 * same);
        }
        let (of_equal, of_different): (f64, f64) = (equal.iter().sum(), different.iter().sum());
        if self.first.is_none() || self.last.is_none() {
            return of_equal + of_different;
        }
        (of_equal / same).min(of_different / (1.0 - same))
    }
}

/// Characters that are counted together.
struct Group {
    /// Their part of the alphabet.
    share: f64,
    /// The chance that they fit no end, the first, the last, and both.
    of_ends: [f64; 4],
    min: usize,
    max: usize,
}

/// Adds `factor` times the ways to go on from `ways` by `numbers` of `weights`, both inclusive.
fn convolve(ways: &[f64], weights: &[f64], numbers: (usize, usize), factor: f64, into: &mut [f64]) {
    let room = ways.len() - 1;
    let counts = |weight: &f64| *weight > NEGLIGIBLE;
    let (Some(least), Some(most)) = (weights.iter().position(counts), weights.iter().rposition(counts))
    else {
        return;
    };
    let (least, most) = (numbers.0.max(least), numbers.1.min(most));
    for (filled, way) in ways.iter().enumerate().filter(|(_, way)| counts(way)) {
        for more in least..=most.min(room - filled) {
            into[filled + more] += factor * way * weights[more];
        }
    }
}

/// Returns the chances of 0, 1, 2 … events where `mean` are expected.
fn poisson(mean: f64, log_factorials: &[f64]) -> Vec<f64> {
    let chance = |(number, log_factorial): (usize, &f64)| match number {
        0 => (-mean).exp(),
        _ if mean > 0.0 => (number as f64 * mean.ln() - mean - log_factorial).exp(),
        _ => 0.0,
    };
    log_factorials.iter().enumerate().map(chance).collect()
}

fn log_factorials(most: usize) -> Vec<f64> {
    let mut sum = 0.0;
    let mut next = |number: usize| {
        sum += (number.max(1) as f64).ln();
        sum
    };
    (0..=most).map(&mut next).collect()
}

/// Chances that are left out, which makes long texts quick and the share no greater.
const NEGLIGIBLE: f64 = 1e-30;

#[cfg(test)]
mod tests {
    use super::*;

    fn class(characters: &str, min: u32, max: Option<u32>) -> CharacterClass {
        CharacterClass {
            alphabet: Alphabet::new(characters),
            min,
            max,
        }
    }

    /// Counts by trying every text.
    fn tried(rules: &Counted<'_>) -> f64 {
        let bytes = rules.alphabet.bytes();
        let all = bytes.len().pow(rules.drawn as u32);
        let keeps = |mut number: usize| {
            let mut text = Vec::new();
            for _ in 0..rules.drawn {
                text.push(bytes[number % bytes.len()]);
                number /= bytes.len();
            }
            let most = rules.max_consecutive.unwrap_or(u32::MAX) as usize;
            let is_in = |end: Option<&Alphabet>, byte: u8| end.is_none_or(|end| end.contains(byte));
            is_in(rules.first, text[0])
                && is_in(rules.last, text[text.len() - 1])
                && rules.classes.iter().all(|class| class.allows(&text))
                && text
                    .chunk_by(|one, other| one == other)
                    .all(|run| run.len() <= most)
        };
        (0..all).filter(|number| keeps(*number)).count() as f64 / all as f64
    }

    #[test]
    fn the_count_is_that_of_trying_every_text() {
        let alphabet = Alphabet::new("ab01-");
        let sets = [
            vec![],
            vec![class("ab", 1, None)],
            vec![class("ab", 1, Some(2)), class("01", 2, None)],
            vec![
                class("ab", 0, Some(1)),
                class("01", 1, Some(3)),
                class("-", 1, Some(1)),
            ],
        ];
        let (letters, plain) = (Alphabet::new("ab"), Alphabet::new("ab01"));
        let mut checked = 0;
        for classes in &sets {
            for (first, last) in [
                (None, None),
                (Some(&letters), None),
                (None, Some(&letters)),
                (Some(&letters), Some(&plain)),
            ] {
                for drawn in 1..=6 {
                    let rules = Counted {
                        alphabet: &alphabet,
                        drawn,
                        classes,
                        first,
                        last,
                        max_consecutive: None,
                    };

                    let (counted, tried) = (rules.share(), tried(&rules));

                    assert!((counted - tried).abs() < 1e-12, "{rules:?}: {counted} {tried}");
                    checked += usize::from(tried > 0.0);
                }
            }
        }
        assert!(checked > 70, "{checked}");
    }

    #[test]
    fn runs_alone_are_counted_and_with_other_rules_bounded() {
        let alphabet = Alphabet::new("ab01-");
        let (letters, plain) = (Alphabet::new("ab"), Alphabet::new("ab01"));
        let classes = [class("ab", 1, None)];
        for drawn in 1..=6 {
            for most in 1..=3 {
                let alone = Counted {
                    alphabet: &alphabet,
                    drawn,
                    classes: &[],
                    first: None,
                    last: None,
                    max_consecutive: Some(most),
                };
                assert!((alone.share() - tried(&alone)).abs() < 1e-12, "{alone:?}");
                let started = Counted {
                    first: Some(&letters),
                    ..alone
                };
                assert!((started.share() - tried(&started)).abs() < 1e-12, "{started:?}");
                let both_ends = Counted {
                    last: Some(&plain),
                    ..started
                };
                let all = Counted {
                    classes: &classes,
                    ..both_ends
                };
                for rules in [both_ends, all] {
                    let (counted, tried) = (rules.share(), tried(&rules));
                    assert!(counted <= tried + 1e-12, "{rules:?}");
                    // Ends and classes cost at most what is taken off for runs.
                    assert!(counted > tried - 0.3, "{rules:?}: {counted} {tried}");
                }
            }
        }
    }

    #[test]
    fn long_texts_stay_in_range() {
        let alphabet: Alphabet = "base62".parse().unwrap();
        let upper: Alphabet = "upper".parse().unwrap();
        let digits: Alphabet = "digits".parse().unwrap();
        let classes = ["upper", "lower", "digits"].map(|name| CharacterClass {
            alphabet: name.parse().unwrap(),
            min: 1,
            max: None,
        });
        let rules = Counted {
            alphabet: &alphabet,
            drawn: 2_048,
            classes: &classes,
            first: Some(&upper),
            last: Some(&digits),
            max_consecutive: None,
        };

        assert!(
            (rules.share() - 26.0 / 62.0 * 10.0 / 62.0).abs() < 1e-9,
            "{}",
            rules.share()
        );
    }
}
