//! The notifiers of `mintage policy approve`: what each would send, and where to.

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::adapters::survey_outlet;
use crate::app;
use crate::cli::commands::policy::approve::ApprovalState;
use crate::cli::config::Config;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::NotifierPolicy;
use crate::ports::Outlet;
use crate::ports::OutletApproval;

/// A notifier, what it would send where to, and what was approved of it.
pub(super) struct Candidate<'a> {
    pub(super) name: &'a str,
    policy: &'a NotifierPolicy,
    pub(super) found: Result<Outlet, String>,
    approval: Option<OutletApproval>,
}

/// A notifier and whether it may send.
#[derive(Serialize)]
pub(super) struct NotifierLine {
    notifier: String,
    state: ApprovalState,
    #[serde(rename = "type")]
    of_type: &'static str,
    outlet: Option<Outlet>,
    changes: Vec<String>,
    problem: Option<String>,
    approved_at: Option<DateTime<Utc>>,
    approved_by: Option<String>,
}

/// Looks at notifiers as they are now, and at what was approved of them.
pub(super) fn candidates<'a>(
    context: &Context,
    project: &Project,
    notifiers: &[&'a NotifierPolicy],
) -> Result<Vec<Candidate<'a>>, CliError> {
    let root = &project.root;
    let approvals = app::outlet_approvals(&context.storage(root)?, &context.state(root)?)?;
    let path = Config::variable("PATH").unwrap_or_default();
    let candidate = |policy: &&'a NotifierPolicy| {
        let approval = approvals
            .iter()
            .find(|approval| approval.notifier == policy.name());
        let approved = approval.map(|approval| &approval.outlet);
        let value_of = |name: &str| context.config.value_of(name);
        Candidate {
            name: policy.name(),
            policy,
            found: survey_outlet(policy, &value_of, &path, approved).map_err(|error| error.what),
            approval: approval.cloned(),
        }
    };
    Ok(notifiers.iter().map(candidate).collect())
}

/// Takes back what some notifiers were allowed, and returns how many had been.
pub(super) fn revoke(
    context: &Context,
    project: &Project,
    notifiers: &[&NotifierPolicy],
) -> Result<usize, CliError> {
    let all = candidates(context, project, notifiers)?;
    let approved = all.iter().filter(|one| one.approval.is_some());
    let names: Vec<String> = approved.map(|one| one.name.to_owned()).collect();
    if !names.is_empty() {
        context.with_world(project, |world| Ok(app::revoke_outlets(world, &names)?))?;
    }
    Ok(names.len())
}

impl Candidate<'_> {
    /// Returns whether it may send.
    pub(super) fn state(&self) -> ApprovalState {
        match (&self.found, &self.approval) {
            (Err(_), _) => ApprovalState::Unusable,
            (Ok(_), None) => ApprovalState::New,
            (Ok(_), Some(_)) if self.changes().is_empty() => ApprovalState::Approved,
            (Ok(_), Some(_)) => ApprovalState::Changed,
        }
    }

    fn changes(&self) -> Vec<String> {
        match (&self.found, &self.approval) {
            (Ok(now), Some(approval)) => approval.outlet.changes(now),
            _ => Vec::new(),
        }
    }

    /// Writes it for programs.
    pub(super) fn line(&self) -> NotifierLine {
        NotifierLine {
            notifier: self.name.to_owned(),
            state: self.state(),
            of_type: self.policy.of_type().name(),
            outlet: self.found.as_ref().ok().cloned(),
            changes: self.changes(),
            problem: self.found.as_ref().err().cloned(),
            approved_at: self.approval.as_ref().map(|approval| approval.at),
            approved_by: self.approval.as_ref().map(|approval| approval.by.clone()),
        }
    }
}

/// Prints what notifiers would send and where to.
pub(super) fn print(ui: &Ui, candidates: &[Candidate<'_>]) -> Result<(), CliError> {
    if candidates.is_empty() {
        return Ok(());
    }
    ui.table(
        &["notifier", "approval", "what", "is"],
        candidates.iter().flat_map(rows).collect(),
    )?;
    for one in candidates {
        for change in one.changes() {
            ui.warning(&format!("{}: {change}", one.name));
        }
    }
    Ok(())
}

fn rows(one: &Candidate<'_>) -> Vec<Vec<Field>> {
    let (text, tone) = one
        .state()
        .shown(one.approval.as_ref().map(|approval| dates::day(approval.at)));
    let mut facts = vec![("type".to_owned(), one.policy.of_type().name().to_owned())];
    match &one.found {
        Ok(outlet) => {
            for (field, name) in &outlet.variables {
                let host = outlet.hosts.get(field);
                let leads = host.map_or_else(String::new, |host| format!(", leads to {host}"));
                facts.push((field.clone(), format!("{name}{leads}")));
            }
            let unnamed = outlet
                .hosts
                .iter()
                .filter(|(field, _)| !outlet.variables.contains_key(*field));
            facts.extend(unnamed.map(|(_, host)| ("host".to_owned(), host.clone())));
            facts.extend(
                outlet
                    .program
                    .iter()
                    .map(|program| ("program".to_owned(), program.clone())),
            );
            if !outlet.to.is_empty() {
                facts.push(("to".to_owned(), outlet.to.join(", ")));
            }
            let names = if outlet.anonymous { "hidden" } else { "told" };
            facts.push(("names".to_owned(), names.to_owned()));
        }
        Err(problem) => facts.push(("-".to_owned(), problem.clone())),
    }
    let mut first = Some((one.name.to_owned(), Field::toned(text, tone)));
    facts
        .into_iter()
        .map(|(what, is)| {
            let (name, state) = first.take().unwrap_or((String::new(), Field::text("")));
            vec![
                Field::text(name),
                state,
                Field::toned(what, Tone::Faint),
                Field::text(is),
            ]
        })
        .collect()
}
