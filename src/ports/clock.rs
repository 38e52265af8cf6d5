//! The time.

use chrono::DateTime;
use chrono::Utc;

/// Tells the time.
pub trait Clock {
    /// Returns the time in UTC.
    fn now(&self) -> DateTime<Utc>;
}
