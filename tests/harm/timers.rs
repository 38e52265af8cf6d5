//! Two timers at once, and a rotation against a push: one works, the other waits, nothing is lost.

use std::fs;
use std::thread;

use crate::operation::assert_none;
use crate::sandbox::Sandbox;
use crate::sandbox::is_full;

const NAMES: [&str; 3] = ["ALPHA_KEY", "BRAVO_KEY", "CHARLIE_KEY"];

/// A project of old secrets that two sinks hold.
fn overdue() -> Sandbox {
    let sandbox = Sandbox::bare();
    let mut policy =
        "schema = 1\nname = \"timers\"\n[defaults]\nrotate_every = \"90d\"\n[environments.production]\n\
                      [sinks.web]\ntype = \"env-file\"\npath = \".env.web\"\n\
                      [sinks.files]\ntype = \"file\"\npath = \"run/{name}\"\n"
            .to_owned();
    for name in NAMES {
        policy.push_str(&format!(
            "[secrets.{name}]\nkind = \"hex\"\nbytes = 32\nsinks = [\"web\", \"files\"]\n"
        ));
    }
    fs::write(sandbox.project().join("mintage.toml"), policy).unwrap();
    sandbox.mintage(&["init"]).expect(0, "init");
    for (number, name) in NAMES.iter().enumerate() {
        let value = format!("9f2c61d07be84a53c1e6f0983d7452abef10c8366d29b4f75a81e3c09d4b7f2{number}");
        sandbox
            .mintage_with(
                &["import", name, "-e", "production", "--created", "2024-02-29"],
                &value,
            )
            .expect(0, "import");
    }
    sandbox.mintage(&["push", "-e", "production"]).expect(0, "push");
    sandbox
}

fn rounds() -> usize {
    if is_full() { 100 } else { 10 }
}

/// Says of which secrets the sinks hold something else than the current value.
fn disagreements(sandbox: &Sandbox, round: usize) -> Vec<String> {
    let web = fs::read_to_string(sandbox.project().join(".env.web")).unwrap();
    let mut wrong = Vec::new();
    for name in NAMES {
        let value = String::from_utf8(sandbox.reveal("production", name).expect(0, "reveal").out).unwrap();
        let file = fs::read_to_string(sandbox.project().join("run").join(name)).unwrap();
        if file != value || !web.lines().any(|line| line == format!("{name}={value}")) {
            wrong.push(format!("round {round}: {name}: the sinks hold another value"));
        }
    }
    wrong
}

/// Says of which secrets there are more or fewer versions than these.
fn miscounted(sandbox: &Sandbox, round: usize, expected: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    for record in sandbox.records("production") {
        if record.versions.len() != expected {
            let found = record.versions.len();
            wrong.push(format!(
                "round {round}: {}: {found} versions, not {expected}",
                record.name
            ));
        }
    }
    wrong
}

#[test]
fn two_timers_at_once_rotate_everything_once() {
    let sandbox = overdue();
    sandbox.snapshot("start");
    let mut wrong = Vec::new();
    for round in 0..rounds() {
        sandbox.restore("start");
        thread::scope(|scope| {
            let both =
                [0, 1].map(|_| scope.spawn(|| sandbox.mintage(&["rotate", "--due", "-e", "production"])));
            for one in both {
                one.join().unwrap().expect(0, "rotate --due");
            }
        });
        wrong.extend(miscounted(&sandbox, round, 2));
        wrong.extend(disagreements(&sandbox, round));
        let verify = sandbox.mintage(&["verify"]).expect(0, "verify");
        if verify.text.contains("leftover:") {
            wrong.push(verify.text);
        }
    }
    println!("timers at once: rounds tried: {}", rounds());
    assert_none(&wrong);
}

#[test]
fn a_rotation_and_a_push_at_once_leave_the_new_value_everywhere() {
    let sandbox = overdue();
    let mut wrong = Vec::new();
    for round in 0..rounds() {
        // What the push finds to do: a sink lost everything.
        fs::write(sandbox.project().join(".env.web"), "").unwrap();
        thread::scope(|scope| {
            let push = scope.spawn(|| sandbox.mintage(&["push", "-e", "production"]));
            let rotate =
                scope.spawn(|| sandbox.mintage(&["rotate", "ALPHA_KEY", "BRAVO_KEY", "-e", "production"]));
            push.join().unwrap().expect(0, "push");
            rotate.join().unwrap().expect(0, "rotate");
        });
        wrong.extend(disagreements(&sandbox, round));
        for record in sandbox.records("production") {
            let rotations = usize::from(record.name.as_str() != "CHARLIE_KEY") * (round + 1);
            if record.versions.len() != 1 + rotations {
                wrong.push(format!("round {round}: {}: an update is lost", record.name));
            }
        }
    }
    sandbox.mintage(&["verify", "--deep"]).expect(0, "verify");
    println!("rotate against push: rounds tried: {}", rounds());
    assert_none(&wrong);
}
