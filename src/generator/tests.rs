//! Recipes followed, and that no character is favoured.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use super::*;
use crate::policy::Alphabet;
use crate::policy::CharacterClass;
use crate::policy::Kind;
use crate::policy::Policy;
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

#[test]
fn kinds_of_ones_own_keep_every_rule_they_declare() {
    let text = include_str!("../../tests/policies/valid/own-kinds.toml");
    let policy = Policy::parse("", text).unwrap();
    let environment = policy.environments().next().unwrap().name();
    let mut rng = seeded();
    let mut made = |name: &str| {
        let secret = policy.secret(&name.parse().unwrap(), environment).unwrap();
        let value = generate(secret.recipe(), noon(), &mut rng).unwrap();
        assert_eq!(secret.accepts(value.expose()), Ok(()), "{name}");
        String::from_utf8(value.expose().to_vec()).unwrap()
    };
    let count = |text: &str, is: fn(&char) -> bool| text.chars().filter(is).count();
    let longest_run = |text: &str| {
        let runs = text.as_bytes().chunk_by(|one, other| one == other);
        runs.map(<[u8]>::len).max()
    };
    for _ in 0..300 {
        let password = made("MAINFRAME_PASSWORD");
        assert_eq!(password.len(), 40);
        assert!(!password.contains(['0', 'O', '1', 'I', 'l', '|', '"', '\'', '`', '\\']));
        assert!((2..=20).contains(&count(&password, char::is_ascii_uppercase)));
        assert!(count(&password, char::is_ascii_lowercase) >= 2);
        assert!(count(&password, char::is_ascii_digit) <= 12);
        assert!(password.starts_with(|first: char| first.is_ascii_alphabetic()));
        assert!(password.ends_with(|last: char| last.is_ascii_alphanumeric()));
        assert!(longest_run(&password) <= Some(2));
        assert!(longest_run(&made("MAINFRAME_PASSWORD_SHORT")) == Some(1));
        let token = made("ACME_TOKEN");
        assert!(token["acme_live_".len()..].starts_with(|first: char| first.is_ascii_uppercase()));
        assert!(made("ACME_SEED").starts_with("seed-"));
        let database = made("DB_PASSWORD");
        assert!(database.starts_with(|first: char| first.is_ascii_lowercase()));
        assert!((1..=4).contains(&count(&database, char::is_ascii_digit)));
    }
}

#[test]
fn scanners_find_every_value_of_a_prefix_and_nothing_longer_or_shorter() {
    let text = include_str!("../../tests/policies/valid/own-kinds.toml");
    let policy = Policy::parse("", text).unwrap();
    let environment = policy.environments().next().unwrap().name();
    let own = |name: &str| {
        policy
            .secret(&name.parse().unwrap(), environment)
            .unwrap()
            .recipe()
    };
    let built_in = |name: &str| Kind::find(name).unwrap().recipe(&Shape::default()).unwrap();
    let recipes = [
        built_in("api-key"),
        built_in("webhook"),
        own("ACME_TOKEN").clone(),
        own("ACME_SEED").clone(),
    ];
    let mut rng = seeded();
    for recipe in recipes {
        let scanner = regex_lite::Regex::new(&recipe.scanner_regex().unwrap()).unwrap();
        for _ in 0..1_000 {
            let value = generate(&recipe, noon(), &mut rng).unwrap();
            let value = std::str::from_utf8(value.expose()).unwrap();
            let last = value.len() - 1;

            for found in [
                value.to_owned(),
                format!("TOKEN=\"{value}\""),
                format!("see {value}, it leaked"),
            ] {
                assert!(scanner.is_match(&found), "{}", recipe.describe());
            }
            for missed in [
                value[1..].to_owned(),
                value[..last].to_owned(),
                format!("{}{}", &value[..8], &value[9..]),
                format!("{value}x"),
                format!("x{value}"),
                format!("{}x{}", &value[..10], &value[10..]),
            ] {
                assert!(!scanner.is_match(&missed), "{}", recipe.describe());
            }
        }
    }
}

#[test]
fn every_text_that_keeps_the_rules_is_drawn_as_often_as_any_other() {
    let class = |characters: &str, min: u32, max: u32| CharacterClass {
        alphabet: Alphabet::new(characters),
        min,
        max: Some(max),
    };
    let rules = Characters::new("test", Alphabet::new("ab-_"), 4)
        .and_then(|rules| rules.with_classes(vec![class("ab", 1, 3), class("-", 1, 2)]))
        .and_then(|rules| rules.with_ends(Some(&Alphabet::new("ab-")), None))
        .and_then(|rules| rules.with_max_consecutive("test", 2))
        .unwrap();
    let recipe = Recipe::Characters(rules.clone());
    let mut counts: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    let mut rng = seeded();
    for _ in 0..40_000 {
        let value = generate(&recipe, noon(), &mut rng).unwrap();
        *counts.entry(value.expose().to_vec()).or_default() += 1;
    }

    let expected = 40_000.0 / counts.len() as f64;
    let statistic: f64 = counts
        .values()
        .map(|count| (*count as f64 - expected).powi(2) / expected)
        .sum();
    let freedom = counts.len() as f64 - 1.0;
    assert!(
        ((statistic - freedom) / (2.0 * freedom).sqrt()).abs() < 4.0,
        "{statistic} for {freedom} degrees of freedom"
    );
    // The bound takes runs off in full, so it says no more than what there is.
    assert!(rules.bits() <= (counts.len() as f64).log2());
    assert!(rules.bits() > (counts.len() as f64).log2() - 0.5);
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
