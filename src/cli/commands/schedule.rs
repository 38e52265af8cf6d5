//! `mintage schedule`

use std::path::Path;
use std::path::PathBuf;

use chrono::NaiveTime;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use crate::adapters::Access;
use crate::adapters::SystemClock;
use crate::adapters::make_directories;
use crate::adapters::read_capped;
use crate::adapters::replace_file;
use crate::app::SCHEDULERS;
use crate::app::Schedule;
use crate::app::ScheduledFile;
use crate::cli::context::Context;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::policy::SinkTarget;
use crate::ports::Clock;
use crate::secret::EnvironmentName;

/// Print the files that let a scheduler run reminders every day
///
/// They run `mintage remind`, and with --rotate `mintage rotate --due` before it. The first lines of each say how to
/// install it. Whoever sees the failed job, the mail or the issue is told what is due; none of them needs a key but a
/// rotation. GitHub Actions cannot rotate: what a job changes there is gone when it ends.
#[derive(Clone, Debug, clap::Args)]
pub struct ScheduleArgs {
    /// What starts the jobs
    #[arg(value_name = "SCHEDULER", value_parser = PossibleValuesParser::new(SCHEDULERS.iter().map(|one| one.name)))]
    scheduler: String,

    /// The environment (can be repeated); all unless given (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Vec<EnvironmentName>,

    /// Rotate what is due in these environments too
    #[arg(long)]
    rotate: bool,

    /// The local time of day
    #[arg(long, value_name = "TIME", default_value = "06:00", value_parser = dates::time_of_day)]
    at: NaiveTime,

    /// Directory to write the files to, in place of printing them; other files are not overwritten
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
}

/// Writes the files of a scheduler.
pub fn run(ui: &Ui, context: &Context, args: &ScheduleArgs) -> Result<Exit, CliError> {
    let scheduler = SCHEDULERS
        .iter()
        .find(|one| one.name == args.scheduler)
        .ok_or_else(|| CliError::internal("schedulers"))?;
    if args.rotate && !scheduler.keeps_changes {
        return Err(CliError::usage(format!(
            "--rotate does not go with {}: what a job changes there is gone when it ends",
            scheduler.name
        ))
        .hint("rotate where the store stays: mintage schedule systemd --rotate -e production"));
    }
    let files = scheduler.write(&schedule(context, args)?);
    if let Some(directory) = &args.write {
        write(ui, context, directory, &files)?;
    }
    if ui.wants_json() {
        ui.document("schedule", &Report { files: &files })?;
    } else if args.write.is_none() {
        print(ui, &files)?;
    }
    Ok(Exit::Fine)
}

#[derive(Serialize)]
struct Report<'a> {
    files: &'a [ScheduledFile],
}

/// Finds out what the files have to say of this machine and project.
fn schedule(context: &Context, args: &ScheduleArgs) -> Result<Schedule, CliError> {
    let project = context.project()?;
    let given = !args.env.is_empty() || context.config.environment.is_some();
    let environments = if given {
        context.environments(&project.policy, &args.env)?
    } else {
        Vec::new()
    };
    if args.rotate && environments.is_empty() {
        return Err(CliError::usage("--rotate needs the environments to rotate")
            .hint("name them: -e production, or MINTAGE_ENV=production"));
    }
    let identity = context.global.identity.clone();
    let identity = identity.or_else(|| context.config.identity.clone());
    let identity = identity.or_else(|| context.config.own_identity());
    Ok(Schedule {
        policy: project.policy.name().to_owned(),
        program: told(context.config.program.as_deref(), "this program")?,
        project: told(Some(&project.root), "the project")?,
        state_home: told(context.config.state_home.as_deref(), "the state of this user")?,
        identity: told(identity.as_deref(), "the identity")?,
        user: context.config.user,
        environments,
        rotates: args.rotate,
        runs_programs: project
            .policy
            .sinks()
            .iter()
            .any(|sink| matches!(sink.target(), SinkTarget::Command(_))),
        at: args.at,
        at_utc: dates::utc_time(args.at, SystemClock.now()),
        time_zone: context.config.time_zone.clone(),
    })
}

/// Writes a path as files of schedulers hold it: absolute, in UTF-8 and on one line.
fn told(path: Option<&Path>, what: &str) -> Result<String, CliError> {
    let unknown = || {
        CliError::new(Exit::Failed, format!("there is no path of {what}"))
            .in_state("nothing was written")
            .hint("set HOME, and start mintage by a path that stays")
    };
    let path = std::path::absolute(path.ok_or_else(unknown)?).map_err(|_| unknown())?;
    let text = path.to_str().filter(|text| !text.contains(char::is_control));
    text.map(str::to_owned).ok_or_else(|| {
        CliError::new(
            Exit::Failed,
            format!("the path of {what} holds characters that no scheduler takes"),
        )
        .in_state("nothing was written")
        .hint("move it to a path of plain characters")
    })
}

fn print(ui: &Ui, files: &[ScheduledFile]) -> Result<(), CliError> {
    for (number, file) in files.iter().enumerate() {
        if files.len() > 1 {
            let gap = if number > 0 { "\n" } else { "" };
            ui.out(&format!("{gap}# {}\n", file.path))?;
        }
        ui.out(&file.content)?;
    }
    Ok(())
}

/// Writes the files that are not there; one that is there and differs keeps all from being written.
fn write(ui: &Ui, context: &Context, directory: &Path, files: &[ScheduledFile]) -> Result<(), CliError> {
    let mut missing = Vec::new();
    for file in files {
        let path = directory.join(&file.path);
        match read_capped(&path, MAX_FILE)? {
            None => missing.push((path, file)),
            Some(bytes) if *bytes == file.content.as_bytes() => {
                ui.status(&format!("unchanged {}", path.display()));
            }
            Some(_) => {
                return Err(CliError::new(
                    Exit::Failed,
                    format!("`{}` is there already, and differs", path.display()),
                )
                .in_state("nothing was written")
                .hint(format!("compare: mintage schedule … | diff - {}", path.display()))
                .hint("take it away first, or name another directory"));
            }
        }
    }
    let mut rng = context.rng()?;
    for (path, file) in missing {
        if let Some(parent) = path.parent() {
            make_directories(parent)?;
        }
        replace_file(&path, file.content.as_bytes(), Access::Everyone, &mut rng)?;
        ui.status(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// Largest file that is compared, in bytes.
const MAX_FILE: u64 = 1_024 * 1_024;
