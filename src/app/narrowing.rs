//! Which rows of a status are shown, and in which order.

use std::str::FromStr;

use regex_lite::Regex;
use thiserror::Error;

use crate::app::CertificateRow;
use crate::app::State;
use crate::app::StatusRow;
use crate::contract::certificate::CertificateState;
use crate::policy::Policy;
use crate::policy::SecretPolicy;

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub enum SortKey {
    /// By environment, in the order of the policy, then by name.
    #[default]
    Environment,
    /// The soonest due first; what has no date last.
    Due,
    /// The oldest first; an unknown age is older than all.
    Age,
    /// By name, then by environment.
    Name,
    /// The worst first, then the soonest due.
    State,
}

/// Sorts rows; those that are alike keep their order.
pub fn sort_rows(rows: &mut [StatusRow], key: SortKey) {
    let end = |row: &StatusRow| {
        let end = row.due_at.into_iter().chain(row.expires_at).min();
        (end.is_none(), end)
    };
    match key {
        SortKey::Environment => {}
        SortKey::Due => rows.sort_by_key(end),
        SortKey::Age => rows.sort_by_key(|row| {
            let rank = match (row.age_days, row.stage) {
                (None, Some(_)) => 0,
                (Some(_), _) => 1,
                (None, None) => 2,
            };
            (rank, row.changed_at)
        }),
        SortKey::Name => rows.sort_by(|one, other| one.name.cmp(&other.name)),
        SortKey::State => rows.sort_by_key(|row| (row.state, end(row))),
    }
}

/// What a row has to be to be shown: `KEY=PATTERN`, where `*` stands for any text.
#[derive(Clone, Debug)]
pub struct RowFilter {
    key: FilterKey,
    pattern: Regex,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum FilterKey {
    Environment,
    Issuer,
    Kind,
    Name,
    Owner,
    State,
}

impl FilterKey {
    const WORDS: [(&'static str, Self); 6] = [
        ("env", Self::Environment),
        ("issuer", Self::Issuer),
        ("kind", Self::Kind),
        ("name", Self::Name),
        ("owner", Self::Owner),
        ("state", Self::State),
    ];
}

/// Why a filter cannot be used.
#[derive(Clone, Debug, Error)]
pub enum InvalidFilter {
    /// There is no `=`.
    #[error("a filter is KEY=PATTERN, such as state=overdue or name=STRIPE_*")]
    NoPattern,
    /// Nothing can be filtered by this.
    #[error("rows are filtered by {}", known())]
    UnknownKey,
    /// No row ever has this state.
    #[error("no state is like that: {}", states())]
    UnknownState,
}

impl FromStr for RowFilter {
    type Err = InvalidFilter;

    fn from_str(text: &str) -> Result<Self, InvalidFilter> {
        let (key, pattern) = text.split_once('=').ok_or(InvalidFilter::NoPattern)?;
        let (_, key) = FilterKey::WORDS
            .into_iter()
            .find(|(word, _)| *word == key.trim())
            .ok_or(InvalidFilter::UnknownKey)?;
        let parts: Vec<String> = pattern.trim().split('*').map(regex_lite::escape).collect();
        let pattern = Regex::new(&format!("^(?i:{})$", parts.join(".*")));
        let filter = Self {
            key,
            pattern: pattern.map_err(|_| InvalidFilter::NoPattern)?,
        };
        if key == FilterKey::State && !every_state().any(|state| filter.pattern.is_match(state)) {
            return Err(InvalidFilter::UnknownState);
        }
        Ok(filter)
    }
}

/// Leaves the rows that fit: of filters by one thing any, of filters by several things each.
pub fn filter_rows(rows: &mut Vec<StatusRow>, policy: &Policy, filters: &[RowFilter]) {
    rows.retain(|row| {
        let declared = policy.secret(&row.name, &row.environment);
        fits(filters, |key| match key {
            FilterKey::Environment => Some(row.environment.as_str()),
            FilterKey::Issuer => row.issued_by.as_deref(),
            FilterKey::Kind => Some(&row.kind),
            FilterKey::Name => Some(row.name.as_str()),
            FilterKey::Owner => declared.and_then(SecretPolicy::owner),
            FilterKey::State => Some(row.state.name()),
        })
    });
}

/// Leaves the certificates that fit; they have a name and a state, and are of no environment.
pub fn filter_certificates(rows: &mut Vec<CertificateRow>, filters: &[RowFilter]) {
    rows.retain(|row| {
        fits(filters, |key| match key {
            FilterKey::Issuer => row.issuer.as_deref(),
            FilterKey::Name => Some(&row.name),
            FilterKey::State => Some(row.state.name()),
            FilterKey::Environment | FilterKey::Kind | FilterKey::Owner => None,
        })
    });
}

fn fits<'a>(filters: &[RowFilter], value: impl Fn(FilterKey) -> Option<&'a str>) -> bool {
    filters.iter().all(|filter| {
        let value = value(filter.key);
        let alike = filters.iter().filter(|other| other.key == filter.key);
        value.is_some_and(|value| alike.clone().any(|one| one.pattern.is_match(value)))
    })
}

fn every_state() -> impl Iterator<Item = &'static str> {
    let secrets = State::ALL.iter().map(|state| state.name());
    secrets.chain(CertificateState::ALL.iter().map(|state| state.name()))
}

fn known() -> String {
    let words = FilterKey::WORDS.map(|(word, _)| word);
    words.join(", ")
}

fn states() -> String {
    let mut states: Vec<&str> = every_state().collect();
    states.sort_unstable();
    states.dedup();
    states.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_can_fit_nothing_says_what_there_is() {
        let said = |text: &str| text.parse::<RowFilter>().unwrap_err().to_string();

        assert!(said("overdue").contains("KEY=PATTERN"));
        assert_eq!(
            said("colour=red"),
            "rows are filtered by env, issuer, kind, name, owner, state"
        );
        assert!(said("state=late").contains("due-soon") && said("state=late").contains("overdue"));
        assert!("state=over*".parse::<RowFilter>().is_ok());
    }

    #[test]
    fn a_star_is_any_text_and_everything_else_stands_for_itself() {
        let filter: RowFilter = "name=STRIPE_*.KEY".parse().unwrap();

        assert!(filter.pattern.is_match("STRIPE_LIVE.KEY"));
        assert!(filter.pattern.is_match("stripe_.key"));
        assert!(!filter.pattern.is_match("STRIPE_LIVE_KEY"));
        assert!(!filter.pattern.is_match("MY_STRIPE_A.KEY"));
    }
}
