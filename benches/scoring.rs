//! How the scorer judges labelled values, beside other rules, and how fast.
//!
//! ```text
//! cargo bench --bench scoring                    everything below, with the stated samples
//! cargo bench --bench scoring -- weak [N]        N made-up values of each class: how many are high
//! cargo bench --bench scoring -- unseen [N]      the same of ways to strike keys, and of languages, that were not tuned on
//! cargo bench --bench scoring -- random [N]      N random values of each format: how many are not high
//! cargo bench --bench scoring -- speed           cost of one value, in the same run as other judges
//! cargo bench --bench scoring -- compare [N]     the table of scoring.md over N values of each format and class
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
#[path = "../tests/scoring/unseen.rs"]
mod unseen;
#[path = "../tests/scoring/weak.rs"]
mod weak;

use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use mintage::scoring;
use mintage::scoring::Context;
use mintage::scoring::Level;
use mintage::secret::SecretValue;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use rustix::time::ClockId;
use rustix::time::clock_gettime;

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
        Some("unseen") => unseen_values(number(1, 1_000)),
        Some("random") => random_values(number(1, 200_000), arguments.get(2).map(String::as_str)),
        Some("speed") => speed(),
        Some("compare") => compare(number(1, 300)),
        _ => {
            speed();
            weak_values(1_000, None);
            random_values(200_000, None);
            compare(300);
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

fn unseen_values(count: usize) {
    for (place, (name, strike)) in (0..).zip(unseen::STYLES) {
        let mut rng = ChaCha20Rng::seed_from_u64(5_500 + place);
        let high = (0..count)
            .filter(|_| level(&strike(&mut rng)) == Level::High)
            .count();
        println!("{name:34} {high:6} of {count} high");
    }
    for (place, (name, words)) in (0..).zip(unseen::LANGUAGES) {
        let mut rng = ChaCha20Rng::seed_from_u64(6_500 + place);
        let high = (0..count)
            .filter(|_| level(&weak::phrase(words, &mut rng)) == Level::High)
            .count();
        println!("{name:34} {high:6} of {count} high");
    }
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

/// CPU time of one judgement in microseconds, and how many values were accepted.
fn microseconds<T>(values: &[T], mut judge: impl FnMut(&T) -> bool) -> (f64, usize) {
    let cpu = || {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        now.tv_sec as f64 * 1e6 + now.tv_nsec as f64 / 1e3
    };
    let start = cpu();
    let accepted = values.iter().filter(|value| judge(value)).count();
    ((cpu() - start) / values.len() as f64, accepted)
}

fn speed() {
    println!("microseconds of CPU time        Shannon   mintage    zxcvbn");
    for (name, alphabet, length) in [
        ("hex 32", random::HEX, 32),
        ("base62 32", random::BASE62, 32),
        ("hex 64", random::HEX, 64),
        ("base62 128", random::BASE62, 128),
        ("hex 1024", random::HEX, 1_024),
    ] {
        let mut rng = ChaCha20Rng::seed_from_u64(9);
        let values: Vec<String> = (0..20_000)
            .map(|_| random::drawn(alphabet, length, &mut rng))
            .collect();
        let secrets: Vec<SecretValue> = values
            .iter()
            .map(|value| SecretValue::new(value.as_bytes().to_vec()))
            .collect();
        let (shannon, _) = microseconds(&values, |value| entropy(value) >= 3.5);
        let (ours, high) = microseconds(&secrets, |secret| {
            scoring::score(secret, &Context::default()).level == Level::High
        });
        let (peer, _) = microseconds(&values[..30], |value| {
            zxcvbn::zxcvbn(value, &[]).score() == zxcvbn::Score::Four
        });
        println!("{name:24} {shannon:12.2} {ours:9.2} {peer:9.0}   {high} high");
    }
}

/// The plain loop: a histogram of bytes.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    value.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let total = value.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / total)
        .map(|share| -share * share.log2())
        .sum()
}

/// The rule of the checklists: 32 characters, 3.5 bits each, none of ten words.
fn passes_checklist(value: &str) -> bool {
    value.chars().count() >= 32
        && entropy(value) >= 3.5
        && !TEN.iter().any(|word| value.eq_ignore_ascii_case(word))
}

const TEN: [&str; 10] = [
    "change-this-secret-key",
    "changeme",
    "dev-secret",
    "development-secret-key",
    "mysecretkey",
    "password",
    "secret",
    "test-secret",
    "your-256-bit-secret",
    "your-secret-key-here",
];

/// How many of its values a judge accepts, class by class.
struct Accepted {
    name: String,
    is_random: bool,
    all: usize,
    ours: usize,
    checklist: usize,
    zxcvbn: usize,
    detect_secrets: Option<usize>,
}

/// Writes the labelled set, judges it by every rule and prints the table.
fn compare(count: usize) {
    let mut groups: Vec<(String, bool, Vec<String>)> = Vec::new();
    for (place, format) in (0..).zip(&random::FORMATS) {
        let mut rng = ChaCha20Rng::seed_from_u64(2_000 + place);
        groups.push((
            format.name.to_owned(),
            true,
            (0..count).map(|_| format.draw(&mut rng)).collect(),
        ));
    }
    for (place, class) in (0..).zip(weak::classes()) {
        let mut rng = ChaCha20Rng::seed_from_u64(1_000 + place);
        groups.push((
            class.name.to_owned(),
            false,
            (0..count).map(|_| class.make(&mut rng)).collect(),
        ));
    }
    let mut rng = ChaCha20Rng::seed_from_u64(3_999);
    let digests = (0..count).map(|_| weak::digest_of_phrase(&mut rng)).collect();
    groups.push(("digest of an unlisted phrase (apart)".to_owned(), false, digests));
    let peers = detect_secrets(&groups);
    let rows: Vec<Accepted> = groups
        .iter()
        .enumerate()
        .map(|(place, (name, is_random, values))| Accepted {
            name: name.clone(),
            is_random: *is_random,
            all: values.len(),
            ours: values.iter().filter(|value| level(value) == Level::High).count(),
            checklist: values.iter().filter(|value| passes_checklist(value)).count(),
            // Milliseconds each: the first few stand for all.
            zxcvbn: values
                .iter()
                .take(ZXCVBN_OF_EACH)
                .filter(|value| zxcvbn::zxcvbn(value, &[]).score() == zxcvbn::Score::Four)
                .count(),
            detect_secrets: peers.as_ref().map(|accepted| accepted[place]),
        })
        .collect();
    println!("| values | mintage `high` | checklist | zxcvbn 4 | detect-secrets |");
    println!("| --- | --: | --: | --: | --: |");
    for row in &rows {
        print_row(&row.name, std::slice::from_ref(row));
    }
    let is_apart = |row: &Accepted| row.name.contains("(apart)");
    let (random, weak): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .filter(|row| !is_apart(row))
        .partition(|row| row.is_random);
    print_row("**all random values**", &random);
    print_row("**all weak values**", &weak);
}

fn print_row(name: &str, rows: &[Accepted]) {
    let sum = |of: fn(&Accepted) -> usize| rows.iter().map(of).sum::<usize>();
    let all = sum(|row| row.all);
    let share = |count: usize, all: usize| format!("{:.2} %", 100.0 * count as f64 / all as f64);
    let peers: Option<usize> = rows.iter().map(|row| row.detect_secrets).sum();
    println!(
        "| {name} | {} | {} | {} | {} |",
        share(sum(|row| row.ours), all),
        share(sum(|row| row.checklist), all),
        share(sum(|row| row.zxcvbn), sum(|row| row.all.min(ZXCVBN_OF_EACH))),
        peers.map_or("not run".to_owned(), |count| share(count, all))
    );
}

/// Values of each class that the slow judge sees.
const ZXCVBN_OF_EACH: usize = 40;

/// Asks the two entropy plugins of detect-secrets, in the Python that `DETECT_SECRETS_PYTHON` names (default `python3`);
/// a value is accepted when one of them takes it for a secret.
fn detect_secrets(groups: &[(String, bool, Vec<String>)]) -> Option<Vec<usize>> {
    let python = std::env::var("DETECT_SECRETS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut child = Command::new(python)
        .args(["-c", include_str!("detect_secrets_peer.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let text: String = groups
        .iter()
        .enumerate()
        .flat_map(|(place, (_, _, values))| {
            values
                .iter()
                .map(move |value| format!("{place}\t{}\n", hex::encode(value)))
        })
        .collect();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    if !output.status.success() {
        println!("detect-secrets is not there: python3 -m pip install detect-secrets==1.5.0");
        return None;
    }
    let accepted: Vec<usize> = String::from_utf8(output.stdout)
        .ok()?
        .lines()
        .filter_map(|line| line.parse().ok())
        .collect();
    (accepted.len() == groups.len()).then_some(accepted)
}
