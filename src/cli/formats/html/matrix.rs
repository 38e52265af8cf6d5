//! Every secret in every environment, by its state.

use std::collections::BTreeMap;

use maud::Markup;
use maud::html;

use crate::app::AuditReport;
use crate::app::AuditedSecret;
use crate::app::State;
use crate::cli::formats::html::badge;
use crate::cli::formats::html::look;
use crate::secret::SecretName;

/// One secret in the environments that have it, in their order.
type Row<'a> = (&'a SecretName, Vec<Option<&'a AuditedSecret>>);

/// The matrix; secrets of which everything is in order fold away.
pub(super) fn section(report: &AuditReport) -> Markup {
    let rows = rows(report);
    let is_fine = |(_, cells): &&Row<'_>| {
        let mut states = cells.iter().flatten().map(|secret| secret.row.state);
        states.all(|state| matches!(state, State::Ok | State::Missing))
    };
    let (fine, open): (Vec<&Row<'_>>, Vec<&Row<'_>>) = rows.iter().partition(is_fine);
    html! {
        section id="matrix" aria-labelledby="matrix-title" {
            h2 id="matrix-title" { "Environments" }
            @if !open.is_empty() { (table(report, &open, "Secrets that need a look, by environment")) }
            @if !fine.is_empty() {
                details {
                    summary { (fine.len()) " secrets in order everywhere" }
                    (table(report, &fine, "Secrets in order, by environment"))
                }
            }
        }
    }
}

fn table(report: &AuditReport, rows: &[&Row<'_>], caption: &str) -> Markup {
    html! {
        div.scrolls tabindex="0" {
            table.matrix {
                caption.hidden { (caption) }
                thead { tr {
                    th scope="col" { "Secret" }
                    @for environment in &report.environments {
                        th scope="col" { (environment.name) }
                    }
                } }
                tbody {
                    @for (name, cells) in rows {
                        tr {
                            th scope="row" title=(name) { (name) }
                            @for cell in cells { td { (state(*cell)) } }
                        }
                    }
                }
            }
        }
    }
}

fn state(secret: Option<&AuditedSecret>) -> Markup {
    let Some(secret) = secret else {
        return html! { span.faint { "–" span.hidden { "not here" } } };
    };
    let (tone, sign) = look(secret.row.state);
    let age = secret.row.age_days.map(|days| format!("{days} d"));
    html! {
        (badge(tone, sign, secret.row.state.name()))
        @if let Some(age) = age { " " span.faint { (age) } }
    }
}

/// Returns the secrets with the worst first.
fn rows(report: &AuditReport) -> Vec<Row<'_>> {
    let mut by_name: BTreeMap<&SecretName, Vec<Option<&AuditedSecret>>> = BTreeMap::new();
    for secret in &report.secrets {
        let environments = &report.environments;
        let cells = by_name.entry(&secret.row.name);
        let cells = cells.or_insert_with(|| vec![None; environments.len()]);
        let place = environments
            .iter()
            .position(|one| one.name == secret.row.environment);
        if let Some(cell) = place.and_then(|place| cells.get_mut(place)) {
            *cell = Some(secret);
        }
    }
    let mut rows: Vec<Row<'_>> = by_name.into_iter().collect();
    rows.sort_by_key(|(name, cells)| (cells.iter().flatten().map(|secret| secret.row.state).min(), *name));
    rows
}
