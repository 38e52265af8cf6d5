//! `push`: what sinks hold, and bringing them to the current values.

use serde_json::Value;

use crate::sandbox::Sandbox;

/// Two secrets in an env file, one of them in a file of its own too; nothing was put there yet.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "mintage.toml",
        "schema = 1\nname = \"x\"\n[environments.production]\n\
         [secrets.A_KEY]\nkind = \"hex\"\nsinks = [\"web\", \"file\"]\noverlap = \"7d\"\nprevious_var = \"A_KEY_OLD\"\n\
         [secrets.B_KEY]\nkind = \"hex\"\nsinks = [\"web\"]\n\
         [sinks.web]\ntype = \"env-file\"\npath = \".env\"\n\
         [sinks.file]\ntype = \"file\"\npath = \"run/{name}\"\n",
    );
    sandbox.run(["init"]).succeeds();
    sandbox.run(["create", "--all", "-e", "production"]).succeeds();
    sandbox
}

fn push(sandbox: &Sandbox, more: &[&str], code: i32) -> Value {
    let args = ["push", "-e", "production", "--json"];
    sandbox.run(args.iter().chain(more)).exits(code).json()
}

/// Secret, sink, state and result of every row.
fn rows(document: &Value) -> Vec<[&str; 4]> {
    let mut rows = Vec::new();
    for row in document["secrets"].as_array().unwrap() {
        rows.push(["name", "sink", "state", "result"].map(|field| row[field].as_str().unwrap()));
    }
    rows
}

/// Requires that the sinks hold the current values, without showing any of them.
#[track_caller]
fn assert_held(sandbox: &Sandbox) {
    let value = |name: &str| String::from_utf8(sandbox.reveal(name, "production")).unwrap();
    let env = sandbox.read(".env");
    let line = |name: &str| env.lines().any(|line| line == format!("{name}={}", value(name)));
    assert!(
        line("A_KEY") && line("B_KEY"),
        "the env file holds something else"
    );
    assert!(
        sandbox.read("run/A_KEY") == value("A_KEY"),
        "the file holds something else"
    );
}

#[test]
fn what_is_absent_is_pushed_and_what_is_in_step_is_left_alone() {
    let sandbox = project();
    let before = sandbox.tree();

    let looked = push(&sandbox, &["--dry-run"], 3);
    assert!(sandbox.tree() == before, "something was changed");
    let pushed = push(&sandbox, &[], 0);
    let again = push(&sandbox, &["--dry-run"], 0);

    let all = |state, result| {
        [
            ["A_KEY", "web", state, result],
            ["B_KEY", "web", state, result],
            ["A_KEY", "file", state, result],
        ]
    };
    assert_eq!(rows(&looked), all("absent", "would-push"));
    assert_eq!(rows(&pushed), all("absent", "pushed"));
    assert_eq!(rows(&again), all("in-step", "unchanged"));
    assert_held(&sandbox);
    let history = sandbox.json(["history", "A_KEY"]);
    assert_eq!(
        history["versions"].as_array().unwrap().len(),
        1,
        "a value was made"
    );
    let told = history["events"].as_array().unwrap();
    let told = told.iter().filter(|event| event["action"] == "deliver");
    assert_eq!(told.count(), 2, "every value handed out is recorded");
}

#[test]
fn a_former_value_is_drift_and_is_replaced() {
    let sandbox = project();
    push(&sandbox, &[], 0);
    let old = sandbox.read(".env");
    sandbox.rotate("B_KEY", &[]).succeeds();
    sandbox.write(".env", old);

    assert_eq!(
        rows(&push(&sandbox, &["B_KEY", "--dry-run"], 3)),
        [["B_KEY", "web", "drifted", "would-push"]]
    );
    push(&sandbox, &[], 0);

    assert_held(&sandbox);
}

#[test]
fn the_former_value_of_an_overlap_belongs_there() {
    let sandbox = project();
    push(&sandbox, &[], 0);
    sandbox.rotate("A_KEY", &[]).succeeds();
    assert_eq!(
        rows(&push(&sandbox, &["A_KEY", "--sink", "web", "--dry-run"], 0)),
        [["A_KEY", "web", "in-step", "unchanged"]]
    );
    let env = sandbox.read(".env");
    let without: String = env
        .lines()
        .filter(|line| !line.starts_with("A_KEY_OLD="))
        .map(|line| format!("{line}\n"))
        .collect();
    sandbox.write(".env", without);

    assert_eq!(push(&sandbox, &[], 0)["secrets"][0]["state"], "drifted");

    assert!(
        sandbox.read(".env") == env,
        "the former value was not brought back"
    );
}

#[test]
fn a_value_that_the_store_does_not_have_stays_until_somebody_says_it_may_go() {
    let sandbox = project();
    sandbox.write(".env", "B_KEY=set-by-hand-and-in-use\n");

    let output = sandbox.run(["push", "-e", "production"]).exits(3);

    assert!(
        output.stderr.contains("mintage import B_KEY -e production")
            && output.stderr.contains("--overwrite-unknown-values"),
        "{output}"
    );
    assert!(!output.whole().contains("set-by-hand"), "it shows the value");
    assert!(sandbox.read(".env").contains("B_KEY=set-by-hand-and-in-use\n"));
    let looked = push(&sandbox, &["B_KEY", "--dry-run"], 3);
    assert_eq!(rows(&looked), [["B_KEY", "web", "unknown-value", "kept"]]);
    push(&sandbox, &["--overwrite-unknown-values"], 0);
    assert_held(&sandbox);
    let history = sandbox.json(["history", "B_KEY"]);
    let events = history["events"].as_array().unwrap();
    assert!(
        events
            .iter()
            .any(|event| event["action"] == "overwrite" && event["sink"] == "web")
    );
}

#[test]
fn a_secret_with_an_open_rotation_is_refused_and_the_others_are_pushed() {
    let sandbox = project();
    push(&sandbox, &[], 0);
    sandbox.write("run/A_KEY.mintage-new/stone", "");
    sandbox.rotate("A_KEY", &[]).exits(5);
    std::fs::remove_dir_all(sandbox.project().join("run/A_KEY.mintage-new")).unwrap();
    sandbox.write(".env", "");

    let refused = sandbox.command(["push", "A_KEY", "-e", "production"]).refused();
    let document = push(&sandbox, &[], 0);

    assert!(
        refused.stderr.contains("a rotation of `A_KEY` is under way"),
        "{refused}"
    );
    assert!(
        rows(&document).contains(&["A_KEY", "web", "rotating", "kept"])
            && rows(&document).contains(&["B_KEY", "web", "absent", "pushed"]),
        "{document}"
    );
}

#[test]
fn a_sink_that_cannot_be_written_is_named_and_the_others_are_told() {
    let sandbox = project();
    sandbox.write("run/A_KEY.mintage-new/stone", "");

    let document = {
        let args = ["push", "-e", "production", "--json"];
        let output = sandbox.run(args);
        assert!([1, 4].contains(&output.code), "{output}");
        output.json()
    };

    assert!(rows(&document).contains(&["A_KEY", "file", "absent", "failed"]));
    assert!(rows(&document).contains(&["A_KEY", "web", "absent", "pushed"]));
    let unknown = sandbox
        .command(["push", "-e", "production", "--sink", "nothing"])
        .refused();
    assert!(
        unknown.stderr.contains("its sinks: web, file") || unknown.stderr.contains("its sinks: file, web")
    );
}
