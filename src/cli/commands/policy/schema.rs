//! `mintage policy schema`

use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::policy::schema;

pub(super) fn run(ui: &Ui) -> Result<Exit, CliError> {
    let mut text = serde_json::to_string_pretty(&schema()).map_err(|_| CliError::internal("json"))?;
    text.push('\n');
    ui.out(&text)?;
    ui.hint("editors take it by a first line in mintage.toml: #:schema ./mintage.schema.json");
    Ok(Exit::Fine)
}
