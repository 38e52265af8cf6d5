//! What has to hold after an edit.

use std::collections::HashMap;

use crate::dotenv::dialect::Dialect;
use crate::dotenv::dialect::Outcome;
use crate::dotenv::dialect::Reading;
use crate::dotenv::edit::EditError;
use crate::dotenv::file::EnvFile;
use crate::secret::SecretValue;

/// One variable has one value, and all others are as before, in this reader and in some dialects.
pub(super) struct Terms<'a> {
    name: &'a str,
    value: &'a SecretValue,
    before: &'a EnvFile,
    readings: Vec<(Dialect, Reading)>,
}

impl<'a> Terms<'a> {
    pub(super) fn new(
        before: &'a EnvFile,
        name: &'a str,
        value: &'a SecretValue,
        dialects: &[Dialect],
    ) -> Self {
        let read = |dialect: &Dialect| (*dialect, dialect.read(before.source().expose()));
        Self {
            name,
            value,
            before,
            readings: dialects.iter().map(read).collect(),
        }
    }

    /// Returns whether `file` is what was asked for.
    pub(super) fn hold(&self, file: &EnvFile) -> bool {
        self.hold_here(file)
            && self
                .readings
                .iter()
                .all(|(dialect, before)| self.hold_in(*dialect, before, file))
    }

    /// Returns a dialect that refused the file before, as an error.
    pub(super) fn refused(&self) -> Option<EditError> {
        self.readings.iter().find_map(|(dialect, reading)| {
            Some(EditError::Refused {
                dialect: *dialect,
                refusal: reading.refusal()?,
            })
        })
    }

    /// Returns the dialects in which none of `candidates` is what was asked for; all of them when each has one.
    pub(super) fn failing(&self, candidates: impl Iterator<Item = SecretValue>) -> Vec<Dialect> {
        let files: Vec<EnvFile> = candidates.map(|source| EnvFile::parse(source.expose())).collect();
        let all = || self.readings.iter().map(|(dialect, _)| *dialect);
        let fails = |(dialect, before): &&(Dialect, Reading)| {
            !files
                .iter()
                .any(|file| self.hold_here(file) && self.hold_in(*dialect, before, file))
        };
        let failing: Vec<Dialect> = self
            .readings
            .iter()
            .filter(fails)
            .map(|(dialect, _)| *dialect)
            .collect();
        if failing.is_empty() {
            all().collect()
        } else {
            failing
        }
    }

    /// The same in our own reading, where the other lines are to be found in the same order.
    fn hold_here(&self, file: &EnvFile) -> bool {
        let is_value = file
            .last(self.name)
            .is_some_and(|entry| entry.value() == self.value);
        is_value && same_others(self.before, file, self.name)
    }

    fn hold_in(&self, dialect: Dialect, before: &Reading, file: &EnvFile) -> bool {
        let after = dialect.read(file.source().expose());
        let is_value = after
            .last(self.name)
            .is_some_and(|found| matches!(found.outcome(), Outcome::Value(value) if value == self.value));
        let keeps_others =
            || before.refusal().is_some() || others(before, self.name) == others(&after, self.name);
        after.refusal().is_none() && is_value && keeps_others()
    }
}

fn same_others(before: &EnvFile, after: &EnvFile, name: &str) -> bool {
    let mut old = before.entries().filter(|entry| entry.name() != name);
    let mut new = after.entries().filter(|entry| entry.name() != name);
    loop {
        match (old.next(), new.next()) {
            (None, None) => return true,
            (Some(old), Some(new)) if old.name() == new.name() && old.value() == new.value() => {}
            _ => return false,
        }
    }
}

/// Returns what becomes of every variable but one.
fn others<'a>(reading: &'a Reading, name: &str) -> HashMap<&'a str, &'a Outcome> {
    let found = reading.entries().iter().filter(|found| found.name() != name);
    found.map(|found| (found.name(), found.outcome())).collect()
}
