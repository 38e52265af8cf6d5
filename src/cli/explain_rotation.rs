//! What to say of a rotation that did not come to its end, and what to do next.

use crate::app::AppError;
use crate::app::SinkFailure;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::ledger::Journal;
use crate::ledger::WalkPhase;
use crate::ports::Failure;

impl CliError {
    /// Says what became of a rotation.
    pub(super) fn from_rotation(error: &AppError) -> Self {
        let message = error.to_string();
        match error {
            AppError::RetireIncomplete {
                environment,
                failures,
            } => Self::new(Exit::Incomplete, message)
                .causes_from(causes(failures))
                .in_state("what was dropped everywhere is retired; the rest is tried again the next time")
                .hint(format!("run it again: mintage retire --expired -e {environment}")),
            AppError::Rollback { name, .. } => Self::new(Exit::Failed, message)
                .in_state("the current value is unchanged")
                .hint(format!("see its versions: mintage history {name}"))
                .hint(format!("replace it by a new value: mintage rotate {name}")),
            AppError::RotationBusy { .. } => Self::new(Exit::Unreachable, message)
                .in_state("nothing was changed")
                .hint("run the command again"),
            AppError::RotationIncomplete { journal, failures } => {
                Self::incomplete(message, journal, failures)
            }
            AppError::RotationOpen { name, environment } => Self::new(Exit::Failed, message)
                .in_state("nothing was changed")
                .hint(format!("finish it: mintage rotate {name} -e {environment}"))
                .hint(format!(
                    "or undo it: mintage rotate {name} --abort -e {environment}"
                )),
            AppError::RotationWaits { environment, .. } => Self::new(Exit::Incomplete, message)
                .in_state("the old value is in use, the new one is pending and accepted")
                .hint(format!("then run: mintage rotate -e {environment}"))
                .hint(format!("or undo it: mintage rotate --abort -e {environment}")),
            AppError::SinksNotReady { failures } => {
                let transient = |failure: &SinkFailure| failure.error.failure == Failure::Transient;
                let exit = if failures.iter().all(transient) {
                    Exit::Unreachable
                } else {
                    Exit::Failed
                };
                let shown = Self::new(exit, message)
                    .causes_from(causes(failures))
                    .in_state("nothing was changed");
                let lost = failures.iter().find(|one| one.error.failure == Failure::Rejected);
                match lost {
                    Some(SinkFailure { secret, .. }) => shown.hint(format!(
                        "bring the value in: mintage import {secret}; or remove it there if nobody uses it"
                    )),
                    None if exit == Exit::Failed => {
                        shown.hint("see to what is named, then run the command again")
                    }
                    None => shown.hint("run the command again"),
                }
            }
            _ => Self::internal("explain_rotation"),
        }
    }

    /// Says what went wrong in the midst of a rotation: what the error itself says of the state does not hold there.
    pub(super) fn stopped(journal: &Journal, source: AppError) -> Self {
        let names: Vec<&str> = journal
            .secrets
            .iter()
            .map(|entry| entry.name.as_str())
            .take(8)
            .collect();
        let (names, environment) = (names.join(", "), &journal.environment);
        let message = format!("the rotation of {names} in {environment} was interrupted: {source}");
        let source = Self::from(source);
        let exit = match source.exit() {
            Exit::Integrity => Exit::Integrity,
            _ => Exit::Incomplete,
        };
        let mut shown = Self::incomplete(message, journal, &[])
            .with_exit(exit)
            .causes_from(source.causes().to_vec());
        for hint in source.hints() {
            shown = shown.hint(hint.clone());
        }
        shown
    }

    fn incomplete(message: String, journal: &Journal, failures: &[SinkFailure]) -> Self {
        let environment = &journal.environment;
        let state = match journal.phase {
            WalkPhase::Undo => {
                "the old value is current; sinks that are named still hold the new one, or may hold it"
            }
            WalkPhase::Accept | WalkPhase::Use => {
                "the old value is current, the new one pending; sinks that were told hold the new one"
            }
        };
        let again = format!("mintage rotate -e {environment}");
        let shown = Self::new(Exit::Incomplete, message)
            .causes_from(causes(failures))
            .in_state(state)
            .hint(match failures.is_empty() {
                true => format!("go on: {again}"),
                false => format!("see to what is named, then go on: {again}"),
            });
        match journal.phase {
            WalkPhase::Undo => shown,
            _ => shown.hint(format!("or undo it: {again} --abort")),
        }
    }
}

fn causes(failures: &[SinkFailure]) -> Vec<String> {
    let mut causes: Vec<String> = failures
        .iter()
        .map(|failure| format!("{}: {}: {}", failure.sink, failure.secret, failure.error))
        .collect();
    // A file that cannot be written fails for all of its secrets in the same words.
    let count = causes.len();
    causes.truncate(8);
    if count > causes.len() {
        causes.push(format!("and {} more", count - causes.len()));
    }
    causes
}
