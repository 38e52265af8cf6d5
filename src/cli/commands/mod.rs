//! One file per command.

mod audit;
mod audit_evidence;
mod certificates;
mod check;
mod completions;
mod create;
mod diff;
mod doctor;
mod generate;
mod history;
mod import;
mod init;
mod man;
mod policy;
mod push;
mod remind;
mod render;
mod restore;
mod retire;
mod reveal;
mod rollback;
mod rotate;
mod run;
mod schedule;
mod score;
mod signoff;
mod status;
mod verify;

use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;

/// The commands, in the order in which help shows them.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Init(init::InitArgs),
    Create(create::CreateArgs),
    Status(status::StatusArgs),
    Remind(remind::RemindArgs),
    Schedule(schedule::ScheduleArgs),
    Check(check::CheckArgs),
    Score(score::ScoreArgs),
    Rotate(rotate::RotateArgs),
    Rollback(rollback::RollbackArgs),
    Restore(restore::RestoreArgs),
    Push(push::PushArgs),
    Retire(retire::RetireArgs),
    Import(import::ImportArgs),
    Diff(diff::DiffArgs),
    Render(render::RenderArgs),
    Reveal(reveal::RevealArgs),
    Run(run::RunArgs),
    Generate(generate::GenerateArgs),
    History(history::HistoryArgs),
    Verify(verify::VerifyArgs),
    Doctor(doctor::DoctorArgs),
    Signoff(signoff::SignoffArgs),
    Audit(audit::AuditArgs),
    Policy(policy::PolicyArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Runs a command.
///
/// # Errors
///
/// Whatever keeps the command from doing what was asked.
pub fn dispatch(ui: &mut Ui, context: &Context, command: Command) -> Result<Exit, CliError> {
    match command {
        Command::Audit(args) => audit::run(ui, context, &args),
        Command::Check(args) => check::run(ui, context, &args),
        Command::Completions(args) => completions::run(ui, &args),
        Command::Create(args) => create::run(ui, context, args),
        Command::Diff(args) => diff::run(ui, context, &args),
        Command::Doctor(args) => doctor::run(ui, context, &args),
        Command::Generate(args) => generate::run(ui, context, &args),
        Command::History(args) => history::run(ui, context, &args),
        Command::Import(args) => import::run(ui, context, &args),
        Command::Init(args) => init::run(ui, context, &args),
        Command::Man(args) => man::run(ui, &args),
        Command::Policy(args) => policy::run(ui, context, &args),
        Command::Push(args) => push::run(ui, context, &args),
        Command::Remind(args) => remind::run(ui, context, &args),
        Command::Render(args) => render::run(ui, context, &args),
        Command::Restore(args) => restore::run(ui, context, &args),
        Command::Retire(args) => retire::run(ui, context, &args),
        Command::Reveal(args) => reveal::run(ui, context, &args),
        Command::Rollback(args) => rollback::run(ui, context, &args),
        Command::Rotate(args) => rotate::run(ui, context, &args),
        Command::Run(args) => run::run(ui, context, &args),
        Command::Schedule(args) => schedule::run(ui, context, &args),
        Command::Score(args) => score::run(ui, context, &args),
        Command::Signoff(args) => signoff::run(ui, context, &args),
        Command::Status(args) => status::run(ui, context, &args),
        Command::Verify(args) => verify::run(ui, context, &args),
    }
}
