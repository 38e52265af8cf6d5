//! Spans of time as policies write them.

use std::fmt;
use std::str::FromStr;

use chrono::DateTime;
use chrono::Months;
use chrono::TimeDelta;
use chrono::Utc;
use serde::Serialize;
use thiserror::Error;

/// A span of time such as `90d`, `12h`, `2w`, `6mo` or `1y`; `s` and `m` (minutes) serve token lifetimes.
///
/// Months and years are calendar spans: `6mo` after August 31 is the last day of February.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Period {
    count: u32,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Period {
    /// A span of `count` days.
    pub const fn days(count: u32) -> Self {
        Self {
            count,
            unit: Unit::Day,
        }
    }

    /// Returns the instant one period after `start`, or `None` beyond the calendar's end.
    pub fn after(self, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.unit.seconds() {
            Ok(seconds) => start.checked_add_signed(self.delta(seconds)?),
            Err(months) => start.checked_add_months(Months::new(self.count.checked_mul(months)?)),
        }
    }

    /// Returns the instant one period before `end`, or `None` beyond the calendar's start.
    pub fn before(self, end: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.unit.seconds() {
            Ok(seconds) => end.checked_sub_signed(self.delta(seconds)?),
            Err(months) => end.checked_sub_months(Months::new(self.count.checked_mul(months)?)),
        }
    }

    /// Returns the length in seconds, with a month counted as 30 days and a year as 365; for comparing spans.
    pub fn approximate_seconds(self) -> u64 {
        let seconds = match self.unit.seconds() {
            Ok(seconds) => seconds,
            Err(1) => 30 * 86_400,
            Err(_) => 365 * 86_400,
        };
        u64::from(self.count) * u64::from(seconds)
    }

    fn delta(self, seconds: u32) -> Option<TimeDelta> {
        TimeDelta::try_seconds(i64::from(self.count) * i64::from(seconds))
    }
}

impl Unit {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Second, "s"),
        (Self::Minute, "m"),
        (Self::Hour, "h"),
        (Self::Day, "d"),
        (Self::Week, "w"),
        (Self::Month, "mo"),
        (Self::Year, "y"),
    ];

    /// Returns the seconds of a fixed unit, or the months of a calendar unit as the error.
    const fn seconds(self) -> Result<u32, u32> {
        match self {
            Self::Second => Ok(1),
            Self::Minute => Ok(60),
            Self::Hour => Ok(3_600),
            Self::Day => Ok(86_400),
            Self::Week => Ok(604_800),
            Self::Month => Err(1),
            Self::Year => Err(12),
        }
    }
}

impl FromStr for Period {
    type Err = InvalidPeriod;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = text.split_at(digits);
        if count.is_empty() {
            return Err(InvalidPeriod::Grammar);
        }
        if unit.is_empty() {
            return Err(InvalidPeriod::NoUnit);
        }
        let count: u32 = count.parse().map_err(|_| InvalidPeriod::TooLong)?;
        if count > MAX_COUNT {
            return Err(InvalidPeriod::TooLong);
        }
        Unit::ALL
            .iter()
            .find(|(_, name)| *name == unit)
            .map(|(unit, _)| Self { count, unit: *unit })
            .ok_or(InvalidPeriod::Grammar)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = Unit::ALL
            .iter()
            .find(|(unit, _)| *unit == self.unit)
            .map_or("", |(_, name)| name);
        f.pad(&format!("{}{unit}", self.count))
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A text that is no span of time.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum InvalidPeriod {
    /// Not a number with a known unit.
    #[error("not a duration: a whole number and one of `s`, `m`, `h`, `d`, `w`, `mo`, `y`, such as `90d`")]
    Grammar,
    /// A bare number.
    #[error("a duration needs its unit, such as `90d`")]
    NoUnit,
    /// More than a hundred thousand units.
    #[error("a duration counts at most {MAX_COUNT} of its unit")]
    TooLong,
}

/// Largest count, so that no date arithmetic leaves the calendar for the units in use.
const MAX_COUNT: u32 = 100_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn months_end_on_the_last_day_of_a_shorter_month() {
        let half_year: Period = "6mo".parse().unwrap();

        assert_eq!(
            half_year.after(at("2026-08-31T10:00:00Z")),
            Some(at("2027-02-28T10:00:00Z"))
        );
        assert_eq!(
            "1y".parse::<Period>().unwrap().after(at("2028-02-29T00:00:00Z")),
            Some(at("2029-02-28T00:00:00Z"))
        );
    }

    #[test]
    fn thirty_days_after_mid_november_is_mid_december() {
        assert_eq!(
            Period::days(30).after(at("2025-10-15T00:00:00Z")),
            Some(at("2025-11-14T00:00:00Z"))
        );
    }

    #[test]
    fn bare_numbers_and_unknown_units_are_errors() {
        assert_eq!("90".parse::<Period>(), Err(InvalidPeriod::NoUnit));
        assert_eq!("d".parse::<Period>(), Err(InvalidPeriod::Grammar));
        assert_eq!("90 d".parse::<Period>(), Err(InvalidPeriod::Grammar));
        assert_eq!("90days".parse::<Period>(), Err(InvalidPeriod::Grammar));
        assert_eq!("-1d".parse::<Period>(), Err(InvalidPeriod::Grammar));
        assert_eq!("99999999999d".parse::<Period>(), Err(InvalidPeriod::TooLong));
    }

    #[test]
    fn what_is_parsed_prints_the_same() {
        for text in ["90d", "12h", "2w", "6mo", "1y", "15m", "30s"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn dates_beyond_the_calendar_are_none() {
        let forever: Period = "99999999y".parse().unwrap();

        assert_eq!(forever.after(at("2026-01-01T00:00:00Z")), None);
    }
}
