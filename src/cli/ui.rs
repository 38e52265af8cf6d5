//! The one printer.
//!
//! Standard output carries only what was asked for. Everything else goes to standard error: status lines (which
//! `--quiet` silences), warnings, errors with their causes and hints. Messages are one lower-case line without a
//! final period. Tables have no borders, fit the terminal, and are plain when they are not on one.

#![expect(clippy::disallowed_methods, reason = "the one printer")]

use std::fmt::Write as _;
use std::io;
use std::io::IsTerminal;
use std::time::Duration;

use anstyle::AnsiColor;
use anstyle::Style;
use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;
use rustix::fd::BorrowedFd;
use serde::Serialize;

use crate::cli::Global;
use crate::cli::config::Config;
use crate::cli::error::CliError;
use crate::cli::table;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::secret::SecretValue;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On terminals.
    #[default]
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// Prints.
pub struct Ui {
    color_out: bool,
    color_err: bool,
    quiet: bool,
    verbose: bool,
    json: bool,
    width: Option<u16>,
}

impl Ui {
    /// Decides how to print from the options and the streams.
    pub fn new(global: &Global, config: &Config) -> Self {
        let colors = |is_terminal: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Auto => is_terminal && !config.no_color && !config.dumb_terminal,
            ColorChoice::Never => false,
        };
        let is_terminal = io::stdout().is_terminal();
        Self {
            color_out: colors(is_terminal),
            color_err: colors(io::stderr().is_terminal()),
            quiet: global.quiet,
            verbose: global.verbose,
            json: global.json,
            width: columns(),
        }
    }

    /// Returns whether one JSON document is asked for.
    pub fn wants_json(&self) -> bool {
        self.json
    }

    /// Returns whether less is asked for.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Returns whether standard output is a terminal.
    pub fn is_on_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Prints what was asked for.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written; a reader that went away is a silent end.
    pub fn out(&self, text: &str) -> Result<(), CliError> {
        write_all(rustix::stdio::stdout(), text.as_bytes())
    }

    /// Prints a value, straight to the file descriptor, so that no buffer keeps a copy.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn value(&self, value: &SecretValue) -> Result<(), CliError> {
        write_all(rustix::stdio::stdout(), value.expose())
    }

    /// Prints lines of values that a wiped buffer holds, straight to the file descriptor.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn bytes(&self, lines: &[u8]) -> Result<(), CliError> {
        write_all(rustix::stdio::stdout(), lines)
    }

    /// Prints a report as one JSON document; `name` goes into its schema id.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn document(&self, name: &str, body: &impl Serialize) -> Result<(), CliError> {
        self.out(&self.document_text(name, body)?)
    }

    /// Writes a report as one JSON document; `name` goes into its schema id.
    ///
    /// # Errors
    ///
    /// When a part of it cannot be written as JSON.
    pub fn document_text(&self, name: &str, body: &impl Serialize) -> Result<String, CliError> {
        #[derive(Serialize)]
        struct Document<'a, T> {
            schema: String,
            #[serde(flatten)]
            body: &'a T,
        }
        let document = Document {
            schema: format!("mintage/{name}/1"),
            body,
        };
        json_text(&document)
    }

    /// Prints a JSON document whose format is not ours to name.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn foreign_document(&self, body: &impl Serialize) -> Result<(), CliError> {
        self.out(&json_text(body)?)
    }

    /// Prints a table on standard output.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn table(&self, header: &[&str], rows: Vec<Vec<Field>>) -> Result<(), CliError> {
        self.table_without(&[], header, rows)
    }

    /// Prints a table on standard output; where the terminal is too narrow, columns of `spare` are left out in turn.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written.
    pub fn table_without(
        &self,
        spare: &[&str],
        header: &[&str],
        rows: Vec<Vec<Field>>,
    ) -> Result<(), CliError> {
        self.out(&table::render(spare, header, rows, self.width, self.color_out))
    }

    /// Lays a table out as it would be printed.
    pub fn laid_out(&self, header: &[&str], rows: Vec<Vec<Field>>) -> String {
        table::render(&[], header, rows, self.width, self.color_out)
    }

    /// Prepares for a file: no colour, and as wide as the text is.
    pub fn for_file(&self) -> Self {
        Self {
            color_out: false,
            width: None,
            ..*self
        }
    }

    /// Measures the terminal anew.
    pub fn remeasured(&self) -> Self {
        Self {
            width: columns(),
            ..*self
        }
    }

    /// Says what happens, unless less is asked for.
    pub fn status(&self, text: &str) {
        if !self.quiet {
            self.err(&format!("{}\n", printable(text)));
        }
    }

    /// Says something that only helps to find out why.
    pub fn detail(&self, text: &str) {
        if self.verbose {
            self.err(&format!("{}\n", printable(text)));
        }
    }

    /// Warns.
    pub fn warning(&self, text: &str) {
        self.labelled("warning", AnsiColor::Yellow, text);
    }

    /// Suggests the next step, unless less is asked for.
    pub fn hint(&self, text: &str) {
        if !self.quiet {
            self.labelled("hint", AnsiColor::Cyan, text);
        }
    }

    /// Prints help on standard error, for a call without a command.
    pub fn help(&self, text: &str) {
        self.err(text);
    }

    /// Prints an error with its causes, the state of things and hints. A broken pipe is silent.
    pub fn error(&self, error: &CliError) {
        if error.is_broken_pipe() {
            return;
        }
        self.labelled("error", AnsiColor::Red, error.message());
        for cause in error.causes() {
            self.labelled("  caused by", AnsiColor::BrightBlack, cause);
        }
        if let Some(state) = error.state() {
            self.labelled("  state", AnsiColor::BrightBlack, state);
        }
        for hint in error.hints() {
            self.labelled("  hint", AnsiColor::Cyan, hint);
        }
    }

    /// Starts a progress bar for `total` steps; it is seen only on a terminal and only after a while.
    pub fn progress(&self, total: u64, doing: &'static str) -> ProgressBar {
        if self.quiet || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.set_message(doing);
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }

    /// Renders help with or without colour.
    pub fn styled(&self, error: &clap::Error) -> String {
        let rendered = error.render();
        if self.color_out {
            rendered.ansi().to_string()
        } else {
            rendered.to_string()
        }
    }

    /// Puts text into colour for standard output.
    pub fn toned(&self, text: &str, tone: Tone) -> String {
        let color = match tone {
            Tone::Bad => AnsiColor::Red,
            Tone::Faint => AnsiColor::BrightBlack,
            Tone::Good => AnsiColor::Green,
            Tone::Plain => return text.to_owned(),
            Tone::Warn => AnsiColor::Yellow,
        };
        paint(self.color_out, color, text)
    }

    fn labelled(&self, label: &str, color: AnsiColor, text: &str) {
        let label = paint(self.color_err, color, &format!("{label}:"));
        let mut lines = text.lines();
        let first = printable(lines.next().unwrap_or_default());
        let mut out = format!("{label} {first}\n");
        for line in lines {
            let _ = writeln!(out, "    {}", printable(line));
        }
        self.err(&out);
    }

    fn err(&self, text: &str) {
        // There is nowhere left to complain to.
        let _ = write_all(rustix::stdio::stderr(), text.as_bytes());
    }
}

/// How wide the terminal is that standard output goes to; `None` where it goes elsewhere.
fn columns() -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    Some(size.ws_col).filter(|columns| io::stdout().is_terminal() && *columns > 0)
}

fn json_text(body: &impl Serialize) -> Result<String, CliError> {
    let mut text = serde_json::to_string_pretty(body).map_err(|_| CliError::internal("json"))?;
    text.push('\n');
    Ok(text)
}

fn paint(color: bool, ansi: AnsiColor, text: &str) -> String {
    if !color {
        return text.to_owned();
    }
    let style = Style::new().fg_color(Some(ansi.into()));
    format!("{style}{text}{style:#}")
}

/// Replaces what could change the terminal or the reading of a line: control, bidirectional and zero-width characters.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {
                '\u{fffd}'
            }
            other if other.is_control() => '\u{fffd}',
            other => other,
        })
        .collect()
}

/// Writes straight to a file descriptor.
pub(super) fn write_all(stream: BorrowedFd<'_>, mut bytes: &[u8]) -> Result<(), CliError> {
    while !bytes.is_empty() {
        match rustix::io::write(stream, bytes) {
            Ok(0) => return Err(CliError::output(io::ErrorKind::WriteZero.into())),
            Ok(written) => bytes = &bytes[written..],
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(CliError::output(error.into())),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_could_fool_a_reader_are_replaced() {
        assert_eq!(
            printable("a\u{1b}[31mb\r\u{202e}c\u{200b}"),
            "a\u{fffd}[31mb\u{fffd}\u{fffd}c\u{fffd}"
        );
        assert_eq!(printable("grün 日本"), "grün 日本");
    }
}
