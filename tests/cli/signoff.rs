//! Sign-offs: who confirmed what, what makes it stale, and who is not two people.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::sandbox::Run;
use crate::sandbox::Sandbox;
use crate::sandbox::chmod;
use crate::sandbox::tool;

const POLICY: &str = "schema = 1\nname = \"x\"\n[environments.production]\n[environments.development]\n\
                      [secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\nrequired = true\n\
                      [signoff]\nroles = [\"security-lead\", \"devops-lead\"]\ndistinct_people = true\n";

/// A project that Ana set up and to which Bo has a key of his own.
fn project() -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::new();
    let bo = sandbox.beside("bo.txt");
    let keygen = tool("age-keygen", "install age");
    assert!(
        Command::new(&keygen)
            .arg("-o")
            .arg(&bo)
            .output()
            .unwrap()
            .status
            .success()
    );
    chmod(&bo, 0o600);
    let output = Command::new(&keygen).arg("-y").arg(&bo).output().unwrap();
    let public = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    sandbox.write("policy.toml", POLICY);
    sandbox
        .run(["init", "--policy", "policy.toml", "--recipient", &public])
        .succeeds();
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();
    (sandbox, bo)
}

fn ana<'a>(sandbox: &'a Sandbox, args: &[&str]) -> Run<'a> {
    sandbox.command(args).env("USER", "ana")
}

/// Bo works from another account, with his identity alone.
fn bo<'a>(sandbox: &'a Sandbox, identity: &Path, args: &[&str]) -> Run<'a> {
    let elsewhere = sandbox.beside("elsewhere");
    sandbox
        .command(args)
        .env("USER", "bo")
        .env("XDG_CONFIG_HOME", &elsewhere)
        .env("MINTAGE_IDENTITY", identity)
}

const AS_SECURITY: &[&str] = &["signoff", "--role", "security-lead", "-e", "production"];
const AS_DEVOPS: &[&str] = &["signoff", "--role", "devops-lead", "-e", "production"];

/// The states of the roles, in the order of the policy.
fn states(sandbox: &Sandbox) -> Vec<String> {
    let output = sandbox.run(["signoff", "--status", "--json"]);
    let document = output.json();
    let roles = document["roles"].as_array().unwrap();
    let states: Vec<String> = roles
        .iter()
        .map(|row| row["state"].as_str().unwrap().to_owned())
        .collect();
    let complete = states.iter().all(|state| state == "signed");
    assert_eq!(document["complete"], complete);
    assert_eq!(output.code, if complete { 0 } else { 3 });
    states
}

#[test]
fn two_people_confirm_and_a_change_makes_it_stale() {
    let (sandbox, identity) = project();
    assert_eq!(states(&sandbox), ["open", "open"]);

    let first = ana(&sandbox, AS_SECURITY).run().succeeds();
    assert!(first.text().contains("1 of 2 roles open"), "{first}");
    assert!(
        first
            .stderr
            .contains("mintage signoff --role devops-lead -e production"),
        "{first}"
    );
    assert_eq!(states(&sandbox), ["signed", "open"]);
    let second = bo(&sandbox, &identity, AS_DEVOPS).run().succeeds();
    assert!(
        second.text().ends_with("all 2 roles have confirmed\n"),
        "{second}"
    );
    assert_eq!(states(&sandbox), ["signed", "signed"]);

    sandbox
        .run(["rotate", "JWT_SECRET", "-e", "production"])
        .succeeds();
    assert_eq!(states(&sandbox), ["ledger-changed", "ledger-changed"]);
    ana(&sandbox, AS_SECURITY).run().succeeds();
    assert_eq!(states(&sandbox), ["signed", "ledger-changed"]);
    sandbox.write("mintage.toml", format!("{POLICY}\n# changed\n"));
    assert_eq!(states(&sandbox), ["policy-changed", "ledger-changed"]);
    sandbox.run(["verify"]).succeeds();
}

#[test]
fn what_was_confirmed_is_on_record_and_authentic() {
    let (sandbox, identity) = project();
    bo(&sandbox, &identity, AS_SECURITY).run().succeeds();

    let document = sandbox.run(["signoff", "--status", "--json"]).exits(3).json();
    let row = &document["roles"][0];
    assert_eq!(document["verified"], true);
    assert!(row["by"].as_str().unwrap().starts_with("bo@"), "{row}");
    assert_eq!(row["revision"], 1);
    assert_eq!(row["errors"], 0);
    let history = sandbox.json(["history", "-e", "production"]);
    let event = history["events"].as_array().unwrap().last().unwrap();
    assert_eq!(event["action"], "sign-off");
    let told = &event["signoff"];
    assert_eq!(told["checked"], "store");
    let digest = Command::new("sha256sum")
        .arg(sandbox.project().join("mintage.toml"))
        .output()
        .unwrap();
    let digest = String::from_utf8(digest.stdout).unwrap();
    assert_eq!(told["policy"], digest.split_whitespace().next().unwrap());
    let ledger = sandbox.read(".mintage/production/ledger.jsonl");
    let seal: Value = serde_json::from_str(ledger.lines().last().unwrap()).unwrap();
    assert_eq!(told["seal"], seal["mac"]);
    let settings = sandbox.read(".mintage/store.toml");
    assert!(settings.contains(told["recipient"].as_str().unwrap()));

    // One role cannot be made another afterwards.
    let log = std::fs::read_dir(sandbox.project().join(".mintage/audit")).unwrap();
    let log = log.last().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replace("\"security-lead\"", "\"devops-lead\"")).unwrap();
    sandbox.run(["verify"]).exits(6);
    let status = sandbox.command(["signoff", "--status"]).refused();
    assert_eq!(status.code, 6, "{status}");
}

#[test]
fn one_person_is_not_two_by_another_key_or_another_account() {
    let (sandbox, identity) = project();
    ana(&sandbox, AS_SECURITY).run().succeeds();

    let twice = ana(&sandbox, AS_DEVOPS).refused();
    let other_key = bo(&sandbox, &identity, AS_DEVOPS).env("USER", "ana").refused();
    let other_account = ana(&sandbox, AS_DEVOPS).env("USER", "bo").refused();

    for output in [twice, other_key, other_account] {
        assert_eq!(output.code, 1);
        assert!(
            output
                .stderr
                .contains("`devops-lead` has to be another person than `security-lead`, whom ana@"),
            "{output}"
        );
    }
    assert_eq!(states(&sandbox), ["signed", "open"]);
    // A sign-off that is stale stands in nobody's way.
    sandbox
        .run(["rotate", "JWT_SECRET", "-e", "production"])
        .succeeds();
    ana(&sandbox, AS_DEVOPS).run().succeeds();
}

#[test]
fn one_person_in_two_checkouts_counts_once() {
    let (sandbox, identity) = project();
    let clone = sandbox.beside("clone");
    let copied = Command::new("cp")
        .arg("-r")
        .arg(sandbox.project())
        .arg(&clone)
        .status();
    assert!(copied.unwrap().success());
    ana(&sandbox, AS_SECURITY).run().succeeds();
    // The other machine knows nothing of it, so nothing there refuses.
    let machine = sandbox.beside("machine");
    let there = ana(&sandbox, AS_DEVOPS).inside(&clone);
    there.env("XDG_STATE_HOME", &machine).run().succeeds();
    for log in std::fs::read_dir(clone.join(".mintage/audit")).unwrap() {
        let log = log.unwrap();
        let here = sandbox.project().join(".mintage/audit").join(log.file_name());
        if !here.exists() {
            std::fs::copy(log.path(), here).unwrap();
        }
    }

    assert_eq!(states(&sandbox), ["signed", "same-person"]);
    bo(&sandbox, &identity, AS_DEVOPS).run().succeeds();
    assert_eq!(states(&sandbox), ["signed", "signed"]);
}

#[test]
fn what_is_not_ready_is_confirmed_only_knowingly() {
    let (sandbox, _) = project();
    let with_file = POLICY.replace(
        "[environments.production]\n",
        "[environments.production]\nenv_file = \".env\"\n",
    );
    sandbox.write("mintage.toml", with_file);
    sandbox.write(".env", "JWT_SECRET=change-me\n");
    sandbox.write(".gitignore", ".env\n");
    chmod(&sandbox.project().join(".env"), 0o600);

    let refused = ana(&sandbox, AS_SECURITY).refused();
    assert_eq!(refused.code, 3);
    assert!(
        refused
            .stderr
            .contains("production is not ready: the check finds "),
        "{refused}"
    );
    assert!(
        refused.stderr.contains("mintage check -e production"),
        "{refused}"
    );

    let args: Vec<&str> = AS_SECURITY
        .iter()
        .chain(&["--despite-findings", "--json"])
        .copied()
        .collect();
    let signed = ana(&sandbox, &args).run().succeeds().json();
    assert!(signed["roles"][0]["errors"].as_u64().unwrap() > 0);
    let history = sandbox.json(["history"]);
    let event = history["events"].as_array().unwrap().last().unwrap();
    assert_eq!(event["signoff"]["checked"], "env-file");
    assert!(!history.to_string().contains("change-me"));
}

#[test]
fn check_misses_roles_where_the_policy_wants_them() {
    let (sandbox, _) = project();
    let with_file = "[environments.production]\nenv_file = \".env\"\n";
    let policy = POLICY.replace("[environments.production]\n", with_file);
    sandbox.write("mintage.toml", policy);
    let value = sandbox.reveal("JWT_SECRET", "production");
    let line = [b"JWT_SECRET=".as_slice(), &value].concat();
    sandbox.write(".env", line);
    sandbox.write(".gitignore", ".env\n");
    chmod(&sandbox.project().join(".env"), 0o600);
    let rules = || -> Vec<String> {
        let document = sandbox
            .run(["check", "-e", "production", "--json"])
            .succeeds()
            .json();
        let findings = document["findings"].as_array().unwrap().iter();
        findings
            .filter(|finding| finding["rule"].as_str().unwrap().starts_with("signoff"))
            .map(|finding| {
                format!(
                    "{} {}",
                    finding["rule"].as_str().unwrap(),
                    finding["name"].as_str().unwrap()
                )
            })
            .collect()
    };

    assert_eq!(rules(), [""; 0]);
    ana(&sandbox, AS_SECURITY).run().succeeds();
    assert_eq!(rules(), ["signoff-missing devops-lead"]);
    sandbox
        .run(["rotate", "JWT_SECRET", "-e", "production"])
        .succeeds();
    assert_eq!(
        rules(),
        ["signoff-missing devops-lead", "signoff-stale security-lead"]
    );
}

#[test]
fn without_an_identity_the_status_is_told_as_unverified() {
    let (sandbox, _) = project();
    ana(&sandbox, AS_SECURITY).run().succeeds();
    std::fs::remove_file(sandbox.identity()).unwrap();

    let output = sandbox.run(["signoff", "--status"]).exits(3);

    assert!(
        output
            .text()
            .ends_with("1 of 2 roles open (unverified: no identity opened the store)\n"),
        "{output}"
    );
}

#[test]
fn a_sign_off_that_makes_no_sense_is_refused() {
    let (sandbox, _) = project();
    let unknown = sandbox
        .command(["signoff", "--role", "boss", "-e", "production"])
        .refused();
    let empty = sandbox
        .command([
            "signoff",
            "--role",
            "security-lead",
            "-e",
            "development",
            "--despite-findings",
        ])
        .refused();
    let nothing = sandbox.command(["signoff"]).refused();
    sandbox.write("mintage.toml", POLICY.split("[signoff]").next().unwrap());
    let undemanded = sandbox.command(AS_SECURITY.iter().copied()).refused();

    assert!(
        unknown
            .stderr
            .contains("hint: there are: security-lead, devops-lead"),
        "{unknown}"
    );
    assert!(empty.stderr.contains("development has no ledger yet"), "{empty}");
    assert_eq!(nothing.code, 2);
    assert!(
        undemanded.stderr.contains("the policy has no [signoff]"),
        "{undemanded}"
    );
}
