//! A time limit for what has none of its own.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::ports::NotifyError;
use crate::ports::Obstacle;

/// Does something on a thread of its own and waits for it so long; `who` is named when it takes longer.
pub(super) fn within(
    limit: Duration,
    who: &str,
    job: impl FnOnce() -> Result<(), NotifyError> + Send + 'static,
) -> Result<(), NotifyError> {
    let (sender, receiver) = mpsc::channel();
    let started = thread::Builder::new().name("notifier".to_owned()).spawn(move || {
        // Nobody waits for it any more once the time is over.
        let _ = sender.send(job());
    });
    if started.is_err() {
        return Err(NotifyError::new(
            Obstacle::Passing,
            "there is no thread left to send from",
        ));
    }
    receiver.recv_timeout(limit).unwrap_or_else(|_| {
        let what = format!("{who} did not answer within {} seconds", limit.as_secs());
        Err(NotifyError::new(Obstacle::Passing, what))
    })
}
