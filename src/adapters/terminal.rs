//! Questions on the terminal.

#![expect(clippy::disallowed_methods, reason = "opens the terminal device")]

use std::fs::File;
use std::fs::OpenOptions;
use std::io::Read;
use std::io::Write;

use rustix::termios::LocalModes;
use rustix::termios::OptionalActions;
use rustix::termios::SpecialCodeIndex;
use rustix::termios::Termios;
use rustix::termios::tcgetattr;
use rustix::termios::tcsetattr;
use zeroize::Zeroizing;

use crate::ports::Prompt;
use crate::ports::PromptError;
use crate::secret::SecretValue;

/// Asks on the controlling terminal, whatever the standard streams are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal;

/// Answers no question: there is nobody, or questions are switched off.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silence;

impl Prompt for Silence {
    fn hidden(&self, _: &str) -> Result<SecretValue, PromptError> {
        Err(PromptError::Nobody)
    }

    fn agrees(&self, _: &str) -> Result<bool, PromptError> {
        Err(PromptError::Nobody)
    }
}

impl Prompt for Terminal {
    fn hidden(&self, question: &str) -> Result<SecretValue, PromptError> {
        let mut device = OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/tty")
            .map_err(|_| PromptError::Nobody)?;
        let quiet = Quiet::new(&device)?;
        device
            .write_all(question.as_bytes())
            .map_err(|_| PromptError::Terminal)?;
        let answer = read_line(&mut device);
        // The line end that the person typed was not echoed.
        let _ = device.write_all(b"\n");
        drop(quiet);
        answer
    }

    fn agrees(&self, question: &str) -> Result<bool, PromptError> {
        let mut device = OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/tty")
            .map_err(|_| PromptError::Nobody)?;
        device
            .write_all(question.as_bytes())
            .map_err(|_| PromptError::Terminal)?;
        // The terminal echoes, and hands over a line at a time; what is left of a long one would go to the shell.
        let mut line = Vec::new();
        let mut piece = [0; 256];
        while !line.ends_with(b"\n") {
            match device.read(&mut piece).map_err(|_| PromptError::Terminal)? {
                0 => break,
                count => line.extend_from_slice(&piece[..count]),
            }
        }
        let answer = line.trim_ascii();
        Ok(answer.eq_ignore_ascii_case(b"y") || answer.eq_ignore_ascii_case(b"yes"))
    }
}

/// Keeps the terminal from echoing and from sending signals until it is dropped.
///
/// Without signals, Ctrl-C arrives as a byte and echo is always restored.
struct Quiet {
    device: File,
    before: Termios,
}

impl Quiet {
    fn new(device: &File) -> Result<Self, PromptError> {
        let before = tcgetattr(device).map_err(|_| PromptError::Terminal)?;
        let device = device.try_clone().map_err(|_| PromptError::Terminal)?;
        let mut silent = before.clone();
        silent
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&device, OptionalActions::Flush, &silent).map_err(|_| PromptError::Terminal)?;
        Ok(Self { device, before })
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // Nothing can be done about a terminal that went away.
        let _ = tcsetattr(&self.device, OptionalActions::Flush, &self.before);
    }
}

fn read_line(device: &mut File) -> Result<SecretValue, PromptError> {
    // Allocated once, so that no shorter copy of the answer is left behind.
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_ANSWER));
    let mut byte = Zeroizing::new([0]);
    loop {
        let count = device
            .read(byte.as_mut_slice())
            .map_err(|_| PromptError::Terminal)?;
        match (count, byte[0]) {
            (0, _) | (_, CTRL_C | CTRL_D) if line.is_empty() => return Err(PromptError::Cancelled),
            (_, CTRL_C) => return Err(PromptError::Cancelled),
            (0, _) | (_, CTRL_D | b'\n' | b'\r') => break,
            (_, BACKSPACE | DELETE) => {
                line.pop();
            }
            (_, CTRL_U) => line.clear(),
            (_, typed) if line.len() < MAX_ANSWER => line.push(typed),
            _ => return Err(PromptError::Terminal),
        }
    }
    Ok(SecretValue::new(without_paste_brackets(&line).to_vec()))
}

/// Takes off the marks that a terminal puts around pasted text.
fn without_paste_brackets(line: &[u8]) -> &[u8] {
    let line = line.strip_prefix(b"\x1b[200~").unwrap_or(line);
    line.strip_suffix(b"\x1b[201~").unwrap_or(line)
}

/// Longest answer, in bytes.
const MAX_ANSWER: usize = 64 * 1_024;

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const CTRL_U: u8 = 0x15;
const BACKSPACE: u8 = 0x08;
const DELETE: u8 = 0x7f;
