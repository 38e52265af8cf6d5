//! Secrets that are computed from others change with them, in one commit, and are never set by hand.

use std::fs;

use serde_json::Value;

use crate::sandbox::Sandbox;

const POLICY: &str = r#"
schema = 1
name = "backend"

[environments.production]
tier = "production"

[variables.DB_HOST]
type = "string"
equals = "db.internal"

[secrets.JWT_SECRET]
kind = "jwt-hs256"
overlap = "7d"
rotate_every = "90d"

[secrets.ANON_KEY]
kind = "hs256-jwt"
from = "JWT_SECRET"
claims = { role = "anon", iss = "supabase" }
lifetime = "10y"

[secrets.WORKER_SECRET]
same_as = "JWT_SECRET"

[secrets.DB_PASSWORD]
kind = "postgres-password"

[secrets.DATABASE_URL]
template = "postgresql://app:{DB_PASSWORD|url}@{DB_HOST}/app"

[secrets.READ_URL]
template = "{DATABASE_URL}?target_session_attrs=read-only"

[secrets.DB_VERIFIER]
kind = "scram"
from = "DB_PASSWORD"

[secrets.REDIS_PASSWORD]
kind = "redis-password"

[secrets.REDIS_ACL]
kind = "redis-acl"
from = "REDIS_PASSWORD"

[secrets.SIGNING_KEY]
kind = "jwt-eddsa"

[secrets.PUBLIC_KEYS]
kind = "jwks"
from = "SIGNING_KEY"

[secrets.ISSUED_KEY]
kind = "issued"
issuer = "Example"

[secrets.ISSUED_HEADER]
template = "Bearer {ISSUED_KEY}"
"#;

fn backend() -> Sandbox {
    Sandbox::of_policy(POLICY)
}

fn revealed(sandbox: &Sandbox, name: &str) -> String {
    String::from_utf8(sandbox.reveal(name, "production")).unwrap()
}

fn names(rows: &Value) -> Vec<&str> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect()
}

fn ledger(sandbox: &Sandbox) -> Vec<u8> {
    fs::read(sandbox.project().join(".mintage/production/ledger.jsonl")).unwrap()
}

#[test]
fn create_computes_what_is_derived_and_tells_what_waits_for_its_issuer() {
    let sandbox = Sandbox::new();
    sandbox.write("policy.toml", POLICY);
    sandbox.run(["init", "--policy", "policy.toml"]).succeeds();

    let document = sandbox.json(["create", "--all", "-e", "production"]);

    assert_eq!(names(&document["issued"]), ["ISSUED_KEY"]);
    assert_eq!(names(&document["waiting"]), ["ISSUED_HEADER"]);
    assert_eq!(document["waiting"][0]["roots"][0], "ISSUED_KEY");
    assert_eq!(document["secrets"].as_array().unwrap().len(), 11);
    let password = revealed(&sandbox, "DB_PASSWORD");
    let url = revealed(&sandbox, "DATABASE_URL");
    assert!(
        url == format!("postgresql://app:{password}@db.internal/app"),
        "another URL"
    );
    assert!(
        revealed(&sandbox, "READ_URL") == format!("{url}?target_session_attrs=read-only"),
        "another URL"
    );
    assert!(
        revealed(&sandbox, "WORKER_SECRET") == revealed(&sandbox, "JWT_SECRET"),
        "another value"
    );
    assert!(revealed(&sandbox, "DB_VERIFIER").starts_with("SCRAM-SHA-256$4096:"));
    assert!(revealed(&sandbox, "REDIS_ACL").starts_with('#'));
    let keys: Value = serde_json::from_str(&revealed(&sandbox, "PUBLIC_KEYS")).unwrap();
    assert_eq!(keys["keys"][0]["crv"], "Ed25519");
    assert!(keys["keys"][0]["d"].is_null());
    assert_eq!(revealed(&sandbox, "ANON_KEY").split('.').count(), 3);
}

#[test]
fn a_rotation_computes_everything_below_its_root_in_the_same_commit() {
    let sandbox = backend();
    let before: Vec<String> = ["DATABASE_URL", "READ_URL", "DB_VERIFIER", "ANON_KEY"]
        .map(|name| revealed(&sandbox, name))
        .into();
    let revision = |sandbox: &Sandbox| {
        let ledger = String::from_utf8(ledger(sandbox)).unwrap();
        let seal: Value = serde_json::from_str(ledger.lines().last().unwrap()).unwrap();
        seal["seal"]["revision"]
            .as_u64()
            .or(seal["revision"].as_u64())
            .unwrap()
    };
    let sealed = revision(&sandbox);

    let document = sandbox.json(["rotate", "DB_PASSWORD", "-e", "production"]);

    assert_eq!(
        names(&document["secrets"]),
        ["DB_PASSWORD", "DATABASE_URL", "DB_VERIFIER", "READ_URL"]
    );
    assert_eq!(revision(&sandbox), sealed + 1);
    let password = revealed(&sandbox, "DB_PASSWORD");
    assert!(
        revealed(&sandbox, "READ_URL").contains(&password),
        "the old password"
    );
    assert!(revealed(&sandbox, "DATABASE_URL") != before[0]);
    assert!(revealed(&sandbox, "DB_VERIFIER") != before[2]);
    assert!(
        revealed(&sandbox, "ANON_KEY") == before[3],
        "another root was rotated"
    );
    sandbox.run(["verify", "--deep"]).succeeds();
}

#[test]
fn the_old_token_stays_as_long_as_the_old_key_and_ends_with_it_when_that_leaked() {
    let sandbox = backend();

    sandbox.rotate("JWT_SECRET", &[]).succeeds();
    let overlap = |name: &str| {
        let document = sandbox.json(["status", "-e", "production"]);
        let rows = document["secrets"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["name"] == name).unwrap();
        row["overlap_ends_at"].clone()
    };
    assert!(!overlap("JWT_SECRET").is_null());
    assert_eq!(overlap("ANON_KEY"), overlap("JWT_SECRET"));

    sandbox
        .rotate("JWT_SECRET", &["--reason", "compromise"])
        .succeeds();

    assert!(overlap("ANON_KEY").is_null());
    let history = sandbox.json(["history", "ANON_KEY", "-e", "production"]);
    let versions = history["versions"].as_array().unwrap();
    assert_eq!(versions[1]["compromised"], true);
    assert_eq!(versions[2]["origin"], "derived");
}

#[test]
fn a_token_ends_when_its_lifetime_does_and_has_the_age_of_its_key() {
    let sandbox = backend();
    let row = |at: &str| {
        let document = sandbox.json(["status", "-e", "production", "--at", at]);
        let rows = document["secrets"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["name"] == "ANON_KEY").unwrap()
    };

    let now = row("+0d");
    assert!(now["due_at"].is_null());
    assert!(!now["expires_at"].is_null());
    assert_eq!(now["age_days"], 0);
    assert_eq!(row("+11y")["state"], "overdue");
}

#[test]
fn bringing_a_root_in_computes_what_waited_for_it() {
    let sandbox = backend();

    let document: Value = sandbox
        .command(["import", "ISSUED_KEY", "-e", "production", "--json"])
        .stdin("issued-by-hand-0123456789")
        .run()
        .json();

    assert_eq!(names(&document["derived"]), ["ISSUED_HEADER"]);
    assert_eq!(
        revealed(&sandbox, "ISSUED_HEADER"),
        "Bearer issued-by-hand-0123456789"
    );
    let status = sandbox.json(["status", "-e", "production"]);
    let row = status["secrets"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["name"] == "ISSUED_HEADER")
        .unwrap();
    assert_eq!(
        row["state"], "unknown-age",
        "it is as old as its root, which nobody knows"
    );
}

#[test]
fn a_changed_policy_is_caught_up_with_by_create_and_only_then() {
    let sandbox = backend();
    let before = ledger(&sandbox);
    let document = sandbox.json(["create", "--all", "-e", "production"]);
    assert!(document["secrets"].as_array().unwrap().is_empty());
    assert!(ledger(&sandbox) == before, "something was written");
    let policy = sandbox.read("mintage.toml");

    sandbox.write(
        "mintage.toml",
        policy.replace("role = \"anon\"", "role = \"service_role\""),
    );
    let document = sandbox.json(["create", "--all", "-e", "production"]);

    assert_eq!(names(&document["secrets"]), ["ANON_KEY"]);
}

#[test]
fn nobody_sets_or_judges_a_derived_secret_by_hand() {
    let sandbox = backend();
    let before = ledger(&sandbox);

    for (arguments, what) in [
        (
            vec!["rotate", "ANON_KEY"],
            "it is computed anew whenever that is rotated",
        ),
        (vec!["import", "ANON_KEY"], "it is computed, not brought in"),
        (vec!["score", "ANON_KEY"], "it is as strong as that"),
    ] {
        let run = sandbox.command(arguments.into_iter().chain(["-e", "production"]));
        let output = run.stdin("a.b.c").run().exits(1);
        let said = output.said();
        assert!(said.contains("`ANON_KEY` is derived from JWT_SECRET: "), "{said}");
        assert!(said.contains(what), "{said}");
        assert!(said.contains("nothing was changed"), "{said}");
    }
    assert!(ledger(&sandbox) == before, "something was written");
    let document = sandbox.json(["score", "-e", "production"]);
    let judged: Vec<&str> = document["values"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row["label"].as_str())
        .collect();
    assert_eq!(judged.len(), 4, "{judged:?}");
}
