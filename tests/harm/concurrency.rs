//! Several processes on one store.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::operation::assert_none;
use crate::sandbox::NAMES;
use crate::sandbox::Sandbox;
use crate::sandbox::is_full;
use crate::strace;

#[test]
fn two_creates_at_once_mint_everything_once() {
    let sandbox = Sandbox::initialised();
    sandbox.snapshot("start");
    let rounds = if is_full() { 200 } else { 20 };
    for round in 0..rounds {
        sandbox.restore("start");
        thread::scope(|scope| {
            let both =
                [0, 1].map(|_| scope.spawn(|| sandbox.mintage(&["create", "--all", "-e", "production"])));
            for one in both {
                one.join().unwrap().expect(0, "create");
            }
        });
        let records = sandbox.records("production");
        assert_eq!(records.len(), NAMES.len(), "round {round}");
        for record in &records {
            assert_eq!(
                (record.revision, record.versions.len()),
                (1, 1),
                "round {round}: {}",
                record.name
            );
        }
        let verify = sandbox.mintage(&["verify", "--deep"]).expect(0, "verify");
        assert!(!verify.text.contains("leftover:"), "{}", verify.text);
    }
    println!("create at once: rounds tried: {rounds}");
}

#[test]
fn eight_processes_lose_no_update() {
    let sandbox = Sandbox::filled();
    let rounds: usize = if is_full() { 30 } else { 6 };
    thread::scope(|scope| {
        for (number, name) in NAMES.iter().take(8).enumerate() {
            let sandbox = &sandbox;
            scope.spawn(move || {
                for round in 0..rounds {
                    let value = format!(
                        "{:0>64}",
                        format!("9f2c61d07be84a53c1e6f0983d7452ab{number}e{round:04}")
                    );
                    let other = NAMES[(number + round + 1) % NAMES.len()];
                    sandbox
                        .mintage(&["rotate", name, "-e", "production"])
                        .expect(0, "rotate");
                    sandbox.reveal("production", other).expect(0, "reveal");
                    sandbox
                        .mintage_with(&["import", name, "-e", "production", "--force"], &value)
                        .expect(0, "import");
                    if number == 0 {
                        sandbox.mintage(&["verify"]).expect(0, "verify");
                    }
                }
            });
        }
    });
    let mut wrong = Vec::new();
    let changes = 2 * rounds as u64;
    for record in sandbox.records("production") {
        let expected = if record.name.as_str() == NAMES[8] {
            1
        } else {
            1 + changes
        };
        if (record.revision, record.versions.len() as u64) != (expected, expected) {
            let found = record.versions.len();
            wrong.push(format!(
                "{}: revision {}, {found} versions, not {expected}",
                record.name, record.revision
            ));
        }
    }
    let revision = sandbox.revision("production");
    if revision != 1 + 8 * changes {
        wrong.push(format!("ledger: revision {revision}, not {}", 1 + 8 * changes));
    }
    let pinned = pinned_revision(&sandbox);
    if pinned != revision {
        wrong.push(format!(
            "the pin remembers revision {pinned} of {revision}: a rollback between them goes unseen"
        ));
    }
    let verify = sandbox.mintage(&["verify", "--deep"]);
    if verify.code != Some(0) || verify.text.contains("leftover:") {
        wrong.push(verify.text);
    }
    println!("mixed: {} commands in 8 processes", 8 * 3 * rounds);
    assert_none(&wrong);
}

/// Returns the revision of production's ledger that this machine remembers.
fn pinned_revision(sandbox: &Sandbox) -> u64 {
    let files = crate::sandbox::files_of(&sandbox.home().join(".local/state"));
    let (_, bytes) = files.iter().find(|(path, _)| path.ends_with("pin.json")).unwrap();
    let pin: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    pin["environments"]["production"]["revision"].as_u64().unwrap()
}

#[test]
fn a_killed_process_lets_go_of_the_lock() {
    let sandbox = Sandbox::filled();
    let log = sandbox.beside("held.log");
    let mut command = strace::strace(&sandbox);
    command.arg("-o").arg(&log);
    // It stops at its second `fsync`, when it holds the lock.
    command.args(["-e", "trace=fsync", "-e", "inject=fsync:signal=STOP:when=2"]);
    command
        .arg(env!("CARGO_BIN_EXE_mintage"))
        .args(["rotate", "ALPHA_KEY", "-e", "production"]);
    let mut holder = command.spawn().unwrap();
    let started = Instant::now();
    let pid = loop {
        let text = fs::read_to_string(&log).unwrap_or_default();
        if let Some(pid) = text.lines().find(|line| line.contains("stopped by SIGSTOP")) {
            break pid.split(' ').next().unwrap().to_owned();
        }
        assert!(started.elapsed() < Duration::from_secs(30), "it did not stop");
        thread::sleep(Duration::from_millis(20));
    };
    thread::sleep(Duration::from_millis(300));
    thread::scope(|scope| {
        let next = scope.spawn(|| sandbox.mintage(&["rotate", "BRAVO_KEY", "-e", "production"]));
        thread::sleep(Duration::from_millis(700));
        assert!(
            !next.is_finished(),
            "the second process did not wait for the lock"
        );
        let killed = Command::new("kill").args(["-9", &pid]).status().unwrap();
        assert!(killed.success());
        let since = Instant::now();
        next.join()
            .unwrap()
            .expect(0, "rotate after the holder was killed");
        assert!(
            since.elapsed() < Duration::from_secs(20),
            "the lock outlived its holder"
        );
    });
    let _ = Command::new("kill").arg(holder.id().to_string()).status();
    let _ = holder.wait();
    let revisions: BTreeSet<(String, u64)> = sandbox
        .records("production")
        .into_iter()
        .map(|record| (record.name.to_string(), record.revision))
        .collect();
    assert!(revisions.contains(&("BRAVO_KEY".to_owned(), 2)));
    assert!(revisions.contains(&("ALPHA_KEY".to_owned(), 1)));
    sandbox.mintage(&["verify", "--deep"]).expect(0, "verify");
}

#[test]
fn a_slow_reader_does_not_forget_what_a_writer_noted() {
    let sandbox = Sandbox::small();
    let ledger = sandbox.store("production/ledger.jsonl");
    let old = fs::read(&ledger).unwrap();
    sandbox.forget();
    // The only rename of a first `verify` puts down what it has seen.
    let mut command = strace::strace(&sandbox);
    command.arg("-o").arg(sandbox.beside("slow.log"));
    command.args([
        "-e",
        "trace=rename,renameat",
        "-e",
        "inject=rename,renameat:delay_enter=4s",
    ]);
    command.arg(env!("CARGO_BIN_EXE_mintage")).arg("verify");
    let mut slow = command.spawn().unwrap();
    let state = sandbox.home().join(".local/state");
    let started = Instant::now();
    while crate::sandbox::files_of(&state).is_empty() {
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "verify notes nothing"
        );
        thread::sleep(Duration::from_millis(20));
    }
    sandbox
        .mintage(&["rotate", "ALPHA_KEY", "-e", "production"])
        .expect(0, "rotate beside it");
    slow.wait().unwrap();

    let (pinned, revision) = (pinned_revision(&sandbox), sandbox.revision("production"));
    fs::write(ledger, old).unwrap();
    let verify = sandbox.mintage(&["verify"]);
    assert_eq!(
        verify.code,
        Some(6),
        "the pin remembers revision {pinned} of {revision}, and the rollback is not seen:\n{}",
        verify.text
    );
}
