//! `mintage signoff`

use chrono::DateTime;
use chrono::Utc;
use ring::digest;
use serde::Serialize;

use crate::adapters::AuditFiles;
use crate::adapters::NewIdentity;
use crate::adapters::SystemClock;
use crate::app;
use crate::app::Signatory;
use crate::app::SignoffRow;
use crate::app::SignoffVerdict;
use crate::cli::commands::check;
use crate::cli::context::Context;
use crate::cli::context::POLICY_FILE;
use crate::cli::context::Project;
use crate::cli::context::STORE_DIR;
use crate::cli::context::read_policy_text;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::contract::SignoffState;
use crate::ledger::CheckedPlace;
use crate::policy::Finding;
use crate::policy::Severity;
use crate::ports::Clock;
use crate::secret::EnvironmentName;

/// Confirm the state of an environment, or tell who has to yet
///
/// Checks the environment's env file, or its stored values where it has none, and records in the audit log as what
/// you confirm which revision of the ledger, under which policy, with which verdict. A change of ledger or policy makes
/// it stale. Where the policy wants distinct people, neither the account nor the identity may have confirmed as another
/// role. With --status, the exit code is 3 while a role is open.
#[derive(Clone, Debug, clap::Args)]
pub struct SignoffArgs {
    /// The role of the policy that you confirm as
    #[arg(long, value_name = "ROLE", required_unless_present = "status")]
    role: Option<String>,

    /// The environment (or MINTAGE_ENV); with --status, all in which the policy wants it unless given
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,

    /// Confirm although the check finds errors; their number is recorded
    #[arg(long)]
    despite_findings: bool,

    /// Tell which roles have confirmed the present state
    #[arg(long, conflicts_with_all = ["role", "despite_findings"])]
    status: bool,
}

/// Confirms, or tells.
pub fn run(ui: &Ui, context: &Context, args: &SignoffArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    if let Some(role) = &args.role {
        return sign(ui, context, &project, args, role);
    }
    let environments = match &args.env {
        Some(_) => context.environments(&project.policy, args.env.as_slice())?,
        None => app::environments_to_sign(&project.policy),
    };
    let (rows, verified) = look(context, &project, &environments)?;
    report(ui, &rows, verified)?;
    if rows.is_empty() && !ui.wants_json() {
        ui.status("the policy wants nobody to confirm anything");
    }
    let is_open = rows.iter().any(|row| row.state != SignoffState::Signed);
    Ok(if is_open { Exit::Findings } else { Exit::Fine })
}

/// Tells where the roles stand in these environments, and whether that was checked with an identity.
pub(super) fn look(
    context: &Context,
    project: &Project,
    environments: &[EnvironmentName],
) -> Result<(Vec<SignoffRow>, bool), CliError> {
    let digest = policy_digest(project)?;
    let checked = context.with_store_if_open(project, |store| {
        Ok(app::signoffs(store, &project.policy, &digest, environments)?)
    })?;
    if let Some(rows) = checked {
        return Ok((rows, true));
    }
    let storage = context.storage(&project.root)?;
    let audit = AuditFiles::new(&storage, project.root.join(STORE_DIR).join("audit"));
    let rows = app::signoffs_unverified(&storage, &audit, &project.policy, &digest, environments)?;
    Ok((rows, false))
}

fn sign(
    ui: &Ui,
    context: &Context,
    project: &Project,
    args: &SignoffArgs,
    role: &str,
) -> Result<Exit, CliError> {
    let name = context.one_environment(args.env.as_ref())?;
    let environment = app::environment_of(&project.policy, &name)?;
    let recipients = recipients_at_hand(context);
    let digest = policy_digest(project)?;
    let person = Signatory {
        role,
        policy: &digest,
        recipients: &recipients,
    };
    let seal = context.with_world(project, |world| {
        Ok(app::check_signoff(world, &project.policy, &name, &person)?)
    })?;
    let of_file = check::of_own_file(ui, context, project, environment)?;
    let (checked, findings) = match of_file {
        Some(findings) => (CheckedPlace::EnvFile, findings),
        None => (CheckedPlace::Store, of_store(context, project, &name)?),
    };
    let count = |severity| {
        let found = findings.iter().filter(|finding| finding.severity == severity);
        u32::try_from(found.count()).unwrap_or(u32::MAX)
    };
    let verdict = SignoffVerdict {
        seal,
        checked,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        accepted: args.despite_findings,
    };
    let rows = context.with_world(project, |world| {
        Ok(app::sign(world, &project.policy, &name, &person, &verdict)?)
    })?;
    report(ui, &rows, true)?;
    Ok(Exit::Fine)
}

/// Judges the stored values as if they were handed to a command, without handing out any.
fn of_store(
    context: &Context,
    project: &Project,
    environment: &EnvironmentName,
) -> Result<Vec<Finding>, CliError> {
    let terms = app::HandoutTerms {
        is_rehearsal: true,
        ..app::HandoutTerms::default()
    };
    let handout = context.with_world(project, |world| {
        let place = (&project.policy, environment);
        Ok(app::hand_out(world, place, (&terms, &[]), &mut context.rng()?)?)
    })?;
    Ok(handout.findings)
}

/// Returns the public keys of the identities at hand; one behind a passphrase and SSH keys show none.
fn recipients_at_hand(context: &Context) -> Vec<String> {
    let sources = context.config.identity_sources(context.global.identity.as_ref());
    let found = sources
        .iter()
        .filter_map(|source| NewIdentity::recipients_of(source).ok());
    found.flatten().collect()
}

/// Returns SHA-256 of the policy file, in hexadecimal.
fn policy_digest(project: &Project) -> Result<String, CliError> {
    let text = read_policy_text(&project.root.join(POLICY_FILE), POLICY_FILE)?;
    Ok(hex::encode(digest::digest(&digest::SHA256, text.as_bytes())))
}

#[derive(Serialize)]
struct Report<'a> {
    at: DateTime<Utc>,
    verified: bool,
    complete: bool,
    roles: &'a [SignoffRow],
}

fn report(ui: &Ui, rows: &[SignoffRow], verified: bool) -> Result<(), CliError> {
    let at = SystemClock.now();
    let open = rows
        .iter()
        .filter(|row| row.state != SignoffState::Signed)
        .count();
    if ui.wants_json() {
        return ui.document(
            "signoff",
            &Report {
                at,
                verified,
                complete: open == 0,
                roles: rows,
            },
        );
    }
    if rows.is_empty() {
        return Ok(());
    }
    if !ui.is_quiet() {
        ui.table_without(
            &["revision", "findings"],
            &["environment", "role", "state", "by", "at", "revision", "findings"],
            rows.iter().map(cells).collect(),
        )?;
        ui.out("\n")?;
    }
    let unverified = if verified {
        ""
    } else {
        " (unverified: no identity opened the store)"
    };
    let summary = match (open, rows.len()) {
        (0, 1) => "the role has confirmed".to_owned(),
        (0, count) => format!("all {count} roles have confirmed"),
        (open, count) => format!("{open} of {count} roles open"),
    };
    ui.out(&format!("{summary}{unverified}\n"))?;
    if let Some(row) = rows.iter().find(|row| row.state != SignoffState::Signed) {
        ui.hint(&format!(
            "have that person look at it: mintage signoff --role {} -e {}",
            row.role, row.environment
        ));
    }
    Ok(())
}

fn cells(row: &SignoffRow) -> Vec<Field> {
    let tone = match row.state {
        SignoffState::Signed => Tone::Good,
        SignoffState::LedgerChanged | SignoffState::PolicyChanged => Tone::Warn,
        SignoffState::Open | SignoffState::SamePerson => Tone::Bad,
    };
    let state = match row.state {
        SignoffState::LedgerChanged => "stale: ledger changed",
        SignoffState::PolicyChanged => "stale: policy changed",
        SignoffState::SamePerson => "same person again",
        state => state.name(),
    };
    let by = match (&row.by, &row.recipient) {
        (Some(by), Some(key)) => format!("{by}, key of {key}"),
        (Some(by), None) => by.clone(),
        (None, _) => "-".to_owned(),
    };
    let findings = match (row.errors, row.warnings) {
        (Some(0), Some(0)) => "none".to_owned(),
        (Some(errors), Some(warnings)) => format!("{errors} errors, {warnings} warnings"),
        _ => "-".to_owned(),
    };
    vec![
        Field::text(row.environment.to_string()),
        Field::text(row.role.clone()),
        Field::toned(state, tone),
        Field::text(by),
        Field::text(row.at.map_or_else(|| "-".to_owned(), dates::minute)),
        Field::number(
            row.revision
                .map_or_else(|| "-".to_owned(), |revision| revision.to_string()),
        ),
        Field::text(findings),
    ]
}
