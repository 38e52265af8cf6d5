//! `mintage rotate`

mod due;

use crate::app;
use crate::app::Incoming;
use crate::app::Motive;
use crate::app::PlanReport;
use crate::app::PlannedSecret;
use crate::app::RotateReport;
use crate::app::RotateRequest;
use crate::app::Selection;
use crate::cli::commands::create;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::input;
use crate::cli::input::ValueSource;
use crate::cli::ui::Ui;
use crate::ledger::Reason;
use crate::policy::SecretPolicy;
use crate::policy::kinds::Role;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Replace secrets by new values, in the store and wherever they are used
///
/// The new value is stored as pending, every sink of the secret is told and proves it, then it becomes current. The
/// old one stays valid until its overlap ends. An interrupted rotation goes on with the same value when the command
/// runs again, also without a NAME. With --reason compromise nothing overlaps: the old version is retired and marked.
/// A drill (--reason test) is a rotation like any other.
#[derive(Clone, Debug, clap::Args)]
pub struct RotateArgs {
    /// The secrets to rotate (can be repeated); without any, goes on with what is open
    #[arg(value_name = "NAME")]
    names: Vec<SecretName>,

    /// Rotate every secret that can be rotated
    #[arg(long, conflicts_with = "names")]
    all: bool,

    /// Do what a timer is to do: go on with what is open, retire what is over, rotate what is due, tell the rest
    #[arg(long, conflicts_with_all = ["names", "all", "abort", "reason", "source", "i_have_reencrypted", "i_change_the_service"])]
    due: bool,

    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,

    /// Why
    #[arg(long, value_enum, default_value_t)]
    reason: Reason,

    /// Say what would be done and who is affected, and change nothing
    #[arg(long, conflicts_with = "abort")]
    dry_run: bool,

    /// Undo what is open: sinks go back to the current value
    #[arg(long, conflicts_with = "all")]
    abort: bool,

    /// Assert that whatever was encrypted with the old value is encrypted anew, or can be read without it
    #[arg(long)]
    i_have_reencrypted: bool,

    /// Assert that you give the new value to the service by hand, which read the old one on its first start only
    #[arg(long)]
    i_change_the_service: bool,

    #[command(flatten)]
    source: ValueSource,
}

/// Rotates and reports.
pub fn run(ui: &Ui, context: &Context, args: &RotateArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let environment = context.one_environment(args.env.as_ref())?;
    if args.due && args.dry_run {
        return due::plan(ui, context, (&project, &environment));
    }
    if args.due {
        return due::run(ui, context, (&project, &environment));
    }
    if args.abort {
        return abort(ui, context, (&project, &environment), &args.names);
    }
    let selection = if args.all {
        Selection::All
    } else {
        Selection::Names(args.names.clone())
    };
    let motive = Motive {
        reason: args.reason,
        is_reencrypted: args.i_have_reencrypted,
        is_changed_in_service: args.i_change_the_service,
    };
    if args.dry_run {
        let report = context.with_ground(&project, &environment, &|_, _| {}, |ground| {
            app::plan(ground, &selection, motive)
        })?;
        print_plan(ui, &report)?;
        return Ok(Exit::Fine);
    }
    let given = given(ui, context, (&project, &environment), args)?;
    let request = RotateRequest {
        selection: &selection,
        motive,
        given: &given,
    };
    let report = told(ui, context, (&project, &environment), |ground, rng| {
        app::rotate(ground, request, rng)
    })?;
    print(ui, &report, args.reason)?;
    for given in &given {
        remind_to_revoke(ui, &project, (&given.name, &environment), &report);
    }
    Ok(Exit::Fine)
}

/// Asks for the new values of secrets that somebody else makes, or takes the only one from a pipe.
fn given(
    ui: &Ui,
    context: &Context,
    (project, environment): (&Project, &EnvironmentName),
    args: &RotateArgs,
) -> Result<Vec<Incoming>, CliError> {
    let storage = context.storage(&project.root)?;
    let journals = app::journals_unverified(&storage)?;
    let is_open = |name: &SecretName| {
        let mut of_environment = journals
            .iter()
            .filter(|journal| journal.environment == *environment);
        of_environment.any(|journal| journal.entry(name).is_some())
    };
    let issued = args.names.iter().filter_map(|name| {
        let secret = project.policy.secret(name, environment)?;
        (secret.kind().role == Role::Issued && !is_open(name)).then_some(secret)
    });
    let issued: Vec<&SecretPolicy> = issued.collect();
    let is_named = args.source.from_file.is_some() || args.source.from_env.is_some();
    if is_named && issued.is_empty() {
        return Err(CliError::usage("none of these takes a value: mintage makes it")
            .hint("a value of your own is brought in: mintage import NAME"));
    }
    let asks = input::is_terminal() && !context.global.no_input && !is_named;
    if issued.len() > 1 && !asks {
        return Err(
            CliError::usage("a pipe or a file holds the new value of one secret only")
                .hint("rotate those that are made by others one by one, or on a terminal"),
        );
    }
    let mut given = Vec::new();
    for secret in issued {
        let name = secret.name();
        if asks {
            let issuer = secret.issuer().unwrap_or("its issuer");
            let place = secret.console_url().unwrap_or("its console");
            ui.status(&format!(
                "{name} is made by {issuer}: make a new one at {place}, and do not revoke the old one yet"
            ));
        }
        let question = format!("New value of {name} in {environment}");
        let value = args.source.read(context, &question)?;
        if !value.is_empty() {
            given.push(Incoming {
                name: name.clone(),
                value,
                changed: None,
            });
        }
    }
    Ok(given)
}

fn remind_to_revoke(
    ui: &Ui,
    project: &Project,
    (name, environment): (&SecretName, &EnvironmentName),
    report: &RotateReport,
) {
    let Some(secret) = project.policy.secret(name, environment) else {
        return;
    };
    let place = secret.console_url().or(secret.issuer()).unwrap_or("its issuer");
    let done = report.secrets.iter().position(|secret| secret.name == *name);
    let until = done.and_then(|place| report.overlap_ends_at[place]);
    let when = match until {
        Some(until) => format!("after {}", dates::minute(until)),
        None => "now".to_owned(),
    };
    ui.hint(&format!(
        "revoke the old value of {name} at {place} {when}: only that ends it"
    ));
    ui.hint(&format!(
        "when that is done: mintage retire {name} -e {environment}"
    ));
}

/// Runs what tells sinks, with a progress bar.
pub(super) fn told<T>(
    ui: &Ui,
    context: &Context,
    (project, environment): (&Project, &EnvironmentName),
    use_case: impl FnOnce(app::Ground<'_>, &mut dyn rand::CryptoRng) -> Result<T, app::AppError>,
) -> Result<T, CliError> {
    let mut rng = context.rng()?;
    let bar = ui.progress(0, "telling sinks");
    let progress = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    };
    let done = context.with_ground(project, environment, &progress, |ground| {
        use_case(ground, &mut rng)
    });
    bar.finish_and_clear();
    done
}

fn abort(
    ui: &Ui,
    context: &Context,
    place: (&Project, &EnvironmentName),
    names: &[SecretName],
) -> Result<Exit, CliError> {
    let undone = told(ui, context, place, |ground, rng| app::abort(ground, names, rng))?;
    let report = RotateReport {
        undone,
        ..RotateReport::default()
    };
    print(ui, &report, Reason::Scheduled)?;
    Ok(Exit::Fine)
}

/// Prints what was rotated, and what it means for those who use it.
pub(super) fn print(ui: &Ui, report: &RotateReport, reason: Reason) -> Result<(), CliError> {
    if ui.wants_json() {
        return ui.document("rotate", report);
    }
    if !report.undone.is_empty() {
        ui.status(&format!(
            "undone, the current value is in use everywhere: {}",
            joined(&report.undone)
        ));
    }
    for skipped in &report.skipped {
        ui.status(&format!("skipped: {}", skipped.reason));
    }
    if !report.secrets.is_empty() {
        ui.table(&create::HEADER, report.secrets.iter().map(create::row).collect())?;
    }
    for (place, secret) in report.secrets.iter().enumerate().take(report.rotated) {
        let until = match report.overlap_ends_at[place] {
            Some(until) => format!("the previous value stays valid until {}", dates::minute(until)),
            None if reason == Reason::Compromise => {
                "the old value is retired and marked as compromised".to_owned()
            }
            None => "the policy gives the previous value no overlap".to_owned(),
        };
        ui.status(&format!(
            "{}: {until}; {}",
            secret.name, report.consequences[place]
        ));
        let sinks = &report.sinks[place];
        if !sinks.is_empty() {
            ui.status(&format!(
                "{}: set and tested in {}",
                secret.name,
                sinks.join(", ")
            ));
        }
    }
    for one in &report.reused {
        let (name, environment) = (&one.name, &one.environment);
        ui.warning(&format!(
            "a compromised value is also used in {environment} as {name}: rotate it there too"
        ));
        ui.hint(&format!(
            "mintage rotate {name} -e {environment} --reason compromise"
        ));
    }
    let derived: Vec<SecretName> = report
        .secrets
        .iter()
        .skip(report.rotated)
        .map(|one| one.name.clone())
        .collect();
    if !derived.is_empty() {
        ui.status(&format!("computed anew in the same commit: {}", joined(&derived)));
    }
    Ok(())
}

fn print_plan(ui: &Ui, report: &PlanReport) -> Result<(), CliError> {
    if ui.wants_json() {
        return ui.document("rotate-plan", report);
    }
    print_planned(ui, &report.secrets)?;
    for skipped in &report.skipped {
        ui.status(&format!("skipped: {}", skipped.reason));
    }
    ui.status("nothing was changed: leave --dry-run out to do it");
    Ok(())
}

/// Prints the steps and consequences of rotations.
fn print_planned(ui: &Ui, secrets: &[PlannedSecret]) -> Result<(), CliError> {
    for secret in secrets {
        ui.out(&format!(
            "{} in {} ({}, {})\n",
            secret.name, secret.environment, secret.kind, secret.overlap_class
        ))?;
        for (number, step) in (1..).zip(&secret.steps) {
            ui.out(&format!("  {number}. {step}\n"))?;
        }
        for consequence in &secret.consequences {
            ui.out(&format!("  who is affected: {consequence}\n"))?;
        }
    }
    Ok(())
}

fn joined(names: &[SecretName]) -> String {
    let names: Vec<&str> = names.iter().map(SecretName::as_str).collect();
    names.join(", ")
}
