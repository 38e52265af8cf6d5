//! Pearson's chi-square statistic, on the scale of a normal deviate.

/// Counts of symbols, and how often each should occur.
pub struct Counts {
    expected: Vec<f64>,
    seen: Vec<u64>,
}

impl Counts {
    /// Starts with the share of every symbol; shares are scaled to a sum of 1, and one of 0 must never be seen.
    pub fn new(shares: &[f64]) -> Self {
        let sum: f64 = shares.iter().sum();
        Self {
            expected: shares.iter().map(|share| share / sum).collect(),
            seen: vec![0; shares.len()],
        }
    }

    /// Starts with `symbols` that are equally likely.
    pub fn uniform(symbols: usize) -> Self {
        Self::new(&vec![1.0; symbols])
    }

    /// Counts a symbol by its place.
    pub fn add(&mut self, symbol: usize) {
        self.seen[symbol] += 1;
    }

    /// Returns how many symbols were counted.
    pub fn total(&self) -> u64 {
        self.seen.iter().sum()
    }

    /// Returns how many normal deviations the statistic lies above its mean, by Wilson and Hilferty: the cube root of
    /// chi-square over its degrees of freedom is normal to within some percent from one degree on.
    pub fn deviation(&self) -> f64 {
        let total = self.total() as f64;
        let mut statistic = 0.0;
        for (expected, seen) in self.expected.iter().zip(&self.seen) {
            if *expected == 0.0 {
                assert_eq!(*seen, 0, "what cannot be drawn was drawn");
                continue;
            }
            // Below 5 the statistic is not of its distribution.
            assert!(expected * total >= 5.0, "too few draws to tell");
            statistic += (*seen as f64 - expected * total).powi(2) / (expected * total);
        }
        let symbols = self.expected.iter().filter(|share| **share > 0.0).count();
        assert!(symbols > 1, "one symbol says nothing");
        let freedom = (symbols - 1) as f64;
        let spread = 2.0 / (9.0 * freedom);
        ((statistic / freedom).cbrt() - (1.0 - spread)) / spread.sqrt()
    }

    /// Returns whether the counts are as uneven as chance makes them: neither more nor, as those of a counter, less.
    pub fn are_fair(&self) -> bool {
        self.deviation().abs() < BOUND
    }
}

/// The 0.999997 quantile of the normal distribution: a fair generator stays within it on both sides under all but 7
/// in a million seeds.
const BOUND: f64 = 4.5;

#[test]
fn quantiles_are_those_of_the_tables() {
    // chi-square for 1, 10 and 93 degrees of freedom at 0.95: 3.841, 18.307, 116.51; the normal deviate is 1.645.
    for (freedom, quantile) in [(1, 3.841), (10, 18.307), (93, 116.511)] {
        let spread = 2.0 / (9.0 * f64::from(freedom));
        let deviation = ((quantile / f64::from(freedom)).cbrt() - (1.0 - spread)) / spread.sqrt();

        assert!((deviation - 1.645).abs() < 0.04, "{freedom}: {deviation}");
    }
}
