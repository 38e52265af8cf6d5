//! `mintage status`

mod table;
mod watch;

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::app;
use crate::app::CertificateRow;
use crate::app::RowFilter;
use crate::app::SortKey;
use crate::app::StatusRow;
use crate::app::View;
use crate::cli::commands::certificates;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::dates::When;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
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

    /// Show only rows like this: state=overdue, env=…, kind=…, name=STRIPE_*, owner=…, issuer=… (can be repeated)
    #[arg(long, value_name = "KEY=PATTERN")]
    filter: Vec<RowFilter>,

    /// What the rows are sorted by: environment, due, age, name or state
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "KEY",
        hide_possible_values = true,
        hide_default_value = true
    )]
    sort: SortKey,

    /// Stay and look again, every 60s unless another time is given; Ctrl-C ends it
    #[arg(long, value_name = "DURATION", num_args = 0..=1, default_missing_value = "60s")]
    watch: Option<Period>,

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
    match args.watch {
        Some(period) => watch::watch(ui, period, |ui| show(ui, context, args)),
        None => show(ui, context, args),
    }
}

fn show(ui: &Ui, context: &Context, args: &StatusArgs) -> Result<Exit, CliError> {
    let project = context.project()?;
    let picture = look(context, &project, &args.env, args.at, args.within)?;
    let mut rows = picture.rows;
    let mut certified = certificates::look(context, &project, picture.at, args.within, args.network);
    let unreachable = certificates::any_unreachable(&certified);
    if args.due {
        rows.retain(|row| row.state.is_due());
        certified.retain(|row| row.state.is_due());
    }
    app::filter_rows(&mut rows, &project.policy, &args.filter);
    app::filter_certificates(&mut certified, &args.filter);
    app::sort_rows(&mut rows, args.sort);
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
        table::print(ui, &rows, args.sort, picture.at)?;
        certificates::print(ui, &certified, picture.at)?;
        let trust = match picture.trust {
            Trust::Unverified => " (unverified: no identity opened the store)",
            Trust::Damaged(_) | Trust::Verified => "",
        };
        ui.out(&certificates::summary(&certified).unwrap_or_default())?;
        ui.out(&format!("{}{trust}\n", table::summary(&rows)))?;
        table::next_steps(ui, &rows, picture.at);
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
