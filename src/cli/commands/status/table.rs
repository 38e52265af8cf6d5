//! What a status looks like.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;

use crate::app::SortKey;
use crate::app::State;
use crate::app::StatusRow;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::secret::EnvironmentName;

/// Prints rows: on a terminal under their environments, elsewhere so that every line says where it belongs.
pub(super) fn print(ui: &Ui, rows: &[StatusRow], order: SortKey, at: DateTime<Utc>) -> Result<(), CliError> {
    if ui.is_quiet() || rows.is_empty() {
        return Ok(());
    }
    let is_grouped = ui.is_on_terminal() && order == SortKey::Environment;
    let mut header = vec!["environment", "name", "kind", "age", "changed", "due", "state"];
    let mut lines = Vec::new();
    if is_grouped {
        header.remove(0);
        for group in rows.chunk_by(|one, next| one.environment == next.environment) {
            lines.extend(under_heading(group, at));
        }
    } else {
        lines.extend(rows.iter().map(|row| cells(row, at)));
    }
    ui.table_without(&["changed", "kind", "age"], &header, lines)?;
    ui.out("\n")
}

/// Lays out the rows of an environment under its name.
fn under_heading(group: &[StatusRow], at: DateTime<Utc>) -> Vec<Vec<Field>> {
    let name = group.first().map(|row| row.environment.to_string());
    let mut heading = vec![Field::text(name.unwrap_or_default())];
    heading.resize_with(6, || Field::text(""));
    let rows = group.iter().map(|row| {
        let mut cells = cells(row, at);
        cells.remove(0);
        if let Some(name) = cells.first_mut() {
            *name = Field::text(format!("  {}", row.name));
        }
        cells
    });
    std::iter::once(heading).chain(rows).collect()
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
pub(super) fn next_steps(ui: &Ui, rows: &[StatusRow], at: DateTime<Utc>) {
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
fn tone(state: State) -> Tone {
    match state {
        State::DueSoon | State::Missing | State::Overlap | State::Rotating | State::Unrevoked => Tone::Warn,
        State::Ok => Tone::Good,
        State::Compromised | State::Overdue | State::UnknownAge => Tone::Bad,
    }
}

/// Counts rows by their states.
pub(super) fn summary(rows: &[StatusRow]) -> String {
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
