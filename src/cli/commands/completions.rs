//! `mintage completions`

use clap_complete::Shell;

use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;

/// Print a completion script
///
/// The script completes commands and options. It never reads or completes a value.
#[derive(Clone, Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
pub fn run(ui: &Ui, args: &CompletionsArgs) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::cli::command(), "mintage", &mut script);
    ui.out(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
