//! Dates as people write and read them.

use chrono::DateTime;
use chrono::Local;
use chrono::NaiveDate;
use chrono::NaiveTime;
use chrono::TimeZone;
use chrono::Utc;
use thiserror::Error;

use crate::policy::Period;

/// A point in time on the command line: RFC 3339, a date (its end, local time), or `+90d` from now.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// The last moment of a local day.
    Day(NaiveDate),
    /// An exact instant.
    Instant(DateTime<Utc>),
    /// A span from now.
    Later(Period),
}

impl When {
    /// Reads a point in time.
    ///
    /// # Errors
    ///
    /// When the text is none of the forms.
    pub fn parse(text: &str) -> Result<Self, InvalidWhen> {
        if let Some(period) = text.strip_prefix('+') {
            return period.parse().map(Self::Later).map_err(|_| InvalidWhen);
        }
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self::Instant(instant.to_utc()));
        }
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(Self::Day)
            .map_err(|_| InvalidWhen)
    }

    /// Returns the instant: the end of a day.
    pub fn end(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Day(day) => local(day, NaiveTime::from_hms_opt(23, 59, 59)),
            Self::Instant(instant) => instant,
            Self::Later(period) => period.after(now).unwrap_or(DateTime::<Utc>::MAX_UTC),
        }
    }

    /// Returns the instant: the start of a day.
    pub fn start(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Day(day) => local(day, NaiveTime::from_hms_opt(0, 0, 0)),
            other => other.end(now),
        }
    }
}

/// A text that names no point in time.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("not a point in time: 2026-11-21, 2026-11-21T10:00:00Z or +90d")]
pub struct InvalidWhen;

/// Returns an instant as the local date that people read.
pub fn day(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&Local).format("%Y-%m-%d").to_string()
}

/// Returns an instant as the local date and time that people read.
pub fn minute(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string()
}

/// Says how far the local day of `instant` is from that of `now`.
pub fn distance(instant: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let date = |instant: DateTime<Utc>| instant.with_timezone(&Local).date_naive();
    match (date(instant) - date(now)).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days @ 2.. => format!("in {days} days"),
        days => format!("{} days ago", days.unsigned_abs()),
    }
}

/// Reads a time of day such as `06:00`.
///
/// # Errors
///
/// When it is none.
pub fn time_of_day(text: &str) -> Result<NaiveTime, InvalidTimeOfDay> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| InvalidTimeOfDay)
}

/// A text that names no time of day.
#[derive(Clone, Copy, Debug, Error, Eq, PartialEq)]
#[error("not a time of day from 00:00 to 23:59")]
pub struct InvalidTimeOfDay;

/// Returns a local time of the day of `now` as the time in UTC.
pub fn utc_time(time: NaiveTime, now: DateTime<Utc>) -> NaiveTime {
    local(now.with_timezone(&Local).date_naive(), Some(time)).time()
}

/// Returns the instant of a local date and time; in the hour that a clock change skips, the same time in UTC.
fn local(day: NaiveDate, time: Option<NaiveTime>) -> DateTime<Utc> {
    let naive = day.and_time(time.unwrap_or_default());
    Local
        .from_local_datetime(&naive)
        .latest()
        .map_or_else(|| naive.and_utc(), |instant| instant.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let now = DateTime::parse_from_rfc3339("2026-11-21T10:00:00Z")
            .unwrap()
            .to_utc();

        assert_eq!(
            When::parse("+1d").unwrap().end(now),
            now + chrono::TimeDelta::days(1)
        );
        assert_eq!(When::parse("2026-11-21T11:00:00+01:00").unwrap().end(now), now);
        assert!(When::parse("2026-02-30").is_err());
        assert!(When::parse("tomorrow").is_err());
        let day = When::parse("2026-11-21").unwrap();
        assert_eq!((day.end(now) - day.start(now)).num_seconds(), 86_399);
    }

    #[test]
    fn distances_count_local_days() {
        let noon = Local.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap().to_utc();
        let after = |hours| noon + chrono::TimeDelta::hours(hours);

        assert_eq!(distance(after(1), noon), "today");
        assert_eq!(distance(after(24), noon), "tomorrow");
        assert_eq!(distance(after(-24), noon), "yesterday");
        assert_eq!(distance(after(90 * 24), noon), "in 90 days");
        assert_eq!(distance(after(-2 * 24), noon), "2 days ago");
    }
}
