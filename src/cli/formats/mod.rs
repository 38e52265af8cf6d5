//! Reports in the forms that people and programs read: a file for each.

mod csv;
mod html;
pub mod ics;
mod junit;
mod markdown;
pub mod prometheus;
pub mod sarif;
mod table;

use crate::app::AuditReport;
use crate::cli::error::CliError;
use crate::cli::ui::Ui;
use crate::policy::Severity;

/// The form of an audit.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub enum AuditFormat {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
    /// For spreadsheets: one row for each finding.
    Csv,
    /// For a browser and for paper: one page that needs nothing else.
    Html,
    /// For code scanners: SARIF 2.1.0.
    Sarif,
    /// For continuous integration, as results of tests.
    Junit,
    /// For comments and wikis.
    Markdown,
}

impl AuditFormat {
    /// Writes an audit; `None` is JSON, which every report has in the same way.
    ///
    /// # Errors
    ///
    /// When the report cannot be written in this form.
    pub fn write(self, ui: &Ui, report: &AuditReport) -> Result<Option<String>, CliError> {
        Ok(match self {
            Self::Csv => Some(csv::write(report)),
            Self::Html => Some(html::write(report)),
            Self::Json => None,
            Self::Junit => Some(junit::write(report)?),
            Self::Markdown => Some(markdown::write(report)),
            Self::Sarif => Some(sarif::audit(report)?),
            Self::Table => Some(table::write(ui, report)),
        })
    }
}

/// Counts things in words: `1 secret`, `2 secrets`.
fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

/// Returns the word for how much a finding matters.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Note => "note",
        Severity::Warning => "warning",
    }
}
