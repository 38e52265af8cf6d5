//! What our readers of each dialect find, beside what the real readers find: on every measured case and on random files.

use std::collections::BTreeMap;

use mintage::dotenv::Dialect;
use mintage::dotenv::Form;
use mintage::dotenv::Found;
use mintage::dotenv::Outcome;
use mintage::dotenv::Reading;
use mintage::dotenv::Variable;
use mintage::dotenv::WriteError;
use mintage::dotenv::write;
use mintage::secret::SecretValue;
use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use crate::dialect_cases::CASES;
use crate::readers;
use crate::readers::Reader;
use crate::readers::Variables;

/// The dialects that have a real reader here, and those readers.
const REAL: &[(Dialect, &str, Reader)] = &[
    (Dialect::Dotenv, "dotenv of node", readers::dotenv_of_node),
    (Dialect::Node, "parseEnv of node", readers::env_file_of_node),
    (Dialect::Python, "python-dotenv", readers::dotenv_of_python),
    (Dialect::Shell, "bash", readers::bash),
    (Dialect::Shell, "dash", readers::dash),
    (Dialect::Systemd, "systemd", readers::systemd),
];

/// What becomes of a variable, as [`Outcome`] and a refusal say it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expected {
    /// A command runs.
    Executed,
    /// Something is put in.
    Expanded,
    /// It is taken from the environment.
    Inherited,
    /// It is not there.
    Missing,
    /// The whole file is refused.
    Refused,
    /// It is named and not set.
    Unset,
    /// It has this value.
    Value(&'static [u8]),
}

impl Expected {
    fn is(self, reading: &Reading) -> bool {
        let outcome = reading.last("A").map(Found::outcome);
        match (self, outcome) {
            (Self::Refused, _) => reading.refusal().is_some(),
            _ if reading.refusal().is_some() => false,
            (Self::Missing, found) => found.is_none(),
            (Self::Value(expected), Some(Outcome::Value(found))) => found.expose() == expected,
            (Self::Executed, Some(Outcome::Executed))
            | (Self::Expanded, Some(Outcome::Expanded))
            | (Self::Inherited, Some(Outcome::Inherited))
            | (Self::Unset, Some(Outcome::Unset)) => true,
            _ => false,
        }
    }
}

#[test]
fn every_measured_case_is_read_as_measured() {
    assert!(CASES.len() >= 56 + 28);
    let mut wrong = Vec::new();
    for (file, groups) in CASES {
        let mut seen = 0;
        for (dialects, expected) in *groups {
            for dialect in Dialect::ALL {
                if *dialects == "all" || dialects.split(' ').any(|name| name == dialect.name()) {
                    seen += 1;
                    if !expected.is(&dialect.read(file)) {
                        wrong.push(format!("{} in {}", file.escape_ascii(), dialect.name()));
                    }
                }
            }
        }
        assert_eq!(
            seen,
            Dialect::ALL.len(),
            "{}: a dialect is missing",
            file.escape_ascii()
        );
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_measured_case_is_read_so_by_the_real_readers() {
    let alone = (
        Dialect::Node,
        "node --env-file",
        readers::node_with_env_file as Reader,
    );
    for (dialect, name, reader) in REAL.iter().chain([&alone]) {
        // No environment holds a NUL byte; systemd's reader of `environment.d` expands `$`, and refuses binary otherwise.
        let is_fit = |file: &&[u8]| {
            let is_text =
                *dialect != Dialect::Systemd || !file.contains(&b'$') && std::str::from_utf8(file).is_ok();
            !file.contains(&0) && is_text
        };
        let files: Vec<Vec<u8>> = CASES
            .iter()
            .map(|(file, _)| *file)
            .filter(is_fit)
            .map(<[u8]>::to_vec)
            .collect();
        assert!(files.len() > CASES.len() / 2);
        for (file, real) in files.iter().zip(reader(&files)) {
            if let Err(what) = compare(*dialect, file, &real) {
                panic!("{name}: {}: {what}", file.escape_ascii());
            }
        }
    }
}

#[test]
fn readers_find_what_the_real_ones_find_in_random_files() {
    let mut rng = ChaCha20Rng::seed_from_u64(21);
    for (dialect, name, reader) in REAL {
        // One process for each file.
        let is_slow = matches!(dialect, Dialect::Shell | Dialect::Systemd);
        let count = if is_slow { COUNT / 4 } else { COUNT };
        let files: Vec<Vec<u8>> = (0..count).map(|_| random_file(*dialect, &mut rng)).collect();
        let mut compared = 0;
        let mut wrong = Vec::new();
        for (file, real) in files.iter().zip(reader(&files)) {
            match compare(*dialect, file, &real) {
                Ok(values) => compared += values,
                Err(what) => wrong.push(format!("{}: {what}", file.escape_ascii())),
            }
        }
        wrong.sort_by_key(String::len);
        assert!(
            wrong.is_empty(),
            "{name}: {} of {count}\n{}",
            wrong.len(),
            wrong[..wrong.len().min(12)].join("\n")
        );
        assert!(
            compared > count / 5,
            "{name}: only {compared} values were compared"
        );
    }
}

/// What is written for a dialect is read back by the real reader, whatever the values are.
#[test]
fn what_is_written_is_what_the_real_readers_find() {
    let mut rng = ChaCha20Rng::seed_from_u64(22);
    for (dialect, name, reader) in REAL {
        // systemd's reader of `environment.d` expands `$` and drops empty values.
        let is_fit = |piece: &&&str| *dialect != Dialect::Systemd || !piece.contains('$');
        let pieces: Vec<&str> = PIECES.iter().filter(is_fit).copied().collect();
        let mut files: Vec<(Vec<u8>, Vec<Vec<u8>>)> = Vec::new();
        let mut refused = 0;
        while files.len() < WRITTEN {
            let values: Vec<Vec<u8>> = (0..3).map(|_| random_value(&pieces, &mut rng)).collect();
            let variables: Vec<Variable> = ["V0", "V1", "V2"]
                .iter()
                .zip(&values)
                .map(|(name, value)| Variable {
                    name: name.parse().unwrap(),
                    value: SecretValue::new(value.clone()),
                })
                .collect();
            match write(Form::Env(*dialect), "", &variables) {
                Ok(text) => files.push((text.expose().to_vec(), values)),
                Err(WriteError::Unwritable(_)) => refused += 1,
                Err(error) => panic!("{name}: {error}"),
            }
        }
        assert!(
            refused < 4 * WRITTEN,
            "{name}: {refused} of {WRITTEN} were refused"
        );
        let texts: Vec<Vec<u8>> = files.iter().map(|(text, _)| text.clone()).collect();
        for ((text, values), real) in files.iter().zip(reader(&texts)) {
            let real = real.unwrap_or_else(|| panic!("{name} refuses {}", text.escape_ascii()));
            for (place, value) in values.iter().enumerate() {
                let found = real.get(&format!("V{place}"));
                assert_eq!(found, Some(value), "{name} reads {}", text.escape_ascii());
            }
        }
    }
}

/// Names that bash computes itself, or lets nobody assign to: those that are refused, and no others.
#[test]
fn names_that_shells_keep_to_themselves_are_refused() {
    for (name, is_own) in [
        ("UID", true),
        ("RANDOM", true),
        ("SECONDS", true),
        ("OPTIND", true),
        ("DIRSTACK", true),
        ("BASH_ENV", false),
        ("HOSTNAME", false),
        ("PATH", false),
        ("IFS", false),
        ("API_KEY", false),
    ] {
        let file = format!("{name}=x7\nQ=1\n").into_bytes();
        let real = readers::bash(&[file]).remove(0);
        let holds = real.is_some_and(|real| real.get(name).is_some_and(|value| value == b"x7"));
        let variable = Variable {
            name: name.parse().unwrap(),
            value: SecretValue::new(b"x7".to_vec()),
        };
        let written = write(Form::Env(Dialect::Shell), "", &[variable]);

        assert_eq!(holds, !is_own, "{name} in bash");
        assert_eq!(written.is_ok(), !is_own, "{name}");
    }
}

fn random_value(pieces: &[&str], rng: &mut ChaCha20Rng) -> Vec<u8> {
    let count = rng.random_range(1..6);
    let pieces: String = (0..count)
        .map(|_| pieces[rng.random_range(0..pieces.len())])
        .collect();
    pieces.into_bytes()
}

/// Compares what our reader finds with what the real one found; returns how many values were compared.
fn compare(dialect: Dialect, file: &[u8], real: &Variables) -> Result<usize, String> {
    let reading = dialect.read(file);
    if let Some(refusal) = reading.refusal() {
        // A shell has run what stands before, and goes on behind it or not.
        return match (dialect, real) {
            (Dialect::Shell, _) | (_, None) => Ok(0),
            _ => Err(format!("refused ({refusal}), but read")),
        };
    }
    let real = real.as_ref().ok_or("read, but refused")?;
    let mut found: BTreeMap<&str, &Outcome> = BTreeMap::new();
    for entry in reading.entries() {
        found.insert(entry.name(), entry.outcome());
    }
    let claims = |name: &str| match found.get(name) {
        Some(Outcome::Value(value)) => Some(value.expose()),
        _ => None,
    };
    let mut compared = 0;
    for (name, outcome) in &found {
        if let Outcome::Value(value) = outcome {
            if dialect == Dialect::Systemd && value.is_empty() {
                continue;
            }
            compared += 1;
            if real.get(*name).map(Vec::as_slice) != Some(value.expose()) {
                let real = real.get(*name).map(|value| value.escape_ascii().to_string());
                return Err(format!(
                    "{name}: {}, but really {real:?}",
                    value.expose().escape_ascii()
                ));
            }
        }
    }
    // What the real reader sets has to be known, if only as something that cannot be foretold.
    for (name, value) in real {
        let is_ours = name.starts_with(['A', 'B', 'C', '1']);
        if is_ours && claims(name).is_none() && !found.contains_key(name.as_str()) {
            return Err(format!(
                "{name} is really {}, but not found",
                value.escape_ascii()
            ));
        }
    }
    Ok(compared)
}

/// A few lines of pieces that readers disagree about.
fn random_file(dialect: Dialect, rng: &mut ChaCha20Rng) -> Vec<u8> {
    let mut file = String::new();
    // Most wild files are programs to a shell, of which there is little to compare.
    let pieces = if rng.random() { PIECES } else { TAME_PIECES };
    let heads = if rng.random() { HEADS } else { &HEADS[..8] };
    for _ in 0..rng.random_range(1..4) {
        file.push_str(heads[rng.random_range(0..heads.len())]);
        for _ in 0..rng.random_range(0..7) {
            let piece = pieces[rng.random_range(0..pieces.len())];
            // systemd's reader of `environment.d` expands `$`; a comment that ends in `\` is read by its version.
            let is_unfit = dialect == Dialect::Systemd
                && (piece.contains('$') || piece == "\\" && file.contains(['#', ';']));
            if !is_unfit {
                file.push_str(piece);
            }
        }
        file.push_str(["\n", "\n", "\n", "\r\n", ""][rng.random_range(0..5)]);
    }
    file.into_bytes()
}

/// How lines start.
const HEADS: &[&str] = &[
    "A=",
    "B=",
    "A=",
    "A=\"",
    "A='",
    "export A=",
    " A=",
    "# A=",
    "A=`",
    "A = ",
    "C",
    "#",
    "A: ",
    "",
    "A=\"x",
    "B='y",
    "export B=\"",
    "1A=",
    "A.B=",
    "A-B=",
    "\u{feff}A=",
    "A+=",
];

/// What follows.
const PIECES: &[&str] = &[
    "a", "b", "\"", "'", "`", "#", " ", " #", "\\", "\\n", "\\\"", "\\'", "\\\\", "$", "$$", "$b", "${b}",
    "\n", "=", "A", "\t", "\r", "~", ":", ";", "&", "*", "\\t", "\\$", "é", "!", "{", ",", "}", "(", "%",
    "\\r", "\\0", "B=", "\nB=c\n",
];

/// The same, but for what makes a program of most files.
const TAME_PIECES: &[&str] = &[
    "a", "b", "\"", "'", " #", "#", "\\\"", "\\\\", "\\n", "=", "~", ":", "é", "{", ",", "}", "\"c\"",
    "'d e'", "$b", "%", "+", "\\\n",
];

/// Files that are written for each reader.
const WRITTEN: usize = 300;

/// Random files for each reader.
const COUNT: usize = 2_400;
