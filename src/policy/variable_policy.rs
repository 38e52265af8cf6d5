//! A variable that is no secret, as it holds in one environment.

use std::fmt;
use std::ops::RangeInclusive;

use regex_lite::Regex;
use serde::Serialize;

use crate::policy::Claims;
use crate::policy::Period;
use crate::policy::Template;
use crate::policy::document::Choice;
use crate::secret::SecretName;

/// What the text of a variable means.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
#[non_exhaustive]
pub enum VariableType {
    Bool,
    Cidr,
    /// A data source name: a URL with credentials and a scheme of its own.
    Dsn,
    Duration,
    Email,
    Enum,
    Float,
    Int,
    Ip,
    List,
    Path,
    String,
    Url,
}

impl VariableType {
    /// Returns the name as policies spell it.
    pub fn name(self) -> &'static str {
        let word = Self::WORDS.iter().find(|(_, known)| *known == self);
        word.map_or("", |(word, _)| word)
    }
}

impl fmt::Display for VariableType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Choice for VariableType {
    const WHAT: &'static str = "type";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("bool", Self::Bool),
        ("cidr", Self::Cidr),
        ("dsn", Self::Dsn),
        ("duration", Self::Duration),
        ("email", Self::Email),
        ("enum", Self::Enum),
        ("float", Self::Float),
        ("int", Self::Int),
        ("ip", Self::Ip),
        ("list", Self::List),
        ("path", Self::Path),
        ("string", Self::String),
        ("url", Self::Url),
    ];
}

/// What a list holds.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ListItem {
    /// An address range; a single address counts as one.
    Cidr,
    /// A mail address.
    Email,
    /// An address.
    Ip,
    /// A URL.
    Url,
}

impl Choice for ListItem {
    const WHAT: &'static str = "type of list items";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("cidr", Self::Cidr),
        ("email", Self::Email),
        ("ip", Self::Ip),
        ("url", Self::Url),
    ];
}

/// A variable as it holds in one environment. Its rules fit its type and can be kept together.
#[derive(Clone, Debug)]
pub struct VariablePolicy {
    pub(super) name: SecretName,
    pub(super) of_type: VariableType,
    pub(super) required: bool,
    pub(super) equals: Option<String>,
    pub(super) values: Vec<String>,
    pub(super) range: Option<(f64, f64)>,
    pub(super) min: Option<Period>,
    pub(super) max: Option<Period>,
    pub(super) of: Option<ListItem>,
    pub(super) url: UrlRules,
    pub(super) template: Option<Template>,
    pub(super) min_length: Option<u32>,
    pub(super) pattern: Option<Regex>,
    pub(super) forbid_pattern: Option<Regex>,
    pub(super) forbid_values: Vec<String>,
    pub(super) distinct_from: Vec<SecretName>,
    pub(super) claims: Option<Claims>,
    pub(super) warn: Option<Box<VariablePolicy>>,
    pub(super) description: Option<String>,
    pub(super) owner: Option<String>,
}

/// What a URL must look like.
#[derive(Clone, Debug, Default)]
pub(super) struct UrlRules {
    pub(super) scheme: Vec<String>,
    pub(super) hosts: Vec<String>,
    pub(super) forbid_hosts: Vec<String>,
    pub(super) path: Option<String>,
    pub(super) credentials: Option<bool>,
    pub(super) password_from: Option<SecretName>,
}

impl VariablePolicy {
    /// Returns the name.
    pub fn name(&self) -> &SecretName {
        &self.name
    }

    /// Returns what its text means.
    pub fn of_type(&self) -> VariableType {
        self.of_type
    }

    /// Returns whether it must be there in this environment.
    pub fn required(&self) -> bool {
        self.required
    }

    /// Returns the only value, exactly.
    pub fn equals(&self) -> Option<&str> {
        self.equals.as_deref()
    }

    /// Returns the values of an enum.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Returns least and greatest number, both inclusive.
    pub fn range(&self) -> Option<RangeInclusive<f64>> {
        self.range.map(|(least, most)| least..=most)
    }

    /// Returns the least duration, inclusive.
    pub fn min(&self) -> Option<Period> {
        self.min
    }

    /// Returns the greatest duration, inclusive.
    pub fn max(&self) -> Option<Period> {
        self.max
    }

    /// Returns what a list holds; `None` is any text.
    pub fn of(&self) -> Option<ListItem> {
        self.of
    }

    /// Returns the schemes that a URL may have; none named is any.
    pub fn scheme(&self) -> &[String] {
        &self.url.scheme
    }

    /// Returns the hosts that a URL may have; none named is any, and `*.x` stands for every host below x.
    pub fn hosts(&self) -> &[String] {
        &self.url.hosts
    }

    /// Returns the hosts that a URL must not have, in the spelling of [`Self::hosts`].
    pub fn forbid_hosts(&self) -> &[String] {
        &self.url.forbid_hosts
    }

    /// Returns the path that a URL must have, exactly.
    pub fn path(&self) -> Option<&str> {
        self.url.path.as_deref()
    }

    /// Returns whether a URL must carry user and password (`true`) or must not (`false`).
    pub fn credentials(&self) -> Option<bool> {
        self.url.credentials
    }

    /// Returns the secret that is the password of a URL.
    pub fn password_from(&self) -> Option<&SecretName> {
        self.url.password_from.as_ref()
    }

    /// Returns how it is made of other values.
    pub fn template(&self) -> Option<&Template> {
        self.template.as_ref()
    }

    /// Returns the least number of characters.
    pub fn min_length(&self) -> Option<u32> {
        self.min_length
    }

    /// Returns what every value looks like.
    pub fn pattern(&self) -> Option<&Regex> {
        self.pattern.as_ref()
    }

    /// Returns what no value looks like.
    pub fn forbid_pattern(&self) -> Option<&Regex> {
        self.forbid_pattern.as_ref()
    }

    /// Returns the values that are refused.
    pub fn forbid_values(&self) -> &[String] {
        &self.forbid_values
    }

    /// Returns the names whose values must be others.
    pub fn distinct_from(&self) -> &[SecretName] {
        &self.distinct_from
    }

    /// Returns what a token must say.
    pub fn claims(&self) -> Option<&Claims> {
        self.claims.as_ref()
    }

    /// Returns the rules, of the same type, that are warned about when they are broken.
    pub fn warn(&self) -> Option<&Self> {
        self.warn.as_deref()
    }

    /// Returns what it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Returns who answers for it.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }
}
