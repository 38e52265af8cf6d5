//! Trying again what may pass.

use std::time::Duration;

use rand::Rng;
use rand::RngExt;

use crate::ports::Clock;
use crate::ports::NotifyError;
use crate::ports::Obstacle;

/// Tries something up to three times, with a pause that grows and is not the same for everybody.
///
/// Who asks to be left alone for longer than a run can wait is left alone until the next one.
///
/// # Errors
///
/// Those of the last attempt.
pub(super) fn attempt(
    clock: &dyn Clock,
    rng: &mut dyn Rng,
    mut job: impl FnMut() -> Result<(), NotifyError>,
) -> Result<(), NotifyError> {
    for pause in PAUSES {
        let Err(error) = job() else {
            return Ok(());
        };
        let pause = pause.mul_f64(rng.random_range(0.5..1.5));
        match error.retry_after {
            _ if error.obstacle != Obstacle::Passing => return Err(error),
            Some(asked) if asked > LONGEST => return Err(error),
            asked => clock.pause(pause.max(asked.unwrap_or_default())),
        }
    }
    job()
}

/// How long to wait before the second and the third attempt, on average.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// How long a run waits for somebody who asks to be left alone.
const LONGEST: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use chrono::DateTime;
    use chrono::Utc;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    #[derive(Default)]
    struct Watch(RefCell<Vec<Duration>>);

    impl Clock for Watch {
        fn now(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH
        }

        fn pause(&self, time: Duration) {
            self.0.borrow_mut().push(time);
        }
    }

    /// How often it was tried, how long it waited, and what came of it, where each attempt ends as listed.
    fn tried(ends: &[Option<(Obstacle, Option<u64>)>]) -> (usize, Vec<Duration>, bool) {
        let watch = Watch::default();
        let mut ends = ends.iter();
        let mut count = 0;
        let outcome = attempt(&watch, &mut ChaCha20Rng::seed_from_u64(1), || {
            count += 1;
            match ends.next().unwrap() {
                None => Ok(()),
                Some((obstacle, seconds)) => Err(NotifyError {
                    retry_after: seconds.map(Duration::from_secs),
                    ..NotifyError::new(*obstacle, "no")
                }),
            }
        });
        (count, watch.0.into_inner(), outcome.is_ok())
    }

    #[test]
    fn only_what_may_pass_is_tried_again_and_three_times_at_most() {
        let passing = Some((Obstacle::Passing, None));

        assert_eq!(tried(&[None]), (1, vec![], true));
        assert_eq!(tried(&[Some((Obstacle::Refused, None))]), (1, vec![], false));
        assert_eq!(tried(&[Some((Obstacle::Unreachable, None))]), (1, vec![], false));
        let (count, pauses, is_ok) = tried(&[passing, passing, None]);
        assert_eq!((count, pauses.len(), is_ok), (3, 2, true));
        assert!(pauses[0] < pauses[1], "{pauses:?}");
        let (count, pauses, is_ok) = tried(&[passing, passing, passing]);
        assert_eq!((count, pauses.len(), is_ok), (3, 2, false));
    }

    #[test]
    fn who_asks_to_be_left_alone_is() {
        let (_, pauses, is_ok) = tried(&[Some((Obstacle::Passing, Some(7))), None]);
        assert_eq!((pauses, is_ok), (vec![Duration::from_secs(7)], true));

        assert_eq!(tried(&[Some((Obstacle::Passing, Some(31)))]), (1, vec![], false));
    }
}
