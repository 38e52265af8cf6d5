//! `mintage audit`

use std::path::PathBuf;

use serde::Serialize;

use crate::adapters::Access;
use crate::adapters::replace_file;
use crate::app;
use crate::app::AuditReport;
use crate::app::Estate;
use crate::app::Integrity;
use crate::app::PushRequest;
use crate::app::Selection;
use crate::app::StoredScore;
use crate::app::View;
use crate::cli::commands::audit_evidence;
use crate::cli::commands::audit_evidence::EvidenceRequest;
use crate::cli::commands::certificates;
use crate::cli::commands::check;
use crate::cli::commands::check::FailOn;
use crate::cli::commands::remind::Counts;
use crate::cli::commands::status;
use crate::cli::commands::status::Trust;
use crate::cli::context::Context;
use crate::cli::context::POLICY_FILE;
use crate::cli::context::Project;
use crate::cli::context::STORE_DIR;
use crate::cli::context::read_policy_text;
use crate::cli::dates::When;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::formats::AuditFormat;
use crate::cli::ui::Ui;
use crate::ledger::Damage;
use crate::policy::Finding;
use crate::policy::Period;
use crate::policy::SinkTarget;
use crate::ports::Clock;
use crate::secret::EnvironmentName;

/// Audit every secret of every environment at once
///
/// Tells of age, strength, reuse, drift, files and certificates, what hurts most first, and changes nothing. Needs no key; with an identity at
/// hand the store is verified, values are judged anew and compared with what sinks hold. The exit code is 3 when a
/// finding is as serious as --fail-on, and 6 when the store is damaged. With --evidence it writes what auditors ask
/// for instead: one ZIP file that `mintage verify --evidence FILE` checks later.
#[derive(Clone, Debug, clap::Args)]
pub struct AuditArgs {
    /// The environment (can be repeated); all unless given (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Vec<EnvironmentName>,

    /// The form of the report
    #[arg(long, value_enum, default_value_t)]
    format: AuditFormat,

    /// File for the report, mode 0600, replaced in one step; for evidence it must be new
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// The least serious finding that counts
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    fail_on: FailOn,

    /// Answer as of this time: 2026-11-21, 2026-11-21T10:00:00Z or +90d
    #[arg(long, value_name = "DATE", value_parser = When::parse)]
    at: Option<When>,

    /// How long before its date a secret or certificate counts as due soon
    #[arg(long, value_name = "DURATION")]
    within: Option<Period>,

    /// Ask the hosts of certificates what they serve; what they showed before counts otherwise
    #[arg(long)]
    network: bool,

    /// Write evidence of a period, without any value, for auditors
    #[arg(long, requires_all = ["from", "out"], conflicts_with_all = ["format", "fail_on", "at", "within", "network"])]
    evidence: bool,

    /// The first day of the evidence: 2026-01-01 or 2026-01-01T00:00:00Z
    #[arg(long, value_name = "DATE", value_parser = When::parse, requires = "evidence")]
    from: Option<When>,

    /// The last day of the evidence; now unless given
    #[arg(long, value_name = "DATE", value_parser = When::parse, requires = "evidence")]
    to: Option<When>,
}

/// Audits and reports, or gathers evidence.
pub fn run(ui: &Ui, context: &Context, args: &AuditArgs) -> Result<Exit, CliError> {
    if let (true, Some(from), Some(out)) = (args.evidence, args.from, &args.out) {
        let request = EvidenceRequest {
            env: &args.env,
            from,
            to: args.to,
            out,
        };
        return audit_evidence::run(ui, context, &request);
    }
    if ui.wants_json() && !matches!(args.format, AuditFormat::Json | AuditFormat::Table) {
        return Err(
            CliError::usage("--json and another --format ask for two documents")
                .hint("leave one of them out"),
        );
    }
    let project = context.project()?;
    let bar = ui.progress(0, "auditing");
    let report = gather(ui, context, &project, args);
    bar.finish_and_clear();
    let report = report?;
    print(ui, context, args, &report)?;
    let least = args.fail_on.severity();
    let unreachable = certificates::any_unreachable(&report.certificates);
    Ok(match report.integrity {
        Integrity::Damaged => Exit::Integrity,
        _ if report.findings.iter().any(|finding| finding.severity >= least) => Exit::Findings,
        _ if unreachable => Exit::Unreachable,
        Integrity::Unverified | Integrity::Verified => Exit::Fine,
    })
}

/// Looks at everything.
fn gather(ui: &Ui, context: &Context, project: &Project, args: &AuditArgs) -> Result<AuditReport, CliError> {
    let environments = context.environments(&project.policy, &args.env)?;
    let (trust, ledgers) = status::ledgers(context, project, &environments)?;
    let now = crate::adapters::SystemClock.now();
    let at = args.at.map_or(now, |when| when.end(now));
    let is_open = !matches!(trust, Trust::Unverified) && project.root.join(STORE_DIR).exists();
    let (mut damage, mut scores, mut found) = (Vec::new(), Vec::new(), Vec::new());
    if is_open {
        damage = damaged(context, project, &environments)?;
    }
    for name in &environments {
        let is_damaged = damage
            .iter()
            .any(|one| one.environment().is_none_or(|damaged| damaged == name));
        if is_open && !is_damaged {
            scores.extend(judged(context, project, name)?);
            found.extend(drifted(context, project, name)?);
        }
        if let Some(environment) = project.policy.environment(name) {
            found.extend(check::of_own_file_unwaived(ui, context, project, environment)?);
        }
    }
    scores.sort_by(|one, other| (&one.environment, &one.name).cmp(&(&other.environment, &other.name)));
    let policy_text = read_policy_text(&project.root.join(POLICY_FILE), POLICY_FILE)?;
    Ok(app::audit(Estate {
        policy: &project.policy,
        policy_text: &policy_text,
        ledgers: &ledgers,
        environments: &environments,
        view: View {
            at,
            is_now: args.at.is_none(),
            within: args.within,
        },
        integrity: match (is_open, damage.is_empty()) {
            (false, _) => Integrity::Unverified,
            (true, false) => Integrity::Damaged,
            (true, true) => Integrity::Verified,
        },
        damage: &damage,
        scores: &scores,
        found,
        certificates: certificates::look(context, project, at, args.within, args.network),
    }))
}

/// Checks every MAC, hash and chain; what is wrong in other environments than those asked for is left out.
fn damaged(
    context: &Context,
    project: &Project,
    environments: &[EnvironmentName],
) -> Result<Vec<Damage>, CliError> {
    let mut damage = context.with_world(project, |world| Ok(app::verify(world, false)?.damage))?;
    damage.retain(|one| one.environment().is_none_or(|name| environments.contains(name)));
    Ok(damage)
}

/// Judges the values in use of an environment.
fn judged(
    context: &Context,
    project: &Project,
    environment: &EnvironmentName,
) -> Result<Vec<StoredScore>, CliError> {
    let (all, demands) = (Selection::All, app::Demands::default());
    context.with_world(project, |world| {
        Ok(app::score_stored(
            world,
            &project.policy,
            environment,
            &all,
            demands,
        )?)
    })
}

/// Compares what sinks hold, as far as that takes no program and no keychain.
fn drifted(
    context: &Context,
    project: &Project,
    environment: &EnvironmentName,
) -> Result<Vec<Finding>, CliError> {
    let sinks = project.policy.sinks().iter().filter(|sink| {
        !matches!(
            sink.target(),
            SinkTarget::Command(_) | SinkTarget::Keychain { .. }
        )
    });
    let request = PushRequest {
        sinks: sinks.map(|sink| sink.name().to_owned()).collect(),
        dry_run: true,
        ..PushRequest::default()
    };
    if request.sinks.is_empty() {
        return Ok(Vec::new());
    }
    let report = context.with_ground(project, environment, &|_, _| {}, |ground| {
        app::push(ground, &request)
    })?;
    Ok(app::drift(&report.secrets))
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    audit: &'a AuditReport,
    summary: Counts,
}

fn print(ui: &Ui, context: &Context, args: &AuditArgs, report: &AuditReport) -> Result<(), CliError> {
    let format = if ui.wants_json() {
        AuditFormat::Json
    } else {
        args.format
    };
    let paper = match args.out {
        Some(_) => &ui.for_file(),
        None => ui,
    };
    let text = match format.write(paper, report)? {
        Some(text) => text,
        None => ui.document_text(
            "audit",
            &Report {
                audit: report,
                summary: Counts::of(report.findings.iter()),
            },
        )?,
    };
    match &args.out {
        None => ui.out(&text),
        Some(path) => Ok(replace_file(
            path,
            text.as_bytes(),
            Access::Owner,
            &mut context.rng()?,
        )?),
    }
}
