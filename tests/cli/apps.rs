//! The five applications of the checklists: a production env file that is ready, and one with everything wrong.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::sandbox::Sandbox;
use crate::sandbox::chmod;

const APPS: [&str; 5] = ["lumiku", "lamsa", "mansa", "superapp", "bluesminds"];

#[test]
fn the_ready_environment_of_every_application_is_ready() {
    for app in APPS {
        let project = Project::new(app, "ready");

        let output = project.sandbox.run(["check", "-e", "production"]);

        assert_eq!(output.code, 0, "{app}:\n{output}");
        let verdict = output.text().lines().last().unwrap().to_owned();
        assert!(
            verdict.starts_with("READY: 0 errors, 0 warnings, 0 notes"),
            "{app}:\n{output}"
        );
    }
}

#[test]
fn every_fault_is_found_on_its_line_and_nothing_else() {
    let mut wrong = Vec::new();
    for app in APPS {
        let project = Project::new(app, "broken");
        let expected: BTreeSet<String> = fixture(app, "broken.expected")
            .lines()
            .map(str::to_owned)
            .collect();
        let lines: BTreeSet<&str> = expected
            .iter()
            .filter_map(|line| line.split(' ').next())
            .collect();
        assert!(lines.len() >= 25, "{app}: too few faults");

        let output = project
            .sandbox
            .run(["check", "-e", "production", "--json"])
            .exits(3);

        let document = output.json();
        let found: BTreeSet<String> = document["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| {
                let line = finding["location"]["line"].as_u64();
                format!(
                    "{} {} {}",
                    line.map_or_else(|| "-".to_owned(), |line| line.to_string()),
                    finding["rule"].as_str().unwrap(),
                    finding["name"].as_str().unwrap_or("-")
                )
            })
            .collect();
        let not_found = expected
            .difference(&found)
            .map(|line| format!("{app}: not found: {line}"));
        let not_planted = found
            .difference(&expected)
            .map(|line| format!("{app}: not planted: {line}"));
        wrong.extend(not_found.chain(not_planted));
        let text = project.sandbox.run(["check", "-e", "production"]).exits(3);
        for value in &project.values {
            assert!(!text.whole().contains(value.as_str()), "{app}: a value was shown");
        }
    }

    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_second_env_file_of_the_gateway_has_names_of_its_own() {
    let project = Project::new("bluesminds", "ready");
    let check = |text: &str| {
        let (filled, _) = Filler::new("litellm").fill(text);
        project.sandbox.write("litellm/.env", filled);
        chmod(&project.sandbox.project().join("litellm/.env"), 0o600);
        project
            .sandbox
            .run(["check", "-e", "production", "--env-file", "litellm/.env"])
    };

    let sound = "LITELLM_MASTER_KEY=sk-{{alnum:48}}\nANTHROPIC_API_KEY=sk-ant-api03-{{alnum:93}}AA\n";
    let output = check(sound).succeeds();
    assert!(
        output.text().contains("READY: 0 errors, 0 warnings, 0 notes"),
        "{output}"
    );

    let output = check("LITELLM_MASTER_KEY=sk-1234\nGOOGLE_API_KEY=sk-{{alnum:48}}\n").exits(3);
    for said in ["LITELLM_MASTER_KEY", "GOOGLE_API_KEY", "[pattern]"] {
        assert!(output.text().contains(said), "{said} is not in:\n{output}");
    }
    assert!(!output.text().contains("JWT_SECRET"), "{output}");
}

/// A project of one application with its env file filled in.
struct Project {
    sandbox: Sandbox,
    /// What was filled in.
    values: Vec<String>,
}

impl Project {
    fn new(app: &str, state: &str) -> Self {
        let sandbox = Sandbox::new();
        sandbox.run(["init", "--policy", app]).succeeds();
        let text = fixture(app, &format!("{state}.env"));
        let (filled, values) = Filler::new(app).fill(&text);
        let file = if app == "bluesminds" {
            ".env.local"
        } else {
            ".env.production"
        };
        let example = match app {
            "bluesminds" => ".env.example",
            _ => ".env.production.example",
        };
        sandbox.write(example, emptied(&filled));
        sandbox.write(file, filled);
        chmod(&sandbox.project().join(file), 0o600);
        Self { sandbox, values }
    }
}

/// Returns every name of an env file without its value, as an example shows it.
fn emptied(text: &str) -> String {
    let names: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .filter(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        })
        .collect();
    names.into_iter().map(|name| format!("{name}=\n")).collect()
}

fn fixture(app: &str, file: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/apps");
    fs::read_to_string(folder.join(app).join(file)).unwrap()
}

/// Fills placeholders such as `{{hex:32}}` with values that are drawn anew from the name of the application, so that
/// nothing that looks like a live token is kept in the repository.
struct Filler {
    rng: ChaCha20Rng,
    named: Vec<(String, String)>,
}

impl Filler {
    fn new(app: &str) -> Self {
        let mut seed = [7; 32];
        seed[..app.len()].copy_from_slice(app.as_bytes());
        Self {
            rng: ChaCha20Rng::from_seed(seed),
            named: Vec::new(),
        }
    }

    /// Returns the text, and the values that were put into it.
    fn fill(&mut self, text: &str) -> (String, Vec<String>) {
        let (mut filled, mut values) = (String::new(), Vec::new());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (placeholder, after) = after.split_once("}}").unwrap();
            let value = self.value(placeholder);
            filled.push_str(before);
            filled.push_str(&value);
            if value.len() >= 8 {
                values.push(value);
            }
            rest = after;
        }
        filled.push_str(rest);
        (filled, values)
    }

    /// `hex:32` draws, `hex:32=a` draws and remembers, `=a` repeats what was remembered.
    fn value(&mut self, placeholder: &str) -> String {
        let (asked, name) = placeholder.split_once('=').unwrap_or((placeholder, ""));
        if asked.is_empty() {
            let known = self.named.iter().find(|(known, _)| known == name);
            return known.unwrap().1.clone();
        }
        let value = self.drawn(asked);
        self.named.push((name.to_owned(), value.clone()));
        value
    }

    fn drawn(&mut self, asked: &str) -> String {
        let (what, size) = asked.split_once(':').unwrap_or((asked, ""));
        let count = || size.parse::<usize>().unwrap();
        match what {
            "alnum" => self.of(
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                count(),
            ),
            "base64" => STANDARD.encode(self.bytes(count())),
            "cr" => "\r".to_owned(),
            "digits" => self.of(b"123456789", count()),
            "hex" => self
                .bytes(count())
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
            "jwt" => self.token(size),
            "lower" => self.of(b"abcdefghijklmnopqrstuvwxyz", count()),
            // What the checklist of Lumiku prints as an example, in two halves.
            "published" => [
                "8d024b643b19488486b7aa1ab4dd0a1c",
                "f1566d76603252f659ce9bd905fc06e9",
            ]
            .concat(),
            "repeat" => {
                let (text, times) = size.split_once(',').unwrap();
                text.repeat(times.parse().unwrap())
            }
            "upper" => self.of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", count()),
            other => panic!("there is no placeholder {other}"),
        }
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    fn of(&mut self, alphabet: &[u8], count: usize) -> String {
        let bytes = self.bytes(count * 2);
        let pick =
            |pair: &[u8]| alphabet[usize::from(u16::from_le_bytes([pair[0], pair[1]])) % alphabet.len()];
        bytes.chunks(2).map(|pair| char::from(pick(pair))).collect()
    }

    /// A key of Supabase, as to its form; nobody signed it.
    fn token(&mut self, role: &str) -> String {
        let payload = format!(
            r#"{{"iss":"supabase","ref":"qwkzvtrmnplc","role":"{role}","iat":1760000000,"exp":2075000000}}"#
        );
        let parts = [
            br#"{"alg":"HS256","typ":"JWT"}"#.to_vec(),
            payload.into_bytes(),
            self.bytes(32),
        ];
        parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
    }
}
