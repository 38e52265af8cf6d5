//! Handing a value to the clipboard in place of the screen.

use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::adapters::Clipboard;
use crate::adapters::ClipboardError;
use crate::adapters::Interrupt;
use crate::adapters::to_terminal;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::policy::Period;
use crate::secret::SecretValue;

/// Whether and how a value goes to the clipboard.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct CopyTerms {
    /// Put the value on the clipboard, show nothing, and clear it after a while or with Ctrl-C
    #[arg(long, conflicts_with = "osc52")]
    pub copy: bool,

    /// When to clear the clipboard, if it still holds the value: 45s unless given, 1h at most
    #[arg(long, value_name = "TIME", requires = "copy")]
    pub clear_after: Option<Period>,

    /// Ask the terminal to copy the value, over SSH too; it cannot be asked to clear it
    #[arg(long)]
    pub osc52: bool,
}

/// Where a value is copied to.
pub enum Target {
    /// The clipboard of the desktop, for a while.
    Clipboard(Clipboard, Duration),
    /// The clipboard of the terminal's machine.
    Terminal,
}

impl CopyTerms {
    /// Finds the clipboard before anything is handed out; `None` when nothing is to be copied.
    ///
    /// # Errors
    ///
    /// When there is none, or the time is too long.
    pub fn target(&self, context: &Context) -> Result<Option<Target>, CliError> {
        if self.osc52 {
            return Ok(Some(Target::Terminal));
        }
        if !self.copy {
            return Ok(None);
        }
        let seconds = self
            .clear_after
            .map_or(USUAL_SECONDS, Period::approximate_seconds);
        if !(1..=MOST_SECONDS).contains(&seconds) {
            return Err(
                CliError::usage("--clear-after is between 1s and 1h").hint("for example: --clear-after 45s")
            );
        }
        let clipboard = clipboard(context, OSC52)?;
        Ok(Some(Target::Clipboard(clipboard, Duration::from_secs(seconds))))
    }
}

impl Target {
    /// Copies the value, and clears the desktop's clipboard after the time or when asked to stop.
    ///
    /// This process stays in the foreground for as long: no other one is left behind with the value.
    ///
    /// # Errors
    ///
    /// When the clipboard does not take the value, or keeps it.
    pub fn give(&self, ui: &Ui, value: SecretValue) -> Result<Exit, CliError> {
        match self {
            Self::Clipboard(clipboard, time) => hold(ui, clipboard, *time, value),
            Self::Terminal => {
                to_terminal(&value)?.map_err(|error| {
                    CliError::new(Exit::Failed, "the value is too long for --osc52")
                        .cause(error.to_string())
                        .hint("write it to a file, or pipe it where it is needed")
                })?;
                ui.status("the terminal was asked to copy the value; it does not tell whether it did");
                ui.hint("it cannot be asked to clear it: copy something else when you are done");
                Ok(Exit::Fine)
            }
        }
    }
}

/// Finds the clipboard of the desktop; `instead` says what to do without one.
///
/// # Errors
///
/// When there is none, or no program for it.
pub fn clipboard(context: &Context, instead: &str) -> Result<Clipboard, CliError> {
    Clipboard::find(context.config.environment_of_clipboard()).map_err(|error| explained(error, instead))
}

/// Says what a clipboard failed at and what to do.
pub fn explained(error: ClipboardError, instead: &str) -> CliError {
    let hints: &[&str] = match error {
        ClipboardError::NoDesktop => &[
            instead,
            "on Wayland, let the desktop start Xwayland: it shares the clipboard",
        ],
        ClipboardError::NoProgram => &["install one: apt install xsel (or xclip)", instead],
        ClipboardError::TooLong => &["a secret takes some hundred bytes: check what was copied"],
        _ => &["try again, or see whether the desktop answers: xsel --clipboard --output"],
    };
    let exit = match error {
        ClipboardError::NoDesktop | ClipboardError::NoProgram | ClipboardError::TooLong => Exit::Failed,
        _ => Exit::Unreachable,
    };
    let mut told = CliError::new(exit, error.to_string()).in_state("nothing was changed");
    if let Some(cause) = std::error::Error::source(&error) {
        told = told.cause(cause.to_string());
    }
    hints.iter().fold(told, |told, hint| told.hint(*hint))
}

fn hold(ui: &Ui, clipboard: &Clipboard, time: Duration, value: SecretValue) -> Result<Exit, CliError> {
    let interrupt = Interrupt::watch().map_err(|error| {
        CliError::new(
            Exit::Failed,
            "cannot notice Ctrl-C, which would leave the value on the clipboard",
        )
        .cause(error.to_string())
        .hint("pipe the value where it is needed")
    })?;
    let mut holding = clipboard.hold(value).map_err(|error| explained(error, OSC52))?;
    let start = Instant::now();
    ui.status(&format!(
        "on the clipboard for {} s; Ctrl-C clears it at once",
        time.as_secs()
    ));
    let bar = ui.progress(time.as_secs(), "clears after");
    let mut is_taken_over = false;
    while start.elapsed() < time && !interrupt.is_asked() {
        bar.set_position(start.elapsed().as_secs());
        if !is_taken_over && holding.is_replaced() {
            if !holding.is_there().map_err(|error| explained(error, OSC52))? {
                bar.finish_and_clear();
                ui.status("something else was copied: there is nothing to clear");
                return Ok(Exit::Fine);
            }
            // A clipboard manager offers it now, or the program need not stay.
            is_taken_over = true;
        }
        thread::sleep(PAUSE);
    }
    bar.finish_and_clear();
    if holding.clear().map_err(|error| explained(error, OSC52))? {
        ui.status("the clipboard does not hold it any more");
        return Ok(Exit::Fine);
    }
    Err(
        CliError::new(Exit::Unreachable, "the clipboard still holds the value")
            .cause("a clipboard manager keeps it")
            .hint("take it out of the history of the clipboard manager, and copy something else"),
    )
}

/// What to do where no clipboard can be reached to copy to.
const OSC52: &str = "over SSH, let your terminal copy: --osc52 in place of --copy";

/// How long a value stays unless somebody says otherwise.
const USUAL_SECONDS: u64 = 45;

/// How long a value may stay.
const MOST_SECONDS: u64 = 3_600;

const PAUSE: Duration = Duration::from_millis(100);
