//! `mintage audit`

use std::path::PathBuf;

use crate::cli::commands::audit_evidence;
use crate::cli::commands::audit_evidence::EvidenceRequest;
use crate::cli::context::Context;
use crate::cli::dates::When;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::secret::EnvironmentName;

/// Gather evidence of a period for auditors
///
/// Writes one ZIP file without any value: every secret with its age at the end of the period, its versions, who did
/// what and why, sign-offs, waivers, certificates, the policy, the ledgers and the lines of the audit logs, and a
/// README that explains them. `mintage verify --evidence FILE` tells later whether anything in it was changed.
#[derive(Clone, Debug, clap::Args)]
pub struct AuditArgs {
    /// Write evidence of a period
    #[arg(long, required = true)]
    evidence: bool,

    /// The environment (can be repeated); all unless given (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Vec<EnvironmentName>,

    /// The first day of the period: 2026-01-01 or 2026-01-01T00:00:00Z
    #[arg(long, value_name = "DATE", value_parser = When::parse)]
    from: When,

    /// The last day of the period; now unless given
    #[arg(long, value_name = "DATE", value_parser = When::parse)]
    to: Option<When>,

    /// File for the evidence; never overwritten
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Gathers evidence.
pub fn run(ui: &Ui, context: &Context, args: &AuditArgs) -> Result<Exit, CliError> {
    let request = EvidenceRequest {
        env: &args.env,
        from: args.from,
        to: args.to,
        out: &args.out,
    };
    audit_evidence::run(ui, context, &request)
}
