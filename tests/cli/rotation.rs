//! Replacing values: the new one is current, the old one stays as long as the policy says, and no longer.

use serde_json::Value;

use crate::sandbox::Sandbox;

#[test]
fn rotate_makes_a_new_current_version_and_keeps_the_old_one_as_previous() {
    let sandbox = Sandbox::minted();
    let old = sandbox.reveal("JWT_SECRET", "production");

    let document = sandbox.json(["rotate", "JWT_SECRET", "-e", "production"]);

    assert_eq!(document["schema"], "mintage/rotate/1");
    let rotated = &document["secrets"][0];
    assert_eq!(rotated["environment"], "production");
    assert_eq!(rotated["name"], "JWT_SECRET");
    assert_eq!(rotated["kind"], "jwt-hs256");
    assert_eq!(rotated["bits"], 256);
    assert_eq!(rotated["stage"], "current");
    assert!(
        sandbox.reveal("JWT_SECRET", "production") != old,
        "the value is the old one"
    );
    let versions = versions(&sandbox, "JWT_SECRET");
    assert_eq!(stages(&versions), ["previous", "current"]);
    assert_eq!(versions[1]["version"], rotated["version"]);
    assert_eq!(versions[1]["fingerprint"], rotated["fingerprint"]);
    assert_ne!(versions[0]["fingerprint"], rotated["fingerprint"]);
}

#[test]
fn the_previous_version_can_still_be_revealed_by_its_id() {
    let sandbox = Sandbox::minted();
    let old = sandbox.reveal("JWT_SECRET", "production");
    sandbox.rotate("JWT_SECRET", &[]).succeeds();
    let versions = versions(&sandbox, "JWT_SECRET");
    let id = versions[0]["version"].as_str().unwrap();

    let output = sandbox
        .run(["reveal", "JWT_SECRET", "-e", "production", "--version", id])
        .succeeds();

    assert!(output.stdout == old, "the previous version is another value");
}

#[test]
fn what_rotate_prints_says_how_long_the_old_value_is_valid_and_who_is_affected() {
    let sandbox = Sandbox::minted();

    let output = sandbox.rotate("JWT_SECRET", &[]);

    let whole = output.whole();
    assert!(
        whole.starts_with(
            "NAME        KIND       BITS  FINGERPRINT   STAGE\n\
             JWT_SECRET  jwt-hs256   256  fp:····-····  current\n\
             ------- stderr -------\n\
             JWT_SECRET: the previous value stays valid until DATE TIME; "
        ),
        "{whole}"
    );
    assert!(whole.ends_with("[exit status: 0]\n"), "{whole}");
}

#[test]
fn an_overlap_is_shown_by_status_until_it_ends() {
    let sandbox = Sandbox::minted();
    sandbox.rotate("JWT_SECRET", &[]).succeeds();

    let state = |at: &str| {
        let document = sandbox.json(["status", "-e", "production", "--at", at]);
        let rows = document["secrets"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["name"] == "JWT_SECRET").unwrap();
        (row["state"].clone(), row["overlap_ends_at"].is_null())
    };

    assert_eq!(state("+1d"), (Value::from("overlap"), false));
    assert_eq!(state("+8d"), (Value::from("ok"), true));
}

#[test]
fn a_second_rotation_during_the_overlap_is_refused() {
    let sandbox = Sandbox::minted();
    sandbox.rotate("JWT_SECRET", &[]).succeeds();

    let output = sandbox
        .command(["rotate", "JWT_SECRET", "-e", "production"])
        .refused();

    assert_eq!(
        output.whole(),
        "------- stderr -------\n\
         error: `JWT_SECRET` is not rotated: the overlap of its last rotation runs until INSTANT, and another rotation would cut it short\n\
         \x20 state: the current and the previous value are unchanged\n\
         \x20 hint: see its versions: mintage history JWT_SECRET\n\
         \x20 hint: a leaked value is replaced at once: --reason compromise\n\
         [exit status: 1]\n"
    );
}

#[test]
fn a_compromised_value_is_retired_marked_and_replaced_even_during_an_overlap() {
    let sandbox = Sandbox::minted();
    sandbox.rotate("JWT_SECRET", &[]).succeeds();

    let document = sandbox.json([
        "rotate",
        "JWT_SECRET",
        "-e",
        "production",
        "--reason",
        "compromise",
    ]);

    assert_eq!(document["overlap_ends_at"][0], Value::Null);
    let versions = versions(&sandbox, "JWT_SECRET");
    assert_eq!(stages(&versions), ["previous", "retired", "current"]);
    let marks: Vec<_> = versions
        .iter()
        .map(|version| version["compromised"].clone())
        .collect();
    assert_eq!(marks, [false, true, false]);
    assert!(
        versions
            .iter()
            .all(|version| version["overlap_ends_at"].is_null()),
        "running overlaps end"
    );
}

#[test]
fn the_reason_of_a_rotation_stands_in_the_history() {
    let sandbox = Sandbox::minted();
    sandbox
        .rotate("JWT_SECRET", &["--reason", "departure"])
        .succeeds();

    let document = sandbox.json(["history", "JWT_SECRET", "-e", "production"]);

    let events: Vec<(Value, Value, Value)> = document["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            (
                event["action"].clone(),
                event["phase"].clone(),
                event["reason"].clone(),
            )
        })
        .collect();
    let event = |action: &str, phase: &str, reason: Value| (action.into(), phase.into(), reason);
    assert_eq!(
        events,
        [
            event("mint", "intent", Value::Null),
            event("mint", "done", Value::Null),
            event("rotate", "intent", "departure".into()),
            event("rotate", "done", "departure".into()),
        ]
    );
}

#[test]
fn an_issued_secret_is_not_rotated_here_and_the_error_says_where() {
    let sandbox = Sandbox::minted();

    let output = sandbox
        .command(["rotate", "DUITKU_API_KEY", "-e", "production"])
        .refused();

    assert_eq!(
        output.whole(),
        "------- stderr -------\n\
         error: `DUITKU_API_KEY` is made by Duitku: it cannot be generated\n\
         \x20 state: the current value is unchanged\n\
         \x20 hint: make a new one at https://dashboard.duitku.com\n\
         \x20 hint: bring it in: mintage rotate DUITKU_API_KEY -e production asks for it, or takes it from a pipe; then revoke the old one there\n\
         [exit status: 1]\n"
    );
}

#[test]
fn a_secret_without_a_value_is_not_rotated() {
    let sandbox = Sandbox::minted();

    let output = sandbox
        .command(["rotate", "JWT_SECRET", "-e", "development"])
        .refused();

    assert_eq!(output.code, 1);
    assert!(
        output.stderr.contains("mintage create JWT_SECRET -e development"),
        "{output}"
    );
}

#[test]
fn one_bad_name_among_several_changes_nothing() {
    let sandbox = Sandbox::minted();

    let output = sandbox
        .command(["rotate", "JWT_SECRET", "REDIS_PASSWRD", "-e", "production"])
        .refused();

    assert_eq!(output.code, 1);
    assert!(
        output.stderr.contains("did you mean `REDIS_PASSWORD`?"),
        "{output}"
    );
}

#[test]
fn several_secrets_are_rotated_at_once() {
    let sandbox = Sandbox::minted();

    let document = sandbox.json(["rotate", "JWT_SECRET", "REDIS_PASSWORD", "-e", "production"]);

    assert_eq!(document["secrets"].as_array().unwrap().len(), 2);
    sandbox.run(["verify", "--deep"]).succeeds();
}

#[test]
fn a_name_given_twice_is_rotated_once() {
    let sandbox = Sandbox::minted();

    let output = sandbox.run([
        "rotate",
        "REDIS_PASSWORD",
        "REDIS_PASSWORD",
        "-e",
        "production",
        "--json",
    ]);

    assert!(matches!(output.code, 0 | 2), "{output}");
    if output.code == 0 {
        assert_eq!(output.json()["secrets"].as_array().unwrap().len(), 1);
        assert_eq!(versions(&sandbox, "REDIS_PASSWORD").len(), 2);
    }
    assert_eq!(sandbox.json(["verify"])["leftovers"], Value::Array(vec![]));
}

#[test]
fn a_name_given_twice_is_minted_once() {
    let sandbox = Sandbox::lumiku();

    let output = sandbox.run(["create", "JWT_SECRET", "JWT_SECRET", "-e", "production", "--json"]);

    assert!(matches!(output.code, 0 | 2), "{output}");
    if output.code == 0 {
        assert_eq!(output.json()["secrets"].as_array().unwrap().len(), 1);
        assert_eq!(versions(&sandbox, "JWT_SECRET").len(), 1);
    }
    assert_eq!(sandbox.json(["verify"])["leftovers"], Value::Array(vec![]));
}

#[test]
fn a_new_value_does_not_inherit_the_expiry_of_the_old_one() {
    let sandbox = Sandbox::lumiku();
    let value = sandbox.run(["generate", "hex"]).succeeds().stdout;
    sandbox
        .command([
            "import",
            "REDIS_PASSWORD",
            "-e",
            "production",
            "--created",
            "2026-01-01",
            "--expires",
            "+30d",
        ])
        .stdin(value)
        .run()
        .succeeds();

    sandbox.rotate("REDIS_PASSWORD", &[]).succeeds();

    let document = sandbox.json(["status", "-e", "production"]);
    let rows = document["secrets"].as_array().unwrap();
    let row = rows.iter().find(|row| row["name"] == "REDIS_PASSWORD").unwrap();
    assert_eq!(row["expires_at"], Value::Null);
}

#[test]
fn the_store_is_clean_after_all_of_it() {
    let sandbox = Sandbox::minted();
    for args in [
        &["rotate", "JWT_SECRET", "-e", "production"][..],
        &[
            "rotate",
            "JWT_SECRET",
            "-e",
            "production",
            "--reason",
            "compromise",
        ],
        &[
            "rotate",
            "DATABASE_PASSWORD",
            "-e",
            "production",
            "--reason",
            "test",
        ],
        &["create", "--all", "-e", "development"],
    ] {
        sandbox.run(args).succeeds();
    }

    let document = sandbox.json(["verify", "--deep"]);

    assert_eq!(document["damage"], Value::Array(vec![]));
    assert_eq!(document["leftovers"], Value::Array(vec![]));
    assert_eq!(document["versions"], 9);
}

fn versions(sandbox: &Sandbox, name: &str) -> Vec<Value> {
    let document = sandbox.json(["history", name, "-e", "production"]);
    document["versions"].as_array().unwrap().clone()
}

fn stages(versions: &[Value]) -> Vec<&str> {
    versions
        .iter()
        .map(|version| version["stage"].as_str().unwrap())
        .collect()
}

#[test]
fn a_key_that_data_is_encrypted_with_is_not_rotated_blindly() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "mintage.toml",
        "schema = 1\nname = \"x\"\n[secrets.PII_KEY]\nkind = \"aes-256\"\n",
    );
    sandbox.run(["init"]).succeeds();
    sandbox.run(["create", "PII_KEY", "-e", "production"]).succeeds();

    let refused = sandbox.rotate("PII_KEY", &[]);
    let asserted = sandbox.rotate("PII_KEY", &["--i-have-reencrypted"]);

    assert_eq!(refused.code, 1, "{refused}");
    assert!(refused.stderr.contains("re-encrypt everything"), "{refused}");
    assert_eq!(asserted.code, 0, "{asserted}");
}

#[test]
fn a_password_that_an_image_reads_once_is_not_rotated_blindly_whatever_its_kind() {
    let sandbox = Sandbox::of_policy(
        "schema = 1\nname = \"x\"\n[secrets.POSTGRES_PASSWORD]\nkind = \"alphanumeric\"\n",
    );
    let rotate = ["rotate", "POSTGRES_PASSWORD", "-e", "production"];

    let refused = sandbox.run(rotate);
    let of_another_harm = sandbox.run(rotate.into_iter().chain(["--i-have-reencrypted"]));
    let asserted = sandbox.run(rotate.into_iter().chain(["--i-change-the-service"]));

    assert_eq!(refused.code, 1, "{refused}");
    assert!(
        refused.stderr.contains("it is read on the first start only"),
        "{refused}"
    );
    assert!(refused.stderr.contains("hint: ALTER ROLE"), "{refused}");
    assert_eq!(of_another_harm.code, 1, "{of_another_harm}");
    assert_eq!(asserted.code, 0, "{asserted}");
}
