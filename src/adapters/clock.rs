//! The system clock.

#![expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]

use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;

use crate::ports::Clock;

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }
}
