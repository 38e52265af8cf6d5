//! Every JSON document fits its committed schema, and no schema lets unknown fields through.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::sandbox::Output;
use crate::sandbox::Sandbox;

/// Commands with a document, and one of each that is committed as `tests/schemas/<name>.json`.
const DOCUMENTS: &[(&str, &[&str])] = &[
    ("audit", &["audit"]),
    ("audit", &["audit", "-e", "production", "--at", "+91d"]),
    ("check", &["check", "-e", "production"]),
    ("check", &["check", "-e", "development", "--process"]),
    (
        "check",
        &["check", "-e", "production", "--example", ".env.production"],
    ),
    (
        "create",
        &["create", "JWT_SECRET", "DUITKU_API_KEY", "-e", "development"],
    ),
    ("create", &["create", "--all", "-e", "production"]),
    ("diff", &["diff", "development", "production"]),
    ("doctor", &["doctor"]),
    ("history", &["history"]),
    ("history", &["history", "--since", "+1d"]),
    (
        "import",
        &["import", "REDIS_PASSWORD", "-e", "production", "--dry-run"],
    ),
    ("import", &["import", "REDIS_PASSWORD", "-e", "production"]),
    (
        "policy-explain",
        &["policy", "explain", "JWT_SECRET", "-e", "production"],
    ),
    ("policy-explain", &["policy", "explain", "NODE_ENV"]),
    ("policy-approve", &["policy", "approve", "--list"]),
    ("policy-lint", &["policy", "lint"]),
    ("policy-list", &["policy", "list"]),
    ("policy-list", &["policy", "list", "frameworks"]),
    ("policy-list", &["policy", "list", "recipes"]),
    ("policy-show", &["policy", "show"]),
    (
        "policy-show",
        &["policy", "show", "JWT_SECRET", "-e", "production"],
    ),
    ("remind", &["remind"]),
    ("remind", &["remind", "--at", "+80d"]),
    ("remind", &["remind", "--at", "+91d"]),
    (
        "render",
        &[
            "render",
            "-e",
            "production",
            "--dialect",
            "dotenv",
            "--out",
            ".env.new",
            "--only",
            "JWT_SECRET",
        ],
    ),
    ("rotate", &["rotate", "DATABASE_PASSWORD", "-e", "production"]),
    (
        "rotate",
        &[
            "rotate",
            "JWT_SECRET",
            "-e",
            "production",
            "--reason",
            "compromise",
        ],
    ),
    ("run", &["run", "-e", "production", "--dry-run"]),
    ("run", &["run", "-e", "development", "--dry-run", "--clean"]),
    (
        "rotate-plan",
        &["rotate", "REDIS_PASSWORD", "-e", "production", "--dry-run"],
    ),
    (
        "rotate-plan",
        &["rotate", "--all", "-e", "production", "--dry-run"],
    ),
    ("rotate", &["rotate", "--all", "-e", "production"]),
    (
        "rotate-due-plan",
        &["rotate", "--due", "-e", "production", "--dry-run"],
    ),
    ("rotate-due", &["rotate", "--due", "-e", "production"]),
    ("push", &["push", "-e", "production", "--dry-run"]),
    (
        "restore",
        &["restore", "-e", "production", "--at", "2020-01-01", "--dry-run"],
    ),
    ("retire", &["retire", "--expired", "-e", "production"]),
    ("retire", &["retire", "JWT_SECRET", "-e", "production"]),
    ("schedule", &["schedule", "systemd"]),
    ("score", &["score", "-"]),
    ("score", &["score", "-", "--explain"]),
    ("score", &["score", "-e", "production"]),
    (
        "score",
        &["score", "--env-file", ".env.production", "-e", "production"],
    ),
    ("signoff", &["signoff", "--status"]),
    ("status", &["status"]),
    ("status", &["status", "--at", "+91d", "-e", "production"]),
    (
        "audit-evidence",
        &[
            "audit",
            "--evidence",
            "--from",
            "2020-01-01",
            "--out",
            "evidence.zip",
        ],
    ),
    ("verify-evidence", &["verify", "--evidence", "evidence.zip"]),
    ("verify", &["verify", "--deep"]),
];

#[test]
fn every_document_fits_its_schema() {
    let sandbox = Sandbox::minted();
    sandbox.write(".env.production", "JWT_SECRET=change-me\nSTRIPE_SECRET_KEY=x\n");
    sandbox.write(".env", "JWT_SECRET=change-me\nPORT=3000\n");
    sandbox.rotate("JWT_SECRET", &[]).succeeds();
    let value = Sandbox::new().run(["generate", "hex"]).succeeds().stdout;

    for (name, args) in DOCUMENTS {
        let args: Vec<&str> = args.iter().chain(&["--json"]).copied().collect();
        let output = sandbox.command(&args).stdin(value.clone()).run();
        fits(name, &output, &args);
    }
}

#[test]
fn the_documents_of_trouble_fit_too() {
    let sandbox = Sandbox::minted();
    sandbox
        .command(["import", "DUITKU_API_KEY", "-e", "production", "--force"])
        .stdin("change-me")
        .run()
        .succeeds();
    let ledger = sandbox.read(".mintage/production/ledger.jsonl");
    sandbox.write(
        ".mintage/production/ledger.jsonl",
        ledger.replace("\"bits\":256", "\"bits\":255"),
    );
    sandbox.write(".mintage/production/values/JWT_SECRET/stray.age", "");

    let verify = sandbox.run(["verify", "--json"]).exits(6);
    let status = sandbox.run(["status", "--json"]).exits(6);
    let remind = sandbox.run(["remind", "--json"]).exits(6);
    let audit = sandbox.run(["audit", "--json"]).exits(6);

    fits("verify", &verify, &["verify"]);
    fits("status", &status, &["status"]);
    fits("remind", &remind, &["remind"]);
    fits("audit", &audit, &["audit"]);
    assert!(!verify.json()["damage"].as_array().unwrap().is_empty());
    assert_eq!(verify.json()["leftovers"].as_array().unwrap().len(), 1);
}

#[test]
fn the_mistakes_of_a_policy_are_a_document_too() {
    let sandbox = Sandbox::lumiku();
    sandbox.write(
        "mintage.toml",
        "schema = 1\nname = \"x\"\n[secrets.A]\nkind = \"hexx\"\n",
    );

    let output = sandbox.run(["policy", "lint", "--json"]);

    assert_ne!(output.code, 0);
    fits("policy-lint", &output, &["policy", "lint"]);
    let document = output.json();
    let finding = &document["findings"][0];
    assert_eq!(finding["location"]["line"], 4);
}

#[test]
fn a_preset_asked_for_as_json_is_json() {
    let output = Sandbox::new().run(["policy", "show", "--preset", "web-app", "--json"]);

    fits("policy-show", &output, &["policy", "show", "--preset", "web-app"]);
}

#[test]
fn every_schema_is_used_closed_and_named_after_its_document() {
    let used: BTreeSet<String> = DOCUMENTS.iter().map(|(name, _)| format!("{name}.json")).collect();
    let found: BTreeSet<String> = fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();

    assert_eq!(found, used);
    for name in found {
        let schema: Value = serde_json::from_slice(&fs::read(directory().join(&name)).unwrap()).unwrap();
        assert_eq!(
            schema["$schema"], "https://json-schema.org/draft/2020-12/schema",
            "{name}"
        );
        let id = name.trim_end_matches(".json");
        assert_eq!(schema["properties"]["schema"]["const"], format!("mintage/{id}/1"));
        closed(&schema, &name);
    }
}

#[test]
fn a_document_is_all_that_stands_on_standard_output() {
    let sandbox = Sandbox::minted();

    for args in [
        &["status"][..],
        &["remind", "--at", "+91d"],
        &["score", "-e", "production"],
        &["verify"],
    ] {
        for extra in [
            &["--json"][..],
            &["--json", "-q"],
            &["--json", "-v"],
            &["--json", "--color", "always"],
        ] {
            let all: Vec<&str> = args.iter().chain(extra).copied().collect();
            let output = sandbox.run(&all);
            assert!(output.json().is_object(), "{all:?}");
            assert!(output.text().ends_with("}\n"), "{all:?}");
        }
    }
}

#[track_caller]
pub fn fits(name: &str, output: &Output, args: &[&str]) {
    let schema: Value =
        serde_json::from_slice(&fs::read(directory().join(format!("{name}.json"))).unwrap()).unwrap();
    let document = output.json();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let wrong: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "mintage {}: {wrong:#?}", args.join(" "));
}

/// Requires that every object of a schema names its fields, needs them all and takes no others.
fn closed(schema: &Value, place: &str) {
    match schema {
        Value::Object(fields) => {
            if let Some(properties) = fields.get("properties").and_then(Value::as_object)
                && fields.get("type").is_some()
            {
                assert_eq!(
                    fields.get("additionalProperties"),
                    Some(&Value::Bool(false)),
                    "{place} is open"
                );
                let required = fields.get("required").and_then(Value::as_array).unwrap();
                for name in required {
                    assert!(properties.contains_key(name.as_str().unwrap()), "{place}: {name}");
                }
            }
            for (name, below) in fields {
                closed(below, &format!("{place}/{name}"));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| closed(item, place)),
        _ => {}
    }
}

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/schemas")
}
