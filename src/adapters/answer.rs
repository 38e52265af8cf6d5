//! What a person types or pastes at a hidden question.

use zeroize::Zeroizing;

use crate::ports::PromptError;
use crate::secret::SecretValue;

/// Collects an answer byte by byte.
///
/// Between the marks that a terminal puts around pasted text, line ends belong to the value; a last one is left out.
/// Elsewhere the first line end ends it.
pub(super) struct Answer {
    line: Zeroizing<Vec<u8>>,
    is_pasting: bool,
    was_pasted: bool,
    after_return: bool,
}

impl Answer {
    pub(super) fn new() -> Self {
        Self {
            // Allocated once, so that no shorter copy of the answer is left behind.
            line: Zeroizing::new(Vec::with_capacity(MAX_ANSWER)),
            is_pasting: false,
            was_pasted: false,
            after_return: false,
        }
    }

    /// Takes one byte; returns whether it was the last.
    ///
    /// # Errors
    ///
    /// When the person cancels, or the answer is too long.
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, PromptError> {
        match byte {
            CTRL_C => return Err(PromptError::Cancelled),
            _ if self.is_pasting => self.paste(byte)?,
            CTRL_D if self.line.is_empty() => return Err(PromptError::Cancelled),
            CTRL_D | b'\n' | b'\r' => return Ok(true),
            BACKSPACE | DELETE => {
                self.line.pop();
            }
            CTRL_U => self.line.clear(),
            typed => self.push(typed)?,
        }
        if self.line.ends_with(PASTE_BEGINS) && !self.is_pasting {
            self.cut(PASTE_BEGINS);
            (self.is_pasting, self.was_pasted) = (true, true);
        } else if self.line.ends_with(PASTE_ENDS) && self.is_pasting {
            self.cut(PASTE_ENDS);
            self.is_pasting = false;
        }
        Ok(false)
    }

    /// Returns what was answered.
    pub(super) fn finish(self) -> SecretValue {
        let line = self.line.as_slice();
        let line = match line.strip_suffix(b"\n") {
            Some(rest) if self.was_pasted => rest,
            _ => line,
        };
        SecretValue::copied_from(line)
    }

    /// Takes a pasted byte. Terminals send a return for a line end, some of them both characters.
    fn paste(&mut self, byte: u8) -> Result<(), PromptError> {
        let is_second_half = byte == b'\n' && self.after_return;
        self.after_return = byte == b'\r';
        match byte {
            b'\n' if is_second_half => Ok(()),
            b'\r' => self.push(b'\n'),
            other => self.push(other),
        }
    }

    fn push(&mut self, byte: u8) -> Result<(), PromptError> {
        if self.line.len() == MAX_ANSWER {
            return Err(PromptError::Terminal);
        }
        self.line.push(byte);
        Ok(())
    }

    fn cut(&mut self, mark: &[u8]) {
        let rest = self.line.len() - mark.len();
        self.line.truncate(rest);
    }
}

/// Longest answer, in bytes.
const MAX_ANSWER: usize = 64 * 1_024;

/// What a terminal sends before and after pasted text, once it is asked to (xterm, "bracketed paste mode").
const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const CTRL_U: u8 = 0x15;
const BACKSPACE: u8 = 0x08;
const DELETE: u8 = 0x7f;

#[cfg(test)]
mod tests {
    use super::*;

    /// Types `keys`; returns the answer and what was left when it ended.
    fn typed(keys: &[u8]) -> Result<(Vec<u8>, &[u8]), PromptError> {
        let mut answer = Answer::new();
        for (index, key) in keys.iter().enumerate() {
            if answer.take(*key)? {
                return Ok((answer.finish().expose().to_vec(), &keys[index + 1..]));
            }
        }
        panic!("the answer never ended");
    }

    #[test]
    fn a_line_end_ends_what_is_typed() {
        for keys in [&b"one\rtwo"[..], b"one\ntwo", b"one\x04two"] {
            assert_eq!(typed(keys), Ok((b"one".to_vec(), &b"two"[..])));
        }
    }

    #[test]
    fn mistakes_are_taken_back() {
        assert_eq!(typed(b"ab\x7fc\r"), Ok((b"ac".to_vec(), &b""[..])));
        assert_eq!(typed(b"ab\x15c\x08\x08d\r"), Ok((b"d".to_vec(), &b""[..])));
    }

    #[test]
    fn a_marked_paste_keeps_its_lines_and_not_the_last_line_end() {
        for pasted in [
            &b"\x1b[200~one\rtwo\r\x1b[201~\r"[..],
            b"\x1b[200~one\r\ntwo\r\n\x1b[201~\r",
        ] {
            assert_eq!(typed(pasted), Ok((b"one\ntwo".to_vec(), &b""[..])));
        }
        assert_eq!(
            typed(b"<\x1b[200~a\x7f\x15\x04b\x1b[201~>\r"),
            Ok((b"<a\x7f\x15\x04b>".to_vec(), &b""[..]))
        );
    }

    #[test]
    fn an_answer_can_be_cancelled_at_any_point() {
        for keys in [&b"\x03"[..], b"\x04", b"half\x03", b"\x1b[200~half\x03"] {
            assert_eq!(typed(keys), Err(PromptError::Cancelled));
        }
    }

    #[test]
    fn an_endless_answer_is_an_error() {
        assert_eq!(typed(&vec![b'a'; MAX_ANSWER + 1]), Err(PromptError::Terminal));
    }
}
