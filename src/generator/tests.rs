//! Recipes followed, and that no character is favoured.

use chrono::DateTime;
use chrono::Utc;
use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use super::*;
use crate::policy::Kind;
use crate::policy::Shape;
use crate::policy::kinds::KINDS;
use crate::policy::kinds::Role;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_750_000_000, 0).unwrap()
}

fn seeded() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(7)
}

#[test]
fn every_generating_kind_accepts_what_it_generates() {
    let mut rng = seeded();
    for kind in KINDS
        .iter()
        .filter(|kind| matches!(kind.role, Role::Generated | Role::Identifier))
    {
        let shape = Shape::default();
        let recipe = kind.recipe(&shape).unwrap();
        // Two primes of 1536 bits take seconds.
        let count = if kind.name == "jwt-rs256" { 1 } else { 200 };
        for _ in 0..count {
            let value = generate(&recipe, noon(), &mut rng).unwrap();

            assert_eq!((kind.accepts)(&shape, value.expose()), Ok(()), "{}", kind.name);
            assert!(value.len() >= recipe.min_length(), "{}", kind.name);
        }
    }
}

#[test]
fn issued_secrets_are_not_generated() {
    let recipe = Kind::find("issued").unwrap().recipe(&Shape::default()).unwrap();

    assert!(generate(&recipe, noon(), &mut seeded()).is_none());
}

#[test]
fn values_that_read_as_numbers_are_drawn_again() {
    assert!(reads_as_number(b"0123456789"));
    assert!(reads_as_number(b"6532e12"));
    assert!(reads_as_number(b"0x1f4A"));
    assert!(reads_as_number(b"12:30:45"));
    assert!(!reads_as_number(b"6532f12"));
    assert!(!reads_as_number(b"0x1g4a"));
    assert!(!reads_as_number(b"0x"));
}

#[test]
fn drawing_does_not_favour_any_character() {
    // Chi-square over one million draws from 94 characters: 93 degrees of freedom, mean 93, deviation 13.6.
    let recipe = Recipe::Characters(Characters::new("test", "printable".parse().unwrap(), 1_000).unwrap());
    let (mut fair, mut biased) = ([0_u64; 256], [0_u64; 256]);
    let mut rng = seeded();
    for _ in 0..1_000 {
        for byte in generate(&recipe, noon(), &mut rng).unwrap().expose() {
            fair[usize::from(*byte)] += 1;
        }
        let mut bytes = [0; 1_000];
        rng.fill_bytes(&mut bytes);
        for byte in bytes {
            biased[usize::from(byte % 94)] += 1;
        }
    }

    assert!(deviation(&fair, 94).abs() < 4.0, "{}", deviation(&fair, 94));
    assert!(deviation(&biased, 94) > 20.0, "the test cannot see a modulo bias");
}

/// Returns how many standard deviations the chi-square statistic lies above its mean.
fn deviation(counts: &[u64; 256], symbols: u32) -> f64 {
    let total: u64 = counts.iter().sum();
    let expected = total as f64 / f64::from(symbols);
    let statistic: f64 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| (*count as f64 - expected).powi(2) / expected)
        .sum();
    let freedom = f64::from(symbols - 1);
    (statistic - freedom) / (2.0 * freedom).sqrt()
}
