//! The layers of the source, checked: who may name whom, who may look into a value, how long a file may be.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops at the first surprise"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// A module, and the modules that it may name. Arrows point down only.
const ARROWS: &[(&str, &[&str])] = &[
    ("secret", &[]),
    ("policy", &["secret"]),
    ("dotenv", &["policy", "secret"]),
    ("generator", &["policy", "secret"]),
    ("ledger", &["secret"]),
    ("scoring", &["policy", "secret"]),
    (
        "contract",
        &["dotenv", "generator", "policy", "scoring", "secret"],
    ),
    ("rotation", &["ledger", "policy", "secret"]),
    ("ports", &["contract", "ledger", "policy", "rotation", "secret"]),
    (
        "app",
        &[
            "contract",
            "dotenv",
            "generator",
            "ledger",
            "policy",
            "ports",
            "rotation",
            "scoring",
            "secret",
        ],
    ),
    (
        "adapters",
        &["contract", "dotenv", "ledger", "policy", "ports", "secret"],
    ),
    (
        "cli",
        &[
            "adapters",
            "app",
            "contract",
            "dotenv",
            "generator",
            "ledger",
            "policy",
            "ports",
            "rotation",
            "scoring",
            "secret",
        ],
    ),
];

/// What only the tests of a module may name beside that.
const ARROWS_OF_TESTS: &[(&str, &[&str])] = &[("scoring", &["generator"])];

/// The files outside of `secret` that look at the bytes of a value, and why each has to.
const WHO_EXPOSES: &[(&str, &str)] = &[
    ("adapters/age_cipher.rs", "encrypts it"),
    ("adapters/age_identity.rs", "reads identities and passphrases"),
    ("adapters/child.rs", "puts it into the environment of the command"),
    ("adapters/osc52.rs", "spells it for the terminal"),
    (
        "adapters/clipboard.rs",
        "compares it with what the clipboard holds",
    ),
    ("adapters/foreign/docker.rs", "reads JSON with values"),
    ("adapters/foreign/kubernetes.rs", "decodes base64"),
    ("adapters/foreign/password_tree.rs", "takes the first line"),
    ("adapters/foreign/sops.rs", "reads JSON with values"),
    ("adapters/keychain.rs", "gives it to the keychain"),
    (
        "adapters/keychain_identity.rs",
        "compares what is kept with what was given",
    ),
    ("adapters/keychain_values.rs", "ties a record to it"),
    ("adapters/job.rs", "writes it to the standard input of a program"),
    (
        "adapters/notifiers/variables.rs",
        "reads URLs and keys of notifiers",
    ),
    ("adapters/sinks/command.rs", "compares fingerprints of it"),
    ("adapters/sinks/directory.rs", "writes it into a file of its own"),
    ("adapters/sinks/env_edit.rs", "edits lines of the env file"),
    ("adapters/sinks/env_file.rs", "writes it into the env file"),
    ("adapters/sinks/file.rs", "writes it into the file"),
    (
        "adapters/sinks/keychain.rs",
        "compares it with what the keychain holds",
    ),
    ("adapters/sinks/manifest.rs", "writes it into the manifest"),
    ("adapters/sinks/ran.rs", "keeps it out of what a program said"),
    (
        "adapters/sinks/stdin_form.rs",
        "writes what a program reads around it",
    ),
    (
        "adapters/sinks/variables.rs",
        "writes and splits lists of former values",
    ),
    (
        "app/doctor/cores.rs",
        "reads files of the system, which are kept like values",
    ),
    ("app/doctor/history_values.rs", "looks for it in histories"),
    (
        "app/doctor/shells.rs",
        "reads settings of shells, which are kept like values",
    ),
    (
        "app/doctor/swap.rs",
        "reads files of the system, which are kept like values",
    ),
    ("app/doctor/traces.rs", "spells it as it may stand in a history"),
    ("cli/commands/generate.rs", "prints new values"),
    ("cli/commands/render.rs", "writes the file that was asked for"),
    ("cli/commands/score/lines.rs", "splits lines"),
    ("cli/input.rs", "strips the newline"),
    ("cli/ui.rs", "prints what `reveal` asked for"),
    (
        "contract/certificate/key.rs",
        "compares a private key with its certificate",
    ),
    (
        "contract/certificate/read.rs",
        "reads certificates out of a file that may hold their key",
    ),
    ("contract/values.rs", "compares it with what the policy demands"),
    ("dotenv/dialect/compose.rs", "resolves escapes"),
    (
        "dotenv/dialect/node_env_file.rs",
        "reads a file without its carriage returns",
    ),
    ("dotenv/dialect/python.rs", "looks for references"),
    ("dotenv/dialect/shell.rs", "looks for keywords"),
    ("dotenv/dialect/shell_word.rs", "looks for the name in a word"),
    ("dotenv/dialect/systemd.rs", "refuses binary"),
    ("dotenv/differences.rs", "says in which way two readings differ"),
    ("dotenv/edit.rs", "copies the rest of an env file"),
    ("dotenv/edit_place.rs", "writes the value into its line"),
    ("dotenv/edit_terms.rs", "reads the edited file again"),
    ("dotenv/file.rs", "looks for a byte order mark"),
    ("dotenv/json.rs", "finds the secrets among the members of JSON"),
    ("dotenv/look.rs", "looks for placeholders"),
    ("dotenv/spelling.rs", "puts values into quotes"),
    ("dotenv/write.rs", "reads back what it wrote"),
    ("dotenv/write_json.rs", "puts values into JSON and base64"),
    ("generator/derive.rs", "fills templates, signs tokens"),
    ("generator/mod.rs", "checks what was drawn"),
    ("ledger/keys.rs", "reads the store's own keys"),
    (
        "policy/kinds/verifiers.rs",
        "computes what servers keep in its place",
    ),
    ("policy/belonging.rs", "asks whether the form fits"),
    ("policy/kinds/age_identity.rs", "computes the recipient"),
    ("policy/kinds/issuers.rs", "tells whose format it has"),
    ("policy/kinds/jwt_eddsa.rs", "computes the public key"),
    ("policy/kinds/jwt_es256.rs", "computes the public key"),
    ("policy/kinds/jwt_rs256.rs", "computes the public key"),
    ("policy/kinds/ssh_ed25519.rs", "computes the public key"),
    ("policy/kinds/totp.rs", "writes the address for the app"),
    ("policy/kinds/webhook_ed25519.rs", "computes the public key"),
    ("policy/kinds/wireguard.rs", "computes the public key"),
    ("scoring/mod.rs", "judges it"),
];

/// Most lines of a file.
const MAX_LINES: usize = 500;

/// Most lines of a file before its tests.
const MAX_LINES_OF_CODE: usize = 400;

#[test]
fn arrows_point_down_only() {
    let mut wrong = Vec::new();
    for file in sources() {
        let Some(allowed) = allowed(&file.module, ARROWS) else {
            if !["lib.rs", "main.rs"].contains(&file.path.as_str()) {
                wrong.push(format!("src/{}: of no layer in the table", file.path));
            }
            continue;
        };
        for (number, line) in file.code() {
            let in_tests = file.is_test_line(number);
            let for_tests = self::allowed(&file.module, ARROWS_OF_TESTS).unwrap_or_default();
            for named in named_modules(line) {
                let fits = named == file.module
                    || allowed.contains(&named.as_str())
                    || in_tests && for_tests.contains(&named.as_str());
                if !fits {
                    wrong.push(format!("src/{}:{number}: {} -> {named}", file.path, file.module));
                }
            }
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_of_arrows_has_no_cycle() {
    for (index, (module, below)) in ARROWS.iter().enumerate() {
        for named in *below {
            let place = ARROWS.iter().position(|(other, _)| other == named);
            assert!(
                place.is_some_and(|place| place < index),
                "{module} -> {named} points up"
            );
        }
    }
}

#[test]
fn app_and_adapters_do_not_name_each_other() {
    assert!(!allowed("app", ARROWS).unwrap().contains(&"adapters"));
    assert!(!allowed("adapters", ARROWS).unwrap().contains(&"app"));
}

#[test]
fn a_path_of_the_crate_is_imported_on_a_line_of_its_own() {
    let mut wrong = Vec::new();
    for file in sources() {
        for (number, line) in file.code() {
            if line.contains("crate::{") {
                wrong.push(format!("src/{}:{number}: a group hides what is named", file.path));
            }
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_listed_files_look_into_a_value() {
    let mut found = BTreeSet::new();
    for file in sources() {
        let looks = file
            .code()
            .any(|(number, line)| line.contains("expose(") && !file.is_test_line(number));
        if looks && file.module != "secret" {
            found.insert(file.path.clone());
        }
    }
    let listed: BTreeSet<String> = WHO_EXPOSES.iter().map(|(path, _)| (*path).to_owned()).collect();

    let unlisted: Vec<_> = found.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&found).collect();
    assert!(unlisted.is_empty(), "not in the table: {unlisted:?}");
    assert!(stale.is_empty(), "in the table for nothing: {stale:?}");
}

#[test]
fn every_file_says_first_what_it_is() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| format!("src/{}", file.path))
        .collect();

    assert!(silent.is_empty(), "no `//!` at the start: {silent:?}");
}

#[test]
fn no_file_is_too_long() {
    let mut wrong = Vec::new();
    for file in sources() {
        let lines = file.text.lines().count();
        let code = file.first_test_line().map_or(lines, |first| first - 1);
        if lines > MAX_LINES {
            wrong.push(format!("src/{}: {lines} lines, {MAX_LINES} at most", file.path));
        }
        if code > MAX_LINES_OF_CODE {
            wrong.push(format!(
                "src/{}: {code} lines without tests, {MAX_LINES_OF_CODE} at most",
                file.path
            ));
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_printer_prints_and_only_the_clock_reads_the_time() {
    let owners: &[(&str, &[&str])] = &[
        ("println!", &[]),
        ("print!(", &[]),
        (concat!("dbg", "!("), &[]),
        ("io::stdout()", &["cli/ui.rs"]),
        ("stdio::stdout()", &["cli/ui.rs"]),
        ("SystemTime::now", &["adapters/clock.rs"]),
        ("Utc::now", &["adapters/clock.rs"]),
        ("Local::now", &[]),
        ("env::var", &["cli/config.rs"]),
    ];
    let mut wrong = Vec::new();
    for file in sources() {
        for (number, line) in file.code() {
            for (word, files) in owners {
                if line.contains(word) && !files.contains(&file.path.as_str()) && !file.is_test_line(number) {
                    wrong.push(format!("src/{}:{number}: {word}", file.path));
                }
            }
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

struct Source {
    path: String,
    module: String,
    text: String,
}

impl Source {
    /// Lines with their numbers, comments left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..)
            .zip(self.text.lines())
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The line on which the tests of a file begin, where it has any.
    fn first_test_line(&self) -> Option<usize> {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        if name == "tests.rs" || self.path.contains("_tests") || self.path.contains("/tests/") {
            return Some(1);
        }
        self.text
            .lines()
            .position(|line| line.trim() == "#[cfg(test)]")
            .map(|place| place + 1)
    }

    fn is_test_line(&self, number: usize) -> bool {
        self.first_test_line().is_some_and(|first| number >= first)
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                let module = path.split('/').next().unwrap_or_default().to_owned();
                found.push(Source { path, module, text });
            }
        }
    }
    assert!(found.len() > 50, "the sources were found");
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn allowed<'a>(module: &str, table: &[(&'a str, &'a [&'a str])]) -> Option<&'a [&'a str]> {
    table
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, below)| *below)
}

/// Lists the modules that a line names by `crate::`.
fn named_modules(line: &str) -> Vec<String> {
    line.match_indices("crate::")
        .filter(|(place, _)| {
            let before = line[..*place].chars().next_back();
            !before.is_some_and(|before| before.is_alphanumeric() || before == '_')
        })
        .map(|(place, prefix)| {
            line[place + prefix.len()..]
                .chars()
                .take_while(|next| next.is_alphanumeric() || *next == '_')
                .collect()
        })
        .collect()
}
