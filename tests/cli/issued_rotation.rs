//! Secrets that somebody else makes: a new value on its way to the sinks, and the old one until it is revoked.

use serde_json::Value;

use crate::sandbox::Sandbox;

/// A project with a token of an issuer, brought in and put into its sink.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "mintage.toml",
        "schema = 1\nname = \"x\"\n[environments.production]\n\
         [secrets.ACME_TOKEN]\nkind = \"issued\"\nissuer = \"Acme\"\n\
         console_url = \"https://acme.example/tokens\"\npattern = \"^acme_[a-z0-9]{32}$\"\nsinks = [\"web\"]\n\
         [secrets.A_KEY]\nkind = \"hex\"\n\
         [sinks.web]\ntype = \"env-file\"\npath = \".env\"\n",
    );
    sandbox.run(["init"]).succeeds();
    sandbox.run(["create", "A_KEY", "-e", "production"]).succeeds();
    sandbox
        .command([
            "import",
            "ACME_TOKEN",
            "-e",
            "production",
            "--created",
            "2026-01-31",
        ])
        .stdin(token("first"))
        .run()
        .succeeds();
    sandbox.run(["push", "-e", "production"]).succeeds();
    sandbox
}

/// Makes up a token here, so that scanners stay quiet.
fn token(seed: &str) -> String {
    let rest: String = seed.bytes().cycle().take(26).map(char::from).collect();
    ["acme", "_", "k7q2z9", &rest].concat()
}

fn rotate(sandbox: &Sandbox, more: &[&str], value: &str) -> crate::sandbox::Output {
    let args = ["rotate", "ACME_TOKEN", "-e", "production"];
    sandbox
        .command(args.iter().chain(more))
        .stdin(value)
        .run()
        .succeeds()
}

fn state(sandbox: &Sandbox) -> String {
    let status = sandbox.json(["status", "-e", "production"]);
    let rows = status["secrets"].as_array().unwrap();
    let row = rows.iter().find(|row| row["name"] == "ACME_TOKEN").unwrap();
    row["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_new_value_walks_to_the_sinks_and_the_old_one_is_remembered_until_it_is_revoked() {
    let sandbox = project();
    assert_eq!(state(&sandbox), "ok");

    let output = rotate(&sandbox, &[], &token("second"));

    assert!(
        output
            .stderr
            .contains("revoke the old value of ACME_TOKEN at https://acme.example/tokens")
            && output.stderr.contains("mintage retire ACME_TOKEN -e production"),
        "{output}"
    );
    assert!(!output.whole().contains(&token("second")), "it shows the value");
    assert!(
        sandbox.read(".env").contains(&token("second")),
        "the sink was not told"
    );
    assert_eq!(state(&sandbox), "unrevoked");
    let remind = sandbox.json(["remind"]);
    let finding = &remind["findings"][0];
    assert_eq!(finding["rule"], "unrevoked");
    assert_eq!(
        finding["fix"],
        "revoke it at Acme, then: mintage retire ACME_TOKEN -e production"
    );

    let due = sandbox.json(["rotate", "--due", "-e", "production"]);
    assert_eq!(due["retired"], Value::Array(vec![]));
    assert_eq!(state(&sandbox), "unrevoked", "no timer can know that");
    let retired = sandbox.json(["retire", "ACME_TOKEN", "-e", "production"]);

    assert_eq!(retired["revoked"], serde_json::json!(["ACME_TOKEN"]));
    assert_eq!(state(&sandbox), "ok");
    let history = sandbox.json(["history", "ACME_TOKEN"]);
    assert!(history["versions"][0]["revoked_at"].is_string());
    assert_eq!(history["versions"][1]["revoked_at"], Value::Null);
    let events = history["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["action"] == "revoke"));
    sandbox.run(["verify", "--deep"]).succeeds();
}

#[test]
fn what_leaked_is_not_over_before_its_issuer_ends_it() {
    let sandbox = project();

    rotate(&sandbox, &["--reason", "compromise"], &token("second"));

    assert_eq!(state(&sandbox), "unrevoked");
    sandbox
        .run(["retire", "ACME_TOKEN", "-e", "production"])
        .succeeds();
    assert_eq!(state(&sandbox), "ok");
}

#[test]
fn old_values_and_values_of_another_shape_are_refused() {
    let sandbox = project();
    let args = ["rotate", "ACME_TOKEN", "-e", "production"];

    let same = sandbox.command(args).stdin(token("first")).refused();
    let shape = sandbox.command(args).stdin("something-else").refused();
    let leaked = {
        rotate(&sandbox, &["--reason", "compromise"], &token("second"));
        sandbox.command(args).stdin(token("first")).refused()
    };

    assert!(same.stderr.contains("is one that it has or had"), "{same}");
    assert!(shape.stderr.contains("is refused"), "{shape}");
    assert!(leaked.stderr.contains("is marked as compromised"), "{leaked}");
}

#[test]
fn a_file_holds_the_new_value_of_one_secret_that_others_make() {
    let sandbox = project();
    sandbox.write("new.txt", token("second") + "\n");

    let own = sandbox
        .command(["rotate", "A_KEY", "-e", "production", "--from-file", "new.txt"])
        .refused();
    rotate(&sandbox, &["--from-file", "new.txt"], "");

    assert!(own.stderr.contains("mintage makes it"), "{own}");
    assert_eq!(own.code, 2);
    assert!(
        sandbox.read(".env").contains(&token("second")),
        "the sink was not told"
    );
}
