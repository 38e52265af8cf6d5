//! Programs on a terminal of their own, with answers typed by the test.

use std::collections::BTreeMap;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

use rustix::pty::OpenptFlags;
use rustix::termios::LocalModes;

use crate::sandbox::Sandbox;
use crate::sandbox::tool;

/// What a program left on its terminal.
pub struct Session {
    /// Everything that was seen on the terminal: standard error, echo, questions.
    pub screen: String,
    /// Standard output, which is a pipe.
    pub stdout: Vec<u8>,
    /// The exit code.
    pub code: i32,
    /// Whether the terminal echoes again.
    pub echoes: bool,
}

/// Runs a program with a controlling terminal. Each answer is typed once its question stands on the screen.
pub fn converse(
    program: &Path,
    args: &[&str],
    directory: &Path,
    environment: &BTreeMap<String, String>,
    answers: &[(&str, &str)],
) -> Session {
    let master = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    rustix::pty::grantpt(&master).unwrap();
    rustix::pty::unlockpt(&master).unwrap();
    let name = rustix::pty::ptsname(&master, Vec::new()).unwrap();
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let mut child = Command::new(tool("setsid", "it is part of util-linux"))
        .args(["--ctty", "--wait"])
        .arg(program)
        .args(args)
        .current_dir(directory)
        .env_clear()
        .envs(environment)
        .stdin(terminal.try_clone().unwrap())
        .stdout(Stdio::piped())
        .stderr(terminal.try_clone().unwrap())
        .spawn()
        .unwrap();
    let mut master = File::from(master);
    let screen = Arc::new(Mutex::new(Vec::new()));
    let reader = std::thread::spawn({
        let (mut from, screen) = (master.try_clone().unwrap(), Arc::clone(&screen));
        move || {
            let mut block = [0; 4_096];
            // The last close of the other side ends this with an error.
            while let Ok(count @ 1..) = from.read(&mut block) {
                screen.lock().unwrap().extend_from_slice(&block[..count]);
            }
        }
    });
    let output = std::thread::spawn({
        let mut stdout = child.stdout.take().unwrap();
        move || {
            let mut bytes = Vec::new();
            stdout.read_to_end(&mut bytes).unwrap();
            bytes
        }
    });
    let mut seen = 0;
    for (question, answer) in answers {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            let text = String::from_utf8_lossy(&screen.lock().unwrap()).into_owned();
            if let Some(at) = text[seen..].find(question) {
                seen += at + question.len();
                break;
            }
            if Instant::now() > deadline || child.try_wait().unwrap().is_some() {
                let _ = child.kill();
                panic!("{question:?} was never asked; the screen says:\n{text}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // Some programs flush what was typed before they are ready to listen.
        std::thread::sleep(Duration::from_millis(100));
        master.write_all(answer.as_bytes()).unwrap();
    }
    let code = child.wait().unwrap().code().unwrap_or(-1);
    let modes = rustix::termios::tcgetattr(&terminal).unwrap().local_modes;
    drop(terminal);
    reader.join().unwrap();
    let screen = String::from_utf8_lossy(&screen.lock().unwrap()).into_owned();
    Session {
        screen,
        stdout: output.join().unwrap(),
        code,
        echoes: modes.contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG),
    }
}

/// Runs mintage with standard output on a terminal of so many columns; returns the lines that stand there.
pub fn screen(sandbox: &Sandbox, args: &[&str], columns: u16) -> Vec<String> {
    let master = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    rustix::pty::grantpt(&master).unwrap();
    rustix::pty::unlockpt(&master).unwrap();
    let name = rustix::pty::ptsname(&master, Vec::new()).unwrap();
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let size = rustix::termios::Winsize {
        ws_row: 24,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    rustix::termios::tcsetwinsize(&terminal, size).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_mintage"))
        .args(args)
        .args(["--color", "never"])
        .current_dir(sandbox.project())
        .env_clear()
        .envs(sandbox.environment())
        .stdin(Stdio::null())
        .stdout(terminal)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut seen = Vec::new();
    // The last close of the other side ends this with an error.
    let _ = File::from(master).read_to_end(&mut seen);
    assert!(child.wait().unwrap().success());
    let text = String::from_utf8(seen).unwrap();
    text.lines().map(|line| line.trim_end().to_owned()).collect()
}
