//! The clipboard of a real X server, and that of the terminal.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use crate::sandbox::Sandbox;
use crate::sandbox::chmod;
use crate::sandbox::program;
use crate::sandbox::tool;
use crate::terminal::converse;

/// An X server without a screen, ended with the test.
struct Desktop {
    server: Child,
    display: String,
}

impl Desktop {
    fn new() -> Self {
        let mut server = Command::new(tool("Xvfb", "apt-get install xvfb"))
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "64x64x24",
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut number)
            .unwrap();
        assert!(!number.trim().is_empty(), "the X server did not start");
        Self {
            server,
            display: format!(":{}", number.trim()),
        }
    }

    fn xclip(&self) -> Command {
        let mut command = Command::new(tool("xclip", "apt-get install xclip"));
        command
            .args(["-selection", "clipboard"])
            .env("DISPLAY", &self.display)
            .stderr(Stdio::null());
        command
    }

    /// What the clipboard holds.
    fn held(&self) -> Vec<u8> {
        self.xclip().arg("-out").output().unwrap().stdout
    }

    /// Copies as another program would.
    fn copy(&self, text: &[u8]) {
        use std::io::Write;
        let mut child = self
            .xclip()
            .arg("-in")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text).unwrap();
        child.wait().unwrap();
    }

    fn waits_for(&self, value: &[u8]) {
        let start = Instant::now();
        while self.held() != value {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "the value did not reach the clipboard"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A directory for `PATH` with one program alone.
fn only(sandbox: &Sandbox, name: &str) -> PathBuf {
    let directory = sandbox.beside(&format!("only-{name}"));
    fs::create_dir_all(&directory).unwrap();
    let link = directory.join(name);
    if !link.exists() {
        symlink(tool(name, "apt-get install xclip xsel"), link).unwrap();
    }
    directory
}

/// Starts mintage without waiting for it.
fn start(sandbox: &Sandbox, desktop: &Desktop, path: &PathBuf, args: &[&str]) -> Child {
    Command::new(program())
        .args(args)
        .current_dir(sandbox.project())
        .env_clear()
        .envs(sandbox.environment())
        .env("PATH", path)
        .env("DISPLAY", &desktop.display)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

const COPY: &[&str] = &[
    "reveal",
    "JWT_SECRET",
    "-e",
    "production",
    "--copy",
    "--clear-after",
];

fn copy_for(time: &str) -> Vec<&str> {
    [COPY, &[time]].concat()
}

#[test]
fn a_value_is_copied_shown_nowhere_and_cleared_after_the_time() {
    let (sandbox, desktop) = (Sandbox::minted(), Desktop::new());
    let value = sandbox.reveal("JWT_SECRET", "production");

    for name in ["xsel", "xclip"] {
        let child = start(&sandbox, &desktop, &only(&sandbox, name), &copy_for("4s"));
        desktop.waits_for(&value);
        let told = processes_that_tell(&value);
        let output = child.wait_with_output().unwrap();

        assert!(
            told.is_empty(),
            "{name}: in the arguments or environment of {told:?}"
        );
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.stdout.is_empty(), "{name}");
        assert!(desktop.held() != value, "{name} left it there");
    }
}

/// The processes of this machine whose arguments or environment hold a value.
fn processes_that_tell(value: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        for file in ["cmdline", "environ"] {
            let path = entry.path().join(file);
            let content = fs::read(&path).unwrap_or_default();
            if content.windows(value.len()).any(|window| window == value) {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn what_was_copied_meanwhile_stays() {
    let (sandbox, desktop) = (Sandbox::minted(), Desktop::new());
    let value = sandbox.reveal("JWT_SECRET", "production");

    for name in ["xsel", "xclip"] {
        let child = start(&sandbox, &desktop, &only(&sandbox, name), &copy_for("1h"));
        desktop.waits_for(&value);
        desktop.copy(b"a shopping list");
        let output = child.wait_with_output().unwrap();

        assert!(output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("nothing to clear"));
        assert_eq!(desktop.held(), b"a shopping list", "{name}");
    }
}

#[test]
fn one_that_a_clipboard_manager_took_over_is_cleared_too() {
    let (sandbox, desktop) = (Sandbox::minted(), Desktop::new());
    let value = sandbox.reveal("JWT_SECRET", "production");

    for name in ["xsel", "xclip"] {
        let child = start(&sandbox, &desktop, &only(&sandbox, name), &copy_for("4s"));
        desktop.waits_for(&value);
        desktop.copy(&value);
        let output = child.wait_with_output().unwrap();

        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(desktop.held() != value, "{name} left it there");
    }
}

#[test]
fn being_stopped_clears_at_once() {
    let (sandbox, desktop) = (Sandbox::minted(), Desktop::new());
    let value = sandbox.reveal("JWT_SECRET", "production");

    for signal in ["INT", "TERM", "HUP"] {
        let child = start(&sandbox, &desktop, &only(&sandbox, "xsel"), &copy_for("1h"));
        desktop.waits_for(&value);
        let sent = Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        let output = child.wait_with_output().unwrap();

        assert!(
            output.status.success(),
            "{signal}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(desktop.held() != value, "{signal} left it there");
    }
}

#[test]
fn generate_copies_one_value_of_its_kind() {
    let (sandbox, desktop) = (Sandbox::new(), Desktop::new());

    let child = start(
        &sandbox,
        &desktop,
        &only(&sandbox, "xsel"),
        &["generate", "hex", "--copy", "--clear-after", "5s"],
    );
    let start = Instant::now();
    while desktop.held().len() != 64 {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "nothing reached the clipboard"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let output = child.wait_with_output().unwrap();

    assert!(output.status.success());
    assert!(output.stdout.is_empty());
    assert!(desktop.held().is_empty());
    sandbox
        .command(["generate", "hex", "--copy", "--count", "2"])
        .env("DISPLAY", &desktop.display)
        .refused()
        .exits(2);
}

#[test]
fn a_value_is_taken_from_the_clipboard() {
    let (sandbox, desktop) = (Sandbox::lumiku(), Desktop::new());
    let value = Sandbox::new().run(["generate", "hex"]).succeeds().stdout;
    desktop.copy(&value);

    for name in ["xsel", "xclip"] {
        let output = sandbox
            .command(["import", "JWT_SECRET", "-e", "production", "--clipboard"])
            .env("DISPLAY", &desktop.display)
            .env("PATH", only(&sandbox, name))
            .run()
            .succeeds();
        assert!(output.stderr.contains("clipboard"), "{output}");
    }

    assert!(sandbox.reveal("JWT_SECRET", "production") == value[..value.len() - 1]);
}

#[test]
fn a_clipboard_that_is_empty_or_not_there_is_told_and_nothing_is_handed_out() {
    let (sandbox, desktop) = (Sandbox::minted(), Desktop::new());
    let before = sandbox.json(["history"])["events"].as_array().unwrap().len();

    for name in ["xsel", "xclip"] {
        let empty = sandbox
            .command(["import", "JWT_SECRET", "-e", "production", "--clipboard"])
            .env("DISPLAY", &desktop.display)
            .env("PATH", only(&sandbox, name))
            .refused()
            .exits(1);
        assert!(empty.stderr.contains("the clipboard is empty"), "{empty}");
    }
    let reading = sandbox
        .command(["import", "JWT_SECRET", "-e", "production", "--clipboard"])
        .refused()
        .exits(1);
    assert!(!reading.stderr.contains("--osc52"), "{reading}");
    let absent = sandbox.command(copy_for("5s")).refused().exits(1);
    assert!(absent.stderr.contains("--osc52"), "{absent}");
    let none = sandbox
        .command(copy_for("5s"))
        .env("DISPLAY", &desktop.display)
        .env("PATH", sandbox.beside("nothing"))
        .refused()
        .exits(1);
    assert!(none.stderr.contains("apt install"), "{none}");
    sandbox
        .command(copy_for("2h"))
        .env("DISPLAY", &desktop.display)
        .refused()
        .exits(2);

    let after = sandbox.json(["history"])["events"].as_array().unwrap().len();
    assert_eq!(before, after);
}

#[test]
fn a_display_that_does_not_answer_is_unreachable() {
    let sandbox = Sandbox::minted();

    let output = sandbox
        .command(copy_for("5s"))
        .env("DISPLAY", ":7777")
        .env("PATH", only(&sandbox, "xsel"))
        .run()
        .exits(4);

    assert!(output.stdout.is_empty());
}

#[test]
fn a_pasteboard_is_cleared_only_while_it_holds_the_value() {
    let sandbox = Sandbox::minted();
    let value = sandbox.reveal("JWT_SECRET", "production");
    let directory = sandbox.beside("mac");
    let board = sandbox.beside("board");
    fs::create_dir_all(&directory).unwrap();
    // As on macOS: one writes what it reads and ends, the other prints what is there.
    for (name, script) in [
        ("pbcopy", format!("#!/bin/sh\n/bin/cat > {}\n", board.display())),
        ("pbpaste", format!("#!/bin/sh\n/bin/cat {}\n", board.display())),
    ] {
        fs::write(directory.join(name), script).unwrap();
        chmod(&directory.join(name), 0o755);
    }
    fs::write(&board, "").unwrap();

    let run = |other: Option<&str>| {
        let child = Command::new(program())
            .args(copy_for("3s"))
            .current_dir(sandbox.project())
            .env_clear()
            .envs(sandbox.environment())
            .env("PATH", &directory)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while fs::read(&board).unwrap() != value {
            assert!(start.elapsed() < Duration::from_secs(60), "it was not copied");
            std::thread::sleep(Duration::from_millis(50));
        }
        if let Some(other) = other {
            std::thread::sleep(Duration::from_millis(500));
            fs::write(&board, other).unwrap();
        }
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        fs::read(&board).unwrap()
    };

    assert!(run(None).is_empty());
    assert_eq!(run(Some("a shopping list")), b"a shopping list");
}

#[test]
fn a_terminal_is_asked_to_copy_by_its_escape_sequence_alone() {
    let sandbox = Sandbox::minted();
    let value = sandbox.reveal("JWT_SECRET", "production");

    let session = converse(
        std::path::Path::new(program()),
        &["reveal", "JWT_SECRET", "-e", "production", "--osc52"],
        &sandbox.project(),
        &sandbox.environment(),
        &[],
    );

    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(&value);
    assert_eq!(session.code, 0);
    assert!(session.stdout.is_empty());
    assert!(session.screen.contains(&format!("\x1b]52;c;{encoded}\x07")));
    assert!(!session.screen.contains(std::str::from_utf8(&value).unwrap()));
}

#[test]
fn without_a_terminal_there_is_none_to_ask() {
    let sandbox = Sandbox::minted();

    let output = Command::new(tool("setsid", "it is part of util-linux"))
        .args([
            "--wait",
            program(),
            "reveal",
            "JWT_SECRET",
            "-e",
            "production",
            "--osc52",
        ])
        .current_dir(sandbox.project())
        .env_clear()
        .envs(sandbox.environment())
        .output()
        .unwrap();

    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
}
