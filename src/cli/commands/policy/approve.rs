//! `mintage policy approve`

mod outlets;
mod programs;

use serde::Serialize;

use crate::app;
use crate::cli::commands::policy::approve::outlets::NotifierLine;
use crate::cli::commands::policy::approve::programs::Candidate;
use crate::cli::commands::policy::approve::programs::SinkLine;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::CommandTarget;
use crate::policy::NotifierPolicy;
use crate::policy::SinkPolicy;
use crate::policy::SinkTarget;
use crate::policy::nearest;
use crate::ports::Outlet;
use crate::ports::PromptError;
use crate::ports::Runnable;

/// Allow the programs of command sinks to run on this machine, and notifiers to send
///
/// A policy comes with the repository, and may neither run nor send anything by itself. This shows what the sinks would
/// run and where the notifiers would send to, asks, and remembers the answer for this user and this directory: program,
/// arguments, variables that it sees, and the content of every file of the project that they name; of notifiers what they
/// send, to which hosts and mailboxes. Whatever of that changes has to be approved again.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ApproveArgs {
    /// The sinks and notifiers; all that run programs or send unless given
    #[arg(value_name = "NAME")]
    names: Vec<String>,

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

/// Sinks that run programs and notifiers, and whether they may.
#[derive(Serialize)]
struct Approvals {
    sinks: Vec<SinkLine>,
    notifiers: Vec<NotifierLine>,
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

impl ApprovalState {
    /// Returns what tables show of it; `since` is the day of the approval.
    fn shown(self, since: Option<String>) -> (String, Tone) {
        match (self, since) {
            (Self::Approved, Some(since)) => (format!("since {since}"), Tone::Good),
            (Self::Approved | Self::New, _) => ("new".to_owned(), Tone::Warn),
            (Self::Changed, _) => ("changed".to_owned(), Tone::Bad),
            (Self::Unusable, _) => ("unusable".to_owned(), Tone::Bad),
        }
    }
}

/// All that was named, or everything.
struct Chosen<'a> {
    sinks: Vec<(&'a SinkPolicy, &'a CommandTarget)>,
    notifiers: Vec<&'a NotifierPolicy>,
}

/// What is chosen as it is now, beside what was approved of it.
type Candidates<'a> = (Vec<Candidate<'a>>, Vec<outlets::Candidate<'a>>);

pub(super) fn run(ui: &Ui, context: &Context, args: &ApproveArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let chosen = chosen(&project, &args.names)?;
    if args.revoke {
        return revoke(ui, context, &project, &chosen);
    }
    let candidates = candidates(context, &project, &chosen)?;
    if args.list {
        print(ui, &candidates)?;
        return Ok(Exit::Fine);
    }
    let (sinks, notifiers) = &candidates;
    let wanted: Vec<&Candidate<'_>> = sinks
        .iter()
        .filter(|one| one.state() != ApprovalState::Approved)
        .collect();
    let wanted_outlets: Vec<&outlets::Candidate<'_>> = notifiers
        .iter()
        .filter(|one| one.state() != ApprovalState::Approved)
        .collect();
    let of_sinks = wanted.iter().map(|one| (one.name, one.found.as_ref().err()));
    let of_notifiers = wanted_outlets
        .iter()
        .map(|one| (one.name, one.found.as_ref().err()));
    let mut problems = of_sinks.chain(of_notifiers);
    if let Some((name, problem)) = problems.find_map(|(name, problem)| Some((name, problem?))) {
        return Err(unusable(name, problem));
    }
    let names: Vec<&str> = wanted
        .iter()
        .map(|one| one.name)
        .chain(wanted_outlets.iter().map(|one| one.name))
        .collect();
    if !names.is_empty() {
        if !ui.wants_json() {
            print(ui, &candidates)?;
        }
        ask(context, args, &names)?;
        let granted = wanted
            .iter()
            .filter_map(|one| Some((one.name.to_owned(), one.found.clone().ok()?)));
        let granted: Vec<(String, Runnable)> = granted.collect();
        let outlets = wanted_outlets
            .iter()
            .filter_map(|one| Some((one.name.to_owned(), one.found.clone().ok()?)));
        let outlets: Vec<(String, Outlet)> = outlets.collect();
        if !granted.is_empty() {
            context.with_world(&project, |world| Ok(app::approve(world, granted)?))?;
        }
        if !outlets.is_empty() {
            context.with_world(&project, |world| Ok(app::approve_outlets(world, outlets)?))?;
        }
    }
    if ui.wants_json() {
        print(ui, &self::candidates(context, &project, &chosen)?)?;
    }
    ui.status(&match (names.len(), sinks.len() + notifiers.len()) {
        (_, 0) => "no sink runs programs, and no notifier sends".to_owned(),
        (0, _) => "all are approved already".to_owned(),
        (count, _) => format!("{count} approved for this user in this directory"),
    });
    Ok(Exit::Fine)
}

fn unusable(name: &str, problem: &str) -> CliError {
    CliError::new(Exit::Failed, format!("`{name}` cannot be approved: {problem}"))
        .in_state("nothing was approved")
        .hint("install the program, set the variable or mend the policy, then run the command again")
        .hint("approve others: mintage policy approve NAME")
}

fn ask(context: &Context, args: &ApproveArgs, names: &[&str]) -> Result<(), CliError> {
    if args.yes {
        return Ok(());
    }
    let question = format!("Allow {} to do this on this machine? [y/N] ", names.join(", "));
    match context.prompt().agrees(&question) {
        Ok(true) => Ok(()),
        Ok(false) => Err(CliError::new(Exit::Failed, "not approved").in_state("nothing was approved")),
        Err(PromptError::Nobody) => Err(CliError::new(Exit::Failed, PromptError::Nobody.to_string())
            .in_state("nothing was approved")
            .hint("read what is listed above, then run it again with --yes")),
        Err(error) => Err(error.into()),
    }
}

fn revoke(ui: &Ui, context: &Context, project: &Project, chosen: &Chosen<'_>) -> Result<Exit, CliError> {
    let before = context.approvals(&project.root)?;
    let names: Vec<String> = chosen
        .sinks
        .iter()
        .map(|(sink, _)| sink.name().to_owned())
        .filter(|name| before.iter().any(|approval| approval.sink == *name))
        .collect();
    if !names.is_empty() {
        context.with_world(project, |world| Ok(app::revoke(world, &names)?))?;
    }
    let outlets = outlets::revoke(context, project, &chosen.notifiers)?;
    if ui.wants_json() {
        print(ui, &candidates(context, project, chosen)?)?;
    }
    ui.status(&format!("{} revoked", names.len() + outlets));
    Ok(Exit::Fine)
}

/// Returns the sinks that run programs and the notifiers that were named, or all of them.
fn chosen<'a>(project: &'a Project, names: &[String]) -> Result<Chosen<'a>, CliError> {
    let policy = &project.policy;
    let sinks = policy.sinks().iter().filter_map(|sink| match sink.target() {
        SinkTarget::Command(target) => Some((sink, target)),
        _ => None,
    });
    let mut chosen = Chosen {
        sinks: sinks.collect(),
        notifiers: policy.notifiers().iter().collect(),
    };
    for name in names {
        let sinks = chosen.sinks.iter().map(|(sink, _)| sink.name());
        let notifiers = chosen.notifiers.iter().map(|notifier| notifier.name());
        let known: Vec<&str> = sinks.chain(notifiers).collect();
        if !known.contains(&name.as_str()) {
            let error = CliError::new(
                Exit::Failed,
                "no sink of this name runs programs, and no notifier has it",
            )
            .in_state("nothing was approved")
            .hint("see what there is: mintage policy approve --list");
            return Err(match nearest(name, known) {
                Some(nearest) => error.hint(format!("did you mean `{nearest}`?")),
                None => error,
            });
        }
    }
    let is_wanted = |known: &str| names.is_empty() || names.iter().any(|name| name == known);
    chosen.sinks.retain(|(sink, _)| is_wanted(sink.name()));
    chosen.notifiers.retain(|notifier| is_wanted(notifier.name()));
    Ok(chosen)
}

fn candidates<'a>(
    context: &Context,
    project: &Project,
    chosen: &Chosen<'a>,
) -> Result<Candidates<'a>, CliError> {
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
    let sinks = chosen.sinks.iter().map(candidate).collect();
    Ok((sinks, outlets::candidates(context, project, &chosen.notifiers)?))
}

fn print(ui: &Ui, (sinks, notifiers): &Candidates<'_>) -> Result<(), CliError> {
    if ui.wants_json() {
        let sinks = sinks.iter().map(Candidate::line).collect();
        let notifiers = notifiers.iter().map(outlets::Candidate::line).collect();
        return ui.document("policy-approve", &Approvals { sinks, notifiers });
    }
    programs::print(ui, sinks)?;
    if !sinks.is_empty() && !notifiers.is_empty() {
        ui.out("\n")?;
    }
    outlets::print(ui, notifiers)
}
