//! Promises that hold for many values.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::Rng;
use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use super::judged;
use super::published;
use crate::generator;
use crate::policy::Kind;
use crate::policy::Recipe;
use crate::policy::Severity;
use crate::policy::Shape;
use crate::policy::kinds::KINDS;
use crate::policy::kinds::Role;
use crate::policy::kinds::words;
use crate::scoring::Context;
use crate::scoring::Level;
use crate::scoring::Score;
use crate::scoring::plainly_random;
use crate::scoring::score;
use crate::secret::SecretValue;

const HEX: &[u8] = b"0123456789abcdef";
const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE64URL: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

fn drawn(alphabet: &[u8], length: usize, rng: &mut impl Rng) -> Vec<u8> {
    (0..length)
        .map(|_| alphabet[rng.random_range(0..alphabet.len())])
        .collect()
}

/// Draws one value of a format with at least 128 bits.
fn random(format: usize, rng: &mut ChaCha20Rng) -> Vec<u8> {
    match format {
        0 => drawn(HEX, 32, rng),
        1 => drawn(BASE62, 22, rng),
        2 => drawn(BASE64URL, 22, rng),
        3 => {
            let bytes: [u8; 32] = rng.random();
            STANDARD.encode(bytes).into_bytes()
        }
        4 => drawn(HEX, 64, rng),
        5 => {
            let printable: Vec<u8> = (b'!'..=b'~').collect();
            drawn(&printable, 20, rng)
        }
        6..=8 => {
            let words: Vec<&str> = (0..10)
                .map(|_| words::nth(rng.random_range(0..words::count())))
                .collect();
            words.join([".", "-", " "][format - 6]).into_bytes()
        }
        9 => drawn(b"abcdefghijklmnopqrstuvwxyz", 28, rng),
        10 => drawn(BASE62, 32, rng),
        11 => drawn(BASE64URL, 43, rng),
        12 => drawn(&BASE62[..36], 25, rng),
        _ => {
            let bytes: [u8; 16] = rng.random();
            STANDARD.encode(bytes).into_bytes()
        }
    }
}

const FORMATS: usize = 14;

/// Values of each format.
const DRAWS: usize = 10_000;

/// What is made weaker than this, such as a PIN, cannot be high.
const BITS_OF_HIGH: f64 = 112.0;

/// Longest value that the quick test looks at.
const LONGEST_QUICK: usize = 136;

#[test]
fn random_values_are_high() {
    for format in 0..FORMATS {
        let mut rng = ChaCha20Rng::seed_from_u64(7 + format as u64);
        let mut refused = 0;
        for _ in 0..DRAWS {
            let value = SecretValue::new(random(format, &mut rng));
            refused += u32::from(judge(&value).level != Level::High);
        }
        assert!(refused <= 1, "format {format}: {refused} of {DRAWS}");
    }
}

/// Judges a value and holds the quick test to the result.
fn judge(value: &SecretValue) -> Score {
    let score = score(value, &Context::default());
    if plainly_random(value, &Context::default()) {
        assert_eq!(
            score.level,
            Level::High,
            "{:?}",
            std::str::from_utf8(value.expose())
        );
        assert!(
            score
                .findings
                .iter()
                .all(|finding| finding.severity == Severity::Note)
        );
    }
    score
}

#[test]
fn minted_values_are_high() {
    for kind in KINDS
        .iter()
        .filter(|kind| matches!(kind.role, Role::Generated | Role::Identifier))
    {
        let recipe = kind.recipe(&Shape::default()).unwrap();
        if recipe.bits() < BITS_OF_HIGH {
            continue;
        }
        let mut rng = ChaCha20Rng::seed_from_u64(11);
        let context = Context {
            kind: Some(kind),
            ..Context::default()
        };
        let has_lines = matches!(&recipe, Recipe::Made(made) if made.punctuation.contains('\n'));
        let is_long = has_lines || recipe.min_length() > LONGEST_QUICK;
        // Two primes of 1536 bits take seconds, and long text is judged slowly.
        let draws = match kind.name {
            "jwt-rs256" => 1,
            _ if is_long => DRAWS / 100,
            _ => DRAWS,
        };
        let (mut below, mut plain) = (0_u32, 0_u32);
        for _ in 0..draws {
            let value = generator::generate(&recipe, chrono::DateTime::UNIX_EPOCH, &mut rng).unwrap();
            below += u32::from(score(&value, &context).level != Level::High);
            plain += u32::from(plainly_random(&value, &context));
        }
        // Chance may make one in ten thousand look otherwise; minting draws that one again.
        assert!(below as usize <= draws / 5_000, "{}: {below}", kind.name);
        // Words are no random characters, padding beside `-` and `_` is of no alphabet that the quick look knows, and
        // neither are two prefixes: these are judged at length.
        let at_length = ["passphrase", "uuid", "fernet", "age-identity", "webhook-ed25519"];
        let is_quick = !is_long && !at_length.contains(&kind.name);
        assert!(!is_quick || plain as usize > DRAWS / 2, "{}: {plain}", kind.name);
    }
}

/// Random text with something in it that a model describes.
fn hybrid(rng: &mut ChaCha20Rng) -> Vec<u8> {
    const PARTS: [&str; 16] = [
        "secret",
        "password",
        "0123456789",
        "abcdefgh",
        "qwertyuiop",
        "2024",
        "20240115",
        "test-",
        "-prod",
        "aaaaaa",
        "facade",
        "deadbeef",
        "a1b2c3d4",
        "thequickbrown",
        "789012345",
        "1qaz2wsx",
    ];
    let alphabet = [HEX, BASE62, BASE64URL][rng.random_range(0..3)];
    let mut text = Vec::new();
    for _ in 0..rng.random_range(1..5) {
        let length = rng.random_range(0..24);
        text.extend(drawn(alphabet, length, rng));
        match rng.random_range(0..5) {
            0 => text.extend(text.clone()),
            1 => text.extend(PARTS[rng.random_range(0..PARTS.len())].as_bytes()),
            2 => text.extend(words::nth(rng.random_range(0..words::count())).as_bytes()),
            3 => text.extend(
                [b'x', b'0', b'a', b'Z'][rng.random_range(0..4)..]
                    .iter()
                    .take(1)
                    .cycle()
                    .take(5),
            ),
            _ => (),
        }
    }
    text
}

#[test]
fn the_quick_test_never_passes_what_the_score_would_not() {
    let mut rng = ChaCha20Rng::seed_from_u64(23);
    let context = Context {
        names: &["DATABASE_URL"],
        ..Context::default()
    };
    let mut plain = 0;
    for _ in 0..3 * DRAWS {
        let value = SecretValue::new(hybrid(&mut rng));
        if !plainly_random(&value, &context) {
            continue;
        }
        plain += 1;
        let score = score(&value, &context);
        assert_eq!(
            score.level,
            Level::High,
            "{:?}",
            std::str::from_utf8(value.expose())
        );
        assert!(
            score
                .findings
                .iter()
                .all(|finding| finding.severity == Severity::Note)
        );
    }
    assert!(plain > DRAWS / 50, "{plain}");
}

#[test]
fn the_quick_test_knows_published_values_and_demands() {
    let fastapi = published([
        "09d25e094faa6ca2556c818166b7a956",
        "3b93f7099f6f0f4caa6cf63b88e8d3e7",
    ]);
    let random = "c41f7e0a9d3b58266ea2f10d74b95c83d05e8b1297fa6c340e9ad71c8b62f543";
    let plain = |text: &str, context: &Context<'_>| {
        plainly_random(&SecretValue::new(text.as_bytes().to_vec()), context)
    };

    assert!(!plain(&fastapi, &Context::default()));
    assert!(!plain(&fastapi.to_uppercase(), &Context::default()));
    assert!(plain(random, &Context::default()));
    for context in [
        Context {
            min_length: Some(65),
            ..Context::default()
        },
        Context {
            min_bits: Some(257),
            ..Context::default()
        },
        Context {
            min_entropy: Some(4.0),
            ..Context::default()
        },
        Context {
            names: &["X_D05E8B12"],
            ..Context::default()
        },
        Context {
            kind: Kind::find("issued"),
            ..Context::default()
        },
    ] {
        assert!(!plain(random, &context), "{context:?}");
    }
}

#[test]
fn findings_hold_no_part_of_a_value() {
    const RANDOM: usize = 600;
    let mut rng = ChaCha20Rng::seed_from_u64(29);
    let context = Context {
        min_length: Some(400),
        min_bits: Some(400),
        min_entropy: Some(7.5),
        ..Context::default()
    };
    let mut values: Vec<Vec<u8>> = (0..RANDOM)
        .map(|draw| random([0, 1, 2, 3, 4, 5, 10, 11][draw % 8], &mut rng))
        .collect();
    let human = [
        "changeme",
        "your-secret-key-here",
        "test-secret",
        "${JWT_SECRET}",
        "null",
        "secretsecretsecret",
        "password1",
        "YOUR_GENERATED_64_CHAR_HEX_SECRET_HERE",
        "please-change-this-key",
        "example",
        "localhost",
        "admin123",
        "0000000000000000",
        "12345678",
        "112112112112",
        "op://private/entry",
        "sk-xxxx",
        "qwertyuiop",
        "2024-01-15",
    ];
    values.extend(human.iter().map(|text| text.as_bytes().to_vec()));
    for (place, value) in values.into_iter().enumerate() {
        let score = score(&SecretValue::new(value.clone()), &context);
        for finding in &score.findings {
            let said = [finding.message.as_str(), finding.fix.as_str()].join("\n");
            for window in value
                .windows(4)
                .filter_map(|window| std::str::from_utf8(window).ok())
            {
                // Four random letters can be part of any sentence; letters of words must not be.
                let window = if place < RANDOM {
                    window.to_owned()
                } else {
                    window.to_lowercase()
                };
                assert!(!said.contains(&window), "{}: {window}", finding.rule);
            }
        }
    }
}

#[test]
fn dressing_a_value_up_adds_no_strength() {
    let mut rng = ChaCha20Rng::seed_from_u64(31);
    let mut texts: Vec<String> = (0..400)
        .filter_map(|_| String::from_utf8(hybrid(&mut rng)).ok())
        .collect();
    texts.extend(
        [
            "test-secret",
            "correct-horse-battery-staple",
            "Summer2024!",
            "abcdefghijkl",
            "P4$$w0rd",
        ]
        .map(str::to_owned),
    );
    for text in texts {
        let plain = judged(&text).random_bits;
        for dressed in [
            format!("\"{text}\""),
            format!("'{text}'"),
            if text.contains(char::is_uppercase) {
                text.clone()
            } else {
                text.to_uppercase()
            },
            format!("{text}\n"),
        ] {
            assert!(judged(&dressed).random_bits <= plain + 3.0, "{text} {dressed}");
        }
    }
}

#[test]
fn any_bytes_can_be_judged() {
    let mut rng = ChaCha20Rng::seed_from_u64(37);
    for length in 0..300 {
        let mut bytes = vec![0; length];
        rng.fill_bytes(&mut bytes);

        let score = score(&SecretValue::new(bytes.clone()), &Context::default());

        assert!(score.random_bits.is_finite() && score.strength_bits >= score.random_bits);
        assert!(length < 24 || score.level == Level::High, "{length}");
        assert!(score.entropy_bits_per_char <= score.entropy_max_bits_per_char + 1e-9);
    }
    let long = "a1 ".repeat(500_000);
    assert_eq!(judged(&long).level, Level::Low);
}
