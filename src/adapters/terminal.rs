//! Questions on the terminal.

#![expect(clippy::disallowed_methods, reason = "opens the terminal device")]

use std::fs::File;
use std::fs::OpenOptions;
use std::io::Read;
use std::io::Write;

use rustix::event::PollFd;
use rustix::event::PollFlags;
use rustix::event::Timespec;
use rustix::event::poll;
use rustix::io::Errno;
use rustix::termios::LocalModes;
use rustix::termios::OptionalActions;
use rustix::termios::SpecialCodeIndex;
use rustix::termios::Termios;
use rustix::termios::tcgetattr;
use rustix::termios::tcsetattr;
use zeroize::Zeroizing;

use crate::adapters::answer::Answer;
use crate::adapters::interrupts::HeldBack;
use crate::ports::Prompt;
use crate::ports::PromptError;
use crate::secret::SecretValue;

/// Asks on the controlling terminal, whatever the standard streams are.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Whether the terminal understands more than plain text, so that it can mark what is pasted.
    pub marks_pastes: bool,
}

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
        let quiet = Quiet::new(&device, self.marks_pastes)?;
        device
            .write_all(question.as_bytes())
            .map_err(|_| PromptError::Terminal)?;
        let answer = quiet.read_answer();
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

/// Keeps the terminal from echoing and from sending signals until it is dropped, also by a panic.
///
/// Without signals, Ctrl-C arrives as a byte. Those that others send wait until the terminal is as it was.
struct Quiet {
    device: File,
    before: Termios,
    marks_pastes: bool,
    // Dropped last: a signal that came meanwhile ends the process.
    signals: HeldBack,
}

impl Quiet {
    fn new(device: &File, marks_pastes: bool) -> Result<Self, PromptError> {
        let before = tcgetattr(device).map_err(|_| PromptError::Terminal)?;
        let mut silent = before.clone();
        silent
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        let mut quiet = Self {
            device: device.try_clone().map_err(|_| PromptError::Terminal)?,
            before,
            marks_pastes,
            signals: HeldBack::begin().map_err(|_| PromptError::Terminal)?,
        };
        tcsetattr(&quiet.device, OptionalActions::Flush, &silent).map_err(|_| PromptError::Terminal)?;
        if marks_pastes {
            let _ = quiet.device.write_all(MARK_PASTES);
        }
        Ok(quiet)
    }

    fn read_answer(&self) -> Result<SecretValue, PromptError> {
        let mut answer = Answer::new();
        loop {
            match self.read_byte(None)? {
                Some(byte) if answer.take(byte)? => break,
                Some(_) => {}
                None => return Err(PromptError::Cancelled),
            }
        }
        if self.has_more_lines()? {
            return Err(PromptError::SeveralLines);
        }
        Ok(answer.finish())
    }

    /// Takes away what follows the answer at once, as nobody types it: the shell would read it, and remember it.
    fn has_more_lines(&self) -> Result<bool, PromptError> {
        let mut has_more = false;
        while let Some(byte) = self.read_byte(Some(AT_ONCE))? {
            has_more |= !matches!(byte, b'\n' | b'\r');
        }
        Ok(has_more)
    }

    /// Returns the next byte, or nothing when there is none within the time or the terminal went away.
    fn read_byte(&self, within: Option<Timespec>) -> Result<Option<u8>, PromptError> {
        loop {
            let mut wanted = [
                PollFd::new(&self.device, PollFlags::IN),
                PollFd::from_borrowed_fd(self.signals.arrival(), PollFlags::IN),
            ];
            match poll(&mut wanted, within.as_ref()) {
                Ok(0) => return Ok(None),
                Ok(_) => {}
                Err(Errno::INTR) => continue,
                Err(_) => return Err(PromptError::Terminal),
            }
            if !wanted[1].revents().is_empty() {
                return Err(PromptError::Cancelled);
            }
            let mut byte = Zeroizing::new([0]);
            return match rustix::io::read(&self.device, &mut byte[..]) {
                Ok(0) => Ok(None),
                Ok(_) => Ok(Some(byte[0])),
                Err(Errno::INTR) => continue,
                Err(_) => Err(PromptError::Terminal),
            };
        }
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // Nothing can be done about a terminal that went away.
        if self.marks_pastes {
            let _ = self.device.write_all(MARK_NO_PASTES);
        }
        let _ = tcsetattr(&self.device, OptionalActions::Flush, &self.before);
    }
}

/// How soon what was pasted follows, when there is more than one line of it.
const AT_ONCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// Switches the marks around pasted text on and off (xterm, "bracketed paste mode").
const MARK_PASTES: &[u8] = b"\x1b[?2004h";
const MARK_NO_PASTES: &[u8] = b"\x1b[?2004l";

#[cfg(test)]
mod tests {
    use rustix::pty::OpenptFlags;

    use super::*;

    #[test]
    fn a_panic_at_the_prompt_brings_the_echo_back() {
        let master = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        rustix::pty::unlockpt(&master).unwrap();
        let name = rustix::pty::ptsname(&master, Vec::new()).unwrap();
        let terminal = OpenOptions::new()
            .read(true)
            .write(true)
            .open(name.to_str().unwrap())
            .unwrap();
        let modes = || tcgetattr(&terminal).unwrap().local_modes;
        let before = modes();

        let panicked = std::panic::catch_unwind(|| {
            let _quiet = Quiet::new(&terminal, true).unwrap();
            assert!(!modes().contains(LocalModes::ECHO), "this is the panic");
            std::panic::resume_unwind(Box::new(modes()));
        });

        let during = *panicked.unwrap_err().downcast::<LocalModes>().unwrap();
        assert!(!during.intersects(LocalModes::ECHO | LocalModes::ISIG));
        assert_eq!(modes(), before);
        assert!(before.contains(LocalModes::ECHO));
    }
}
