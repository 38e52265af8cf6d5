//! Points at which the program touches the file system, and runs that are harmed at one of them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::process::Stdio;

use crate::sandbox::Run;
use crate::sandbox::Sandbox;
use crate::sandbox::feed;

/// The n-th call of one system call: `strace` counts every name by itself.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Point {
    /// The system call.
    pub call: String,
    /// Which one of this name, counted from 1.
    pub number: u32,
}

/// Calls that change the file system or order its changes.
const CALLS: [&str; 21] = [
    "openat",
    "write",
    "writev",
    "pwrite64",
    "fsync",
    "fdatasync",
    "syncfs",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "ftruncate",
    "fchmod",
    "fchmodat",
    "fchown",
    "chmod",
    "linkat",
    "flock",
];

/// Traces a run and returns every point of it, in the order of the run.
pub fn points(sandbox: &Sandbox, arguments: &[&str], input: &str) -> Vec<Point> {
    let log = sandbox.beside("trace.log");
    let mut command = strace(sandbox);
    command.arg("-o").arg(&log);
    command.arg("-e").arg(format!("trace={}", CALLS.join(",")));
    command.arg(env!("CARGO_BIN_EXE_mintage")).args(arguments);
    let run = feed(command, input);
    assert_eq!(run.code, Some(0), "traced run of {arguments:?}\n{}", run.text);
    let mut counts = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for line in fs::read_to_string(&log).unwrap().lines() {
        let mut words = line.splitn(2, ' ');
        let (thread, rest) = (words.next().unwrap(), words.next().unwrap_or_default());
        let Some((call, call_arguments)) = rest.trim_start().split_once('(') else {
            continue;
        };
        if !CALLS.contains(&call) {
            continue;
        }
        let count = counts.entry((thread.to_owned(), call.to_owned())).or_insert(0);
        *count += 1;
        let only_reads = call == "openat"
            && !["O_CREAT", "O_WRONLY", "O_RDWR", "O_TRUNC"]
                .iter()
                .any(|flag| call_arguments.contains(flag));
        let point = Point {
            call: call.to_owned(),
            number: *count,
        };
        if !only_reads && seen.insert(point.clone()) {
            found.push(point);
        }
    }
    assert!(
        found.len() > 10,
        "the trace of {arguments:?} shows too little: {found:?}"
    );
    found
}

/// Runs the program with the call at `point` harmed as `how` says, such as `signal=KILL`.
///
/// `times` is `+` when every later call of this name is harmed too.
pub fn harmed(
    sandbox: &Sandbox,
    point: &Point,
    how: &str,
    times: &str,
    arguments: &[&str],
    input: &str,
) -> Run {
    let mut command = strace(sandbox);
    command.arg("-o").arg(sandbox.beside("harm.log"));
    command.arg("-e").arg(format!("trace={}", point.call));
    command.arg("-e").arg(format!(
        "inject={}:{how}:when={}{times}",
        point.call, point.number
    ));
    command.arg(env!("CARGO_BIN_EXE_mintage")).args(arguments);
    feed(command, input)
}

/// Returns whether the last harmed run came to its point.
pub fn was_hit(sandbox: &Sandbox) -> bool {
    let log = fs::read_to_string(sandbox.beside("harm.log")).unwrap_or_default();
    log.contains("(INJECTED)") || log.contains("killed by SIGKILL")
}

/// Prepares `strace`, which must be there.
pub fn strace(sandbox: &Sandbox) -> Command {
    let there = Command::new("strace")
        .arg("-V")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(
        there.is_ok_and(|status| status.success()),
        "these tests need the program `strace`: install the Debian package `strace`"
    );
    let mut command = sandbox.command("strace");
    command.arg("-f");
    command
}
