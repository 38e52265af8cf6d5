//! How the scorer judges labelled values, beside other rules, and how fast.
//!
//! ```text
//! cargo bench --bench scoring                    everything below, with the stated samples
//! cargo bench --bench scoring -- weak [N]        N made-up values of each class: how many are high
//! cargo bench --bench scoring -- random [N]      N random values of each format: how many are not high
//! cargo bench --bench scoring -- speed           cost of one value, in the same run as other judges
//! cargo bench --bench scoring -- export FILE [N] the labelled set, a line each: label, class, value
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    dead_code,
    reason = "a program that measures others"
)]

#[path = "../tests/scoring/pools.rs"]
mod pools;
#[path = "../tests/scoring/random.rs"]
mod random;
#[path = "../tests/scoring/typed.rs"]
mod typed;
#[path = "../tests/scoring/weak.rs"]
mod weak;

use mintage::scoring;
use mintage::scoring::Context;
use mintage::scoring::Level;
use mintage::secret::SecretValue;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let number = |at: usize, default: usize| {
        arguments
            .get(at)
            .map_or(default, |text| text.parse().expect("a number"))
    };
    match arguments.first().map(String::as_str) {
        Some("weak") => weak_values(number(1, 1_000), arguments.get(2).map(String::as_str)),
        Some("random") => random_values(number(1, 200_000), arguments.get(2).map(String::as_str)),
        _ => {
            weak_values(1_000, None);
            random_values(200_000, None);
        }
    }
}

fn level(value: &str) -> Level {
    scoring::score(&SecretValue::new(value.as_bytes().to_vec()), &Context::default()).level
}

fn weak_values(count: usize, shown: Option<&str>) {
    let (mut all, mut high) = (0, 0);
    for (place, class) in (0..).zip(weak::classes()) {
        let mut rng = ChaCha20Rng::seed_from_u64(1_000 + place);
        let values: Vec<String> = (0..count).map(|_| class.make(&mut rng)).collect();
        let missed: Vec<&String> = values
            .iter()
            .filter(|value| level(value) == Level::High)
            .collect();
        if !missed.is_empty() && shown.is_none() || shown.is_some_and(|name| class.name.contains(name)) {
            println!("{:32} {:6} of {count} high", class.name, missed.len());
        }
        if shown.is_some_and(|name| class.name.contains(name)) {
            missed.iter().take(12).for_each(|value| println!("      {value}"));
        }
        all += count;
        high += missed.len();
    }
    println!("{:32} {high:6} of {all} high", "all");
}

fn random_values(count: usize, shown: Option<&str>) {
    for (place, format) in (0..).zip(&random::FORMATS) {
        let mut rng = ChaCha20Rng::seed_from_u64(2_000 + place);
        let drawn = (0..count).map(|_| format.draw(&mut rng));
        let refused: Vec<String> = drawn.filter(|value| level(value) != Level::High).collect();
        println!(
            "{:24} {:5.0} bits {:6} of {count} not high",
            format.name,
            format.bits,
            refused.len()
        );
        if shown.is_some_and(|name| format.name.contains(name)) {
            refused
                .iter()
                .take(12)
                .for_each(|value| println!("      {value}"));
        }
    }
}
