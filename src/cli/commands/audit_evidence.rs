//! Evidence of a period: made by `audit --evidence`, checked by `verify --evidence`.

use std::path::Path;

use serde::Serialize;

use crate::adapters::Access;
use crate::adapters::SystemClock;
use crate::adapters::create_new_file;
use crate::adapters::pack_evidence;
use crate::adapters::unpack_evidence;
use crate::app;
use crate::app::EvidenceCheck;
use crate::app::EvidenceSummary;
use crate::app::EvidenceTerms;
use crate::cli::commands::certificates;
use crate::cli::context::Context;
use crate::cli::context::POLICY_FILE;
use crate::cli::context::read_policy_text;
use crate::cli::dates;
use crate::cli::dates::When;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::ports::Clock;
use crate::secret::EnvironmentName;

/// What evidence is asked for.
pub(super) struct EvidenceRequest<'a> {
    /// The environments; all unless given.
    pub env: &'a [EnvironmentName],
    /// The first day of the period.
    pub from: When,
    /// The last day of the period; now unless given.
    pub to: Option<When>,
    /// The file, which must not be there yet.
    pub out: &'a Path,
}

/// Gathers evidence and writes it.
pub(super) fn run(ui: &Ui, context: &Context, request: &EvidenceRequest<'_>) -> Result<Exit, CliError> {
    let project = context.project()?;
    let now = SystemClock.now();
    let from = request.from.start(now);
    // Nobody knows yet what tomorrow brings.
    let until = request.to.map_or(now, |to| to.end(now)).min(now);
    if from >= until {
        return Err(CliError::usage("the period ends before it begins")
            .hint("name its days in the past: --from 2026-01-01 --to 2026-03-31"));
    }
    let environments = context.environments(&project.policy, request.env)?;
    let policy_text = read_policy_text(&project.root.join(POLICY_FILE), POLICY_FILE)?;
    let certified = certificates::look(context, &project, now, None, false);
    let terms = EvidenceTerms {
        from,
        until,
        environments: &environments,
        policy_text: &policy_text,
        certificates: &certified,
        program: env!("CARGO_PKG_VERSION"),
    };
    let evidence = context.with_world(&project, |world| {
        Ok(app::evidence(world, &project.policy, &terms)?)
    })?;
    let bytes = pack_evidence(&evidence.parts)?;
    create_new_file(request.out, &bytes, Access::Owner, &mut context.rng()?)?;
    let summary = &evidence.summary;
    if ui.wants_json() {
        ui.document(
            "audit-evidence",
            &Report {
                file: request.out.display().to_string(),
                summary,
                damaged: !evidence.damage.is_empty(),
            },
        )?;
    } else {
        ui.out(&format!(
            "{}: {} secrets, {} versions, {} events and {} sign-offs, from {} to {}\nSHA-256 of its manifest: {}\n",
            request.out.display(),
            summary.secrets,
            summary.versions,
            summary.events,
            summary.signoffs,
            dates::day(from),
            dates::day(until),
            summary.manifest_sha256
        ))?;
        ui.hint("tell that number to whoever gets the file by another way");
        ui.hint(&format!(
            "check it: mintage verify --evidence {}",
            request.out.display()
        ));
    }
    for damage in &evidence.damage {
        ui.warning(&damage.to_string());
    }
    Ok(if evidence.damage.is_empty() {
        Exit::Fine
    } else {
        Exit::Integrity
    })
}

/// Checks evidence: by its hashes and links anywhere, by every MAC where an identity opens the store that made it.
pub(super) fn verify(ui: &Ui, context: &Context, file: &Path) -> Result<Exit, CliError> {
    let parts = unpack_evidence(file)?;
    let with_store = match context.project_if_any()? {
        Some(project) => {
            context.with_store_if_open(&project, |store| Ok(app::check_evidence(&parts, Some(store))?))?
        }
        None => None,
    };
    let check = match with_store {
        Some(check) => check,
        None => app::check_evidence(&parts, None)?,
    };
    if ui.wants_json() {
        ui.document("verify-evidence", &check)?;
    } else {
        print(ui, &check)?;
    }
    Ok(if check.faults.is_empty() {
        Exit::Fine
    } else {
        Exit::Integrity
    })
}

fn print(ui: &Ui, check: &EvidenceCheck) -> Result<(), CliError> {
    for fault in &check.faults {
        ui.out(&format!("changed: {}: {}\n", fault.part, fault.message))?;
    }
    let verdict = match (check.faults.is_empty(), check.authenticated) {
        (false, _) => "CHANGED",
        (true, true) => "authentic",
        (true, false) => "unchanged",
    };
    ui.out(&format!(
        "{verdict}: {} parts, {} audit events checked\n",
        check.parts, check.events
    ))?;
    if let (Some(from), Some(until), Some(by), Some(at)) =
        (check.from, check.until, &check.made_by, check.made_at)
    {
        let period = format!("{} to {}", dates::day(from), dates::day(until));
        ui.out(&format!("of {period}, made by {by} on {}\n", dates::minute(at)))?;
    }
    if let Some(digest) = &check.manifest_sha256 {
        ui.out(&format!("SHA-256 of its manifest: {digest}\n"))?;
    }
    if check.faults.is_empty() && !check.authenticated {
        ui.warning("no key of the store that made it is here: anybody could have made such a file");
        ui.hint("compare the SHA-256 with the one that you were told, or check it in the project with an identity");
    }
    Ok(())
}

#[derive(Serialize)]
struct Report<'a> {
    file: String,
    #[serde(flatten)]
    summary: &'a EvidenceSummary,
    damaged: bool,
}
