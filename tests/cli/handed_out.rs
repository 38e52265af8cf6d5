//! Keys that are handed out: what to store of them, and how to find those that leaked.

use regex_lite::Regex;
use ring::digest;

use crate::sandbox::Sandbox;

/// Returns the line below the one that starts with `label`.
fn below<'a>(said: &'a str, label: &str) -> &'a str {
    let mut lines = said
        .lines()
        .skip_while(|line| !line.trim_start().starts_with(label));
    lines
        .nth(1)
        .unwrap_or_else(|| panic!("no `{label}` in {said}"))
        .trim()
}

#[test]
fn explain_shows_what_to_store_of_a_key_and_what_to_scan_for() {
    let sandbox = Sandbox::new();

    let output = sandbox
        .run(["generate", "api-key", "--prefix", "acme_live_", "--explain"])
        .succeeds();

    let (key, said) = (output.text().trim_end(), output.said());
    let hash = digest::digest(&digest::SHA256, key.as_bytes());
    assert_eq!(below(&said, "storage-hash:"), hex::encode(hash));
    assert!(said.contains("lookup-prefix: the first 18 characters"), "{said}");
    assert!(
        !said.contains(&key["acme_live_".len()..][..8]),
        "the explanation shows the key"
    );
    let scanner = Regex::new(below(&said, "scanner-regex:")).unwrap();
    assert!(scanner.is_match(&format!("key = '{key}'")));
    assert!(!scanner.is_match(&key[..key.len() - 1]));
}

#[test]
fn the_policy_shows_what_to_scan_for_where_a_kind_has_a_prefix() {
    let sandbox = Sandbox::new();
    sandbox.write("policy.toml", include_str!("../policies/valid/own-kinds.toml"));
    sandbox.run(["init", "--policy", "policy.toml"]).succeeds();
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();

    let shown = sandbox.json(["policy", "show", "-e", "production"]);

    for secret in shown["environments"][0]["secrets"].as_array().unwrap() {
        let name = secret["name"].as_str().unwrap();
        let value = String::from_utf8(sandbox.reveal(name, "production")).unwrap();
        match secret["scanner_regex"].as_str() {
            Some(regex) => assert!(Regex::new(regex).unwrap().is_match(&value), "{name}"),
            None => assert!(name.contains("PASSWORD"), "{name}"),
        }
    }
    let one = sandbox.run(["policy", "show", "ACME_TOKEN"]);
    assert!(
        one.text()
            .contains(r"scanner        \bacme_live_[0-9A-Za-z]{32}\b"),
        "{}",
        one.text()
    );
}

#[test]
fn what_is_as_secret_as_the_value_is_printed_only_where_it_is_asked_for() {
    let sandbox = Sandbox::new();

    for (kind, form) in [("totp", "otpauth"), ("jwt-es256", "private-jwk")] {
        let explained = sandbox.run(["generate", kind, "--explain"]).succeeds();
        let named = format!("to print it: --form {form}\n");
        assert!(explained.said().contains(&named), "{kind}");
        assert!(!explained.said().contains(explained.text().trim_end()), "{kind}");

        let both = sandbox
            .run(["generate", kind, "--form", &format!("value,{form}")])
            .succeeds();
        let only = sandbox.run(["generate", kind, "--form", form]).succeeds();
        assert_eq!(only.text().lines().count(), 1, "{kind}");
        assert!(both.text().lines().count() >= 2, "{kind}");
        assert_eq!(both.said(), "", "{kind}");
    }
    let totp = sandbox
        .run(["generate", "totp", "--form", "value,otpauth"])
        .succeeds();
    let lines: Vec<&str> = totp.text().lines().collect();
    assert!(
        lines[1].contains(&format!("secret={}&", lines[0])),
        "the address is of another secret"
    );
}

#[test]
fn a_form_that_a_kind_has_not_is_named_with_those_that_it_has() {
    let output = Sandbox::new().run(["generate", "totp", "--form", "qr"]).exits(2);

    assert_eq!(
        output.stderr,
        "error: kind `totp` has no form of this name
  hint: its forms are: value, otpauth
"
    );
}
