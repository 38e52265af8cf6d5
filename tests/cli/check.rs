//! `mintage check`: the verdict, its forms and its exit codes.

use serde_json::Value;

use crate::sandbox::Sandbox;
use crate::sandbox::chmod;
use crate::sarif;

const POLICY: &str = r#"schema = 1
name = "shop"
[environments.production]
env_file = ".env.production"
[secrets.SESSION_SECRET]
kind = "hex"
required = true
[variables.PORT]
type = "int"
range = [1, 65535]
[variables.NODE_ENV]
type = "enum"
values = ["production", "test"]
equals = "production"
required = true
"#;

fn shop(env: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("mintage.toml", POLICY);
    sandbox.write(".gitignore", ".env*\n");
    sandbox.write(".env.production", env);
    chmod(&sandbox.project().join(".env.production"), 0o600);
    sandbox
}

/// The rules that `check` says are broken, with the names that they are about.
fn broken(sandbox: &Sandbox, args: &[&str]) -> Vec<(String, String)> {
    let args: Vec<&str> = ["check", "-e", "production", "--json"]
        .iter()
        .chain(args)
        .copied()
        .collect();
    let document = sandbox.run(args).json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = document["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| (text(&finding["rule"]), text(&finding["name"])))
        .collect()
}

fn sound() -> String {
    format!("NODE_ENV=production\nPORT=80\nSESSION_SECRET={}\n", strong())
}

fn pair(rule: &str, name: &str) -> (String, String) {
    (rule.to_owned(), name.to_owned())
}

/// A value as strong as the policy asks for, made at run time.
fn strong() -> String {
    let value = Sandbox::new()
        .run(["generate", "hex"])
        .succeeds()
        .text()
        .to_owned();
    value.trim_end().to_owned()
}

#[test]
fn a_sound_environment_is_ready() {
    let sandbox = shop(&format!(
        "NODE_ENV=production\nPORT=80\nSESSION_SECRET={}\n",
        strong()
    ));

    let output = sandbox.run(["check", "-e", "production"]).succeeds();

    assert!(
        output
            .text()
            .lines()
            .last()
            .unwrap()
            .starts_with("READY: 0 errors")
    );
}

#[test]
fn everything_wrong_is_said_at_once_with_the_next_step() {
    let sandbox = shop("NODE_ENV=Production\nPORT=70000\nTYPO=1\n");

    let output = sandbox.run(["check", "-e", "production"]).exits(3);

    for said in [
        "[not-equal]",
        "[out-of-range]",
        "[missing]",
        "[undeclared]",
        "NODE_ENV=production",
        "mintage create SESSION_SECRET -e production",
    ] {
        assert!(output.text().contains(said), "{said} is not in:\n{output}");
    }
    assert!(
        output
            .text()
            .lines()
            .last()
            .unwrap()
            .starts_with("NOT READY: 3 errors")
    );
}

#[test]
fn the_threshold_is_for_the_caller_to_choose() {
    let sandbox = shop(&format!(
        "NODE_ENV=production\nTYPO=1\nSESSION_SECRET={}\n",
        strong()
    ));

    sandbox
        .run(["check", "-e", "production", "--fail-on", "warning"])
        .succeeds();
    sandbox
        .run(["check", "-e", "production", "--fail-on", "note"])
        .exits(3);
}

#[test]
fn the_environment_of_the_process_is_checked_too() {
    let sandbox = shop("");

    let run = |port: &str| {
        sandbox
            .command(["check", "-e", "production", "--process"])
            .env("NODE_ENV", "production")
            .env("SESSION_SECRET", strong())
            .env("PORT", port)
            .run()
    };

    run("80").succeeds();
    assert!(run("x").exits(3).text().contains("[wrong-type]"));
}

#[test]
fn standard_input_can_be_the_env_file() {
    let sandbox = shop("");

    let output = sandbox
        .command(["check", "-e", "production", "--env-file", "-"])
        .stdin(format!("NODE_ENV=production\nSESSION_SECRET={}\n", strong()))
        .run()
        .succeeds();

    assert!(output.text().contains("standard input"));
}

#[test]
fn a_missing_env_file_is_an_error_with_a_way_out() {
    let sandbox = shop("");

    let output = sandbox
        .command(["check", "-e", "production", "--env-file", "nowhere"])
        .refused()
        .exits(1);

    assert!(output.stderr.contains("nowhere"));

    std::fs::remove_file(sandbox.project().join(".env.production")).unwrap();
    let output = sandbox.run(["check", "-e", "production"]).exits(1);

    assert!(
        output
            .stderr
            .contains("mintage render -e production --dialect dotenv --out .env.production")
    );
}

#[test]
fn an_env_file_that_others_can_read_or_git_may_take_is_found() {
    let sandbox = shop(&sound());
    let env_file = sandbox.project().join(".env.production");
    assert_eq!(broken(&sandbox, &[]), []);

    chmod(&env_file, 0o644);
    sandbox.write(".gitignore", "");
    assert_eq!(
        broken(&sandbox, &[]),
        [
            pair("not-ignored", ".env.production"),
            pair("file-mode", ".env.production")
        ]
    );

    sandbox.git(&["add", ".env.production"]);
    assert!(broken(&sandbox, &[]).contains(&pair("tracked", ".env.production")));
}

#[test]
fn a_file_that_was_committed_once_is_found_in_the_history() {
    let sandbox = shop(&sound());
    let commit = [
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@x",
        "commit",
        "-q",
        "-m",
        "x",
    ];
    // On a branch that was merged away, where a simplified history does not look.
    sandbox.git(&[commit.as_slice(), &["--allow-empty"]].concat());
    sandbox.git(&["checkout", "-q", "-b", "side"]);
    sandbox.git(&["add", "-f", ".env.production"]);
    sandbox.git(&commit);
    sandbox.git(&["rm", "-q", "--cached", ".env.production"]);
    sandbox.git(&commit);

    assert_eq!(
        broken(&sandbox, &[]),
        [pair("committed-before", ".env.production")]
    );
}

#[test]
fn a_project_below_its_repository_is_looked_at_in_the_same_way() {
    let sandbox = shop("");
    for (name, content) in [("mintage.toml", POLICY), (".env.production", &sound())] {
        sandbox.write(&format!("services/shop/{name}"), content);
    }
    let below = sandbox.project().join("services/shop");
    chmod(&below.join(".env.production"), 0o600);
    let run = || {
        sandbox
            .command(["check", "-e", "production"])
            .inside(&below)
            .run()
    };
    run().succeeds();

    sandbox.git(&["add", "-f", "services/shop/.env.production"]);

    assert!(run().exits(3).text().contains("[tracked]"));
}

#[test]
fn without_a_repository_the_question_stays_open_and_nothing_breaks() {
    let sandbox = shop(&sound());
    std::fs::remove_dir_all(sandbox.project().join(".git")).unwrap();

    assert_eq!(broken(&sandbox, &[]), [pair("repository-unknown", "")]);

    let without_git = sandbox
        .command(["check", "-e", "production"])
        .env("PATH", "/nowhere")
        .run()
        .succeeds();
    assert!(without_git.text().contains("[repository-unknown]"));
}

#[test]
fn a_hook_of_another_repository_does_not_mislead() {
    let sandbox = shop(&sound());
    let other = Sandbox::new();
    sandbox.git(&["add", "-f", ".env.production"]);

    let output = sandbox
        .command(["check", "-e", "production"])
        .env("GIT_DIR", other.project().join(".git"))
        .env("GIT_INDEX_FILE", other.project().join(".git/index"))
        .run()
        .exits(3);

    assert!(output.text().contains("[tracked]"));
}

#[test]
fn the_settings_of_a_repository_run_no_program() {
    let sandbox = shop(&sound());
    let trace = sandbox.beside("ran");
    let script = sandbox.beside("spy");
    std::fs::write(&script, format!("#!/bin/sh\ntouch {}\n", trace.display())).unwrap();
    chmod(&script, 0o755);
    for setting in ["core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program"] {
        sandbox.git(&["config", setting, script.to_str().unwrap()]);
    }
    sandbox.git(&["config", "log.showSignature", "true"]);

    sandbox.run(["check", "-e", "production"]).succeeds();

    assert!(!trace.exists());
}

#[test]
fn the_example_is_compared_both_ways() {
    let sandbox = shop(&sound());
    sandbox.write(
        "example",
        "NODE_ENV=\nSESSION_SECRET=\nLOG_LEVEL=info\n# SENTRY_DSN=\n",
    );

    assert_eq!(
        broken(&sandbox, &["--example", "example"]),
        [
            pair("only-in-env-file", "PORT"),
            pair("only-in-example", "LOG_LEVEL")
        ]
    );
}

#[test]
fn a_waiver_holds_until_its_day_and_is_shown() {
    let sandbox = shop(&sound().replace("PORT=80", "PORT=0"));
    let waived = |until: &str| {
        let waiver =
            format!("[[waivers]]\nrule = \"out-of-range\"\nuntil = {until}\nreason = \"moves in May\"\n");
        sandbox.write("mintage.toml", format!("{POLICY}{waiver}"));
    };

    waived("2999-01-01");
    let output = sandbox.run(["check", "-e", "production"]).succeeds();
    assert!(output.text().contains("moves in May") && output.text().contains("1 waived"));

    waived("2020-01-01");
    assert_eq!(
        broken(&sandbox, &[]),
        [pair("out-of-range", "PORT"), pair("waiver-expired", "")]
    );
}

#[test]
fn other_environments_are_compared_without_any_key() {
    let secret = strong();
    let sandbox = shop(&format!("NODE_ENV=production\nSESSION_SECRET={secret}\n"));
    let policy = POLICY.replace(
        "[secrets.SESSION_SECRET]",
        "[environments.development]\nenv_file = \".env\"\n[secrets.SESSION_SECRET]\ndistinct_across_environments = true",
    );
    sandbox.write("mintage.toml", policy);
    sandbox.write(".env", format!("SESSION_SECRET={secret}\n"));

    assert_eq!(
        broken(&sandbox, &[]),
        [pair("reused-across-environments", "SESSION_SECRET")]
    );
}

#[test]
fn the_store_is_compared_where_an_identity_opens_it() {
    let sandbox = Sandbox::new();
    sandbox.run(["init", "--policy", "jwt"]).succeeds();
    sandbox.write(".gitignore", ".env*\n");
    sandbox.write("mintage.toml", POLICY);
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();
    let value =
        |sandbox: &Sandbox| String::from_utf8(sandbox.reveal("SESSION_SECRET", "production")).unwrap();
    let write = |value: &str| {
        sandbox.write(
            ".env.production",
            format!("NODE_ENV=production\nSESSION_SECRET={value}\n"),
        );
        chmod(&sandbox.project().join(".env.production"), 0o600);
    };
    let first = value(&sandbox);
    write(&first);
    assert_eq!(broken(&sandbox, &[]), []);

    write(&strong());
    assert_eq!(
        broken(&sandbox, &[]),
        [pair("differs-from-store", "SESSION_SECRET")]
    );

    write(&first);
    sandbox.rotate("SESSION_SECRET", &[]).succeeds();
    assert_eq!(broken(&sandbox, &[]), [pair("former-value", "SESSION_SECRET")]);

    let second = value(&sandbox);
    sandbox
        .rotate("SESSION_SECRET", &["--reason", "compromise"])
        .succeeds();
    write(&second);
    assert_eq!(
        broken(&sandbox, &[]),
        [pair("compromised-value", "SESSION_SECRET")]
    );

    std::fs::remove_file(sandbox.identity()).unwrap();
    assert_eq!(
        broken(&sandbox, &[]),
        [],
        "without an identity there is nothing to compare with"
    );
}

#[test]
fn a_store_that_cannot_be_believed_is_not_compared_with() {
    let sandbox = Sandbox::new();
    sandbox.run(["init", "--policy", "jwt"]).succeeds();
    sandbox.write("mintage.toml", POLICY);
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();
    let ledger = sandbox.read(".mintage/production/ledger.jsonl");
    sandbox.write(
        ".mintage/production/ledger.jsonl",
        ledger.replace("current", "retired"),
    );

    let output = sandbox
        .command(["check", "-e", "production", "--env-file", "-"])
        .stdin(sound())
        .run()
        .succeeds();

    assert!(output.stderr.contains("cannot be believed") && output.stderr.contains("mintage verify"));
    assert!(!output.text().contains("[differs-from-store]"));
}

#[test]
fn of_a_shallow_clone_nobody_can_say_what_was_committed_before() {
    let sandbox = shop(&sound());
    let commit = [
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@x",
        "commit",
        "-q",
        "-m",
        "x",
    ];
    for _ in 0..2 {
        sandbox.git(&[commit.as_slice(), &["--allow-empty"]].concat());
    }
    let clone = sandbox.beside("clone");
    let origin = format!("file://{}", sandbox.project().display());
    sandbox.git(&["clone", "-q", "--depth", "1", &origin, clone.to_str().unwrap()]);
    for name in ["mintage.toml", ".env.production", ".gitignore"] {
        std::fs::copy(sandbox.project().join(name), clone.join(name)).unwrap();
    }

    let output = sandbox
        .command(["check", "-e", "production"])
        .inside(&clone)
        .run()
        .succeeds();

    assert!(output.text().contains("[history-unknown]"), "{output}");
}

#[test]
fn a_reference_is_open_in_a_file_and_wrong_in_a_process() {
    let sandbox =
        shop("NODE_ENV=production\nSESSION_SECRET=op://vault/shop/session\nPORT=op://vault/shop/port\n");

    let file = sandbox.run(["check", "-e", "production"]).succeeds();
    let process = sandbox
        .command(["check", "-e", "production", "--process"])
        .env("NODE_ENV", "production")
        .env("SESSION_SECRET", "op://vault/shop/session")
        .env("PORT", "op://vault/shop/port")
        .run()
        .exits(3);

    assert!(file.text().contains("READY: 0 errors, 2 warnings"), "{file}");
    assert!(process.text().contains("NOT READY: 2 errors"), "{process}");
}

#[test]
fn the_log_for_code_scanners_fits_the_schema_of_the_standard() {
    let sandbox = shop("PORT=x\n!!!\nMORE=1\n???\n");
    let waiver =
        "[[waivers]]\nrule = \"undeclared\"\nname = \"MORE\"\nuntil = 2999-01-01\nreason = \"moves\"\n";
    sandbox.write("mintage.toml", format!("{POLICY}{waiver}"));
    let run = || {
        sandbox
            .run(["check", "-e", "production", "--format", "sarif"])
            .exits(3)
            .json()
    };

    let log = run();

    sarif::assert_valid(&log);
    let run_log = &log["runs"][0];
    let results = run_log["results"].as_array().unwrap();
    let port = results
        .iter()
        .find(|result| result["ruleId"] == "wrong-type")
        .unwrap();
    let place = &port["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], ".env.production");
    assert_eq!(place["region"]["startLine"], 1);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run_log["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    let suppressed = results
        .iter()
        .filter(|result| result["suppressions"][0]["status"] == "accepted");
    assert_eq!(suppressed.count(), 1);
    let fingerprints: std::collections::BTreeSet<&str> = results
        .iter()
        .map(|result| result["partialFingerprints"]["mintage/v1"].as_str().unwrap())
        .collect();
    assert_eq!(fingerprints.len(), results.len());
    assert_eq!(
        run(),
        log,
        "fingerprints are those of the findings, not of the run"
    );
}

#[test]
fn two_documents_at_once_are_refused() {
    let output = shop("")
        .command(["check", "-e", "production", "--format", "sarif", "--json"])
        .refused()
        .exits(2);

    assert!(output.stderr.contains("two documents"));
}
