//! `mintage man`

use std::fmt::Write as _;

use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;

/// Print the manual page
///
/// Read it with: mintage man | man -l -
#[derive(Clone, Debug, clap::Args)]
pub struct ManArgs {}

/// Prints the page in roff, every command in a section of its own.
pub fn run(ui: &Ui, _: &ManArgs) -> Result<Exit, CliError> {
    let mut command = crate::cli::command();
    command.build();
    let mut page = render(&command)?;
    for sub in command.get_subcommands() {
        let body = render(sub)?;
        // Each command's page becomes a part of the one page: its title line goes.
        let parts = body
            .lines()
            .filter(|line| !line.starts_with(".TH ") && !line.starts_with(".ie "));
        let _ = writeln!(page, ".SH \"MINTAGE {}\"", sub.get_name().to_uppercase());
        for line in parts {
            let _ = writeln!(page, "{}", line.replacen(".SH ", ".SS ", 1));
        }
    }
    ui.out(&page)?;
    Ok(Exit::Fine)
}

fn render(command: &clap::Command) -> Result<String, CliError> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|_| CliError::internal("man"))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
