//! The clock: due dates and ages count from it, so it must not be far off.

use std::path::Path;

use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;

use crate::app::doctor::Checkup;
use crate::app::doctor::Condition;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;

/// Compares the clock with the ledgers, with the files of the store and with the release of this program.
pub(super) const CHECKUP: Checkup = Checkup { name: NAME, examine };

const NAME: &str = "clock";

fn examine(scene: &Scene<'_>) -> Vec<Remark> {
    let said = |time: DateTime<Utc>| time.format("%Y-%m-%d %H:%M UTC");
    let wrong = |message| vec![Remark::new(NAME, Condition::Error, message).fix(SET)];
    if scene.now.timestamp() < RELEASED {
        return wrong(format!(
            "it says {}, which is before this program was made",
            said(scene.now)
        ));
    }
    let tolerated = scene.now + TOLERANCE;
    if let Some(last) = scene.last_entry.filter(|last| *last > tolerated) {
        return wrong(format!(
            "it says {}, but the ledger was last written at {}",
            said(scene.now),
            said(last)
        ));
    }
    let settings = scene.project.map(|(root, ..)| root.join(".mintage/store.toml"));
    let written = settings.and_then(|settings| scene.machine.state(&settings)?.modified);
    if let Some(written) = written.filter(|written| *written > tolerated) {
        return wrong(format!(
            "it says {}, but the store was written at {}",
            said(scene.now),
            said(written)
        ));
    }
    let is_kept = SYNCHRONISED
        .iter()
        .any(|mark| scene.machine.state(Path::new(mark)).is_some());
    let message = if is_kept {
        format!("{}, kept right over the network", said(scene.now))
    } else {
        format!("{}; nothing here was written later", said(scene.now))
    };
    vec![Remark::new(NAME, Condition::Ok, message)]
}

/// How a clock is set.
const SET: &str = "sudo timedatectl set-ntp true (or set it by hand), then: mintage status";

/// How far another machine's clock may be ahead.
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// 2026-01-01: no copy of this program is older.
const RELEASED: i64 = 1_767_225_600;

/// Files that say that the clock was set over the network.
const SYNCHRONISED: &[&str] = &["/run/systemd/timesync/synchronized", "/run/chrony/chronyd.pid"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::testing::Files;
    use crate::app::doctor::testing::now;
    use crate::app::doctor::testing::scene;
    use crate::app::doctor::testing::worst;

    #[test]
    fn one_that_is_not_behind_is_right() {
        let files = Files::default().written_at("/run/systemd/timesync/synchronized", now());
        let mut scene = scene(&files);
        scene.last_entry = Some(now() + TimeDelta::minutes(1));

        let remarks = examine(&scene);

        assert_eq!(worst(&remarks), Condition::Ok);
        assert!(remarks[0].message.ends_with("kept right over the network"));
    }

    #[test]
    fn one_that_is_behind_the_ledger_or_this_program_is_wrong() {
        let files = Files::default();
        let mut scene = scene(&files);
        scene.last_entry = Some(now() + TimeDelta::hours(1));
        assert_eq!(worst(&examine(&scene)), Condition::Error);

        scene.last_entry = None;
        scene.now = DateTime::from_timestamp(1_000_000_000, 0).unwrap();
        assert_eq!(worst(&examine(&scene)), Condition::Error);
    }
}
