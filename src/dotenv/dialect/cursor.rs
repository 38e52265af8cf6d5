//! A place in a file, and its line.

/// Walks over bytes and counts lines.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            line: 1,
        }
    }

    /// Returns the line of the place, counted from 1.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// Returns what is still to come.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.skip(1);
        Some(byte)
    }

    /// Goes `count` bytes on, at most to the end, and returns them.
    pub(super) fn skip(&mut self, count: usize) -> &'a [u8] {
        let end = self.bytes.len().min(self.at + count);
        let passed = &self.bytes[self.at..end];
        let ends = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        self.at = end;
        passed
    }

    /// Goes on while `holds` and returns what was passed.
    pub(super) fn skip_while(&mut self, holds: impl Fn(u8) -> bool) -> &'a [u8] {
        let count = self.rest().iter().take_while(|byte| holds(**byte)).count();
        self.skip(count)
    }

    /// Goes on while `holds` for characters; bytes that are not UTF-8 end it.
    pub(super) fn skip_chars(&mut self, holds: impl Fn(char) -> bool) -> &'a [u8] {
        let mut count = 0;
        while let Some(found) = char_at(self.rest(), count).filter(|found| holds(*found)) {
            count += found.len_utf8();
        }
        self.skip(count)
    }

    /// Goes on to the next `\n` or the end, and returns what was passed.
    pub(super) fn skip_line(&mut self) -> &'a [u8] {
        self.skip_while(|byte| byte != b'\n')
    }

    /// Passes `text` when it comes next.
    pub(super) fn take(&mut self, text: &[u8]) -> bool {
        let comes = self.rest().starts_with(text);
        if comes {
            self.skip(text.len());
        }
        comes
    }
}

/// Returns the character that starts at `at`; `None` at the end, and for bytes that are not UTF-8.
pub(super) fn char_at(bytes: &[u8], at: usize) -> Option<char> {
    let rest = bytes.get(at..)?;
    let head = rest.get(..rest.len().min(4))?;
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
    };
    valid.chars().next()
}

/// Returns `bytes` without the white space at their end.
pub(super) fn trim_end(bytes: &[u8], is_space: impl Fn(char) -> bool) -> &[u8] {
    let mut end = bytes.len();
    'outer: while end > 0 {
        for length in 1..=end.min(4) {
            if let Some(found) =
                char_at(&bytes[..end], end - length).filter(|found| found.len_utf8() == length)
            {
                if !is_space(found) {
                    break 'outer;
                }
                end -= length;
                continue 'outer;
            }
        }
        break;
    }
    &bytes[..end]
}

/// Returns `bytes` with every line end as `\n`.
pub(super) fn with_line_feeds(bytes: &[u8]) -> zeroize::Zeroizing<Vec<u8>> {
    let mut out = zeroize::Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let is_pair = *byte == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        out.push(if *byte == b'\r' { b'\n' } else { *byte });
        at += if is_pair { 2 } else { 1 };
    }
    out
}

/// Returns `bytes` without a byte order mark at their start.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
