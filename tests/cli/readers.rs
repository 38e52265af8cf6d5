//! Programs and libraries that read what mintage writes for others. None of them is ever skipped: what is missing is
//! named.

use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;
use std::sync::OnceLock;

use crate::python::environment;

/// Runs a script with the packages of [`PACKAGES`] and returns what it prints; it has to succeed.
#[track_caller]
pub fn python(script: &str, stdin: &str) -> String {
    succeeds(&answer(&interpreter(), &["-I", "-c", script], stdin))
}

/// The interpreter that has the packages of [`PACKAGES`]; programs that came with them are beside it.
pub fn interpreter() -> PathBuf {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let modules = "check_jsonschema, cronsim, icalendar, kubernetes_validate, yaml";
    PYTHON
        .get_or_init(|| environment("py-readers", &PACKAGES, modules))
        .clone()
}

/// Runs a program with `stdin` and returns what it left.
pub fn answer(program: &Path, args: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("this test needs `{}` ({error})", program.display()));
    let mut writing = child.stdin.take().unwrap();
    let input = stdin.to_owned();
    let writer = std::thread::spawn(move || writing.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    output
}

/// Requires success, and returns what was printed.
#[track_caller]
pub fn succeeds(output: &Output) -> String {
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "refused:\n{complaint}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

const PACKAGES: [&str; 5] = [
    "check-jsonschema==0.39.0",
    "cronsim==2.8",
    "icalendar==7.3.2",
    "kubernetes-validate==1.37.0",
    "PyYAML==6.0.4",
];
