//! The scorer over a labelled set: random values of many formats, and values that people make up, derive or copy.
//!
//! Every value is made here from a seed. This is the sample that runs with every test; `cargo bench --bench scoring`
//! takes 200,000 random values of each format, and compares with other judges.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test stops at the first surprise"
)]

mod pools;
mod random;
mod typed;
mod unseen;
mod weak;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mintage::scoring;
use mintage::scoring::Context;
use mintage::scoring::Level;
use mintage::scoring::Score;
use mintage::secret::SecretValue;
use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

fn score(value: &str) -> Score {
    scoring::score(&SecretValue::new(value.as_bytes().to_vec()), &Context::default())
}

fn is_high(value: &str) -> bool {
    score(value).level == Level::High
}

/// Values of each format; with 31 formats that makes 93,000.
const RANDOM_OF_EACH: usize = 3_000;

/// Values of each class; with 65 classes that makes 13,000.
const WEAK_OF_EACH: usize = 200;

#[test]
fn one_random_value_in_ten_thousand_at_most_is_below_high() {
    let mut refused = 0;
    for (place, format) in (0..).zip(&random::FORMATS) {
        assert!(format.bits >= 127.9, "{}", format.name);
        let mut rng = ChaCha20Rng::seed_from_u64(3_000 + place);
        let of_format = (0..RANDOM_OF_EACH)
            .filter(|_| !is_high(&format.draw(&mut rng)))
            .count();
        // At one in ten thousand, chance refuses three of 3,000 in fewer than one format of 250.
        assert!(of_format <= 2, "{}: {of_format}", format.name);
        refused += of_format;
    }

    assert!(
        refused <= RANDOM_OF_EACH * random::FORMATS.len() / 10_000,
        "{refused}"
    );
}

/// Keys that a rule draws independently, or nearly so. Somebody who knows the rule has 112 bits to guess and more from 29
/// keys on, and the best test there is misses one in six of the home row at this rate of false alarms.
const DRAWN_KEYS: [&str; 4] = [
    "mash, alternating hands",
    "mash, home row",
    "mash, bursts",
    "mash, digits and capitals",
];

#[test]
fn one_weak_value_in_a_thousand_at_most_is_high() {
    let classes = weak::classes();
    assert!(classes.len() >= 28 && classes.len() * WEAK_OF_EACH >= 10_000);
    let (mut high, mut all, mut names) = (0, 0, Vec::new());
    for (place, class) in (0..)
        .zip(&classes)
        .filter(|(_, class)| !DRAWN_KEYS.contains(&class.name))
    {
        let found = high_ones(class, place);
        high += found;
        all += WEAK_OF_EACH;
        if found > 0 {
            names.push(format!("{}: {found}", class.name));
        }
    }

    assert!(high * 1_000 <= all, "{high} of {all}: {names:?}");
}

#[test]
fn keys_that_were_drawn_are_seldom_high() {
    let shares = DRAWN_KEYS.map(|name| of_classes(|class| class == name));

    for (name, (share, most)) in DRAWN_KEYS.iter().zip(shares.iter().zip([0.10, 0.34, 0.05, 0.36])) {
        assert!(*share <= most, "{name}: {share}");
    }
}

/// Held out: these were written before the models were tuned, or after they stood, and measured once.
#[test]
fn mashed_keys_that_nobody_tuned_for_are_seldom_high() {
    // Fingers that drift apart, groups in places of their own and fingers in their columns strike nearly independently.
    let nearly_drawn = ["drifting fingers", "groups", "two hands of fingers"];
    let (mut high, mut all) = (0, 0);
    for (place, (name, strike)) in (0..).zip(unseen::STYLES) {
        if nearly_drawn.iter().any(|style| name.ends_with(style)) {
            continue;
        }
        let mut rng = ChaCha20Rng::seed_from_u64(5_500 + place);
        high += (0..WEAK_OF_EACH).filter(|_| is_high(&strike(&mut rng))).count();
        all += WEAK_OF_EACH;
    }

    assert!(high * 20 <= all, "{high} of {all}");
}

/// Held out: no table was counted over these languages.
#[test]
fn phrases_in_languages_that_no_table_holds_are_seldom_high() {
    let (mut high, mut all) = (0, 0);
    for (place, (_, words)) in (0..).zip(unseen::LANGUAGES) {
        let mut rng = ChaCha20Rng::seed_from_u64(6_500 + place);
        high += (0..WEAK_OF_EACH)
            .filter(|_| is_high(&weak::phrase(words, &mut rng)))
            .count();
        all += WEAK_OF_EACH;
    }

    assert!(high * 20 <= all, "{high} of {all}");
}

fn of_classes(wanted: impl Fn(&str) -> bool) -> f64 {
    let classes = weak::classes();
    let shares: Vec<f64> = (0..)
        .zip(&classes)
        .filter(|(_, class)| wanted(class.name))
        .map(|(place, class)| high_ones(class, place) as f64 / WEAK_OF_EACH as f64)
        .collect();
    shares.iter().sum::<f64>() / shares.len() as f64
}

fn high_ones(class: &weak::Class, place: u64) -> usize {
    let mut rng = ChaCha20Rng::seed_from_u64(4_000 + place);
    (0..WEAK_OF_EACH)
        .filter(|_| is_high(&class.make(&mut rng)))
        .count()
}

/// No list holds the phrase, so nothing can tell: a score proves weakness, never randomness.
#[test]
fn digests_of_unlisted_phrases_look_random() {
    let mut rng = ChaCha20Rng::seed_from_u64(5_000);
    let high = (0..100)
        .filter(|_| is_high(&weak::digest_of_phrase(&mut rng)))
        .count();

    assert_eq!(high, 100);
}

/// What makes a value look different adds nothing, up to three bits; backwards, up to a word.
#[test]
fn disguises_add_no_random_bits() {
    let (mut seldom, mut all) = (0, 0);
    let mut rng = ChaCha20Rng::seed_from_u64(6_000);
    let classes = weak::classes();
    for class in classes
        .iter()
        .filter(|class| class.name.contains("phrase") || class.name == "placeholder")
    {
        for _ in 0..40 {
            let text = class.make(&mut rng);
            let plain = score(&text);
            for (what, disguised) in [
                ("base64", STANDARD.encode(&text)),
                ("hex", hex::encode(&text)),
                ("reversed", text.chars().rev().collect()),
                ("quoted", format!("\"{text}\"")),
                ("capitals", text.to_uppercase()),
                ("a year", format!("{text}2024")),
                ("leet", text.replace('e', "3").replace('o', "0")),
            ] {
                // Backwards and in digits for letters at once is more than is looked for.
                if what == "reversed" && class.name == "leet phrase" {
                    continue;
                }
                let bits = score(&disguised).random_bits;
                // What a list knows is not recognised in disguise, but for a word or two it is text.
                let spare = if plain.random_bits == 0.0 { 24.0 } else { 3.0 };
                let is_more = bits > plain.random_bits + spare;
                // Both are found by what letters look like, not by taking the disguise off, and so not always.
                if matches!(what, "reversed" | "leet") {
                    seldom += u32::from(is_more && bits >= 112.0);
                    all += 1;
                } else {
                    assert!(!is_more, "{what} of {}: {bits}", class.name);
                }
            }
        }
    }
    assert!(seldom * 20 <= all, "{seldom} of {all}");
}

#[test]
fn random_characters_behind_a_value_take_nothing_away() {
    let mut rng = ChaCha20Rng::seed_from_u64(7_000);
    for format in &random::FORMATS {
        for _ in 0..40 {
            let value = format.draw(&mut rng);
            let longer = value.clone() + &random::drawn(random::LOWER_36, 8, &mut rng);

            let (before, after) = (score(&value).random_bits, score(&longer).random_bits);

            assert!(after >= before - 20.0, "{}: {before} {after}", format.name);
        }
    }
}

#[test]
fn a_known_prefix_takes_nothing_away() {
    let mut rng = ChaCha20Rng::seed_from_u64(8_000);
    let fronts = [
        "sk_live_",
        "acme-prod-",
        "whsec_",
        "my-app-production-",
        "token_",
        "APP_",
        "jwt-secret-",
        "v1.",
    ];
    let mut lost = 0;
    for _ in 0..400 {
        let front = fronts[rng.random_range(0..fronts.len())];
        for alphabet in [random::BASE62, random::HEX, random::LOWER_36] {
            let value = front.to_owned() + &random::drawn(alphabet, 32, &mut rng);
            lost += u32::from(score(&value).random_bits < 112.0);
        }
    }

    // Behind a word, chance letters are taken for more of the word now and then.
    assert!(lost <= 16, "{lost} of 1,200");
}

#[test]
fn references_and_templates_are_no_values() {
    let mut rng = ChaCha20Rng::seed_from_u64(9_000);
    let random = random::drawn(random::BASE62, 32, &mut rng);
    for (front, back) in [
        ("op://vault/", "/credential"),
        ("vault:secret/data/", "#key"),
        ("${", "}"),
        ("ENC[AES256_GCM,data:", "]"),
        ("encrypted:", ""),
        ("ref+awsssm://", ""),
        ("{{ ", " }}"),
    ] {
        let name = if front == "${" { "SESSION_SECRET" } else { &random };
        let judged = score(&format!("{front}{name}{back}"));

        assert_eq!(
            (judged.level, judged.shown_random_bits()),
            (Level::Low, 0),
            "{front}"
        );
    }
}
