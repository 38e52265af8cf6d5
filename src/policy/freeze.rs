//! Times in which nothing is changed on a timer.

use std::str::FromStr;

use chrono::DateTime;
use chrono::Datelike;
use chrono::Days;
use chrono::NaiveDate;
use chrono::NaiveTime;
use chrono::Utc;
use chrono::Weekday;
use chrono_tz::TZ_VARIANTS;
use chrono_tz::Tz;
use serde_json::Value;
use serde_json::json;

use crate::policy::Environment;
use crate::policy::document::At;
use crate::policy::document::Choice;
use crate::policy::document::Datum;
use crate::policy::document::FreezeWire;
use crate::policy::document::FromNode;
use crate::policy::document::Node;
use crate::policy::document::Problems;
use crate::policy::document::Table;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::names::Names;

/// A time in which `rotate --due` begins nothing and retires nothing.
///
/// It holds while everything it names holds: the days, the days of the week and the hours, all in its zone. Hours
/// that pass midnight belong to the day on which they begin.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Freeze {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    weekdays: Vec<Weekday>,
    hours: Option<Hours>,
    zone: Tz,
    environments: Vec<String>,
    reason: String,
}

impl Freeze {
    /// Builds a freeze.
    pub(crate) fn build(table: &At<Table>, names: &Names, problems: &mut Problems) -> Option<Self> {
        let wire = FreezeWire::read(&table.value, problems);
        if wire.broken {
            return None;
        }
        let is_timeless =
            wire.from.is_none() && wire.until.is_none() && wire.weekdays.is_none() && wire.hours.is_none();
        if is_timeless {
            let text = "a freeze says when: `from`, `until`, `weekdays` or `hours`".to_owned();
            problems.add(&table.place, PolicyErrorKind::Contradiction(text));
        }
        if let (Some(from), Some(until)) = (&wire.from, &wire.until)
            && until.value < from.value
        {
            let text = format!(
                "`until` is {}, before `from`, which is {}",
                until.value, from.value
            );
            problems.add(&until.place, PolicyErrorKind::Contradiction(text));
        }
        if wire.reason.is_none() {
            let table_name = "a freeze".to_owned();
            let kind = PolicyErrorKind::Missing {
                table: table_name,
                key: "reason",
            };
            problems.add(&table.place, kind);
        }
        let scopes = wire.environments.iter().flat_map(|list| &list.value);
        let environments = scopes
            .filter(|scope| names.scope("environments", scope, problems))
            .map(|scope| scope.value.clone())
            .collect();
        let weekdays = wire.weekdays.map(|list| list.value).unwrap_or_default();
        Some(Self {
            from: wire.from.map(|at| at.value),
            until: wire.until.map(|at| at.value),
            weekdays: weekdays.into_iter().map(|day| day.value).collect(),
            hours: wire.hours.map(|at| at.value),
            zone: wire.zone.map_or(Tz::UTC, |at| at.value),
            environments,
            reason: wire.reason?.value,
        })
    }

    /// Returns whether it holds in `environment` at `now`.
    pub fn holds(&self, environment: &Environment, now: DateTime<Utc>) -> bool {
        let mut scopes = self.environments.iter();
        if !self.environments.is_empty() && !scopes.any(|scope| environment.is_in(scope)) {
            return false;
        }
        let local = now.with_timezone(&self.zone).naive_local();
        let day = match self.hours {
            None => Some(local.date()),
            Some(hours) => hours.day_of(local.date(), local.time()),
        };
        day.is_some_and(|day| {
            self.from.is_none_or(|from| from <= day)
                && self.until.is_none_or(|until| day <= until)
                && (self.weekdays.is_empty() || self.weekdays.contains(&day.weekday()))
        })
    }

    /// Returns the last day, inclusive, in its zone; `None` where it comes again and again.
    pub fn until(&self) -> Option<NaiveDate> {
        self.until
    }

    /// Returns why.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// Hours of a day such as `22:00-06:00`: the first minute belongs to them, the last does not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Hours {
    from: NaiveTime,
    until: NaiveTime,
}

impl Hours {
    /// Returns the day on which the hours began that hold on `day` at `time`; `None` when they do not hold.
    fn day_of(self, day: NaiveDate, time: NaiveTime) -> Option<NaiveDate> {
        if self.from < self.until {
            return (self.from <= time && time < self.until).then_some(day);
        }
        if self.from <= time {
            return Some(day);
        }
        (time < self.until).then(|| day.checked_sub_days(Days::new(1)))?
    }
}

impl FromStr for Hours {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, until) = text.split_once('-').ok_or(())?;
        let time = |text: &str| {
            let fits = text.len() == 5;
            let time = NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| ());
            time.and_then(|time| fits.then_some(time).ok_or(()))
        };
        Ok(Self {
            from: time(from)?,
            until: time(until)?,
        })
    }
}

impl FromNode for Hours {
    const EXPECTED: &'static str = "hours such as `22:00-06:00`";

    fn schema() -> Value {
        let time = "([01][0-9]|2[0-3]):[0-5][0-9]";
        json!({ "type": "string", "pattern": format!("^{time}-{time}$") })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::Text(text) = &node.datum else {
            return Self::refuse(key, node, problems);
        };
        let parsed = text.parse().ok();
        if parsed.is_none() {
            let text = format!("`{key}` is `{}`, not {}", Excerpt::new(text), Self::EXPECTED);
            problems.add(&node.place, PolicyErrorKind::Contradiction(text));
        }
        parsed
    }
}

impl FromNode for Tz {
    const EXPECTED: &'static str = "a time zone such as `Asia/Jakarta`";

    fn schema() -> Value {
        json!({ "type": "string", "pattern": "^[A-Za-z0-9_+/-]+$" })
    }

    fn from_node(key: &'static str, node: &Node, problems: &mut Problems) -> Option<Self> {
        let Datum::Text(text) = &node.datum else {
            return <Self as FromNode>::refuse(key, node, problems);
        };
        let parsed = text.parse().ok();
        if parsed.is_none() {
            let kind = PolicyErrorKind::Unknown {
                what: "time zone",
                found: Excerpt::new(text),
            };
            let known = TZ_VARIANTS.iter().map(|zone| zone.name());
            problems.add_near(&node.place, kind, text, known);
        }
        parsed
    }
}

impl Choice for Weekday {
    const WHAT: &'static str = "day of the week";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("mon", Self::Mon),
        ("tue", Self::Tue),
        ("wed", Self::Wed),
        ("thu", Self::Thu),
        ("fri", Self::Fri),
        ("sat", Self::Sat),
        ("sun", Self::Sun),
    ];
}

#[cfg(test)]
mod tests {
    use crate::policy::Policy;
    use chrono::DateTime;

    /// Says whether production is frozen by these fields at this time.
    fn frozen(fields: &str, at: &str) -> bool {
        let text = format!(
            "schema = 1\n[environments.production]\n[environments.staging]\ntier = \"staging\"\n\
             [[freezes]]\nreason = \"x\"\n{fields}\n"
        );
        let policy = Policy::parse("", &text).unwrap();
        let now = DateTime::parse_from_rfc3339(at).unwrap().to_utc();
        policy.frozen(&"production".parse().unwrap(), now).is_some()
    }

    #[test]
    fn days_are_inclusive_and_of_the_zone() {
        let days = "from = 2026-12-20\nuntil = 2027-01-02";
        assert!(!frozen(days, "2026-12-19T23:59:59Z"));
        assert!(frozen(days, "2026-12-20T00:00:00Z"));
        assert!(frozen(days, "2027-01-02T23:59:59Z"));
        assert!(!frozen(days, "2027-01-03T00:00:00Z"));

        let jakarta = format!("{days}\nzone = \"Asia/Jakarta\"");
        assert!(frozen(&jakarta, "2026-12-19T17:00:00Z"));
        assert!(!frozen(&jakarta, "2027-01-02T17:00:00Z"));
    }

    #[test]
    fn days_of_a_zone_follow_its_summer_time() {
        let berlin = "from = 2027-03-28\nuntil = 2027-03-28\nzone = \"Europe/Berlin\"";

        assert!(frozen(berlin, "2027-03-27T23:00:00Z"), "midnight in winter time");
        assert!(frozen(berlin, "2027-03-28T21:59:59Z"), "the day has 23 hours");
        assert!(!frozen(berlin, "2027-03-28T22:00:00Z"), "midnight in summer time");
    }

    #[test]
    fn hours_past_midnight_belong_to_the_day_on_which_they_begin() {
        let night = "weekdays = [\"fri\"]\nhours = \"22:00-06:00\"";
        // 2026-11-27 is a Friday.
        assert!(!frozen(night, "2026-11-27T05:00:00Z"), "Thursday's night");
        assert!(frozen(night, "2026-11-27T22:00:00Z"));
        assert!(frozen(night, "2026-11-28T05:59:59Z"));
        assert!(!frozen(night, "2026-11-28T06:00:00Z"));
        assert!(!frozen(night, "2026-11-28T22:00:00Z"));
        assert!(frozen("hours = \"09:00-17:00\"", "2026-11-28T16:59:00Z"));
        assert!(!frozen("hours = \"09:00-17:00\"", "2026-11-28T17:00:00Z"));
    }

    #[test]
    fn it_holds_where_it_says() {
        let staging = "environments = [\"staging\"]\nweekdays = [\"sat\"]";
        assert!(!frozen(staging, "2026-11-28T12:00:00Z"));
        let production = "environments = [\"production\"]\nweekdays = [\"sat\"]";
        assert!(frozen(production, "2026-11-28T12:00:00Z"));
    }
}
