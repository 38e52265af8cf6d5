//! The values that are checked, and the only place of this module that looks into one.

use std::collections::BTreeMap;

use crate::contract::url;
use crate::dotenv::Entry;
use crate::dotenv::EnvFile;
use crate::secret::SecretValue;

/// Returns the password inside a value that is a URL or a connection string, which its strength depends on.
pub fn password_inside(value: &SecretValue) -> Option<SecretValue> {
    url::password(std::str::from_utf8(value.expose()).ok()?)
}

/// A value with the name under which it was found.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The name as it was spelled.
    pub name: &'a str,
    /// The value.
    pub value: &'a SecretValue,
    /// The line of the env file, counted from 1.
    pub line: Option<u32>,
    /// The sign at which the value ended although the line goes on.
    pub cut_at: Option<char>,
}

impl<'a> Found<'a> {
    /// An assignment of an env file.
    pub(super) fn of(entry: &'a Entry) -> Self {
        Self {
            name: entry.name(),
            value: entry.value(),
            line: Some(entry.line()),
            cut_at: entry.cut_at(),
        }
    }

    /// Returns whether there is anything at all.
    pub fn is_set(&self) -> bool {
        !self.value.is_empty()
    }

    /// Returns the bytes of the value: the one place of this module that reads them.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.value.expose()
    }

    /// Returns the value as text; `None` when it is not UTF-8.
    pub(super) fn text(&self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()).ok()
    }
}

/// The values of an env file or of a process, by name.
#[derive(Debug)]
pub struct Values<'a> {
    by_name: BTreeMap<&'a str, Found<'a>>,
    file: Option<&'a EnvFile>,
}

impl<'a> Values<'a> {
    /// Takes the assignments of an env file that count: of several of one name, the last.
    pub fn of_file(file: &'a EnvFile) -> Self {
        Self {
            by_name: file
                .entries()
                .map(Found::of)
                .map(|found| (found.name, found))
                .collect(),
            file: Some(file),
        }
    }

    /// Takes the variables of a process, or those that one is to get: of several of one name, the last.
    pub fn of_process(variables: impl IntoIterator<Item = (&'a str, &'a SecretValue)>) -> Self {
        let found = variables.into_iter().map(|(name, value)| Found {
            name,
            value,
            line: None,
            cut_at: None,
        });
        Self {
            by_name: found.map(|found| (found.name, found)).collect(),
            file: None,
        }
    }

    /// Returns the env file; `None` for a process.
    pub(super) fn file(&self) -> Option<&'a EnvFile> {
        self.file
    }

    /// Returns what stands under exactly this name, which may be an empty value.
    pub(super) fn named(&self, name: &str) -> Option<Found<'a>> {
        self.by_name.get(name).copied()
    }

    /// Returns everything, sorted by name.
    pub(super) fn all(&self) -> impl Iterator<Item = Found<'a>> {
        self.by_name.values().copied()
    }
}
