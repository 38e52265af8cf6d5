//! Variables that are made of other values, such as a database URL around its password.

use std::str::FromStr;

use thiserror::Error;

use crate::secret::InvalidSecretName;
use crate::secret::SecretName;

/// How a variable is made of other values: fixed text and `{NAME}` or `{NAME|url}` in turn.
///
/// `{{` and `}}` stand for braces.
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
    /// With everything but unreserved characters percent-encoded (RFC 3986 §2.1).
    Url,
}

impl Template {
    /// Returns the pieces in order.
    pub fn parts(&self) -> &[TemplatePart] {
        &self.0
    }

    /// Returns the names whose values it is made of.
    pub fn names(&self) -> impl Iterator<Item = &SecretName> {
        self.0.iter().filter_map(|part| match part {
            TemplatePart::Text(_) => None,
            TemplatePart::Value { name, .. } => Some(name),
        })
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
    #[error("`template` has an unknown filter: the only one is `|url`")]
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
