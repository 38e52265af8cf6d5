//! What every kind makes unless it is told otherwise: it needs no quotes in any dialect of env files.

use mintage::policy::kinds::KINDS;

use crate::changed;
use crate::minted::defaults_of;
use crate::minted::is_drawn;
use crate::oracle;
use crate::parsers;
use crate::parsers::Parser;

#[test]
fn default_values_survive_unquoted_in_every_dialect() {
    let mut values = Vec::new();
    for kind in generated(OF_SEVERAL_LINES) {
        values.extend(defaults_of(kind, COUNT));
    }
    assert!(values.len() > 30 * COUNT);
    let dialects: [(_, Parser); 8] = [
        ("dotenv of node", parsers::dotenv_of_node),
        ("node --env-file", parsers::env_file_of_node),
        ("python-dotenv", parsers::dotenv_of_python),
        ("bash", parsers::bash),
        ("dash", parsers::dash),
        ("systemd", parsers::systemd),
        ("the oracle of docker", oracle::docker),
        ("the oracle of compose", oracle::compose),
    ];
    for (name, parser) in dialects {
        let changes = changed(parser, &values);
        assert!(changes.is_empty(), "{name} changes {} values", changes.len());
    }
}

#[test]
fn default_values_are_no_numbers_to_yaml_but_for_pins() {
    let kinds: Vec<_> = generated(OF_SEVERAL_LINES)
        .filter(|kind| kind.name != "pin")
        .collect();
    let mut values: Vec<String> = kinds.iter().flat_map(|kind| defaults_of(kind, COUNT)).collect();

    assert!(changed(parsers::yaml, &values).is_empty());
    let place = values.len();
    values.push("6532e12".replace('e', "_"));
    assert_eq!(changed(parsers::yaml, &values), [place]);
}

#[test]
fn default_values_start_and_end_with_a_letter_or_digit() {
    let is_plain = |edge: Option<char>| edge.is_some_and(|edge| edge.is_ascii_alphanumeric());
    let mut failing = Vec::new();
    for kind in generated(OF_SEVERAL_LINES) {
        let values = defaults_of(kind, 500);
        let fits = |value: &String| is_plain(value.chars().next()) && is_plain(value.chars().last());
        if !values.iter().all(fits) {
            failing.push(kind.name);
        }
    }

    failing.sort_unstable();
    assert_eq!(failing, ENCODED_KEYS);
}

fn generated(but: &[&str]) -> impl Iterator<Item = &'static mintage::policy::Kind> {
    let but: Vec<String> = but.iter().map(|name| (*name).to_owned()).collect();
    KINDS
        .iter()
        .copied()
        .filter(move |kind| is_drawn(kind) && !but.iter().any(|name| name == kind.name))
}

/// Values of each kind.
const COUNT: usize = 100;

/// Files, not values of one line: no dialect holds them unquoted. RSA keys are among them.
const OF_SEVERAL_LINES: &[&str] = &[
    "jwt-eddsa",
    "jwt-es256",
    "jwt-rs256",
    "wordpress-salts",
    "ssh-ed25519",
];

/// Formats that are not ours to choose: base64 of so many bytes, with the padding of RFC 4648 §4, or a whole keyfile.
const ENCODED_KEYS: &[&str] = &[
    "aes-256",
    "base64",
    "fernet",
    "laravel",
    "mongodb-keyfile",
    "webhook",
    "webhook-ed25519",
    "wireguard",
    "wireguard-psk",
];
