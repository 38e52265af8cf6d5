//! The bits that are shown are those of the values that are really kept.

use chrono::DateTime;
use mintage::app::Minter;
use mintage::app::context_of;
use mintage::generator::generate;
use mintage::policy::Encoding;
use mintage::policy::Kind;
use mintage::policy::Policy;
use mintage::policy::Recipe;
use mintage::policy::SecretPolicy;
use mintage::policy::Shape;
use mintage::policy::Tier;
use mintage::policy::kinds::KINDS;
use mintage::policy::kinds::Role;
use mintage::scoring;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use crate::times;

/// What the scorer objects to is not counted, as long as it is 1 value in 150 at most: 0.01 bits.
#[test]
fn the_scorer_objects_to_hardly_a_value() {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let mut too_many = Vec::new();
    for (kind, shape) in shapes() {
        let recipe = kind.recipe(&shape).unwrap();
        let context = scoring::Context {
            kind: Some(kind),
            ..scoring::Context::default()
        };
        let minter = Minter::new(kind.name, &recipe, context);
        // Two primes of 1536 bits take seconds.
        let values = if kind.name == "jwt-rs256" {
            1
        } else {
            1_000 * times()
        };

        let refused = (0..values)
            .filter(|_| !minter.accepts(&generate(&recipe, DateTime::UNIX_EPOCH, &mut rng).unwrap()))
            .count();

        // A share of 1 in 150 stays below 1 in 75 in all but one of 10^5 tries.
        if refused > values / 75 {
            too_many.push(format!(
                "{} {refused} of {values}: {}",
                kind.name,
                recipe.describe()
            ));
        }
    }

    assert!(too_many.is_empty(), "{too_many:#?}");
}

/// A recipe that just reaches `min_bits` makes values in which fewer characters occur than it draws from.
#[test]
fn bits_that_are_just_reached_cost_what_is_shown() {
    for (made_of, asked, most_spare) in [
        ("kind = \"password\"", 191, 0.1),
        ("kind = \"django\"", 299, 0.1),
        ("kind = \"n8n\"", 191, 0.1),
        ("kind = \"authjs\"", 263, 0.1),
        ("kind = \"phoenix\"", 383, 0.1),
        ("kind = \"alphanumeric\"", 190, 0.02),
        (
            "kind = \"password\"\ncharset = \"printable\"\nlength = 24",
            155,
            0.1,
        ),
        ("kind = \"base64url\"", 255, 0.1),
        ("kind = \"jwt-hs256\"", 256, 0.02),
    ] {
        let policy = policy_of(made_of, &format!("min_bits = {asked}"));

        let spare = spare_bits(&policy, 4_000 * times());

        assert!(spare > -0.06, "{made_of}: {spare}");
        assert!(spare < most_spare + 0.06, "{made_of}: {spare}");
    }
}

#[test]
fn what_the_policy_forbids_is_not_minted() {
    let policy = policy_of("kind = \"alphanumeric\"", "forbid_pattern = \"^[0-9A-Z]\"");
    let minter = Minter::new(
        "test",
        policy.recipe(),
        context_of(&policy, Tier::Production, &[]),
    )
    .for_policy(&policy);
    let mut rng = ChaCha20Rng::seed_from_u64(9);

    for _ in 0..200 {
        let value = minter.mint(DateTime::UNIX_EPOCH, &mut rng).unwrap();
        assert!(value.expose()[0].is_ascii_lowercase());
    }
}

/// Every kind as it comes, and the shortest values that some allow.
fn shapes() -> Vec<(&'static Kind, Shape)> {
    let mut shapes: Vec<_> = KINDS
        .iter()
        .filter(|kind| kind.role == Role::Generated)
        .map(|kind| (*kind, Shape::default()))
        .collect();
    let kind = |name: &str| Kind::find(name).unwrap();
    let length = |length| Shape {
        length: Some(length),
        ..Shape::default()
    };
    for encoding in Encoding::ALL {
        let bytes = Shape {
            bytes: Some(16),
            encoding: Some(encoding),
            ..Shape::default()
        };
        shapes.push((kind("aes-256"), Shape { bytes: None, ..bytes }));
    }
    shapes.push((kind("hex"), length(32)));
    shapes.push((kind("alphanumeric"), length(22)));
    shapes.push((kind("password"), length(22)));
    shapes
}

/// For every demand that values are drawn again for: the bits that are shown are no more than those of the share that
/// is kept, and for counted demands hardly less.
#[test]
fn demands_cost_what_is_shown() {
    for (rules, most_spare) in [
        ("min_entropy = 3.5", 0.02),
        ("min_entropy = 3.7", 0.05),
        ("min_entropy = 3.5\nforbid_pattern = \"00\"", 0.5),
        ("pattern = \"^[0-9a-f]{34}$\"", 0.1),
        ("forbid_pattern = \"^[0-9]\"", 1.0),
        ("forbid_values = [\"0123456789abcdef0123456789abcdef01\"]", 0.01),
    ] {
        let policy = policy_of("kind = \"hex\"\nbytes = 17", rules);

        let spare = spare_bits(&policy, 4_000 * times());

        // Four deviations of 4,000 samples of a share of a fifth or more are 0.19 bits; of 0.9, 0.03.
        assert!(spare > -0.1, "{rules}: {spare}");
        assert!(spare < most_spare + 0.1, "{rules}: {spare}");
    }
}

#[test]
fn demands_on_other_alphabets_are_counted_too() {
    for (made_of, rules, most_spare) in [
        ("kind = \"alphanumeric\"\nlength = 24", "min_entropy = 4.3", 0.05),
        ("kind = \"password\"\nlength = 24", "min_entropy = 4.3", 0.2),
        ("kind = \"base64\"\nbytes = 17", "min_entropy = 4.1", 0.2),
        ("kind = \"webhook\"", "min_entropy = 4.3", 0.6),
        ("kind = \"api-key\"", "min_entropy = 4.0", 0.6),
        (
            "kind = \"jwt-hs256\"\nencoding = \"hex\"",
            "min_entropy = 3.7",
            1.0,
        ),
    ] {
        let policy = policy_of(made_of, rules);

        let spare = spare_bits(&policy, 4_000 * times());

        assert!(spare > -0.05, "{made_of}: {spare}");
        assert!(spare < most_spare + 0.05, "{made_of}: {spare}");
    }
}

#[test]
fn what_a_demand_costs_is_said_in_words() {
    let hex = policy_of("kind = \"hex\"\nbytes = 17", "min_entropy = 3.5");
    let words: Vec<String> = hex.redraws().iter().map(ToString::to_string).collect();

    assert_eq!(
        words,
        [
            "values that read as numbers: less than 0.01 bits",
            "3.5 bits/char demanded: 0.3 bits"
        ]
    );
    assert!((135.7..135.8).contains(&hex.bits()), "{}", hex.bits());
}

#[test]
fn a_demand_that_costs_whole_random_bytes_next_to_nothing_keeps_the_floor() {
    let hex = policy_of(
        "kind = \"jwt-hs256\"\nencoding = \"hex\"\nbytes = 32",
        "min_entropy = 3.5\nmin_bits = 256",
    );

    assert!(hex.bits() < 256.0);
    assert!(hex.bits() > 255.99);
    assert!(matches!(hex.recipe(), Recipe::Bytes { bytes: 32, .. }));
}

/// Returns by how many bits what is kept of `samples` values is more than what is shown.
fn spare_bits(secret: &SecretPolicy, samples: usize) -> f64 {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let minter =
        Minter::new("test", secret.recipe(), context_of(secret, Tier::Production, &[])).for_policy(secret);
    let kept = (0..samples)
        .filter(|_| minter.accepts(&generate(secret.recipe(), DateTime::UNIX_EPOCH, &mut rng).unwrap()))
        .count();
    let really = secret.recipe().bits() + (kept as f64 / samples as f64).log2();
    really - secret.bits()
}

fn policy_of(made_of: &str, rules: &str) -> SecretPolicy {
    let text = format!("schema = 1\n[environments.production]\n[secrets.A]\n{made_of}\n{rules}\n");
    let policy = Policy::parse("test", &text).unwrap_or_else(|errors| panic!("{rules}: {errors}"));
    let environment = policy.environments().next().unwrap().name().clone();
    policy
        .secret(&"A".parse().unwrap(), &environment)
        .unwrap()
        .clone()
}
