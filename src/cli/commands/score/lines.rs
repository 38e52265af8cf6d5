//! Judging many values at once: one a line.

use std::num::NonZero;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;

use indicatif::ProgressBar;

use crate::cli::commands::score::Judge;
use crate::cli::commands::score::Judged;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::input;
use crate::cli::ui::Ui;
use crate::secret::SecretValue;

/// Judges every line of `all`, on all cores, in their order.
///
/// # Errors
///
/// When there is no line, one is too long or no text, or the list of leaked passwords does not answer.
pub(super) fn judge(ui: &Ui, judge: &Judge, all: &SecretValue) -> Result<Vec<Judged>, CliError> {
    let text = all.expose();
    if text.is_empty() {
        return Err(
            CliError::new(Exit::Failed, "standard input is empty: there is nothing to judge")
                .hint("pipe values in, one a line: mintage score - < FILE"),
        );
    }
    let lines: Vec<&[u8]> = text
        .strip_suffix(b"\n")
        .unwrap_or(text)
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .collect();
    check(&lines)?;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = lines.len().div_ceil(cores).max(LEAST_SHARE);
    let bar = ui.progress(lines.len() as u64, "judging");
    let stop = AtomicBool::new(false);
    let parts: Result<Vec<Vec<Judged>>, CliError> = thread::scope(|scope| {
        let workers: Vec<_> = lines
            .chunks(share)
            .enumerate()
            .map(|(part, lines)| {
                let (bar, stop) = (&bar, &stop);
                scope.spawn(move || judge_part(judge, lines, part * share, bar, stop))
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| match worker.join() {
                Ok(judged) => judged,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    bar.finish_and_clear();
    Ok(parts?.into_iter().flatten().collect())
}

fn check(lines: &[&[u8]]) -> Result<(), CliError> {
    for (number, line) in (1..).zip(lines) {
        if line.len() > input::MAX_VALUE {
            return Err(CliError::new(
                Exit::Failed,
                format!(
                    "line {number} holds more than {} bytes: that is no secret",
                    input::MAX_VALUE
                ),
            )
            .hint("pipe values in, one a line"));
        }
        if std::str::from_utf8(line).is_err() {
            return Err(
                CliError::new(Exit::Failed, format!("line {number} is not UTF-8 text"))
                    .hint("judge binary keys in their encoded form: base64 -w0 FILE | mintage score -"),
            );
        }
    }
    Ok(())
}

/// Judges lines whose numbers follow `before`, until another part has failed.
fn judge_part(
    judge: &Judge,
    lines: &[&[u8]],
    before: usize,
    bar: &ProgressBar,
    stop: &AtomicBool,
) -> Result<Vec<Judged>, CliError> {
    let mut judged = Vec::with_capacity(lines.len());
    for block in lines.chunks(BLOCK) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        for line in block {
            let value = SecretValue::copied_from(line);
            let label = format!("line {}", before + judged.len() + 1);
            let one = judge.one(label, &value);
            if one.is_err() {
                stop.store(true, Ordering::Relaxed);
            }
            judged.push(one?);
        }
        bar.inc(block.len() as u64);
    }
    Ok(judged)
}

/// Fewest lines that are worth a thread of their own.
const LEAST_SHARE: usize = 256;

/// Lines between two looks at the progress.
const BLOCK: usize = 512;
