//! The clipboard of the terminal's own machine, by the escape sequence OSC 52 (xterm's control sequences).

#![expect(clippy::disallowed_methods, reason = "opens the terminal device")]

use std::fs::OpenOptions;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::ports::PromptError;
use crate::secret::SecretValue;

/// The sequence cannot carry a value of this length.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("terminals take at most {LONGEST} bytes")]
pub struct TooLong;

/// Asks the terminal to put a value on its clipboard. Whether it does, it does not tell.
///
/// The sequence is written to the terminal device alone, never to a standard stream.
///
/// # Errors
///
/// When there is no terminal; `Ok(Err)` when the value is too long for the sequence.
pub fn to_terminal(value: &SecretValue) -> Result<Result<(), TooLong>, PromptError> {
    if value.len() > LONGEST {
        return Ok(Err(TooLong));
    }
    let mut device = OpenOptions::new()
        .write(true)
        .open("/dev/tty")
        .map_err(|_| PromptError::Nobody)?;
    device
        .write_all(&sequence(value))
        .map_err(|_| PromptError::Terminal)?;
    Ok(Ok(()))
}

fn sequence(value: &SecretValue) -> Zeroizing<Vec<u8>> {
    let length = value.len().div_ceil(3) * 4;
    let mut sequence = Zeroizing::new(vec![0; START.len() + length + END.len()]);
    let (start, rest) = sequence.split_at_mut(START.len());
    let (text, end) = rest.split_at_mut(length);
    start.copy_from_slice(START);
    end.copy_from_slice(END);
    // The buffer has exactly the length that the encoding takes.
    let _ = STANDARD.encode_slice(value.expose(), text);
    sequence
}

/// Longest value, in bytes: 74,994 characters in base64 are what terminals are known to take.
const LONGEST: usize = 56_244;

const START: &[u8] = b"\x1b]52;c;";
const END: &[u8] = b"\x07";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_that_of_xterm() {
        let value = SecretValue::new(b"hunter2".to_vec());

        assert_eq!(&**sequence(&value), b"\x1b]52;c;aHVudGVyMg==\x07");
    }

    #[test]
    fn a_value_that_terminals_do_not_take_is_refused_before_one_is_opened() {
        let value = SecretValue::new(vec![b'x'; LONGEST + 1]);

        assert_eq!(to_terminal(&value), Ok(Err(TooLong)));
    }
}
