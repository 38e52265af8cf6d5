//! The text of a YAML document, edited a value at a time.
//!
//! What an edit means has to be checked by reading the text again.

use zeroize::Zeroizing;

use crate::adapters::sinks::yaml_tree::Datum;
use crate::adapters::sinks::yaml_tree::Document;
use crate::adapters::sinks::yaml_tree::Node;

/// A text and ways to change it. Nodes are those of its own tree.
pub(super) struct YamlText(pub Zeroizing<String>);

impl YamlText {
    /// Puts a value in the place of another; what stands behind it on the line stays.
    pub(super) fn replaced(
        &self,
        key: &Node,
        value: &Node,
        written: &str,
    ) -> Result<Zeroizing<String>, String> {
        let colon = self.colon(key)?;
        let end = if value.place.is_block {
            let end = self.line_start(self.last_line(value)? + 1);
            end - usize::from(self.0[..end].ends_with('\n')) - usize::from(self.0[..end].ends_with("\r\n"))
        } else {
            self.end_on_line(colon, key, value)?
        };
        let mut text = self.room(written);
        text.push_str(&self.0[..=colon]);
        text.push(' ');
        quote(&mut text, written);
        text.push_str(&self.0[end..]);
        Ok(text)
    }

    /// Adds an entry behind the last one of a mapping.
    pub(super) fn appended(
        &self,
        (name, fields): (&Node, &Node),
        key: &str,
        written: &str,
    ) -> Result<Zeroizing<String>, String> {
        let (column, line) = match fields.entries().and_then(<[_]>::last) {
            Some((last, value)) => (last.place.column, self.last_line(value)?),
            None => {
                self.end_on_line(self.colon(name)?, name, fields)?;
                (name.place.column + 2, name.place.line)
            }
        };
        Ok(self.with_line(self.line_start(line + 1), column, key, written))
    }

    /// Adds a field with one entry at the end of the Secret.
    pub(super) fn with_field(
        &self,
        (document, field): (&Document, &str),
        key: &str,
        written: &str,
    ) -> Zeroizing<String> {
        let column = document
            .root
            .entries()
            .and_then(<[_]>::first)
            .map_or(0, |(first, _)| first.place.column);
        let end = self.byte(document.end.0);
        let mut text = self.room(written);
        text.push_str(&self.0[..end]);
        self.end_line(&mut text);
        let indent = " ".repeat(column);
        let line_end = self.line_end();
        text.push_str(&format!("{indent}{}:{line_end}{indent}  {key}: ", field));
        quote(&mut text, written);
        text.push_str(line_end);
        text.push_str(&self.0[end..]);
        text
    }

    /// Leaves out the lines of an entry.
    ///
    /// # Errors
    ///
    /// When the value is not a text alone.
    pub(super) fn without(&self, key: &Node, value: &Node) -> Result<Zeroizing<String>, String> {
        let start = self.line_start(key.place.line);
        let end = self.line_start(self.last_line(value)? + 1);
        let mut text = Zeroizing::new(String::with_capacity(self.0.len()));
        text.push_str(&self.0[..start]);
        text.push_str(&self.0[end..]);
        Ok(text)
    }

    fn with_line(&self, place: usize, column: usize, key: &str, written: &str) -> Zeroizing<String> {
        let mut text = self.room(written);
        text.push_str(&self.0[..place]);
        self.end_line(&mut text);
        text.push_str(&" ".repeat(column));
        text.push_str(key);
        text.push_str(": ");
        quote(&mut text, written);
        text.push_str(self.line_end());
        text.push_str(&self.0[place..]);
        text
    }

    /// Returns the place of the colon behind a key.
    fn colon(&self, key: &Node) -> Result<usize, String> {
        let line = key.place.line;
        let refused = || format!("line {line}: the key is not written in a way that can be edited");
        let start = self.byte(key.place.index);
        let end = start + scalar_length(&self.0[start..], key).ok_or_else(refused)?;
        let gap = self.0[end..].find(|one| one != ' ' && one != '\t').unwrap_or(0);
        self.0[end + gap..]
            .starts_with(':')
            .then_some(end + gap)
            .ok_or_else(refused)
    }

    /// Returns where a value on the line of its key is over.
    fn end_on_line(&self, colon: usize, key: &Node, value: &Node) -> Result<usize, String> {
        let line = key.place.line;
        if value.is_marked {
            return Err(format!("line {line}: the value has an anchor or a tag"));
        }
        if matches!(&value.datum, Datum::Scalar { text, is_plain: true } if text.is_empty()) {
            return Ok(colon + 1);
        }
        let refused = || format!("line {line}: the value is not a text on the line of its key");
        if value.place.line != line {
            return Err(refused());
        }
        let start = self.byte(value.place.index);
        Ok(start + scalar_length(&self.0[start..], value).ok_or_else(refused)?)
    }

    /// Returns the last line of a value.
    fn last_line(&self, value: &Node) -> Result<usize, String> {
        let line = value.place.line;
        if value.text().is_none() || value.is_marked {
            return Err(format!("line {line}: the value is not a text alone"));
        }
        if !value.place.is_block {
            let start = self.byte(value.place.index);
            let fits = value.is_null() || scalar_length(&self.0[start..], value).is_some();
            return fits
                .then_some(line)
                .ok_or_else(|| format!("line {line}: the value goes over several lines"));
        }
        // Readers do not agree on whether such a text ends with a line end.
        let is_open = !self.0.ends_with('\n') && self.line_start(value.place.end_line + 1) >= self.0.len();
        if is_open {
            return Err(format!("line {line}: the value is cut off: end the last line"));
        }
        Ok(value.place.end_line - 1)
    }

    /// Returns where a line begins, in bytes; lines behind the last one begin at the end.
    fn line_start(&self, line: usize) -> usize {
        let mut starts = self.0.match_indices('\n').map(|(place, _)| place + 1);
        match line {
            0 | 1 => 0,
            line => starts.nth(line - 2).unwrap_or(self.0.len()),
        }
    }

    /// Turns characters into bytes.
    fn byte(&self, index: usize) -> usize {
        let mut places = self.0.char_indices().map(|(place, _)| place);
        places.nth(index).unwrap_or(self.0.len())
    }

    fn line_end(&self) -> &'static str {
        if self.0.contains("\r\n") { "\r\n" } else { "\n" }
    }

    fn end_line(&self, text: &mut String) {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(self.line_end());
        }
    }

    /// Returns a buffer that no edit outgrows, so that no copy is left behind.
    fn room(&self, written: &str) -> Zeroizing<String> {
        Zeroizing::new(String::with_capacity(self.0.len() + 10 * written.len() + 1_024))
    }
}

/// Returns the length in bytes of a scalar that `text` begins with; `None` where it goes over several lines.
fn scalar_length(text: &str, node: &Node) -> Option<usize> {
    let line = text.lines().next().unwrap_or_default();
    match line.as_bytes().first() {
        Some(b'"') => {
            let mut escaped = false;
            let close = line[1..].find(|one| {
                let closes = one == '"' && !escaped;
                escaped = one == '\\' && !escaped;
                closes
            });
            close.map(|close| close + 2)
        }
        Some(b'\'') => {
            let mut place = 1;
            loop {
                let close = place + line[place..].find('\'')?;
                match line[close + 1..].starts_with('\'') {
                    true => place = close + 2,
                    false => return Some(close + 1),
                }
            }
        }
        _ => {
            let plain = node.text()?;
            line.starts_with(plain).then_some(plain.len())
        }
    }
}

/// Writes a text between double quotes, as YAML 1.1, YAML 1.2 and JSON read it alike.
fn quote(text: &mut String, value: &str) {
    text.push('"');
    for one in value.chars() {
        match one {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            ' '..='~' => text.push(one),
            one => {
                let mut units = [0; 2];
                if u32::from(one) > 0xffff {
                    // A pair of surrogates is JSON, and no YAML.
                    text.push_str(&format!("\\U{:08x}", u32::from(one)));
                } else {
                    text.push_str(&format!("\\u{:04x}", one.encode_utf16(&mut units)[0]));
                }
            }
        }
    }
    text.push('"');
}
