//! `restore`: a whole environment back to what was current at a time; and compromised values, which never come back.

use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::sandbox::Sandbox;

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "mintage.toml",
        "schema = 1\nname = \"x\"\n[environments.production]\n[environments.staging]\n\
         [secrets.A_KEY]\nkind = \"hex\"\nsinks = [\"web\"]\n\
         [secrets.A_URL]\ntemplate = \"redis://:{A_KEY}@cache:6379\"\nsinks = [\"web\"]\n\
         [secrets.B_KEY]\nkind = \"hex\"\nsinks = [\"web\"]\n\
         [secrets.C_KEY]\nkind = \"hex\"\n\
         [secrets.N8N_ENCRYPTION_KEY]\nkind = \"hex\"\n\
         [sinks.web]\ntype = \"env-file\"\npath = \".env.{environment}\"\n",
    );
    sandbox.run(["init"]).succeeds();
    sandbox
        .run([
            "create",
            "A_KEY",
            "A_URL",
            "B_KEY",
            "N8N_ENCRYPTION_KEY",
            "-e",
            "production",
        ])
        .succeeds();
    sandbox.run(["push", "-e", "production"]).succeeds();
    sandbox
}

/// Returns now, between what happened before and what happens after.
fn instant() -> String {
    sleep(Duration::from_millis(50));
    let now = chrono::Utc::now().to_rfc3339();
    sleep(Duration::from_millis(50));
    now
}

fn rotate(sandbox: &Sandbox, name: &str, reason: &str) {
    sandbox
        .run([
            "rotate",
            name,
            "-e",
            "production",
            "--reason",
            reason,
            "--i-have-reencrypted",
        ])
        .succeeds();
}

fn fates(document: &Value) -> Vec<(&str, &str)> {
    let secrets = document["secrets"].as_array().unwrap();
    secrets
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["fate"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_whole_environment_comes_back_and_its_sinks_follow() {
    let sandbox = project();
    let names = ["A_KEY", "A_URL", "B_KEY"];
    let then = names.map(|name| sandbox.reveal(name, "production"));
    let env = sandbox.read(".env.production");
    let at = instant();
    rotate(&sandbox, "A_KEY", "scheduled");
    rotate(&sandbox, "A_KEY", "scheduled");
    rotate(&sandbox, "B_KEY", "scheduled");
    rotate(&sandbox, "N8N_ENCRYPTION_KEY", "scheduled");
    sandbox.run(["create", "C_KEY", "-e", "production"]).succeeds();
    let before = sandbox.tree();
    let expected = [
        ("A_KEY", "restored"),
        ("B_KEY", "restored"),
        ("C_KEY", "absent"),
        ("N8N_ENCRYPTION_KEY", "hazard"),
    ];

    let args = ["restore", "-e", "production", "--at", &at];
    let looked = sandbox
        .run(args.iter().chain(&["--dry-run", "--json"]))
        .exits(3)
        .json();
    assert!(sandbox.tree() == before, "something was changed");
    let document = sandbox.run(args.iter().chain(&["--json"])).exits(3).json();

    assert_eq!(fates(&looked), expected);
    assert_eq!(fates(&document), expected);
    assert_eq!(document["derived"][0]["name"], "A_URL");
    let now = names.map(|name| sandbox.reveal(name, "production"));
    assert!(now == then, "other values came back");
    assert!(
        sandbox.read(".env.production") == env,
        "the sink holds something else"
    );
    let again = sandbox.run(args.iter().chain(&["--json"])).exits(3).json();
    assert_eq!(fates(&again)[0], ("A_KEY", "unchanged"));
    sandbox
        .run(["restore", "N8N_ENCRYPTION_KEY", "-e", "production", "--at", &at])
        .succeeds();
    sandbox.run(["verify", "--deep"]).succeeds();
}

#[test]
fn the_age_is_that_of_the_value_and_the_audit_log_tells_it() {
    let sandbox = project();
    let at = instant();
    rotate(&sandbox, "B_KEY", "scheduled");

    sandbox
        .run(["restore", "B_KEY", "-e", "production", "--at", &at])
        .succeeds();

    let history = sandbox.json(["history", "B_KEY"]);
    let versions = history["versions"].as_array().unwrap();
    assert_eq!(versions[2]["changed_at"], versions[0]["changed_at"]);
    assert_eq!(versions[2]["fingerprint"], versions[0]["fingerprint"]);
    let events = history["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["action"] == "restore"));
}

#[test]
fn a_compromised_value_is_listed_and_stays_away_and_the_rest_comes_back() {
    let sandbox = project();
    let at = instant();
    rotate(&sandbox, "A_KEY", "compromise");
    rotate(&sandbox, "B_KEY", "scheduled");

    let document = sandbox
        .run(["restore", "-e", "production", "--at", &at, "--json"])
        .exits(3)
        .json();

    assert_eq!(fates(&document)[0], ("A_KEY", "compromised"));
    assert_eq!(fates(&document)[1], ("B_KEY", "restored"));
}

#[test]
fn an_open_rotation_and_the_future_are_refused() {
    let sandbox = project();
    let at = instant();
    sandbox.write(".env.production.mintage-new/stone", "");
    sandbox.rotate("B_KEY", &[]).exits(5);
    std::fs::remove_dir_all(sandbox.project().join(".env.production.mintage-new")).unwrap();

    let future = sandbox
        .command(["restore", "-e", "production", "--at", "+1d"])
        .refused();
    assert_eq!(future.code, 2, "{future}");
    sandbox.rotate("B_KEY", &[]).succeeds();
    sandbox.write(".env.production.mintage-new/stone", "");
    sandbox.rotate("B_KEY", &[]).exits(5);
    let open = sandbox
        .command(["restore", "-e", "production", "--at", &at])
        .refused();
    assert!(
        open.stderr.contains("a rotation of `B_KEY` is under way"),
        "{open}"
    );
    let rollback = sandbox
        .command(["rollback", "B_KEY", "-e", "production"])
        .refused();
    assert!(
        rollback.stderr.contains("a rotation of `B_KEY` is under way"),
        "{rollback}"
    );
}

#[test]
fn a_compromised_value_is_refused_everywhere_and_named_where_it_is_used() {
    let sandbox = project();
    let value = sandbox.reveal("B_KEY", "production");
    let import = |name: &str, environment: &str| {
        sandbox
            .command(["import", name, "-e", environment])
            .stdin(value.clone())
    };
    import("B_KEY", "staging").run().succeeds();
    let args = ["rotate", "B_KEY", "-e", "production", "--reason", "compromise"];

    let output = sandbox.run(args).succeeds();

    assert!(
        output
            .stderr
            .contains("a compromised value is also used in staging as B_KEY")
            && output
                .stderr
                .contains("mintage rotate B_KEY -e staging --reason compromise"),
        "{output}"
    );
    for (name, environment) in [
        ("B_KEY", "production"),
        ("C_KEY", "production"),
        ("C_KEY", "staging"),
    ] {
        let refused = import(name, environment).refused();
        assert!(refused.stderr.contains("is marked as compromised"), "{refused}");
    }
    let status = sandbox.json(["status", "-e", "staging"]);
    let row = status["secrets"].as_array().unwrap();
    let row = row.iter().find(|row| row["name"] == "B_KEY").unwrap();
    assert_eq!(row["state"], "compromised");
    let due = sandbox
        .run(["rotate", "--due", "-e", "staging", "--json"])
        .exits(3)
        .json();
    assert_eq!(due["waiting"][0]["why"], "compromised");
    let remind = sandbox.run(["remind", "-e", "staging", "--json"]).exits(3).json();
    assert_eq!(remind["findings"][0]["rule"], "compromised");
    sandbox
        .run(["rotate", "B_KEY", "-e", "staging", "--reason", "compromise"])
        .succeeds();
    let rollback = sandbox.command(["rollback", "B_KEY", "-e", "staging"]).refused();
    assert!(rollback.stderr.contains("it is never brought back"), "{rollback}");
    assert_eq!(
        sandbox.json(["status", "-e", "staging"])["secrets"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["state"] == "compromised")
            .count(),
        0
    );
}

#[test]
fn a_value_that_the_policy_does_not_keep_is_destroyed_when_nobody_needs_it_and_named_as_such() {
    let sandbox = project();
    let at = instant();
    let versions = || {
        let history = sandbox.json(["history", "B_KEY", "-e", "production"]);
        history["versions"].as_array().unwrap().clone()
    };
    for _ in 0..3 {
        rotate(&sandbox, "B_KEY", "scheduled");
    }
    let file = |place: usize| {
        let id = versions()[place]["version"].as_str().unwrap().to_owned();
        let path = format!(".mintage/production/values/B_KEY/{id}.age");
        sandbox.project().join(path)
    };
    assert!(file(0).exists(), "a rotation destroys nothing");

    let retired = sandbox.json(["retire", "--expired", "-e", "production"]);

    assert_eq!(retired["destroyed"].as_array().unwrap().len(), 2);
    let there = [0, 1, 2, 3].map(|place| file(place).exists());
    assert_eq!(there, [false, false, true, true]);
    assert_eq!(versions()[0]["destroyed"], true);
    let verify = sandbox.json(["verify", "--deep"]);
    assert_eq!(verify["leftovers"], Value::Array(vec![]));
    let document = sandbox
        .run(["restore", "B_KEY", "-e", "production", "--at", &at, "--json"])
        .exits(3)
        .json();
    assert_eq!(fates(&document), [("B_KEY", "destroyed")]);
    let id = versions()[0]["version"].as_str().unwrap().to_owned();
    let reveal = sandbox
        .command(["reveal", "B_KEY", "-e", "production", "--version", &id])
        .refused();
    assert!(reveal.stderr.contains("the value was destroyed"), "{reveal}");
    sandbox.run(["rollback", "B_KEY", "-e", "production"]).succeeds();
    std::fs::write(file(0), "what a crash left").unwrap();
    let left = sandbox.json(["verify"]);
    assert_eq!(left["leftovers"].as_array().unwrap().len(), 1);
}
