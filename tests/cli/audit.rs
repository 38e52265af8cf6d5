//! What cannot be recorded does not happen.

use std::fs;
use std::path::PathBuf;

use crate::sandbox::Run;
use crate::sandbox::Sandbox;

#[test]
fn nothing_is_revealed_or_changed_while_the_audit_directory_is_read_only() {
    let sandbox = Sandbox::minted();
    let audit = sandbox.project().join(".mintage/audit");

    refuses_everything(&sandbox, |run| run.read_only(&audit));
}

#[test]
fn nothing_is_revealed_or_changed_while_the_log_of_this_checkout_is_read_only() {
    let sandbox = Sandbox::minted();
    let log = log(&sandbox);

    refuses_everything(&sandbox, |run| run.read_only(&log));
}

#[test]
fn nothing_is_revealed_or_changed_while_the_project_is_read_only() {
    let sandbox = Sandbox::minted();
    let project = sandbox.project();

    refuses_everything(&sandbox, |run| run.read_only(&project));
}

#[test]
fn nothing_is_revealed_or_changed_while_a_file_stands_in_the_place_of_the_audit_directory() {
    let sandbox = Sandbox::minted();
    fs::remove_dir_all(sandbox.project().join(".mintage/audit")).unwrap();
    sandbox.write(".mintage/audit", "");

    refuses_everything(&sandbox, |run| run);
}

#[test]
fn nothing_is_revealed_after_the_log_was_cut() {
    let sandbox = Sandbox::minted();
    let log = log(&sandbox);
    let text = fs::read_to_string(&log).unwrap();
    let cut = text.lines().count() - 1;
    let kept: String = text.lines().take(cut).map(|line| format!("{line}\n")).collect();
    fs::write(&log, kept).unwrap();

    for args in COMMANDS {
        let output = run(&sandbox, args).refused();
        assert_eq!(output.code, 6, "{output}");
    }
}

#[test]
fn a_reveal_is_recorded_before_it_prints() {
    let sandbox = Sandbox::minted();

    let _ = sandbox.reveal("JWT_SECRET", "production");

    let document = sandbox.json(["history", "JWT_SECRET"]);
    let last = document["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["action"], "reveal");
    assert_eq!(last["environment"], "production");
}

#[test]
fn a_changed_date_is_recorded_too() {
    let sandbox = Sandbox::minted();
    let value = sandbox.reveal("JWT_SECRET", "production");
    sandbox
        .command([
            "import",
            "JWT_SECRET",
            "-e",
            "production",
            "--created",
            "2026-01-01",
        ])
        .stdin(value)
        .run()
        .succeeds();

    let document = sandbox.json(["history", "JWT_SECRET"]);

    let last = document["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["action"], "import");
    assert_eq!(last["phase"], "done");
}

const COMMANDS: &[&[&str]] = &[
    &["reveal", "JWT_SECRET", "-e", "production"],
    &["create", "--all", "-e", "development"],
    &["rotate", "JWT_SECRET", "-e", "production"],
    &["import", "REDIS_PASSWORD", "-e", "production"],
    &["run", "-e", "production", "--no-check", "--", "true"],
    &["score", "-e", "production"],
    &[
        "render",
        "-e",
        "production",
        "--dialect",
        "json",
        "--only",
        "JWT_SECRET",
    ],
];

fn refuses_everything<'a>(sandbox: &'a Sandbox, prepared: impl Fn(Run<'a>) -> Run<'a>) {
    for args in COMMANDS {
        let output = prepared(run(sandbox, args)).refused();
        assert!(
            matches!(output.code, 1 | 4 | 6),
            "mintage {}:\n{output}",
            args.join(" ")
        );
        assert!(output.stderr.contains("\n  state: "), "{output}");
    }
}

fn run<'a>(sandbox: &'a Sandbox, args: &[&str]) -> Run<'a> {
    let value = sandbox.beside("value");
    if !value.exists() {
        let new = Sandbox::new().run(["generate", "hex"]).succeeds().stdout;
        fs::write(&value, new).unwrap();
    }
    sandbox.command(args).stdin(fs::read(value).unwrap())
}

/// Returns the one audit log of a fresh project.
fn log(sandbox: &Sandbox) -> PathBuf {
    let logs: Vec<PathBuf> = fs::read_dir(sandbox.project().join(".mintage/audit"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(logs.len(), 1);
    logs[0].clone()
}
