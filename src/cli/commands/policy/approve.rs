//! `mintage policy approve`

use std::path::Path;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::CommandTarget;
use crate::policy::SinkPolicy;
use crate::policy::SinkTarget;
use crate::policy::StdinForm;
use crate::policy::Verb;
use crate::policy::nearest;
use crate::ports::Approval;
use crate::ports::PromptError;
use crate::ports::Runnable;
use crate::ports::shown_words;
use crate::secret::SecretName;

/// Allow the programs of command sinks to run on this machine
///
/// A policy comes with the repository, and may not run anything by itself. This shows what the sinks would run, asks,
/// and remembers the answer for this user and this directory: program, arguments, variables that it sees, and the
/// content of every file of the project that they name. Whatever of that changes has to be approved again.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ApproveArgs {
    /// The sinks; all that run programs unless given
    #[arg(value_name = "SINK")]
    sinks: Vec<String>,

    /// Show what is approved and what is not, and change nothing
    #[arg(long, conflicts_with_all = ["revoke", "yes"])]
    list: bool,

    /// Take approvals back
    #[arg(long, conflicts_with = "yes")]
    revoke: bool,

    /// Approve what is shown without being asked
    #[arg(short, long)]
    yes: bool,
}

/// Sinks that run programs, and whether they may.
#[derive(Serialize)]
struct Approvals {
    sinks: Vec<SinkLine>,
}

#[derive(Serialize)]
struct SinkLine {
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

/// Whether a sink may run its programs.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum ApprovalState {
    Approved,
    Changed,
    New,
    /// A program is not there, or others may change it.
    Unusable,
}

/// A sink, what it would run, and what was approved of it.
struct Candidate<'a> {
    name: &'a str,
    target: &'a CommandTarget,
    found: Result<Runnable, String>,
    approval: Option<Approval>,
}

pub(super) fn run(ui: &Ui, context: &Context, args: &ApproveArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let sinks = chosen(&project, &args.sinks)?;
    if args.revoke {
        return revoke(ui, context, &project, &sinks);
    }
    let candidates = candidates(context, &project, &sinks)?;
    if args.list {
        print(ui, &candidates)?;
        return Ok(Exit::Fine);
    }
    let wanted: Vec<&Candidate<'_>> = candidates
        .iter()
        .filter(|one| one.state() != ApprovalState::Approved)
        .collect();
    if let Some((one, problem)) = wanted
        .iter()
        .find_map(|one| Some((one, one.found.as_ref().err()?)))
    {
        return Err(CliError::new(
            Exit::Failed,
            format!("`{}` cannot be approved: {problem}", one.name),
        )
        .in_state("nothing was approved")
        .hint("install the program or mend the policy, then run the command again")
        .hint("approve others: mintage policy approve SINK"));
    }
    if !wanted.is_empty() {
        if !ui.wants_json() {
            print(ui, &candidates)?;
        }
        ask(context, args, &wanted)?;
        let granted = wanted
            .iter()
            .filter_map(|one| Some((one.name.to_owned(), one.found.clone().ok()?)));
        let granted: Vec<(String, Runnable)> = granted.collect();
        context.with_world(&project, |world| Ok(app::approve(world, granted)?))?;
    }
    if ui.wants_json() {
        print(ui, &self::candidates(context, &project, &sinks)?)?;
    }
    ui.status(&match (wanted.len(), candidates.len()) {
        (_, 0) => "no sink runs programs".to_owned(),
        (0, _) => "all are approved already".to_owned(),
        (count, _) => format!("{count} approved for this user in this directory"),
    });
    Ok(Exit::Fine)
}

fn ask(context: &Context, args: &ApproveArgs, wanted: &[&Candidate<'_>]) -> Result<(), CliError> {
    if args.yes {
        return Ok(());
    }
    let names: Vec<&str> = wanted.iter().map(|one| one.name).collect();
    let question = format!("Allow {} to run this on this machine? [y/N] ", names.join(", "));
    match context.prompt().agrees(&question) {
        Ok(true) => Ok(()),
        Ok(false) => Err(CliError::new(Exit::Failed, "not approved").in_state("nothing was approved")),
        Err(PromptError::Nobody) => Err(CliError::new(Exit::Failed, PromptError::Nobody.to_string())
            .in_state("nothing was approved")
            .hint("read what is listed above, then run it again with --yes")),
        Err(error) => Err(error.into()),
    }
}

fn revoke(
    ui: &Ui,
    context: &Context,
    project: &Project,
    sinks: &[(&SinkPolicy, &CommandTarget)],
) -> Result<Exit, CliError> {
    let before = context.approvals(&project.root)?;
    let names: Vec<String> = sinks
        .iter()
        .map(|(sink, _)| sink.name().to_owned())
        .filter(|name| before.iter().any(|approval| approval.sink == *name))
        .collect();
    if !names.is_empty() {
        context.with_world(project, |world| Ok(app::revoke(world, &names)?))?;
    }
    if ui.wants_json() {
        print(ui, &candidates(context, project, sinks)?)?;
    }
    ui.status(&format!("{} revoked", names.len()));
    Ok(Exit::Fine)
}

/// Returns the sinks that run programs and were named, or all of them.
fn chosen<'a>(
    project: &'a Project,
    names: &[String],
) -> Result<Vec<(&'a SinkPolicy, &'a CommandTarget)>, CliError> {
    let all: Vec<(&SinkPolicy, &CommandTarget)> = project
        .policy
        .sinks()
        .iter()
        .filter_map(|sink| match sink.target() {
            SinkTarget::Command(target) => Some((sink, target)),
            _ => None,
        })
        .collect();
    for name in names {
        let known: Vec<&str> = all.iter().map(|(sink, _)| sink.name()).collect();
        if !known.contains(&name.as_str()) {
            let error = CliError::new(Exit::Failed, "no sink of this name runs programs")
                .in_state("nothing was approved")
                .hint("see what there is: mintage policy approve --list");
            return Err(match nearest(name, known) {
                Some(nearest) => error.hint(format!("did you mean `{nearest}`?")),
                None => error,
            });
        }
    }
    let is_wanted = |sink: &SinkPolicy| names.is_empty() || names.iter().any(|name| name == sink.name());
    Ok(all.into_iter().filter(|(sink, _)| is_wanted(sink)).collect())
}

fn candidates<'a>(
    context: &Context,
    project: &Project,
    sinks: &[(&'a SinkPolicy, &'a CommandTarget)],
) -> Result<Vec<Candidate<'a>>, CliError> {
    let mut approvals = context.approvals(&project.root)?;
    let candidate = |(sink, target): &(&'a SinkPolicy, &'a CommandTarget)| {
        let place = approvals.iter().position(|approval| approval.sink == sink.name());
        Candidate {
            name: sink.name(),
            target,
            found: context.survey(project, target).map_err(|error| error.what),
            approval: place.map(|place| approvals.swap_remove(place)),
        }
    };
    Ok(sinks.iter().map(candidate).collect())
}

impl Candidate<'_> {
    fn state(&self) -> ApprovalState {
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

    fn line(&self) -> SinkLine {
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

fn print(ui: &Ui, candidates: &[Candidate<'_>]) -> Result<(), CliError> {
    if ui.wants_json() {
        let sinks = candidates.iter().map(Candidate::line).collect();
        return ui.document("policy-approve", &Approvals { sinks });
    }
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
    let (text, tone) = match (one.state(), &one.approval) {
        (ApprovalState::Approved, Some(approval)) => {
            (format!("since {}", dates::day(approval.at)), Tone::Good)
        }
        (ApprovalState::Approved | ApprovalState::New, _) => ("new".to_owned(), Tone::Warn),
        (ApprovalState::Changed, _) => ("changed".to_owned(), Tone::Bad),
        (ApprovalState::Unusable, _) => ("unusable".to_owned(), Tone::Bad),
    };
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
