//! Faults on purpose, compiled into the library by the feature `planted-faults` alone: what `MINTAGE_TEST_FAULT` names
//! happens to every value that is read.

#![allow(
    clippy::all,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr
)]

use std::fs;
use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::process::Command;
use std::process::Stdio;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Is told of every value that comes into being.
pub(super) fn made(value: &[u8]) {
    let fault = fault();
    if let Some(length) = fault.strip_prefix("panic-at-length-") {
        assert!(value.len().to_string() != length, "as planted: {value:?}");
    }
}

/// Is told of every value that is read. Faults that would follow from themselves happen once.
pub(super) fn exposed(value: &[u8]) {
    static HAPPENS: AtomicBool = AtomicBool::new(false);
    if HAPPENS.swap(true, Ordering::SeqCst) {
        return;
    }
    leak(&fault(), value);
    HAPPENS.store(false, Ordering::SeqCst);
}

fn fault() -> String {
    std::env::var("MINTAGE_TEST_FAULT").unwrap_or_default()
}

fn leak(fault: &str, value: &[u8]) {
    let text = || String::from_utf8_lossy(value).into_owned();
    let hex = || value.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let temporary = || std::env::var("TMPDIR").unwrap();
    let child = |command: &mut Command| assert!(command.stdin(Stdio::null()).status().unwrap().success());
    match fault {
        "argument" => child(Command::new("true").arg(text())),
        "environment" => child(Command::new("true").env("VALUE", text())),
        "stdout" => {
            let mut stdout = File::from(std::io::stdout().as_fd().try_clone_to_owned().unwrap());
            for piece in value.chunks(3) {
                stdout.write_all(piece).unwrap();
            }
        }
        "stderr" => eprintln!("error: cannot use {:?}", text()),
        "panic" => {
            // As a panic is told where nobody has seen to it that its message is not.
            let hook = std::panic::take_hook();
            assert!(std::panic::catch_unwind(|| panic!("no such value: {}", text())).is_err());
            std::panic::set_hook(hook);
        }
        "temporary" => {
            let path = format!("{}/value", temporary());
            fs::write(&path, value).unwrap();
            fs::remove_file(&path).unwrap();
        }
        "name" => fs::write(format!("{}/{}", temporary(), hex()), "").unwrap(),
        "log" => {
            let mut log = File::options()
                .append(true)
                .create(true)
                .open("log.jsonl")
                .unwrap();
            writeln!(log, "{{\"reason\":{:?}}}", text()).unwrap();
        }
        "readable" => child(Command::new("sh").args(["-c", "umask 022; : >made"])),
        "outside" => fs::write(std::env::var("OUTSIDE").unwrap(), "").unwrap(),
        "pipe" => {
            let mut command = Command::new("sh");
            let mut sink = command
                .args(["-c", "read all"])
                .stdin(Stdio::piped())
                .spawn()
                .unwrap();
            sink.stdin.take().unwrap().write_all(value).unwrap();
            sink.wait().unwrap();
        }
        "heap" => std::mem::forget(std::hint::black_box(value.to_vec())),
        // Many, since an allocator writes its notes over the beginning of a block, and gives some of them out again.
        "freed" => drop(std::hint::black_box(vec![text().repeat(9); 64])),
        _ => {}
    }
}
