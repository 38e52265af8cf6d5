//! `mintage check`: the verdict, its forms and its exit codes.

use crate::sandbox::Sandbox;

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
    sandbox
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
}
