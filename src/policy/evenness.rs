//! How often uniformly drawn characters are used less evenly than a policy demands.

/// Characters drawn uniformly out of some, with padding behind them.
///
/// A single character that is not uniform, but independent of the others, may be counted as drawn: with the other
/// characters exchangeable, it makes no difference to the counts which of them it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn {
    /// Characters to draw from.
    pub(crate) symbols: usize,
    /// Characters drawn.
    pub(crate) length: usize,
    /// Characters behind them, all the same one and none of the symbols: the `=` of base64.
    pub(crate) padding: usize,
}

impl Drawn {
    /// Returns an upper bound on the probability of less than `least` bits of plug-in entropy per character.
    ///
    /// Exact up to [`LONGEST_COUNTED`] characters. Beyond, it is a Chernoff bound, some ten times the probability where
    /// that is small, and 1 for demands above the mean.
    pub(crate) fn unmet(self, least: f64) -> f64 {
        if self.length == 0 || self.symbols == 0 {
            return 1.0;
        }
        if self.length > LONGEST_BLOCK {
            return self.unmet_by_blocks(least);
        }
        let limit = self.limit(least);
        let unmet = match limit {
            limit if limit < 0.0 => 1.0,
            limit if self.length <= LONGEST_COUNTED => self.counted(limit),
            limit if limit < self.mean_weight() => 1.0,
            limit => self.chernoff(limit),
        };
        unmet.clamp(0.0, 1.0)
    }

    /// Returns the most that the sum of count·log2(count) may be for an entropy of `least`.
    fn limit(self, least: f64) -> f64 {
        let all = (self.length + self.padding) as f64;
        all * (all.log2() - least) - weight(self.padding) + TIE
    }

    /// Returns the probability of a weight above `limit`: a sum over integer partitions, on the side that has fewer.
    fn counted(self, limit: f64) -> f64 {
        if limit < self.mean_weight() {
            return 1.0 - Partitions::sum(self, limit, Side::Met, self.length);
        }
        let largest = self.largest_part();
        Partitions::sum(self, limit, Side::Unmet, largest) + self.exceeding(largest + 1)
    }

    /// Entropy is concave, so a text of blocks that are each even enough is even enough as a whole.
    fn unmet_by_blocks(self, least: f64) -> f64 {
        let all = (self.length + self.padding) as f64;
        let blocks = self.length.div_ceil(LONGEST_BLOCK);
        // Padding is of one character: it adds nothing to the mean of the blocks.
        let least = least * all / self.length as f64;
        let block = |length| Self {
            length,
            padding: 0,
            ..self
        };
        let short = self.length / blocks;
        let longer = self.length % blocks;
        let unmet = (blocks - longer) as f64 * block(short).unmet(least)
            + longer as f64
                * if longer > 0 {
                    block(short + 1).unmet(least)
                } else {
                    0.0
                };
        unmet.min(1.0)
    }

    /// Returns the mean of the sum of count·log2(count).
    fn mean_weight(self) -> f64 {
        let share = 1.0 / self.symbols as f64;
        let mean: f64 = (2..=self.length)
            .map(|count| self.log_binomial(count, share).exp() * weight(count))
            .sum();
        mean * self.symbols as f64
    }

    fn log_binomial(self, count: usize, share: f64) -> f64 {
        let rest = self.length - count;
        let ways = log_factorial(self.length) - log_factorial(count) - log_factorial(rest);
        let others = if rest == 0 {
            0.0
        } else {
            rest as f64 * (1.0 - share).ln()
        };
        ways + count as f64 * share.ln() + others
    }

    /// Returns a bound on the probability that some character occurs `count` times or more (union over characters
    /// and places).
    fn exceeding(self, count: usize) -> f64 {
        if count > self.length {
            return 0.0;
        }
        let ways = log_factorial(self.length) - log_factorial(count) - log_factorial(self.length - count);
        let size = (self.symbols as f64).ln();
        (ways + size - count as f64 * size).exp()
    }

    /// Returns the count from which on partitions are bounded all together instead of being visited.
    fn largest_part(self) -> usize {
        (1..=self.length)
            .find(|count| self.exceeding(count + 1) < NEGLIGIBLE)
            .unwrap_or(self.length)
    }

    /// Bounds the probability of a weight above `limit` by E\[e^(λ·weight)\]·e^(−λ·limit), for the best of some λ.
    ///
    /// The expectation is a coefficient of the power of a series: uniform counts are Poisson counts of a given sum.
    fn chernoff(self, limit: f64) -> f64 {
        let plain = self.coefficient(0.0).ln();
        (1..=STEPS)
            .map(|step| f64::from(step) * STEP)
            .map(|lambda| (self.coefficient(lambda).ln() - plain - lambda * limit).exp())
            .filter(|bound| bound.is_finite())
            .fold(1.0, f64::min)
    }

    /// Returns the coefficient of x^length in (Σ poisson(c)·e^(λ·c·log2 c)·x^c)^symbols.
    fn coefficient(self, lambda: f64) -> f64 {
        let mean = self.length as f64 / self.symbols as f64;
        let term = |count: usize| {
            (lambda * weight(count) + count as f64 * mean.ln() - mean - log_factorial(count)).exp()
        };
        let terms: Vec<f64> = (0..=self.length).map(term).collect();
        let power = self.symbols as f64;
        let mut found = vec![terms[0].powf(power)];
        for place in 1..=self.length {
            let sum: f64 = (1..=place)
                .map(|k| (k as f64 * (power + 1.0) - place as f64) * terms[k] * found[place - k])
                .sum();
            found.push(sum / (place as f64 * terms[0]));
        }
        found[self.length]
    }
}

/// Which partitions are summed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Side {
    Met,
    Unmet,
}

/// Sums the probabilities of integer partitions on one side of a limit.
struct Partitions {
    side: Side,
    limit: f64,
    symbols: usize,
    factorials: Vec<f64>,
    weights: Vec<f64>,
    ends: Vec<Option<Ends>>,
    found: f64,
}

/// Where a partition stands: parts of at least some size are chosen.
#[derive(Clone, Copy)]
struct Chosen {
    /// Characters not yet in a part.
    left: usize,
    /// Symbols without a part.
    free: usize,
    /// Sum of count·log2(count).
    weight: f64,
    /// The probability, as far as it is known.
    share: f64,
}

/// Every way to put what is left into parts of 1 to 3: weights in order, and the shares of those from there on.
struct Ends {
    weights: Vec<f64>,
    shares: Vec<f64>,
}

impl Partitions {
    /// Sums over the partitions into parts of at most `largest`.
    fn sum(drawn: Drawn, limit: f64, side: Side, largest: usize) -> f64 {
        let Drawn { symbols, length, .. } = drawn;
        let mut partitions = Self {
            side,
            limit,
            symbols,
            factorials: (0..=length.max(symbols))
                .map(|of| log_factorial(of).exp())
                .collect(),
            weights: (0..=length.max(3)).map(weight).collect(),
            ends: Vec::new(),
            found: 0.0,
        };
        partitions.ends.resize_with((length + 1) * (symbols + 1), || None);
        let chosen = Chosen {
            left: length,
            free: symbols,
            weight: 0.0,
            share: partitions.factorials[length] * (symbols as f64).powi(-(length as i32)),
        };
        partitions.visit(largest.min(length).max(3), chosen);
        partitions.found
    }

    /// Chooses how many parts of size `part` there are, then those of smaller sizes.
    fn visit(&mut self, part: usize, chosen: Chosen) {
        let is_out_of_reach = chosen.left > part * chosen.free;
        if is_out_of_reach || self.is_other_side(part, chosen) {
            return;
        }
        if part <= 3 {
            self.add(chosen);
            return;
        }
        let mut next = chosen;
        let mut times = 0;
        loop {
            self.visit(part - 1, next);
            if next.left < part || next.free == 0 {
                return;
            }
            times += 1;
            // One of the free symbols, of which the order does not count, takes `part` places.
            next.share *= next.free as f64 / times as f64 / self.factorials[part];
            next.left -= part;
            next.free -= 1;
            next.weight += self.weights[part];
        }
    }

    /// Returns whether whatever is still chosen, out of parts of at most `part`, ends on the side that is not summed.
    fn is_other_side(&self, part: usize, chosen: Chosen) -> bool {
        match self.side {
            // No parts weigh more than the largest ones.
            Side::Unmet => {
                let most =
                    (chosen.left / part) as f64 * self.weights[part] + self.weights[chosen.left % part];
                chosen.weight + most <= self.limit
            }
            // None weigh less than equal ones.
            Side::Met => {
                let free = chosen.free.max(1);
                let (low, more) = (chosen.left / free, chosen.left % free);
                let above = self.weights.get(low + 1).copied().unwrap_or_default();
                let least = (free - more) as f64 * self.weights[low] + more as f64 * above;
                chosen.weight + least > self.limit
            }
        }
    }

    /// Ends a partition in every way at once.
    fn add(&mut self, chosen: Chosen) {
        let place = chosen.left * (self.symbols + 1) + chosen.free;
        let factorials = &self.factorials;
        let ends = self.ends[place].get_or_insert_with(|| Ends::of(chosen, factorials));
        let spare = self.limit - chosen.weight;
        let heavier = ends.weights.partition_point(|weight| *weight <= spare);
        let share = match self.side {
            Side::Unmet => ends.shares[heavier],
            Side::Met => ends.shares[0] - ends.shares[heavier],
        };
        self.found += chosen.share * share;
    }
}

impl Ends {
    fn of(chosen: Chosen, factorials: &[f64]) -> Self {
        let mut found = Vec::new();
        for threes in 0..=chosen.left / 3 {
            let rest = chosen.left - 3 * threes;
            for twos in 0..=rest / 2 {
                let ones = rest - 2 * twos;
                let Some(unused) = chosen.free.checked_sub(threes + twos + ones) else {
                    continue;
                };
                let ways = factorials[chosen.free]
                    / (factorials[unused] * factorials[threes] * factorials[twos] * factorials[ones]);
                let share = ways * 6.0_f64.powi(-(threes as i32)) * 0.5_f64.powi(twos as i32);
                found.push((threes as f64 * weight(3) + twos as f64 * weight(2), share));
            }
        }
        found.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut shares = vec![0.0; found.len() + 1];
        for place in (0..found.len()).rev() {
            shares[place] = shares[place + 1] + found[place].1;
        }
        Self {
            weights: found.into_iter().map(|(weight, _)| weight).collect(),
            shares,
        }
    }
}

/// Returns the plug-in entropy of a text, in bits per byte.
pub(crate) fn entropy_of(text: &[u8]) -> f64 {
    if text.is_empty() {
        return 0.0;
    }
    let counts = (0..=u8::MAX).map(|byte| text.iter().filter(|other| **other == byte).count());
    let weights: f64 = counts.map(weight).sum();
    (text.len() as f64).log2() - weights / text.len() as f64
}

/// count·log2(count).
fn weight(count: usize) -> f64 {
    if count < 2 {
        0.0
    } else {
        count as f64 * (count as f64).log2()
    }
}

fn log_factorial(of: usize) -> f64 {
    (2..=of).map(|factor| (factor as f64).ln()).sum()
}

/// Most characters whose partitions are summed, in some milliseconds.
const LONGEST_COUNTED: usize = 64;

/// Most characters that are looked at together.
const LONGEST_BLOCK: usize = 192;

/// Probability that needs no closer look.
const NEGLIGIBLE: f64 = 1e-12;

/// What floating point may do to two equal entropies; far below the 0.01 to which entropy is measured.
const TIE: f64 = 1e-7;

/// The λ of the Chernoff bound that are tried; from ln 2 on the series grows without end.
const STEPS: u8 = 22;
const STEP: f64 = 0.03;

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use rand::RngExt;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    const fn drawn(symbols: usize, length: usize) -> Drawn {
        Drawn {
            symbols,
            length,
            padding: 0,
        }
    }

    /// Figures of an independent program: sums over partitions, checked with 400,000 samples each.
    #[test]
    fn shares_are_those_that_were_counted_elsewhere() {
        for (symbols, length, least, share) in [
            (16, 16, 3.5, 0.901),
            (16, 16, 3.0, 0.142),
            (16, 24, 3.5, 0.549),
            (16, 32, 3.5, 0.187),
            (16, 32, 3.0, 1.1e-4),
            (16, 43, 3.5, 2.7e-2),
            (16, 44, 3.5, 2.2e-2),
            (16, 64, 3.5, 2.2e-4),
            (36, 16, 3.5, 0.219),
            (36, 24, 3.5, 2.4e-3),
            (36, 24, 4.5, 0.999),
            (62, 16, 3.5, 4.5e-2),
            (62, 24, 3.5, 1.8e-5),
            (62, 24, 4.5, 0.953),
            (62, 32, 4.5, 0.333),
            (64, 24, 3.5, 1.3e-5),
            (94, 16, 3.5, 1.1e-2),
            (94, 24, 3.5, 3.4e-7),
        ] {
            let found = drawn(symbols, length).unmet(least);

            let wrong = (found - share).abs() / share;
            assert!(
                wrong < 0.04,
                "{symbols} {length} {least}: {found:e}, not {share:e}"
            );
        }
    }

    #[test]
    fn chernoff_lies_above_the_sum_and_not_far() {
        for (symbols, length, least) in [(16, 64, 3.5), (62, 43, 4.3), (94, 24, 4.0)] {
            let drawn = drawn(symbols, length);
            let limit = drawn.limit(least);

            let (exact, bound) = (drawn.counted(limit), drawn.chernoff(limit));

            assert!((exact..15.0 * exact).contains(&bound), "{exact:e} {bound:e}");
        }
    }

    #[test]
    fn bounds_of_long_texts_lie_above_what_samples_show() {
        for (symbols, length, least) in [
            (16, 128, 3.85),
            (16, 256, 3.9),
            (62, 86, 5.2),
            (94, 64, 5.3),
            (64, 43, 4.6),
            (16, 600, 3.95),
        ] {
            let bound = drawn(symbols, length).unmet(least);
            let sampled = sampled(drawn(symbols, length), least, 4_000);

            // Four deviations of 4,000 samples.
            let spare = 4.0 * (sampled.max(1e-3) / 4_000.0).sqrt();
            assert!(bound >= sampled - spare, "{symbols} {length}: {bound} {sampled}");
        }
    }

    #[test]
    fn padding_is_counted_as_the_scorer_counts_it() {
        let padded = Drawn {
            symbols: 64,
            length: 22,
            padding: 2,
        };

        let (bound, sampled) = (padded.unmet(4.1), sampled(padded, 4.1, 100_000));

        // Five deviations of 100,000 samples of a share of some percent.
        assert!((bound - sampled).abs() < 0.006, "{bound} {sampled}");
    }

    #[test]
    fn what_cannot_be_met_is_not() {
        assert_eq!(drawn(16, 16).unmet(4.01), 1.0);
        assert_eq!(drawn(16, 4).unmet(2.5), 1.0);
        assert_eq!(drawn(10, 0).unmet(0.0), 1.0);
        assert!(drawn(16, 64).unmet(3.99) > 0.999);
        assert!(drawn(62, 43).unmet(0.0) < 1e-11);
    }

    #[test]
    fn a_demand_is_priced_in_no_time() {
        // A release build takes 5 ms for the worst of these; the bound leaves room for a debug build on a busy machine.
        for (symbols, length, least) in [
            (16, 64, 3.5),
            (94, 64, 5.3),
            (62, 64, 4.8),
            (62, 192, 5.6),
            (94, 4096, 6.0),
        ] {
            let start = Instant::now();
            drawn(symbols, length).unmet(least);
            let took = start.elapsed().as_millis();
            assert!(took < 500, "{symbols} {length} {least}: {took} ms");
        }
    }

    fn sampled(drawn: Drawn, least: f64, samples: u32) -> f64 {
        let mut rng = ChaCha20Rng::seed_from_u64(11);
        let all = (drawn.length + drawn.padding) as f64;
        let unmet = (0..samples).filter(|_| {
            let mut counts = vec![0_usize; drawn.symbols];
            for _ in 0..drawn.length {
                counts[rng.random_range(0..drawn.symbols)] += 1;
            }
            counts.push(drawn.padding);
            let weights: f64 = counts.into_iter().map(weight).sum();
            all.log2() - weights / all < least - 1e-9
        });
        unmet.count() as f64 / f64::from(samples)
    }
}
