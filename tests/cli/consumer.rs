//! Real consumers of a secret under load while it is rotated: nobody is turned away, unless nothing overlaps.

use std::io::BufRead;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::python;
use crate::sandbox::Sandbox;

#[test]
fn services_that_are_told_one_after_the_other_turn_nobody_away() {
    let sandbox = project("overlap = \"1h\"\nusage_delay = \"1s\"\nprevious_var = \"JWT_SECRET_PREVIOUS\"");
    let load = Load::start(&sandbox);

    for _ in 0..2 {
        sleep(Duration::from_millis(700));
        let waits = sandbox.rotate("JWT_SECRET", &[]).exits(5);
        assert!(
            waits.stderr.contains("is accepted everywhere and is used from"),
            "{waits}"
        );
        sleep(Duration::from_millis(1_500));
        sandbox.run(["rotate", "-e", "production"]).succeeds();
        // Longer than a client keeps its token.
        sleep(Duration::from_millis(1_000));
        sandbox
            .run(["retire", "JWT_SECRET", "-e", "production"])
            .succeeds();
    }
    sleep(Duration::from_millis(500));

    let (accepted, rejected) = load.stop();
    println!("two rotations with an overlap: {accepted} requests accepted, {rejected} rejected");
    assert!(accepted > 500, "there was no load: {accepted} requests");
    assert_eq!(rejected, 0, "of {accepted} requests");
}

#[test]
fn without_an_overlap_requests_are_turned_away() {
    let sandbox = project("");
    let load = Load::start(&sandbox);
    sleep(Duration::from_millis(500));

    sandbox.rotate("JWT_SECRET", &[]).succeeds();

    sleep(Duration::from_millis(500));
    let (accepted, rejected) = load.stop();
    println!("a rotation without an overlap: {accepted} requests accepted, {rejected} rejected");
    assert!(
        rejected > 0,
        "the load does not notice a rotation: {accepted} requests"
    );
}

/// A project with a secret in the env files of two services.
fn project(fields: &str) -> Sandbox {
    let sandbox = Sandbox::of_policy(format!(
        "schema = 1\nname = \"x\"\n[environments.production]\n\
             [secrets.JWT_SECRET]\nkind = \"jwt-hs256\"\nsinks = [\"one\", \"two\"]\n{fields}\n\
             [sinks.one]\ntype = \"env-file\"\npath = \".env.one\"\n\
             [sinks.two]\ntype = \"env-file\"\npath = \".env.two\"\n"
    ));
    let value = String::from_utf8(sandbox.reveal("JWT_SECRET", "production")).unwrap();
    for file in [".env.one", ".env.two"] {
        sandbox.write(file, format!("JWT_SECRET={value}\n"));
    }
    sandbox
}

/// Services and clients at work.
struct Load(Child);

impl Load {
    /// Starts them and waits until the first request can be made.
    fn start(sandbox: &Sandbox) -> Self {
        static PYTHON: OnceLock<PathBuf> = OnceLock::new();
        let python = PYTHON.get_or_init(|| python::environment("py-consumer", &["PyJWT==2.10.1"], "jwt"));
        let mut child = Command::new(python)
            .arg("-I")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/consumer.py"))
            .args([".env.one", ".env.two"])
            .current_dir(sandbox.project())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        reader.read_line(&mut ready).unwrap();
        assert_eq!(ready, "ready\n");
        child.stdout = Some(reader.into_inner());
        Self(child)
    }

    /// Ends them, and returns how many requests were accepted and rejected.
    fn stop(mut self) -> (u64, u64) {
        drop(self.0.stdin.take());
        let output = self.0.wait_with_output().unwrap();
        assert!(output.status.success());
        let counts: Value = serde_json::from_slice(&output.stdout).unwrap();
        let count = |key: &str| counts[key].as_u64().unwrap();
        (count("accepted"), count("rejected"))
    }
}
