//! A program that leaks what it reads, in the one way that its argument names. It shows that the suite would see it.

use std::fs;
use std::fs::File;
use std::io::Read;
use std::io::Write;
use std::os::fd::AsFd;
use std::process::Command;
use std::process::Stdio;

fn main() {
    let way = std::env::args().nth(1).unwrap();
    // On the stack, so that no way but the one that is asked for leaves a copy on the heap.
    let mut buffer = [0; 4_096];
    let mut stdin = File::from(std::io::stdin().as_fd().try_clone_to_owned().unwrap());
    let count = stdin.read(&mut buffer).unwrap();
    leak(&way, &buffer[..count]);
    buffer.fill(0);
    std::hint::black_box(&mut buffer);
}

fn leak(way: &str, value: &[u8]) {
    let text = || String::from_utf8(value.to_vec()).unwrap();
    let hex = || value.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let child = |command: &mut Command| assert!(command.status().unwrap().success());
    match way {
        "nothing" => {}
        "argument" => child(Command::new("true").arg(text())),
        "environment" => child(Command::new("true").env("VALUE", text())),
        "stdout" => {
            for piece in value.chunks(3) {
                std::io::stdout().write_all(piece).unwrap();
                std::io::stdout().flush().unwrap();
            }
        }
        "stderr" => eprintln!("error: cannot use {:?}", text()),
        "panic" => {
            let caught = std::panic::catch_unwind(|| panic!("no such value: {}", text()));
            assert!(caught.is_err());
        }
        "temporary" => {
            let path = format!("{}/value", std::env::var("TMPDIR").unwrap());
            fs::write(&path, value).unwrap();
            fs::remove_file(&path).unwrap();
        }
        "name" => fs::write(format!("{}/{}", std::env::var("TMPDIR").unwrap(), hex()), "").unwrap(),
        "log" => {
            let mut log = File::options().append(true).create(true).open("log.jsonl").unwrap();
            writeln!(log, "{{\"reason\":{:?}}}", text()).unwrap();
        }
        "readable" => {
            let mut command = Command::new("sh");
            child(command.args(["-c", "umask 022; : >made"]));
        }
        "outside" => fs::write(std::env::var("OUTSIDE").unwrap(), "").unwrap(),
        "pipe" => {
            let mut sink = Command::new("sh")
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
        "core" => std::process::abort(),
        "wait" => std::thread::sleep(std::time::Duration::from_secs(60)),
        other => panic!("no such leak: {other}"),
    }
}
