//! The program is killed at every system call that changes a file.

use crate::operation::Operation;
use crate::operation::assert_none;
use crate::sandbox::sample;
use crate::strace;

#[test]
fn a_kill_during_init_loses_nothing() {
    sweep(&Operation::init());
}

#[test]
fn a_kill_during_create_loses_nothing() {
    sweep(&Operation::create());
}

#[test]
fn a_kill_during_rotate_loses_nothing() {
    sweep(&Operation::rotate());
}

#[test]
fn a_kill_during_import_loses_nothing() {
    sweep(&Operation::import());
}

#[test]
fn the_checks_after_a_crash_see_a_loss_and_a_leak() {
    let operation = Operation::rotate();
    assert_none(&operation.aftermath());

    operation.sandbox.restore("start");
    let value = operation.before.values().next().unwrap();
    std::fs::write(operation.sandbox.live().join("tmp/leak"), value).unwrap();
    assert_eq!(operation.residue(), ["tmp/leak holds a value in the clear"]);

    operation.sandbox.restore("start");
    let file = operation.sandbox.version_file("production", "BRAVO_KEY");
    std::fs::remove_file(operation.sandbox.store(&file)).unwrap();
    let wrong = operation.aftermath();
    assert!(
        wrong
            .iter()
            .any(|what| what.starts_with("BRAVO_KEY") && what.contains("is lost"))
    );
}

pub fn sweep(operation: &Operation) {
    let all = strace::points(&operation.sandbox, operation.arguments, operation.input);
    let tried = sample(&all, operation.step(4));
    let mut wrong = Vec::new();
    let mut hit = 0;
    for point in &tried {
        operation.sandbox.restore("start");
        let run = strace::harmed(
            &operation.sandbox,
            point,
            "signal=KILL",
            "",
            operation.arguments,
            operation.input,
        );
        let was_hit = run.code.is_none() && strace::was_hit(&operation.sandbox);
        hit += usize::from(was_hit);
        if !was_hit {
            println!("{}: not killed at {point:?}: {:?}", operation.title, run.code);
        }
        for problem in operation.aftermath() {
            wrong.push(format!("killed at {} {}: {problem}", point.call, point.number));
        }
    }
    println!(
        "{}: crash points tried: {} of {}, {hit} killed, {} problems",
        operation.title,
        tried.len(),
        all.len(),
        wrong.len()
    );
    assert!(
        hit * 10 >= tried.len() * 9,
        "only {hit} of {} runs were killed",
        tried.len()
    );
    assert_none(&wrong);
}
