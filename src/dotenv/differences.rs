//! Where readers of one env file disagree.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fmt;

use crate::dotenv::dialect::Dialect;
use crate::dotenv::dialect::Outcome;
use crate::dotenv::dialect::Reading;
use crate::dotenv::file::EnvFile;
use crate::dotenv::line::Entry;
use crate::dotenv::line::Quote;
use crate::dotenv::sight::Sight;

/// One variable that two readers read differently, or a file that one of them refuses. It holds no value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The variable; `None` when it is about the whole file.
    pub name: Option<String>,
    /// The line, counted from 1.
    pub line: u32,
    /// What each reader makes of it that does not read what this reader does.
    pub sights: BTreeMap<Sight, Vec<Dialect>>,
}

impl fmt::Display for Difference {
    /// Says who makes what of it, as in "docker run keeps the comment in the value".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (sight, dialects)) in self.sights.iter().enumerate() {
            let readers: Vec<&str> = dialects.iter().map(|dialect| dialect.reader()).collect();
            let readers = match readers.as_slice() {
                [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
                readers => readers.concat(),
            };
            let between = if place > 0 { "; " } else { "" };
            write!(f, "{between}{readers} {}", sight.phrase(dialects.len()))?;
        }
        Ok(())
    }
}

/// Returns the variables of a file that not all of `dialects` read alike, by line; first the readers that refuse it.
///
/// A reader that refuses the file is left out of the rest.
pub fn differences(file: &EnvFile, dialects: &[Dialect]) -> Vec<Difference> {
    let readings: Vec<(Dialect, Reading)> = dialects
        .iter()
        .map(|dialect| (*dialect, dialect.read(file.source().expose())))
        .collect();
    let mut found: Vec<Difference> = readings.iter().filter_map(refused).collect();
    let taken: Vec<(Dialect, HashMap<&str, &Outcome>)> = readings
        .iter()
        .filter(|(_, reading)| reading.refusal().is_none())
        .map(|(dialect, reading)| (*dialect, by_name(reading)))
        .collect();
    // Only names that this reader is sure of: another one may take a pasted value for a name.
    let mut names: Vec<(&str, u32)> = file.entries().map(|entry| (entry.name(), entry.line())).collect();
    let broken = file
        .problems()
        .filter_map(|problem| Some((problem.name.as_deref()?, problem.line)));
    names.extend(broken);
    let lines: HashMap<&str, u32> = names.iter().copied().collect();
    let mut names: Vec<(&str, u32)> = lines.into_iter().collect();
    names.sort_by_key(|(name, line)| (*line, *name));
    found.extend(
        names
            .into_iter()
            .filter_map(|(name, line)| of_name(file, &taken, name, line)),
    );
    found
}

fn refused((dialect, reading): &(Dialect, Reading)) -> Option<Difference> {
    let refusal = reading.refusal()?;
    Some(Difference {
        name: None,
        line: refusal.line,
        sights: BTreeMap::from([(Sight::Refuses(refusal.kind), vec![*dialect])]),
    })
}

fn by_name(reading: &Reading) -> HashMap<&str, &Outcome> {
    reading
        .entries()
        .iter()
        .map(|found| (found.name(), found.outcome()))
        .collect()
}

fn of_name(
    file: &EnvFile,
    taken: &[(Dialect, HashMap<&str, &Outcome>)],
    name: &str,
    line: u32,
) -> Option<Difference> {
    let outcomes: Vec<Option<&Outcome>> = taken.iter().map(|(_, found)| found.get(name).copied()).collect();
    if outcomes.windows(2).all(|pair| pair[0] == pair[1]) {
        return None;
    }
    let entry = file.last(name);
    let mut sights: BTreeMap<Sight, Vec<Dialect>> = BTreeMap::new();
    for ((dialect, _), outcome) in taken.iter().zip(outcomes) {
        if let Some(sight) = sight(file, entry, outcome) {
            sights.entry(sight).or_default().push(*dialect);
        }
    }
    let (name, line) = (Some(name.to_owned()), entry.map_or(line, Entry::line));
    Some(Difference { name, line, sights })
}

/// Says what a reader makes of a variable; `None` when it reads what this reader does.
fn sight(file: &EnvFile, entry: Option<&Entry>, outcome: Option<&Outcome>) -> Option<Sight> {
    let value = match (outcome, entry) {
        (None | Some(Outcome::Unset), None) => return None,
        (None | Some(Outcome::Unset), Some(_)) => return Some(Sight::Misses),
        (Some(Outcome::Executed), _) => return Some(Sight::Executes),
        (Some(Outcome::Expanded), _) => return Some(Sight::Expands),
        (Some(Outcome::Inherited), _) => return Some(Sight::Inherits),
        (Some(Outcome::Value(_)), None) => return Some(Sight::ReadsBroken),
        (Some(Outcome::Value(value)), Some(entry)) if value == entry.value() => return None,
        (Some(Outcome::Value(value)), Some(_)) => value.expose(),
    };
    let entry = entry?;
    let (ours, raw) = (
        entry.value().expose(),
        &file.source().expose()[entry.value_span()],
    );
    Some(kind_of(value, ours, raw, entry.quote()))
}

/// Compares a value with ours and with the bytes that spell it.
fn kind_of(value: &[u8], ours: &[u8], raw: &[u8], quote: Quote) -> Sight {
    let is_quoted = quote != Quote::None;
    let breaks = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
    let has_more = |shorter: &[u8], longer: &[u8]| {
        longer
            .strip_prefix(shorter)
            .is_some_and(|more| more.trim_ascii_start().starts_with(b"#"))
    };
    if value.strip_suffix(b"\r") == Some(ours) {
        Sight::KeepsCarriageReturn
    } else if has_more(value, ours) {
        Sight::EndsAtHash
    } else if is_quoted && value == raw {
        Sight::KeepsQuotes
    } else if breaks(value) > breaks(raw) && value.len() > raw.len() {
        Sight::TakesLinesBelow
    } else if is_quoted && breaks(raw) > 0 && raw.starts_with(value) {
        Sight::EndsWithLine
    } else if is_quoted && has_more(raw, value) {
        Sight::KeepsQuotesAndComment
    } else if has_more(ours, value) {
        Sight::KeepsComment
    } else if raw.contains(&b'\\') {
        Sight::ReadsEscapesOtherwise
    } else {
        Sight::ReadsOtherwise
    }
}
