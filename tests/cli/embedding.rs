//! Values for consumers that read them unescaped: what changed is said, what cannot be is refused.

use crate::sandbox::Output;
use crate::sandbox::Sandbox;

const POLICY: &str = "schema = 1
name = 'embedding'
[kinds.token]
charset = 'printable'
length = 40
[secrets.CHANGED]
kind = 'token'
embed = ['url', 'yaml']
[secrets.ENCODED]
kind = 'aes-256'
embed = ['url']
[secrets.FREE]
kind = 'hex'
[secrets.ISSUED]
kind = 'issued'
embed = ['url']
[secrets.KEPT]
kind = 'password'
embed = ['url', 'dotenv', 'shell', 'compose', 'yaml', 'pgpass', 'systemd', 'php', 'json']
";

#[test]
fn a_policy_says_what_its_consumers_change() {
    let sandbox = Sandbox::lumiku();
    sandbox.write("mintage.toml", POLICY);
    let line = |secret: &str| {
        let shown = sandbox.run(["policy", "show", secret]).succeeds();
        let embed = shown
            .text()
            .lines()
            .find_map(|line| line.strip_prefix("  embed "));
        embed.map(|text| text.trim().to_owned())
    };

    assert_eq!(
        line("CHANGED").as_deref(),
        Some("url, yaml: 65 of 94 characters are left, 44 instead of 40 characters keep 262 bits")
    );
    assert_eq!(
        line("ENCODED").as_deref(),
        Some("url: base64url instead of base64, whose punctuation does not survive there")
    );
    assert_eq!(line("FREE").as_deref(), Some("-"));
    assert_eq!(
        line("KEPT").as_deref(),
        Some("url, dotenv, shell, compose, yaml, pgpass, systemd, php, json: nothing had to change")
    );
    assert_eq!(
        line("ISSUED").as_deref(),
        Some("url: not fitted, since nothing is drawn here")
    );
    let document = sandbox.json(["policy", "show"]);
    let secret = &document["environments"][0]["secrets"][0];
    assert_eq!(secret["embed"], serde_json::json!(["url", "yaml"]));
    assert!(
        secret["embed_change"]
            .as_str()
            .unwrap()
            .contains("44 instead of 40")
    );
}

#[test]
fn what_is_created_is_as_long_as_its_consumers_need_it() {
    let sandbox = Sandbox::lumiku();
    sandbox.write("mintage.toml", POLICY);
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();

    let lengths = ["CHANGED", "ENCODED", "FREE", "KEPT"].map(|name| sandbox.reveal(name, "production").len());

    assert_eq!(lengths, [44, 43, 64, 32]);
}

#[test]
fn generate_takes_consumers_in_one_list_or_several_and_says_what_changed() {
    let sandbox = Sandbox::new();
    let printable = ["generate", "password", "--charset", "printable", "--count", "50"];
    let generate =
        |more: &[&str]| -> Output { sandbox.run(printable.iter().chain(more).copied()).succeeds() };

    for more in [
        ["--embed", "url,php"].as_slice(),
        &["--embed", "url", "--embed", "php"],
        &["--embed", "url,php", "--explain"],
    ] {
        let output = generate(more);

        assert!(output.text().lines().all(|value| {
            value.len() == 35
                && value
                    .chars()
                    .all(|one| one.is_ascii_alphanumeric() || "-._".contains(one))
        }));
        let change = "url, php: 65 of 94 characters are left, 35 instead of 32 characters keep 208 bits";
        assert!(output.said().contains(change), "{}", output.said());
    }
    assert_eq!(generate(&["--embed", "docker"]).said(), "");
}

#[test]
fn a_form_that_is_not_ours_to_choose_is_refused() {
    let sandbox = Sandbox::new();

    for (arguments, reason) in [
        (["webhook", "php"], "can hold `=`, which does not survive there"),
        (["pin", "yaml"], "read as a number there"),
    ] {
        let [kind, consumer] = arguments;
        let output = sandbox.run(["generate", kind, "--embed", consumer]);

        assert_eq!(output.code, 2);
        assert!(output.said().contains(reason), "{}", output.said());
        assert_eq!(output.text(), "");
    }
}
