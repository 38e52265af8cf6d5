//! `run` comes to harm at every system call that writes: no command gets a value that the audit log does not name.

use std::fs;

use crate::operation::assert_none;
use crate::sandbox::Run;
use crate::sandbox::Sandbox;
use crate::sandbox::feed;
use crate::strace;

/// The command shows that it was run, and with the value.
const ARGUMENTS: [&str; 9] = [
    "run",
    "-e",
    "production",
    "--only",
    "ALPHA_KEY",
    "--",
    "sh",
    "-c",
    "printf %s \"$ALPHA_KEY\"",
];

const HARMS: [(&str, &str); 4] = [
    ("signal=KILL", ""),
    ("error=EIO", ""),
    ("error=ENOSPC", ""),
    ("error=ENOSPC", "+"),
];

#[test]
fn a_command_runs_only_when_the_audit_log_names_its_values() {
    let sandbox = Sandbox::small();
    sandbox.snapshot("start");
    let points = strace::points(&sandbox, &ARGUMENTS, "");
    let mut wrong = Vec::new();
    let (mut ran, mut refused) = (0, 0);
    for point in &points {
        for (how, times) in HARMS {
            sandbox.restore("start");
            let run = strace::harmed(&sandbox, point, how, times, &ARGUMENTS, "");
            let place = format!("{how} at {} {}{times}", point.call, point.number);
            let got_value = !run.out.is_empty();
            if got_value && !is_recorded(&sandbox) {
                wrong.push(format!("{place}: a value went out unrecorded"));
            }
            if run.is_bug() {
                wrong.push(format!("{place}: {:?} {}", run.code, run.text.trim()));
            }
            if got_value {
                ran += 1;
            } else {
                refused += 1;
            }
            let verify = sandbox.mintage(&["verify"]);
            if verify.code != Some(0) {
                wrong.push(format!("{place}: verify after it: {}", verify.text.trim()));
            }
        }
    }
    println!(
        "run: {} points, {ran} ran, {refused} did not, {} problems",
        points.len(),
        wrong.len()
    );
    assert!(ran > 0 && refused > 0, "harm has to make a difference");
    assert_none(&wrong);
}

#[test]
fn an_event_that_is_not_known_to_be_on_disk_is_none() {
    let sandbox = Sandbox::small();
    sandbox.snapshot("start");
    let log = sandbox.beside("sync.log");
    let mut command = strace::strace(&sandbox);
    command.args(["-y", "-e", "trace=fsync", "-o"]).arg(&log);
    command.arg(env!("CARGO_BIN_EXE_mintage")).args(ARGUMENTS);
    feed(command, "").expect(0, "traced");
    let trace = fs::read_to_string(&log).unwrap();
    let mut syncs = trace.lines().filter(|line| line.contains("fsync("));
    let place = syncs.position(|line| line.contains("/audit/")).unwrap() + 1;

    sandbox.restore("start");
    let run = harmed_sync(&sandbox, place);

    assert_eq!(run.code, Some(1), "{}", run.text);
    assert!(run.out.is_empty(), "the command did not run");
    assert!(
        run.text.contains("the audit log cannot be written"),
        "{}",
        run.text
    );
}

fn harmed_sync(sandbox: &Sandbox, place: usize) -> Run {
    let mut command = strace::strace(sandbox);
    command.arg("-o").arg(sandbox.beside("harm.log"));
    command.args(["-e", "trace=fsync", "-e"]);
    command.arg(format!("inject=fsync:error=EIO:when={place}"));
    command.arg(env!("CARGO_BIN_EXE_mintage")).args(ARGUMENTS);
    feed(command, "")
}

fn is_recorded(sandbox: &Sandbox) -> bool {
    let log = fs::read_to_string(sandbox.store(&sandbox.audit_file())).unwrap();
    log.lines()
        .any(|line| line.contains("\"action\":\"run\"") && line.contains("ALPHA_KEY"))
}
