//! Cuts an env file into lines.

use crate::dotenv::assignment;
use crate::dotenv::assignment::Assignment;
use crate::dotenv::line::Content;
use crate::dotenv::line::Entry;
use crate::dotenv::line::Line;
use crate::dotenv::line::Problem;
use crate::dotenv::line::ProblemKind;

/// Cuts `bytes` into lines that cover it, and says what is wrong.
pub(super) fn read(bytes: &[u8]) -> (Vec<Line>, Vec<Problem>) {
    let mut reader = Reader {
        bytes,
        number: 1,
        lines: Vec::new(),
        problems: Vec::new(),
        comments: Vec::new(),
        pem_end: 0,
        seen_carriage_return: false,
    };
    let mut start = 0;
    let mut text = 0;
    if bytes.starts_with(BYTE_ORDER_MARK) {
        reader.report(None, ProblemKind::ByteOrderMark);
        text = BYTE_ORDER_MARK.len();
    }
    while start < bytes.len() {
        start = reader.line(start, text);
        text = start;
    }
    (reader.lines, reader.problems)
}

/// Returns where the text of the physical line at `from` ends and where the next line starts.
pub(super) fn line_end(bytes: &[u8], from: usize) -> (usize, usize) {
    let end = bytes[from..]
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .map_or(bytes.len(), |offset| from + offset);
    let next = match bytes.get(end..) {
        Some([b'\r', b'\n', ..]) => end + 2,
        Some([_, ..]) => end + 1,
        _ => end,
    };
    (end, next)
}

struct Reader<'a> {
    bytes: &'a [u8],
    number: u32,
    lines: Vec<Line>,
    problems: Vec<Problem>,
    /// Comment lines directly above the line that comes next.
    comments: Vec<String>,
    /// Where an unquoted PEM block ends; the lines before that are its rest.
    pem_end: usize,
    seen_carriage_return: bool,
}

impl Reader<'_> {
    /// Reads the line that starts at `start`, its text at `text`, and returns where the next one starts.
    fn line(&mut self, start: usize, text: usize) -> usize {
        let (end, next) = line_end(self.bytes, text);
        let (content, next) = self.content(text, end, next);
        let span = start..next;
        self.check_bytes(&self.bytes[span.clone()]);
        if !matches!(content, Content::Comment) {
            self.comments.clear();
        }
        let number = self.number;
        self.number = self.number.saturating_add(count_lines(&self.bytes[text..next]));
        self.lines.push(Line {
            span,
            number,
            content,
        });
        next
    }

    fn content(&mut self, start: usize, end: usize, next: usize) -> (Content, usize) {
        let line = &self.bytes[start..end];
        let trimmed = line.trim_ascii();
        if start < self.pem_end || is_conflict_marker(line) {
            if start >= self.pem_end {
                self.report(None, ProblemKind::ConflictMarker);
            }
            return (Content::Unreadable, next);
        }
        if trimmed.is_empty() {
            return (Content::Blank, next);
        }
        if trimmed.starts_with(b"#") {
            return (self.comment(start, end), next);
        }
        match assignment::read(self.bytes, start, end) {
            Ok(found) => self.entry(found),
            Err(failure) => {
                if line.windows(10).any(|window| window == b"-----BEGIN") {
                    self.pem_end = pem_end(self.bytes, next);
                }
                self.report(failure.name, failure.kind);
                (Content::Unreadable, next)
            }
        }
    }

    fn entry(&mut self, found: Assignment) -> (Content, usize) {
        if found.doubtful_hash {
            self.report(Some(found.name.clone()), ProblemKind::HashInValue);
        }
        let (_, next) = line_end(self.bytes, found.end);
        if found.is_pem_start {
            self.pem_end = pem_end(self.bytes, next);
            self.report(Some(found.name.clone()), ProblemKind::UnquotedPem);
        }
        (Content::Entry(self.finish(found)), next)
    }

    fn comment(&mut self, start: usize, end: usize) -> Content {
        if let Some(found) = assignment::read_commented_out(self.bytes, start, end) {
            return Content::CommentedOut(self.finish(found));
        }
        let text = String::from_utf8_lossy(&self.bytes[start..end]);
        let text = text.trim_matches(|c: char| c.is_whitespace() || DECORATION.contains(c));
        if !text.is_empty() {
            self.comments.push(text.to_owned());
        }
        Content::Comment
    }

    fn finish(&self, found: Assignment) -> Entry {
        let comment = self.comments.join(" ");
        Entry {
            name: found.name,
            value: found.value,
            line: self.number,
            comment: (!comment.is_empty()).then_some(comment),
            note: found.note,
            quote: found.quote,
            exported: found.exported,
            value_span: found.value_span,
        }
    }

    fn check_bytes(&mut self, line: &[u8]) {
        if std::str::from_utf8(line).is_err() {
            self.report(None, ProblemKind::NotUtf8);
        }
        if !self.seen_carriage_return && line.contains(&b'\r') {
            self.seen_carriage_return = true;
            self.report(None, ProblemKind::CarriageReturn);
        }
    }

    fn report(&mut self, name: Option<String>, kind: ProblemKind) {
        self.problems.push(Problem {
            line: self.number,
            name,
            kind,
        });
    }
}

/// Returns how many physical lines there are.
pub(super) fn count_lines(bytes: &[u8]) -> u32 {
    let mut count = 0_u32;
    let mut at = 0;
    while at < bytes.len() {
        at = line_end(bytes, at).1;
        count = count.saturating_add(1);
    }
    count
}

fn is_conflict_marker(line: &[u8]) -> bool {
    CONFLICT_MARKERS.iter().any(|marker| {
        line.strip_prefix(*marker)
            .is_some_and(|rest| rest.is_empty() || rest[0] == b' ')
    })
}

/// Returns where the PEM block ends whose second line is at `from`, or `from` when no end is near.
fn pem_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    for _ in 0..MAX_PEM_LINES {
        if at >= bytes.len() {
            break;
        }
        let (end, next) = line_end(bytes, at);
        if bytes[at..end].trim_ascii().starts_with(b"-----END") {
            return next;
        }
        at = next;
    }
    from
}

/// The UTF-8 byte order mark.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Characters that frame a comment and say nothing.
const DECORATION: &str = "#=-*~_+!";

const CONFLICT_MARKERS: [&[u8]; 4] = [b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||"];

/// Lines of the longest private key in use, with room.
const MAX_PEM_LINES: usize = 400;
