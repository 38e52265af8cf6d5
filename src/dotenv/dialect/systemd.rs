//! `EnvironmentFile=` of systemd, as of version 254: words of a shell without expansion.

use crate::dotenv::dialect::is_shell_name;
use crate::dotenv::dialect::reading::Outcome;
use crate::dotenv::dialect::reading::Reading;
use crate::dotenv::dialect::reading::RefusalKind;
use crate::secret::SecretBuffer;

/// Reads a file as the state machine of systemd does. What has an invalid name is ignored; a quote that nothing
/// closes takes the rest of the file; bytes that are not UTF-8 refuse the file.
///
/// Before version 254 a comment that ends in a backslash also covered the next line.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let mut machine = Machine::default();
    for byte in bytes {
        machine.step(*byte);
        if machine.reading.refusal().is_some() {
            return machine.reading;
        }
    }
    if !matches!(
        machine.state,
        State::BeforeKey | State::Key | State::Comment | State::CommentEscape
    ) {
        machine.push();
    }
    machine.reading
}

#[derive(Clone, Copy, Default)]
enum State {
    #[default]
    BeforeKey,
    Key,
    BeforeValue,
    Value,
    Escape,
    Single,
    Double,
    DoubleEscape,
    Comment,
    CommentEscape,
}

struct Machine {
    state: State,
    key: Vec<u8>,
    value: SecretBuffer,
    /// Where the white space begins that may be trailing.
    blank_from: Option<usize>,
    line: u32,
    started_on: u32,
    reading: Reading,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            state: State::default(),
            key: Vec::new(),
            value: SecretBuffer::new(),
            blank_from: None,
            line: 1,
            started_on: 1,
            reading: Reading::default(),
        }
    }
}

impl Machine {
    fn step(&mut self, byte: u8) {
        let is_end = matches!(byte, b'\n' | b'\r');
        match self.state {
            State::BeforeKey if matches!(byte, b'#' | b';') => self.state = State::Comment,
            State::BeforeKey if is_blank(byte) => {}
            State::BeforeKey => {
                self.key = vec![byte];
                self.started_on = self.line;
                self.state = State::Key;
            }
            State::Key if is_end => self.state = State::BeforeKey,
            State::Key if byte == b'=' => {
                self.blank_from = None;
                self.state = State::BeforeValue;
            }
            State::Key => self.key.push(byte),
            State::BeforeValue | State::Value if is_end => self.push(),
            State::BeforeValue | State::Value => self.value_byte(byte),
            State::Escape => {
                self.state = State::Value;
                if !is_end {
                    self.value.push(byte);
                }
            }
            State::Single if byte == b'\'' => self.state = State::BeforeValue,
            State::Double if byte == b'"' => self.state = State::BeforeValue,
            State::Double if byte == b'\\' => self.state = State::DoubleEscape,
            State::Single | State::Double => self.value.push(byte),
            State::DoubleEscape => {
                self.state = State::Double;
                match byte {
                    b'"' | b'\\' | b'`' | b'$' => self.value.push(byte),
                    b'\n' => {}
                    other => self.value.extend(&[b'\\', other]),
                }
            }
            State::Comment if byte == b'\\' => self.state = State::CommentEscape,
            State::Comment | State::CommentEscape => {
                self.state = if is_end { State::BeforeKey } else { State::Comment };
            }
        }
        self.line = self.line.saturating_add(u32::from(byte == b'\n'));
    }

    /// Takes a byte before or in an unquoted part of a value.
    fn value_byte(&mut self, byte: u8) {
        let is_before = matches!(self.state, State::BeforeValue);
        match byte {
            b'\'' if is_before => self.state = State::Single,
            b'"' if is_before => self.state = State::Double,
            b'\\' => {
                if !is_before {
                    self.blank_from = None;
                }
                self.state = State::Escape;
            }
            byte if is_before && is_blank(byte) => {}
            byte => {
                if !is_before {
                    self.blank_from = match self.blank_from {
                        _ if !is_blank(byte) => None,
                        None => Some(self.value.len()),
                        found => found,
                    };
                }
                self.state = State::Value;
                self.value.push(byte);
            }
        }
    }

    fn push(&mut self) {
        let mut value = std::mem::take(&mut self.value);
        if let (State::Value, Some(from)) = (self.state, self.blank_from) {
            value.truncate(from);
        }
        self.state = State::BeforeKey;
        let name = self.key.trim_ascii_end();
        let is_text = std::str::from_utf8(value.expose()).is_ok() && std::str::from_utf8(name).is_ok();
        if !is_text {
            self.reading.refuse(self.started_on, RefusalKind::NotUtf8);
        } else if is_shell_name(name) {
            let name = name.to_vec();
            self.reading
                .push(&name, self.started_on, Outcome::Value(value.finish()));
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
