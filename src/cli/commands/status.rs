//! `mintage status`

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app;
use crate::app::CertificateRow;
use crate::app::State;
use crate::app::StatusRow;
use crate::app::View;
use crate::cli::commands::certificates;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::dates;
use crate::cli::dates::When;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::ledger::Damage;
use crate::ledger::Ledger;
use crate::policy::Period;
use crate::ports::Clock;
use crate::ports::Storage;
use crate::secret::EnvironmentName;

/// Show every secret and certificate, its age and when it is due
///
/// Needs no key. With an identity at hand the ledger is checked too; without one it is shown as unverified.
/// With --due, only what is due is shown, and the exit code is 3 when there is something; with --network, it is 4
/// when a host does not show its certificate.
#[derive(Clone, Debug, clap::Args)]
pub struct StatusArgs {
    /// The environment (can be repeated); all unless given (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Vec<EnvironmentName>,

    /// Show only what is due
    #[arg(long)]
    due: bool,

    /// Answer as of this time: 2026-11-21, 2026-11-21T10:00:00Z or +90d
    #[arg(long, value_name = "DATE", value_parser = When::parse)]
    at: Option<When>,

    /// How long before its date a secret or certificate counts as due soon
    #[arg(long, value_name = "DURATION")]
    within: Option<Period>,

    /// Ask the hosts of certificates what they serve; what they showed before counts otherwise
    #[arg(long)]
    network: bool,
}

/// Shows the status.
pub fn run(ui: &Ui, context: &Context, args: &StatusArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let picture = look(context, &project, &args.env, args.at, args.within)?;
    let mut rows = picture.rows;
    let mut certified = certificates::look(context, &project, picture.at, args.within, args.network);
    let unreachable = certificates::any_unreachable(&certified);
    if args.due {
        rows.retain(|row| row.state.is_due());
        certified.retain(|row| row.state.is_due());
    }
    picture.trust.warn(ui);
    if ui.wants_json() {
        ui.document(
            "status",
            &Report {
                at: picture.at,
                verified: matches!(picture.trust, Trust::Verified),
                secrets: &rows,
                certificates: &certified,
            },
        )?;
    } else {
        print(ui, &rows, picture.at)?;
        certificates::print(ui, &certified, picture.at)?;
        let trust = match picture.trust {
            Trust::Unverified => " (unverified: no identity opened the store)",
            Trust::Damaged(_) | Trust::Verified => "",
        };
        ui.out(&certificates::summary(&certified).unwrap_or_default())?;
        ui.out(&format!("{}{trust}\n", summary(&rows)))?;
        next_steps(ui, &rows, picture.at);
    }
    match picture.trust {
        Trust::Damaged(_) => Ok(Exit::Integrity),
        Trust::Unverified | Trust::Verified if args.due && !(rows.is_empty() && certified.is_empty()) => {
            Ok(Exit::Findings)
        }
        Trust::Unverified | Trust::Verified if unreachable => Ok(Exit::Unreachable),
        Trust::Unverified | Trust::Verified => Ok(Exit::Fine),
    }
}

#[derive(Serialize)]
struct Report<'a> {
    at: DateTime<Utc>,
    verified: bool,
    secrets: &'a [StatusRow],
    certificates: &'a [CertificateRow],
}

/// What is seen of a project.
pub(super) struct Picture {
    /// The rows.
    pub rows: Vec<StatusRow>,
    /// What they were read from.
    pub ledgers: BTreeMap<EnvironmentName, Ledger>,
    /// As of when.
    pub at: DateTime<Utc>,
    /// The present.
    pub now: DateTime<Utc>,
    /// Whether it can be believed.
    pub trust: Trust,
}

/// Whether what a ledger says can be believed.
pub(super) enum Trust {
    /// No: this is wrong.
    Damaged(Vec<Damage>),
    /// Unknown: no identity opened the store.
    Unverified,
    /// Yes.
    Verified,
}

impl Trust {
    /// Warns of what cannot be believed.
    pub(super) fn warn(&self, ui: &Ui) {
        if let Self::Damaged(damage) = self {
            for one in damage {
                ui.warning(&one.to_string());
            }
            ui.hint("what follows may be wrong; see: mintage verify");
        }
    }
}

/// Reads the ledgers of the environments in question.
pub(super) fn look(
    context: &Context,
    project: &Project,
    given: &[EnvironmentName],
    at: Option<When>,
    within: Option<Period>,
) -> Result<Picture, CliError> {
    let environments = context.environments(&project.policy, given)?;
    let (trust, ledgers) = ledgers(context, project, &environments)?;
    let now = crate::adapters::SystemClock.now();
    let view = View {
        at: at.map_or(now, |when| when.end(now)),
        is_now: at.is_none(),
        within,
    };
    let rows = app::status(&project.policy, &ledgers, &environments, view);
    Ok(Picture {
        rows,
        ledgers,
        at: view.at,
        now,
        trust,
    })
}

/// Reads all ledgers, and checks them when an identity at hand opens the store without a question; what counts is damage
/// in `environments`.
pub(super) fn ledgers(
    context: &Context,
    project: &Project,
    environments: &[EnvironmentName],
) -> Result<(Trust, BTreeMap<EnvironmentName, Ledger>), CliError> {
    let checked = context.with_store_if_open(project, |store| {
        let mut damage = store.damage().to_vec();
        let mut ledgers = BTreeMap::new();
        for environment in project.policy.environments().map(|one| one.name()) {
            let checked = store.ledger(environment)?;
            store.remember(environment, &checked);
            if environments.contains(environment) {
                damage.extend(checked.damage);
            }
            ledgers.insert(environment.clone(), checked.ledger);
        }
        Ok((damage, ledgers))
    })?;
    Ok(match checked {
        None => (Trust::Unverified, unverified(context, project)?),
        Some((damage, ledgers)) if damage.is_empty() => (Trust::Verified, ledgers),
        Some((damage, ledgers)) => (Trust::Damaged(damage), ledgers),
    })
}

/// Reads ledgers without any key.
fn unverified(context: &Context, project: &Project) -> Result<BTreeMap<EnvironmentName, Ledger>, CliError> {
    let storage = context.storage(&project.root)?;
    let mut ledgers = BTreeMap::new();
    for environment in project.policy.environments().map(|one| one.name()) {
        if let Some(bytes) = storage.get(&format!("{environment}/ledger.jsonl"))? {
            ledgers.insert(environment.clone(), Ledger::read(&bytes));
        }
    }
    Ok(ledgers)
}

fn print(ui: &Ui, rows: &[StatusRow], at: DateTime<Utc>) -> Result<(), CliError> {
    if ui.is_quiet() || rows.is_empty() {
        return Ok(());
    }
    let cells = rows.iter().map(|row| cells(row, at)).collect();
    ui.table_without(
        &["changed", "kind", "age"],
        &["environment", "name", "kind", "age", "changed", "due", "state"],
        cells,
    )?;
    ui.out("\n")
}

fn cells(row: &StatusRow, at: DateTime<Utc>) -> Vec<Field> {
    let age = match (row.age_days, row.stage) {
        (Some(days), _) => format!("{days}d"),
        (None, Some(_)) => "unknown".to_owned(),
        (None, None) => "-".to_owned(),
    };
    let end = row.due_at.into_iter().chain(row.expires_at).min();
    let due = match (end, row.stage) {
        (Some(end), _) => format!("{} {}", dates::day(end), dates::distance(end, at)),
        (None, Some(_)) if row.changed_at.is_none() => "now".to_owned(),
        (None, _) => "-".to_owned(),
    };
    vec![
        Field::text(row.environment.to_string()),
        Field::text(row.name.to_string()),
        Field::toned(row.kind.clone(), Tone::Faint),
        Field::number(age),
        Field::text(row.changed_at.map_or_else(|| "-".to_owned(), dates::day)),
        Field::text(due),
        Field::toned(row.state.name(), tone(row.state)),
    ]
}

/// Names the commands that rotations wait for.
fn next_steps(ui: &Ui, rows: &[StatusRow], at: DateTime<Utc>) {
    let mut waiting: BTreeMap<&EnvironmentName, Vec<DateTime<Utc>>> = BTreeMap::new();
    for row in rows {
        let environment = &row.environment;
        if row.state == State::Rotating {
            let name = &row.name;
            ui.hint(&format!(
                "go on with the rotation of {name}: mintage rotate -e {environment}"
            ));
        }
        let ended = row.overlap_ends_at.filter(|ended| *ended <= at);
        if let Some(ended) = ended {
            waiting.entry(environment).or_default().push(ended);
        }
    }
    for (environment, ends) in waiting {
        let what = match ends.len() {
            1 => "1 former value waits".to_owned(),
            count => format!("{count} former values wait"),
        };
        let days = ends.iter().min().map_or(0, |first| (at - *first).num_days());
        ui.hint(&format!(
            "{what} to be dropped, since {days}d: mintage retire --expired -e {environment}"
        ));
    }
}

/// Returns how a state is coloured.
pub(super) fn tone(state: State) -> Tone {
    match state {
        State::DueSoon | State::Missing | State::Overlap | State::Rotating | State::Unrevoked => Tone::Warn,
        State::Ok => Tone::Good,
        State::Compromised | State::Overdue | State::UnknownAge => Tone::Bad,
    }
}

fn summary(rows: &[StatusRow]) -> String {
    let counted: Vec<String> = State::ALL
        .iter()
        .filter_map(|state| {
            let count = rows.iter().filter(|row| row.state == *state).count();
            (count > 0).then(|| format!("{count} {}", state.name()))
        })
        .collect();
    match (rows.len(), counted.is_empty()) {
        (0, _) | (_, true) => "nothing to show".to_owned(),
        (1, _) => format!("1 secret: {}", counted.join(", ")),
        (count, _) => format!("{count} secrets: {}", counted.join(", ")),
    }
}
