//! A status that stays on the terminal and is looked at again.

use std::time::Duration;
use std::time::Instant;

use chrono::Utc;

use crate::adapters::Interrupt;
use crate::adapters::SystemClock;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::policy::Period;
use crate::ports::Clock;

/// Shows what `show` prints, again after each `period`, until somebody stops it; the terminal is as it was then.
///
/// # Errors
///
/// When standard output is no terminal, the period is too short or too long, or `show` fails.
pub(super) fn watch(
    ui: &Ui,
    period: Period,
    mut show: impl FnMut(&Ui) -> Result<Exit, CliError>,
) -> Result<Exit, CliError> {
    if !ui.is_on_terminal() || ui.wants_json() {
        return Err(CliError::usage("--watch draws on a terminal, and there is none")
            .hint("leave it out, or let a timer run: mintage remind"));
    }
    let seconds = seconds(period)?;
    let interrupt = Interrupt::watch().map_err(|error| {
        CliError::new(
            Exit::Failed,
            "cannot notice Ctrl-C, which would leave the terminal as it is not",
        )
        .cause(error.to_string())
        .hint("leave --watch out")
    })?;
    ui.out(ENTER)?;
    let ended = draw_until(ui, &interrupt, Duration::from_secs(seconds), &mut show);
    ui.out(LEAVE)?;
    ended
}

fn draw_until(
    ui: &Ui,
    interrupt: &Interrupt,
    period: Duration,
    show: &mut impl FnMut(&Ui) -> Result<Exit, CliError>,
) -> Result<Exit, CliError> {
    loop {
        ui.out(CLEAR)?;
        // The window may have another size by now.
        let exit = show(&ui.remeasured())?;
        let drawn = Instant::now();
        while drawn.elapsed() < period {
            if interrupt.is_asked() {
                return Ok(exit);
            }
            SystemClock.pause(PAUSE);
        }
    }
}

fn seconds(period: Period) -> Result<u64, CliError> {
    let now = SystemClock.now();
    let after: Option<chrono::DateTime<Utc>> = period.after(now);
    let seconds = after.map(|end| (end - now).num_seconds());
    seconds
        .and_then(|seconds| u64::try_from(seconds).ok())
        .filter(|seconds| (1..=MOST_SECONDS).contains(seconds))
        .ok_or_else(|| {
            CliError::usage("--watch looks again after 1 second at the soonest and after a day at the latest")
                .hint("say how long in between: --watch 30s")
        })
}

/// The other screen of the terminal without a cursor, and back (xterm, private modes 1049 and 25).
const ENTER: &str = "\x1b[?1049h\x1b[?25l";
const LEAVE: &str = "\x1b[?25h\x1b[?1049l";

/// An empty screen with the cursor at its start (ECMA-48: CUP, ED).
const CLEAR: &str = "\x1b[H\x1b[2J";

const PAUSE: Duration = Duration::from_millis(100);

const MOST_SECONDS: u64 = 24 * 3_600;
