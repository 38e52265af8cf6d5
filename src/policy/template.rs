//! Texts that are made around other values, such as a database URL around its password.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use crate::secret::InvalidSecretName;
use crate::secret::SecretName;

/// How a text is made of other values: fixed text and `{NAME}` or `{NAME|filter}` in turn.
///
/// The filters are `url`, `base64` and `json`. `{{` and `}}` stand for braces.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Template(Vec<TemplatePart>);

/// A piece of a template.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TemplatePart {
    /// Fixed text.
    Text(String),
    /// The value of a secret or variable.
    Value {
        /// Whose value.
        name: SecretName,
        /// How it is written.
        filter: TemplateFilter,
    },
}

/// How a value is written into a template.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum TemplateFilter {
    /// As it is.
    #[default]
    Plain,
    /// As standard base64 with padding (RFC 4648 §4).
    Base64,
    /// As the inside of a JSON string, without its quotes (RFC 8259 §7).
    Json,
    /// With everything but unreserved characters percent-encoded (RFC 3986 §2.1).
    Url,
}

impl Template {
    /// Returns the pieces in order.
    pub fn parts(&self) -> &[TemplatePart] {
        &self.0
    }

    /// Puts a fixed text in place of every value that `fixed` knows.
    pub(crate) fn with_fixed(mut self, fixed: impl Fn(&SecretName) -> Option<String>) -> Self {
        for part in &mut self.0 {
            if let TemplatePart::Value { name, filter } = part
                && let Some(text) = fixed(name)
            {
                let mut written = String::new();
                filter.write(&text, &mut written);
                *part = TemplatePart::Text(written);
            }
        }
        self
    }

    /// Returns the names whose values it is made of.
    pub fn names(&self) -> impl Iterator<Item = &SecretName> {
        self.0.iter().filter_map(|part| match part {
            TemplatePart::Text(_) => None,
            TemplatePart::Value { name, .. } => Some(name),
        })
    }
}

impl TemplateFilter {
    /// Most bytes that one byte of a value becomes: `\\u00XX` in JSON.
    pub const MOST_PER_BYTE: usize = 6;

    /// Appends `text` to `out` as the filter says, at most [`Self::MOST_PER_BYTE`] bytes for each byte.
    ///
    /// A buffer with that much room is never moved, so that no copy of a value stays behind.
    pub fn write(self, text: &str, out: &mut String) {
        match self {
            Self::Plain => out.push_str(text),
            Self::Base64 => STANDARD.encode_string(text, out),
            Self::Json => text.chars().for_each(|character| json_escaped(character, out)),
            Self::Url => text.bytes().for_each(|byte| percent_encoded(byte, out)),
        }
    }
}

fn json_escaped(character: char, out: &mut String) {
    match character {
        '"' | '\\' => out.extend(['\\', character]),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        control if control < ' ' => {
            out.push_str("\\u00");
            push_hex(control as u8, out);
        }
        other => out.push(other),
    }
}

fn percent_encoded(byte: u8, out: &mut String) {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        out.push(char::from(byte));
    } else {
        out.push('%');
        push_hex(byte, out);
    }
}

fn push_hex(byte: u8, out: &mut String) {
    for digit in [byte >> 4, byte & 15] {
        out.extend(char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase()));
    }
}

impl FromStr for Template {
    type Err = InvalidTemplate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = Vec::new();
        let mut fixed = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(at);
            fixed.push_str(before);
            if let Some(escaped) = ["{{", "}}"].into_iter().find(|pair| after.starts_with(pair)) {
                fixed.push_str(&escaped[1..]);
                rest = &after[2..];
                continue;
            }
            let inner = after.strip_prefix('{').ok_or(InvalidTemplate::Brace)?;
            let (value, after) = inner.split_once('}').ok_or(InvalidTemplate::Brace)?;
            if !fixed.is_empty() {
                parts.push(TemplatePart::Text(std::mem::take(&mut fixed)));
            }
            parts.push(parse_value(value)?);
            rest = after;
        }
        fixed.push_str(rest);
        if !fixed.is_empty() {
            parts.push(TemplatePart::Text(fixed));
        }
        Ok(Self(parts))
    }
}

fn parse_value(text: &str) -> Result<TemplatePart, InvalidTemplate> {
    let (name, filter) = match text.split_once('|') {
        None => (text, TemplateFilter::Plain),
        Some((name, "base64")) => (name, TemplateFilter::Base64),
        Some((name, "json")) => (name, TemplateFilter::Json),
        Some((name, "url")) => (name, TemplateFilter::Url),
        Some(_) => return Err(InvalidTemplate::Filter),
    };
    let name = name.parse().map_err(InvalidTemplate::Name)?;
    Ok(TemplatePart::Value { name, filter })
}

/// A text that is no template.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum InvalidTemplate {
    /// A brace without its partner.
    #[error("`template` has a brace without its partner: write `{{{{` for a brace itself")]
    Brace,
    /// A filter that there is not.
    #[error("`template` has an unknown filter: there are `|url`, `|base64` and `|json`")]
    Filter,
    /// Something in braces that is no name.
    #[error("what stands between the braces of `template` is {0}")]
    Name(InvalidSecretName),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_back_in_order() {
        let template: Template = "a{{b}}://app:{DB_PASSWORD|url}@{HOST}".parse().unwrap();

        assert_eq!(
            template.parts(),
            [
                TemplatePart::Text("a{b}://app:".to_owned()),
                TemplatePart::Value {
                    name: "DB_PASSWORD".parse().unwrap(),
                    filter: TemplateFilter::Url
                },
                TemplatePart::Text("@".to_owned()),
                TemplatePart::Value {
                    name: "HOST".parse().unwrap(),
                    filter: TemplateFilter::Plain
                },
            ]
        );
    }

    #[test]
    fn filters_write_what_their_reader_reads() {
        let text = "a/b\"c\\d\n\u{1}\u{e4}%~";

        let written = |filter: TemplateFilter| {
            let mut out = String::with_capacity(text.len() * TemplateFilter::MOST_PER_BYTE);
            let room = out.capacity();
            filter.write(text, &mut out);
            assert_eq!(out.capacity(), room);
            out
        };

        assert_eq!(written(TemplateFilter::Plain), text);
        assert_eq!(written(TemplateFilter::Url), "a%2Fb%22c%5Cd%0A%01%C3%A4%25~");
        let json: String = serde_json::from_str(&format!("\"{}\"", written(TemplateFilter::Json))).unwrap();
        assert_eq!(json, text);
        assert_eq!(
            STANDARD.decode(written(TemplateFilter::Base64)).unwrap(),
            text.as_bytes()
        );
    }

    #[test]
    fn what_cannot_be_filled_in_is_refused() {
        assert_eq!("{A".parse::<Template>(), Err(InvalidTemplate::Brace));
        assert_eq!("A}".parse::<Template>(), Err(InvalidTemplate::Brace));
        assert_eq!("{A|md5}".parse::<Template>(), Err(InvalidTemplate::Filter));
        assert_eq!(
            "{}".parse::<Template>(),
            Err(InvalidTemplate::Name(InvalidSecretName))
        );
    }
}
