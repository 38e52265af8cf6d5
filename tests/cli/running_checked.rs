//! `run`: what forbids it is what `check` finds in the same values, by the same rules.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::sandbox::Sandbox;
use crate::sandbox::program;

const POLICY: &str = r#"
schema = 1
name = "shop"

[environments.production]
[environments.staging]

[secrets.SESSION_KEY]
kind = "hex"
bytes = 32
required = true

[secrets.CSRF_KEY]
kind = "hex"
bytes = 32
distinct_from = ["SESSION_KEY"]

[secrets.STRIPE_KEY]
kind = "issued"
issuer = "Stripe"

[secrets.DB_PASSWORD]
kind = "postgres-password"

[variables.PORT]
type = "int"

[variables.MAILER]
type = "enum"
values = ["smtp", "none"]

[[waivers]]
rule = "common-words"
name = "DB_PASSWORD"
until = "2999-12-31"
reason = "until the old server is gone"
"#;

/// A project with every value minted that can be.
fn shop() -> Sandbox {
    Sandbox::of_policy(POLICY)
}

fn import(sandbox: &Sandbox, (name, environment): (&str, &str), value: &[u8]) {
    sandbox
        .command(["import", name, "-e", environment, "--force", "--verbatim"])
        .stdin(value)
        .run()
        .succeeds();
}

/// Rules that forbid, and the names that break them.
fn errors(document: &Value) -> BTreeSet<(String, String)> {
    let findings = document["findings"].as_array().unwrap();
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap().to_owned();
    findings
        .iter()
        .filter(|finding| finding["severity"] == "error")
        .map(|finding| (text(finding, "rule"), text(finding, "name")))
        .collect()
}

/// What the two commands say of the same values, with these variables around them.
#[track_caller]
fn agreed(sandbox: &Sandbox, variables: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    let command = |args: &[&str]| {
        let run = sandbox.command(args.iter().copied());
        variables
            .iter()
            .fold(run, |run, (name, value)| run.env(name, value))
            .run()
    };
    let rehearsal = command(&["run", "-e", "production", "--dry-run", "--json"]);
    let check = [program(), "check", "--process", "-e", "production", "--json"];
    let check = command(&[&["run", "-e", "production", "--no-check", "--"], &check[..]].concat());

    let found = errors(&rehearsal.json());
    assert_eq!(found, errors(&check.json()), "{rehearsal}\n{check}");
    let code = if found.is_empty() { 0 } else { 3 };
    assert_eq!(rehearsal.code, code, "{rehearsal}");
    assert_eq!(command(&["run", "-e", "production", "--", "true"]).code, code);
    found
}

#[test]
fn what_forbids_a_run_is_what_check_finds() {
    let hex = || {
        Sandbox::new()
            .run(["generate", "hex", "--bytes", "32"])
            .succeeds()
            .stdout
    };
    let found = |rule: &str, name: &str| (rule.to_owned(), name.to_owned());
    let sandbox = shop();

    assert_eq!(
        agreed(&sandbox, &[("PORT", "443"), ("MAILER", "smtp")]),
        BTreeSet::new()
    );

    let faults = [("PORT", "http"), ("MAILER", "pigeon"), ("UNKNOWN", "x")];
    let variables = agreed(&sandbox, &faults);
    assert_eq!(
        variables,
        [found("not-in-values", "MAILER"), found("wrong-type", "PORT")].into()
    );

    let shared = hex();
    let shared = shared.trim_ascii_end();
    for name in ["SESSION_KEY", "CSRF_KEY"] {
        import(&sandbox, (name, "production"), shared);
    }
    let live = [b"sk".as_slice(), b"test", b"4eC39HqLyjWDarjtT1zdp7dc"].join(&b'_');
    import(&sandbox, ("STRIPE_KEY", "production"), &live);
    import(&sandbox, ("DB_PASSWORD", "production"), b"postgres");
    let values = agreed(&sandbox, &[]);
    for expected in [
        found("same-value", "CSRF_KEY"),
        found("test-mode-key", "STRIPE_KEY"),
        found("known-word", "DB_PASSWORD"),
    ] {
        assert!(values.contains(&expected), "{expected:?} is not in {values:?}");
    }
}

#[test]
fn a_value_of_another_environment_is_a_warning_or_an_error_as_check_has_it() {
    let sandbox = shop();
    let policy = POLICY.replace(
        "required = true",
        "required = true\ndistinct_across_environments = true",
    );
    import(
        &sandbox,
        ("SESSION_KEY", "staging"),
        &sandbox.reveal("SESSION_KEY", "production"),
    );

    let warned = sandbox.run(["run", "-e", "production", "--", "true"]).succeeds();
    sandbox.write("mintage.toml", policy);
    let found = agreed(&sandbox, &[]);

    assert!(warned.stderr.contains("[reused-across-environments]"), "{warned}");
    assert_eq!(
        found,
        [("reused-across-environments".to_owned(), "SESSION_KEY".to_owned())].into()
    );
}

#[test]
fn what_is_waived_forbids_no_run() {
    let sandbox = shop();
    import(&sandbox, ("SESSION_KEY", "production"), b"change-me");
    let found = agreed(&sandbox, &[]);
    let waivers: String = found
        .iter()
        .map(|(rule, _)| {
            format!("[[waivers]]\nrule = \"{rule}\"\nname = \"SESSION_KEY\"\nuntil = \"2999-12-31\"\nreason = \"x\"\n")
        })
        .collect();
    sandbox.write("mintage.toml", format!("{POLICY}{waivers}"));

    assert!(!found.is_empty());
    assert_eq!(agreed(&sandbox, &[]), BTreeSet::new());
}

#[test]
fn an_environment_that_cannot_be_believed_is_told_and_compared_with_nothing() {
    let sandbox = shop();
    import(
        &sandbox,
        ("SESSION_KEY", "staging"),
        &sandbox.reveal("SESSION_KEY", "production"),
    );
    let ledger = sandbox.read(".mintage/staging/ledger.jsonl");
    sandbox.write(
        ".mintage/staging/ledger.jsonl",
        ledger.replace("\"revision\":1", "\"revision\":7"),
    );

    let output = sandbox.run(["run", "-e", "production", "--", "true"]).succeeds();

    assert_eq!(
        output.stderr,
        "warning: the ledger of staging cannot be believed, so nothing is compared with it\n\
         hint: see what is wrong: mintage verify\n"
    );
}
