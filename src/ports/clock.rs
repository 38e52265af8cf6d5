//! The time.

use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;

/// Tells the time.
pub trait Clock {
    /// Returns the time in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// Waits, before something that failed is tried again.
    fn pause(&self, time: Duration);
}
