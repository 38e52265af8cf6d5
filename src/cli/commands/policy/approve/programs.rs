//! The sinks of `mintage policy approve`: the programs that each would run.

use std::path::Path;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::cli::commands::policy::approve::ApprovalState;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::CommandTarget;
use crate::policy::StdinForm;
use crate::policy::Verb;
use crate::ports::Approval;
use crate::ports::Runnable;
use crate::ports::shown_words;
use crate::secret::SecretName;

/// A sink, what it would run, and what was approved of it.
pub(super) struct Candidate<'a> {
    pub(super) name: &'a str,
    pub(super) target: &'a CommandTarget,
    pub(super) found: Result<Runnable, String>,
    pub(super) approval: Option<Approval>,
}

/// A sink and whether it may run its programs.
#[derive(Serialize)]
pub(super) struct SinkLine {
    sink: String,
    state: ApprovalState,
    commands: Vec<CommandLine>,
    stdin: StdinForm,
    env: Vec<SecretName>,
    files: Vec<FileLine>,
    changes: Vec<String>,
    problem: Option<String>,
    approved_at: Option<DateTime<Utc>>,
    approved_by: Option<String>,
}

#[derive(Serialize)]
struct CommandLine {
    command: Verb,
    program: String,
    arguments: Vec<String>,
}

#[derive(Serialize)]
struct FileLine {
    path: String,
    sha256: String,
}

impl Candidate<'_> {
    /// Returns whether it may run its programs.
    pub(super) fn state(&self) -> ApprovalState {
        match (&self.found, &self.approval) {
            (Err(_), _) => ApprovalState::Unusable,
            (Ok(_), None) => ApprovalState::New,
            (Ok(_), Some(_)) if self.changes().is_empty() => ApprovalState::Approved,
            (Ok(_), Some(_)) => ApprovalState::Changed,
        }
    }

    fn changes(&self) -> Vec<String> {
        match (&self.found, &self.approval) {
            (Ok(now), Some(approval)) => approval.runnable.changes(now),
            _ => Vec::new(),
        }
    }

    /// Writes it for programs.
    pub(super) fn line(&self) -> SinkLine {
        let nothing = Runnable::default();
        let runnable = self.found.as_ref().unwrap_or(&nothing);
        let commands = runnable.commands.iter().map(|(verb, command)| CommandLine {
            command: *verb,
            program: command.program.clone(),
            arguments: command.words[1..].to_vec(),
        });
        let files = runnable.files.iter().map(|(path, sha256)| FileLine {
            path: path.clone(),
            sha256: sha256.clone(),
        });
        SinkLine {
            sink: self.name.to_owned(),
            state: self.state(),
            commands: commands.collect(),
            stdin: self.target.stdin(),
            env: self.target.env().to_vec(),
            files: files.collect(),
            changes: self.changes(),
            problem: self.found.as_ref().err().cloned(),
            approved_at: self.approval.as_ref().map(|approval| approval.at),
            approved_by: self.approval.as_ref().map(|approval| approval.by.clone()),
        }
    }

    /// Returns the programs that run whatever a file of the project says, which no approval can pin.
    fn runners(&self) -> Vec<&str> {
        let programs = self.target.commands().filter_map(|(_, words)| words.first());
        let mut runners: Vec<&str> = programs
            .filter_map(|program| Path::new(program).file_name()?.to_str())
            .filter(|program| RUNNERS.contains(program))
            .collect();
        runners.dedup();
        runners
    }
}

/// Prints what sinks would run.
pub(super) fn print(ui: &Ui, candidates: &[Candidate<'_>]) -> Result<(), CliError> {
    if candidates.is_empty() {
        return Ok(());
    }
    ui.table(
        &["sink", "approval", "for", "runs"],
        candidates.iter().flat_map(rows).collect(),
    )?;
    for one in candidates {
        for change in one.changes() {
            ui.warning(&format!("{}: {change}", one.name));
        }
        for runner in one.runners() {
            ui.warning(&format!(
                "{}: `{runner}` runs what files of the project say, which is not pinned: a pull can change it",
                one.name
            ));
        }
    }
    Ok(())
}

fn rows(one: &Candidate<'_>) -> Vec<Vec<Field>> {
    let (text, tone) = one
        .state()
        .shown(one.approval.as_ref().map(|approval| dates::day(approval.at)));
    let mut rows: Vec<(String, String)> = Vec::new();
    match &one.found {
        Ok(runnable) => {
            for (verb, command) in &runnable.commands {
                let words: Vec<String> = std::iter::once(&command.program)
                    .chain(&command.words[1..])
                    .cloned()
                    .collect();
                rows.push((verb.to_string(), shown_words(&words)));
            }
            let env: Vec<&str> = runnable.env.iter().map(SecretName::as_str).collect();
            rows.push((
                "env".to_owned(),
                if env.is_empty() {
                    "-".to_owned()
                } else {
                    env.join(", ")
                },
            ));
            for (path, digest) in &runnable.files {
                rows.push((
                    "file".to_owned(),
                    format!("{path} ({}…)", &digest[..digest.len().min(12)]),
                ));
            }
        }
        Err(problem) => rows.push(("-".to_owned(), problem.clone())),
    }
    let mut first = Some((one.name.to_owned(), Field::toned(text, tone)));
    rows.into_iter()
        .map(|(what, runs)| {
            let (name, state) = first.take().unwrap_or((String::new(), Field::text("")));
            vec![
                Field::text(name),
                state,
                Field::toned(what, Tone::Faint),
                Field::text(runs),
            ]
        })
        .collect()
}

/// Programs that do what a file of the directory says in which they run.
const RUNNERS: &[&str] = &[
    "bunx", "cargo", "gradle", "just", "make", "mise", "npm", "npx", "pnpm", "poetry", "rake", "task", "uv",
    "yarn",
];
