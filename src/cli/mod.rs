//! The command line: parse, wire, print.

mod commands;
mod config;
mod context;
mod copying;
mod dates;
mod error;
mod explain;
mod explain_rotation;
mod formats;
mod hygiene;
mod input;
mod policy_file;
mod table;
mod ui;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::CommandFactory;
use clap::FromArgMatches;
use clap::Parser;

use crate::cli::commands::Command;
use crate::cli::config::Config;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::ColorChoice;
use crate::cli::ui::Ui;
use crate::secret::everything_is_locked;

/// Mint, judge, age and rotate the secrets of a deployment
///
/// mintage makes secrets from a policy file, keeps them in age-encrypted files, knows how old each one is in
/// every environment and rotates them. No value passes through arguments, shell history, logs or a screen that
/// did not ask.
#[derive(Debug, Parser)]
#[command(
    name = "mintage",
    version,
    max_term_width = 110,
    disable_help_subcommand = true
)]
#[command(
    after_help = "First steps: mintage init --policy web-app, mintage create --all -e production, mintage status"
)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// Project directory; the nearest parent with `mintage.toml` unless given (or MINTAGE_DIR)
    #[arg(short = 'C', long, global = true, value_name = "DIR")]
    pub dir: Option<std::path::PathBuf>,

    /// Identity file to decrypt with (or MINTAGE_IDENTITY)
    #[arg(short = 'i', long, global = true, value_name = "FILE")]
    pub identity: Option<std::path::PathBuf>,

    /// Report as one JSON document
    #[arg(long, global = true)]
    pub json: bool,

    /// Never ask; a missing answer is an error
    #[arg(long, global = true)]
    pub no_input: bool,

    /// Say less
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Say more
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,

    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: ColorChoice,
}

/// Runs the program on the arguments and environment of this process.
///
/// A panic is a bug, but for want of random bytes: its place is shown, its message is not, and the exit code is 70.
pub fn run() -> ExitCode {
    hygiene::harden();
    let exit = std::panic::catch_unwind(parse_and_execute).unwrap_or_else(|_| {
        let exit = if hygiene::random_source_failed() {
            Exit::Unreachable
        } else {
            Exit::Internal
        };
        exit.into()
    });
    hygiene::wipe_stack();
    exit
}

fn parse_and_execute() -> ExitCode {
    let config = Config::from_environment();
    let arguments = config.arguments.clone();
    let parsed = command()
        .try_get_matches_from(&arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => execute(cli, config),
        Err(error) => usage(&error, &arguments, &config),
    }
}

/// Returns the definition of the command line, for completions and the manual.
pub fn command() -> clap::Command {
    on_one_screen(Cli::command())
}

/// Puts what a command's help says beyond its first line below the options, so that each option takes one line.
fn on_one_screen(command: clap::Command) -> clap::Command {
    let help = clap::Arg::new("help")
        .short('h')
        .long("help")
        .action(clap::ArgAction::HelpShort)
        .help("Print help")
        .help_heading("Everywhere");
    let command = command
        .mut_subcommands(on_one_screen)
        .disable_help_flag(true)
        .arg(help);
    let Some(long) = command.get_long_about().map(ToString::to_string) else {
        return command;
    };
    let rest = long.split_once("\n\n").map_or("", |(_, rest)| rest).to_owned();
    let command = command.long_about(None);
    if rest.is_empty() {
        command
    } else {
        command.after_help(rest)
    }
}

fn execute(cli: Cli, config: Config) -> ExitCode {
    let mut ui = Ui::new(&cli.global, &config);
    let context = Context::new(config, cli.global);
    let result = commands::dispatch(&mut ui, &context, cli.command);
    if !everything_is_locked() {
        ui.detail("this user may not lock enough memory: values could have been written to swap");
    }
    finish(&mut ui, result)
}

fn finish(ui: &mut Ui, result: Result<Exit, CliError>) -> ExitCode {
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            ui.error(&error);
            error.exit().into()
        }
    }
}

/// Prints what is wrong with the arguments, without repeating any that could be a pasted value.
fn usage(error: &clap::Error, arguments: &[OsString], config: &Config) -> ExitCode {
    let color = if arguments.iter().any(|argument| argument == "--color=never") {
        ColorChoice::Never
    } else {
        ColorChoice::Auto
    };
    let global = Global {
        color,
        ..Global::default()
    };
    let mut ui = Ui::new(&global, config);
    let result = match error.kind() {
        clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion => {
            ui.out(&ui.styled(error)).map(|()| Exit::Fine)
        }
        clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            ui.help(&ui.styled(error));
            Ok(Exit::Usage)
        }
        _ => Err(CliError::from_clap(error)),
    };
    finish(&mut ui, result)
}
