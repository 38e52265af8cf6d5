//! What a program that ran for a sink has done.
//!
//! # Exit codes
//!
//! `0` is done. `65` (`EX_DATAERR`) says that the value is not taken, `69` and `75` (`EX_UNAVAILABLE`,
//! `EX_TEMPFAIL`) that it may be tried again, `77` (`EX_NOPERM`) that another attempt may lock somebody out; each
//! says that nothing was changed, as `sysexits.h` has them. Any other end of a program that changes something
//! leaves open whether it did, so what the system holds is asked for.

use std::ffi::OsString;
use std::io;

use crate::adapters::job::End;
use crate::adapters::job::Outcome;
use crate::adapters::sinks::echo;
use crate::policy::CommandTarget;
use crate::policy::Verb;
use crate::ports::Change;
use crate::ports::Failure;
use crate::ports::SinkError;
use crate::ports::Versioned;
use crate::secret::SecretValue;

/// A program that ran for a sink.
pub(super) struct Ran<'a> {
    /// What the policy says of the sink.
    pub target: &'a CommandTarget,
    /// What the program saw of the environment.
    pub variables: &'a [(OsString, OsString)],
    /// What it was run for.
    pub verb: Verb,
    /// What the policy calls it.
    pub program: &'a str,
    /// How it ended.
    pub outcome: Outcome,
}

impl Ran<'_> {
    /// Returns whether the program says in its own way that it is not logged in.
    fn is_denied(&self) -> bool {
        matches!(self.outcome.end, End::Code(code) if code == 77 || self.target.denied() == Some(code))
    }

    /// Returns whether a program that changes something did so.
    pub(super) fn done(&self, change: &Change<'_>) -> Result<(), SinkError> {
        let failure = match &self.outcome.end {
            End::Code(0) => return Ok(()),
            End::Code(65) => Failure::Rejected,
            End::Code(69 | 75) => Failure::Transient,
            End::Code(_) if self.is_denied() => Failure::Unauthorised,
            End::NotStarted(error) => not_started(error),
            End::Asked | End::Code(_) | End::Signal(_) | End::TimedOut => Failure::Unknown,
        };
        Err(self.failed(failure, change))
    }

    /// Returns whether a program that tests was content.
    pub(super) fn proved(&self, change: &Change<'_>) -> Result<(), SinkError> {
        let failure = match &self.outcome.end {
            End::Code(0) => return Ok(()),
            End::Code(_) if self.is_denied() => Failure::Unauthorised,
            End::Code(69 | 75) | End::TimedOut => Failure::Transient,
            End::NotStarted(error) => not_started(error),
            End::Asked | End::Code(_) | End::Signal(_) => Failure::Rejected,
        };
        Err(self.failed(failure, change))
    }

    /// Returns the value that a program printed; one line end behind it is not part of it.
    pub(super) fn value(&self, change: &Change<'_>) -> Result<Option<SecretValue>, SinkError> {
        let Some(printed) = self.printed(change)? else {
            return Ok(None);
        };
        let stripped = printed.strip_suffix(b"\r\n").or(printed.strip_suffix(b"\n"));
        let value = stripped.unwrap_or(printed);
        Ok((!value.is_empty()).then(|| SecretValue::new(value.to_vec())))
    }

    /// Returns the SHA-256 that a program printed, in the first word as `sha256sum` does.
    pub(super) fn digest(&self, change: &Change<'_>) -> Result<Option<[u8; 32]>, SinkError> {
        let Some(printed) = self.printed(change)? else {
            return Ok(None);
        };
        let mut words = printed
            .split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty());
        let Some(word) = words.next() else {
            return Ok(None);
        };
        let mut digest = [0; 32];
        hex::decode_to_slice(word, &mut digest).map_err(|_| {
            let what = format!("`{}` printed no SHA-256 in hexadecimal", self.program);
            SinkError::new(Failure::Rejected, what)
        })?;
        Ok(Some(digest))
    }

    /// Returns what a program that reads printed; `None` is that there is nothing yet.
    fn printed(&self, change: &Change<'_>) -> Result<Option<&[u8]>, SinkError> {
        let failure = match &self.outcome.end {
            End::Code(0) => return Ok(Some(self.outcome.output.expose())),
            End::Code(_) if self.says_absent() => return Ok(None),
            End::Code(_) if self.is_denied() => Failure::Unauthorised,
            End::NotStarted(error) => not_started(error),
            // It changed nothing, and it may pass.
            End::Asked | End::Code(_) | End::Signal(_) | End::TimedOut => Failure::Transient,
        };
        Err(self.failed(failure, change))
    }

    fn says_absent(&self) -> bool {
        let complaint = String::from_utf8_lossy(&self.outcome.complaint);
        self.target
            .absent()
            .is_some_and(|absent| complaint.contains(absent))
    }

    /// Says what became of the program, without any part of a value or of a token.
    fn failed(&self, failure: Failure, change: &Change<'_>) -> SinkError {
        let program = self.program;
        let ended = match &self.outcome.end {
            End::Asked => "wanted to ask somebody on the terminal, and was killed".to_owned(),
            End::Code(code) => format!("ended with exit code {code}"),
            End::NotStarted(error) => {
                return SinkError::new(failure, format!("`{program}` cannot be started: {error}"));
            }
            End::Signal(signal) => format!("was killed by signal {signal}"),
            End::TimedOut => {
                let seconds = self.target.timeout().as_secs();
                format!("did not end within {seconds} seconds, and was killed")
            }
        };
        let mut secrets: Vec<&[u8]> = every_value(change).map(|one| one.value.expose()).collect();
        if self.verb == Verb::ReadValue {
            secrets.push(self.outcome.output.expose());
        }
        let tokens = self.variables.iter().map(|(_, value)| value.as_encoded_bytes());
        secrets.extend(tokens.filter(|token| may_be_a_token(token)));
        let said = echo::presentable(&self.outcome.complaint, &secrets);
        SinkError::new(failure, format!("`{program}` {ended}; {said}"))
    }
}

/// Returns every value that a change names.
pub(super) fn every_value<'a>(change: &'a Change<'_>) -> impl Iterator<Item = Versioned<'a>> {
    let others = change.accepted.iter().chain(&change.gone);
    std::iter::once(&change.current).chain(others).copied()
}

/// Paths and short words stand in every message; what is neither may be a token.
fn may_be_a_token(value: &[u8]) -> bool {
    value.len() >= 8 && !value.starts_with(b"/")
}

fn not_started(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted | io::ErrorKind::OutOfMemory => {
            Failure::Transient
        }
        io::ErrorKind::ExecutableFileBusy => Failure::Transient,
        _ => Failure::Rejected,
    }
}
