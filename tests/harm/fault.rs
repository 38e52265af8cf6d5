//! The disk is full or broken at every system call that writes, or there is no randomness.

use std::fs;

use crate::operation::Operation;
use crate::operation::assert_none;
use crate::sandbox::is_full;
use crate::sandbox::sample;
use crate::strace;
use crate::strace::Point;

#[test]
fn a_full_or_broken_disk_during_init_is_no_loss() {
    sweep(&Operation::init());
}

#[test]
fn a_full_or_broken_disk_during_create_is_no_loss() {
    sweep(&Operation::create());
}

#[test]
fn a_full_or_broken_disk_during_rotate_is_no_loss() {
    sweep(&Operation::rotate());
}

#[test]
fn a_full_or_broken_disk_during_import_is_no_loss() {
    sweep(&Operation::import());
}

/// Errors, and whether they stay (`+`): a full disk stays full.
const FAULTS: [(&str, &str); 3] = [("ENOSPC", ""), ("EIO", ""), ("ENOSPC", "+")];

pub fn sweep(operation: &Operation) {
    let all: Vec<(Point, (&str, &str))> =
        strace::points(&operation.sandbox, operation.arguments, operation.input)
            .into_iter()
            .flat_map(|point| FAULTS.map(|fault| (point.clone(), fault)))
            .collect();
    // Ten, so that the errors take turns.
    let tried = sample(&all, operation.step(10));
    let mut wrong = Vec::new();
    let mut hit = 0;
    for (point, (error, times)) in &tried {
        operation.sandbox.restore("start");
        let run = strace::harmed(
            &operation.sandbox,
            point,
            &format!("error={error}"),
            times,
            operation.arguments,
            operation.input,
        );
        hit += usize::from(strace::was_hit(&operation.sandbox));
        let place = format!("{error} at {} {}{times}", point.call, point.number);
        if run.is_bug() || run.code.is_none() {
            wrong.push(format!("{place}: {:?} {}", run.code, run.text.trim()));
        }
        if run.code == Some(0) && !is_committed(operation) {
            wrong.push(format!(
                "{place}: success was reported and nothing was done: {}",
                run.text
            ));
        }
        for problem in operation.aftermath() {
            wrong.push(format!("{place} ({:?}): {problem}", run.code));
        }
    }
    println!(
        "{}: fault points tried: {} of {}, {hit} hit, {} problems",
        operation.title,
        tried.len(),
        all.len(),
        wrong.len()
    );
    assert!(
        hit * 10 >= tried.len() * 9,
        "only {hit} of {} runs were hit",
        tried.len()
    );
    assert_none(&wrong);
}

/// Returns whether what the command promises is in the store now.
fn is_committed(operation: &Operation) -> bool {
    if let Some(goal) = &operation.goal {
        return goal.is_reached(operation);
    }
    let sandbox = &operation.sandbox;
    let records = sandbox.records("production");
    let versions = |name: &str| {
        let record = records.iter().find(|record| record.name.as_str() == name);
        record.map_or(0, |record| record.versions.len())
    };
    match operation.title {
        "init" => sandbox.identity().exists() && sandbox.store("store.toml").exists(),
        "create --all" => crate::sandbox::NAMES.iter().all(|name| versions(name) == 1),
        _ => versions("ALPHA_KEY") == 2,
    }
}

#[test]
fn without_randomness_there_is_a_clear_error_or_the_other_source() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for operation in [Operation::create(), Operation::rotate()] {
        let errors: &[&str] = if is_full() {
            &["ENOSYS", "EPERM", "EIO"]
        } else {
            &["ENOSYS", "EPERM"]
        };
        for error in errors {
            for when in ["1", "2", "3", "4", "5", "8", "1+", "2+", "3+", "4+"] {
                operation.sandbox.restore("start");
                let log = operation.sandbox.beside("harm.log");
                let mut command = strace::strace(&operation.sandbox);
                command.arg("-o").arg(&log).args(["-e", "trace=getrandom,openat"]);
                command.args(["-e", &format!("inject=getrandom:error={error}:when={when}")]);
                command
                    .arg(env!("CARGO_BIN_EXE_mintage"))
                    .args(operation.arguments);
                let run = crate::sandbox::feed(command, operation.input);
                tried += 1;
                let place = format!("{}: getrandom {error} when={when}", operation.title);
                let trace = fs::read_to_string(&log).unwrap();
                if run.is_bug() {
                    wrong.push(format!("{place}: {:?} {}", run.code, run.text.trim()));
                }
                if run.code == Some(0) {
                    let fell_back = trace.contains("/dev/urandom") || trace.contains("/dev/random");
                    if when == "1+" && !fell_back {
                        wrong.push(format!("{place}: a value came from no known source"));
                    }
                    if !is_committed(&operation) {
                        wrong.push(format!("{place}: success was reported and nothing was done"));
                    }
                } else if is_committed(&operation) {
                    wrong.push(format!("{place}: failed, and stored something: {}", run.text));
                }
                for problem in operation.aftermath() {
                    wrong.push(format!("{place}: {problem}"));
                }
            }
        }
    }
    println!("randomness: points tried: {tried}, {} problems", wrong.len());
    assert_none(&wrong);
}
