//! One file per command.

mod completions;
mod create;
mod diff;
mod generate;
mod history;
mod import;
mod init;
mod man;
mod policy;
mod remind;
mod reveal;
mod rotate;
mod run;
mod score;
mod status;
mod verify;

use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;

/// The commands, in the order in which help shows them.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Set a project up: policy, store, identity, ignore rules
    Init(init::InitArgs),
    /// Mint what the policy declares and the store lacks
    Create(create::CreateArgs),
    /// Show every secret, its age and when it is due
    Status(status::StatusArgs),
    /// Tell what is due or expiring
    Remind(remind::RemindArgs),
    /// Judge values: stored, piped in, or in an env file
    Score(score::ScoreArgs),
    /// Replace a secret by a new value and keep the old one as previous
    Rotate(rotate::RotateArgs),
    /// Bring existing values in
    Import(import::ImportArgs),
    Diff(diff::DiffArgs),
    /// Print a stored value
    Reveal(reveal::RevealArgs),
    Run(run::RunArgs),
    /// Print new values and store nothing
    Generate(generate::GenerateArgs),
    /// Tell the versions of secrets and what happened to them
    History(history::HistoryArgs),
    /// Check that nothing in the store was changed, swapped or lost
    Verify(verify::VerifyArgs),
    /// Show presets, the policy and its mistakes
    Policy(policy::PolicyArgs),
    /// Print a completion script
    Completions(completions::CompletionsArgs),
    /// Print the manual page
    Man(man::ManArgs),
}

/// Runs a command.
///
/// # Errors
///
/// Whatever keeps the command from doing what was asked.
pub fn dispatch(ui: &mut Ui, context: &Context, command: Command) -> Result<Exit, CliError> {
    match command {
        Command::Completions(args) => completions::run(ui, &args),
        Command::Create(args) => create::run(ui, context, args),
        Command::Diff(args) => diff::run(ui, context, &args),
        Command::Generate(args) => generate::run(ui, context, &args),
        Command::History(args) => history::run(ui, context, &args),
        Command::Import(args) => import::run(ui, context, &args),
        Command::Init(args) => init::run(ui, context, &args),
        Command::Man(args) => man::run(ui, &args),
        Command::Policy(args) => policy::run(ui, context, &args),
        Command::Remind(args) => remind::run(ui, context, &args),
        Command::Reveal(args) => reveal::run(ui, context, &args),
        Command::Rotate(args) => rotate::run(ui, context, &args),
        Command::Run(args) => run::run(ui, context, &args),
        Command::Score(args) => score::run(ui, context, &args),
        Command::Status(args) => status::run(ui, context, &args),
        Command::Verify(args) => verify::run(ui, context, &args),
    }
}
