//! A program on a terminal, step by step.

use std::fs::File;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

use rustix::termios::LocalModes;

use crate::observed::open_terminal;
use crate::stage::Stage;

/// A program that runs on a terminal of its own.
pub struct Session {
    child: Child,
    keyboard: File,
    terminal: File,
    screen: Arc<Mutex<Vec<u8>>>,
}

impl Session {
    /// Starts a program in the project of a stage, as the leader of its session.
    pub fn start(stage: &Stage, program: &Path, args: &[&str], environment: &[(&str, &str)]) -> Self {
        let (keyboard, terminal) = open_terminal();
        let size = rustix::termios::Winsize {
            ws_row: 50,
            ws_col: 300,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        rustix::termios::tcsetwinsize(&terminal, size).unwrap();
        // A leader of no group yet: `setsid` does not fork then, so that the child is the program itself.
        let child = Command::new("setsid")
            .arg("--ctty")
            .arg(program)
            .args(args)
            .current_dir(stage.project())
            .env_clear()
            .envs(stage.environment())
            .envs(environment.iter().copied())
            .stdin(Stdio::from(terminal.try_clone().unwrap()))
            .stdout(Stdio::from(terminal.try_clone().unwrap()))
            .stderr(Stdio::from(terminal.try_clone().unwrap()))
            .spawn()
            .unwrap();
        let screen = Arc::new(Mutex::new(Vec::new()));
        std::thread::spawn({
            let (mut from, screen) = (keyboard.try_clone().unwrap(), Arc::clone(&screen));
            move || {
                let mut block = [0; 4_096];
                while let Ok(count @ 1..) = from.read(&mut block) {
                    screen.lock().unwrap().extend_from_slice(&block[..count]);
                }
            }
        });
        Self {
            child,
            keyboard,
            terminal,
            screen,
        }
    }

    /// What has been on the screen so far.
    pub fn screen(&self) -> Vec<u8> {
        self.screen.lock().unwrap().clone()
    }

    /// Waits until `text` is on the screen `times` times.
    #[track_caller]
    pub fn expect(&self, text: &str, times: usize) {
        self.until(&format!("{text:?} on the screen"), || {
            String::from_utf8_lossy(&self.screen()).matches(text).count() >= times
        });
    }

    /// Waits until something holds.
    #[track_caller]
    pub fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !holds() {
            assert!(
                Instant::now() < deadline,
                "never came: {what}; the screen says:\n{}",
                String::from_utf8_lossy(&self.screen())
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Types.
    pub fn keys(&mut self, keys: &[u8]) {
        self.keyboard.write_all(keys).unwrap();
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), signal).unwrap();
    }

    /// Returns whether the terminal echoes, edits lines and sends signals, as a shell expects it.
    pub fn is_as_it_was(&self) -> bool {
        let modes = rustix::termios::tcgetattr(&self.terminal).unwrap().local_modes;
        modes.contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)
    }

    /// Returns whether the terminal echoes or a line editor reads from it, which shows what is typed by itself.
    pub fn echoes(&self) -> bool {
        let modes = rustix::termios::tcgetattr(&self.terminal).unwrap().local_modes;
        modes.intersects(LocalModes::ECHO | LocalModes::ISIG)
    }

    /// Returns what is in the keyboard's buffer, which the next program on this terminal would read.
    pub fn left_over(&self) -> u64 {
        rustix::io::ioctl_fionread(&self.terminal).unwrap()
    }

    /// Waits for the end.
    #[track_caller]
    pub fn end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // What it wrote last is on its way to the screen.
                std::thread::sleep(Duration::from_millis(100));
                return status;
            }
            assert!(
                Instant::now() < deadline,
                "it never ended; the screen says:\n{}",
                String::from_utf8_lossy(&self.screen())
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
