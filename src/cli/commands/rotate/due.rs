//! `mintage rotate --due`

use crate::app;
use crate::app::DuePlan;
use crate::app::DueReport;
use crate::app::Waiting;
use crate::cli::commands::create;
use crate::cli::commands::rotate;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::secret::EnvironmentName;

/// Does what a timer is to do, and reports the rest.
pub(super) fn run(ui: &Ui, context: &Context, place: (&Project, &EnvironmentName)) -> Result<Exit, CliError> {
    let report = rotate::told(ui, context, place, app::rotate_due)?;
    if ui.wants_json() {
        ui.document("rotate-due", &report)?;
    } else {
        print(ui, &report)?;
    }
    Ok(exit(&report))
}

/// Says what would be done.
pub(super) fn plan(
    ui: &Ui,
    context: &Context,
    (project, environment): (&Project, &EnvironmentName),
) -> Result<Exit, CliError> {
    let plan = context.with_ground(project, environment, &|_, _| {}, app::plan_due)?;
    if ui.wants_json() {
        ui.document("rotate-due-plan", &plan)?;
    } else {
        print_plan(ui, &plan)?;
    }
    let needs_somebody = plan.waiting.iter().any(|waiting| waiting.why.needs_somebody());
    Ok(if needs_somebody {
        Exit::Findings
    } else {
        Exit::Fine
    })
}

fn exit(report: &DueReport) -> Exit {
    if report.is_incomplete() {
        Exit::Incomplete
    } else if report.is_unreachable() {
        Exit::Unreachable
    } else if report.needs_somebody() {
        Exit::Findings
    } else {
        Exit::Fine
    }
}

fn print(ui: &Ui, report: &DueReport) -> Result<(), CliError> {
    let rotated = &report.rotated;
    if !rotated.undone.is_empty() {
        ui.status(&format!(
            "undone, the current value is in use everywhere: {}",
            rotate::joined(&rotated.undone)
        ));
    }
    if !rotated.secrets.is_empty() {
        ui.table(&create::HEADER, rotated.secrets.iter().map(create::row).collect())?;
    }
    for (secret, until) in rotated.secrets.iter().zip(&rotated.overlap_ends_at) {
        if let Some(until) = until {
            let until = dates::minute(*until);
            ui.status(&format!(
                "{}: the previous value stays valid until {until}",
                secret.name
            ));
        }
    }
    for one in &report.retired {
        ui.status(&format!(
            "{}: the overlap is over, and the former value is dropped",
            one.name
        ));
    }
    if !report.destroyed.is_empty() {
        ui.status(&format!(
            "{} former values that the policy does not keep are destroyed",
            report.destroyed.len()
        ));
    }
    print_waiting(ui, &report.waiting)?;
    for failure in &report.failures {
        let sink = failure
            .sink
            .as_ref()
            .map(|sink| format!(" in `{sink}`"))
            .unwrap_or_default();
        ui.warning(&format!("{}{sink}: {}", failure.name, failure.message));
    }
    if report.is_incomplete() {
        ui.hint("what stands half done goes on with the same values when the command runs again");
    }
    ui.status(&format!(
        "{} rotated, {} retired, {} waiting",
        rotated.secrets.len(),
        report.retired.len(),
        report.waiting.len()
    ));
    Ok(())
}

fn print_plan(ui: &Ui, plan: &DuePlan) -> Result<(), CliError> {
    for name in &plan.continues {
        ui.out(&format!("{name}: its open rotation goes on\n"))?;
    }
    for one in &plan.retires {
        ui.out(&format!(
            "{}: its overlap is over since {}, and the former value is dropped\n",
            one.name,
            dates::minute(one.overlap_ended_at)
        ))?;
    }
    rotate::print_planned(ui, &plan.secrets)?;
    print_waiting(ui, &plan.waiting)?;
    ui.status("nothing was changed: leave --dry-run out to do it");
    Ok(())
}

fn print_waiting(ui: &Ui, waiting: &[Waiting]) -> Result<(), CliError> {
    if waiting.is_empty() {
        return Ok(());
    }
    let rows = waiting.iter().map(|one| {
        let tone = if one.why.needs_somebody() {
            Tone::Warn
        } else {
            Tone::Faint
        };
        vec![
            Field::text(one.name.to_string()),
            Field::toned(one.why.name(), tone),
            Field::text(one.until.map_or_else(|| "-".to_owned(), dates::minute)),
            Field::text(one.message.clone()),
        ]
    });
    ui.table(&["waiting", "for", "until", "why"], rows.collect())?;
    for one in waiting {
        if let Some(fix) = &one.fix {
            ui.hint(&format!("{}: {fix}", one.name));
        }
    }
    Ok(())
}
