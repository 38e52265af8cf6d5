//! The life of every secret on one axis: its versions as bars, what overlaps, when it is due, and today.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono::Datelike;
use chrono::Months;
use chrono::NaiveDate;
use chrono::TimeDelta;
use chrono::Utc;
use maud::Markup;
use maud::html;

use crate::app::AuditReport;
use crate::app::AuditedSecret;
use crate::app::AuditedVersion;
use crate::app::State;
use crate::cli::formats::html::day;
use crate::cli::formats::html::distance;
use crate::cli::formats::html::look;
use crate::cli::formats::html::when;
use crate::secret::EnvironmentName;

/// The timelines, environment by environment; what is in order folds away.
pub(super) fn section(report: &AuditReport) -> Markup {
    let axis = Axis::of(report);
    html! {
        section id="timeline" aria-labelledby="timeline-title" {
            h2 id="timeline-title" { "Timeline" }
            ul.legend aria-label="Legend" {
                li { span.key.bar { } " in use" }
                li { span.key.former { } " former value" }
                li { span.key.overlap { } " former value still valid" }
                li { span.key.due { } " due" }
                li { span.key.today { } " today" }
            }
            @for environment in &report.environments {
                (of_environment(report, &axis, &environment.name))
            }
        }
    }
}

fn of_environment(report: &AuditReport, axis: &Axis, name: &EnvironmentName) -> Markup {
    let mut here: Vec<&AuditedSecret> = report
        .secrets
        .iter()
        .filter(|secret| secret.row.environment == *name && !secret.versions.is_empty())
        .collect();
    here.sort_by_key(|secret| {
        let ends = secret.row.due_at.into_iter().chain(secret.row.expires_at).min();
        (secret.row.state, ends, &secret.row.name)
    });
    let (fine, open): (Vec<&AuditedSecret>, Vec<&AuditedSecret>) =
        here.iter().partition(|secret| secret.row.state == State::Ok);
    html! {
        h3 id={ "timeline-" (name) } { (name) }
        @if here.is_empty() { p.faint { "No secret has a value here." } }
        @if !open.is_empty() { (table(report, axis, &open, &format!("timeline-{name}"))) }
        @if !fine.is_empty() {
            details open[open.is_empty() && fine.len() <= FEW] {
                summary id={ "timeline-fine-" (name) } { (fine.len()) " in order" }
                (table(report, axis, &fine, &format!("timeline-fine-{name}")))
            }
        }
    }
}

fn table(report: &AuditReport, axis: &Axis, secrets: &[&AuditedSecret], title: &str) -> Markup {
    html! {
        table.timeline aria-labelledby=(title) {
            thead { tr {
                th scope="col" { "Secret" }
                th.axis scope="col" {
                    span.hidden { "From " (day(axis.from)) " to " (day(axis.to)) }
                    span.ticks aria-hidden="true" {
                        @for (place, label) in axis.ticks() {
                            span style={ "left:" (percent(place)) "%" } { (label) }
                        }
                    }
                }
                th scope="col" { "Due" }
            } }
            tbody {
                @for secret in secrets {
                    tr {
                        th scope="row" title=(secret.row.name) { (secret.row.name) }
                        td.life { (life(report, axis, secret)) }
                        td.end { (end(report, secret)) }
                    }
                }
            }
        }
    }
}

/// The picture, and the same in words for those who do not see it.
fn life(report: &AuditReport, axis: &Axis, secret: &AuditedSecret) -> Markup {
    let (tone, _) = look(secret.row.state);
    let due = secret.row.due_at.into_iter().chain(secret.row.expires_at).min();
    let segments: Vec<Segment> = secret
        .versions
        .iter()
        .flat_map(|version| segments(version, report.at, axis))
        .collect();
    html! {
        svg viewBox="0 0 1000 16" preserveAspectRatio="none" role="img" aria-label=(told(secret, report.at)) {
            @for segment in &segments {
                rect class={ (segment.class) " " (tone) } x=(segment.from) width=(segment.width) y=(segment.top) height=(segment.height) {}
            }
            rect.today x=(axis.place(report.at).min(997)) width="2" y="0" height="16" {}
            @if let Some(due) = due {
                rect.due x=(axis.place(due).min(995)) width="5" y="1" height="14" {}
            }
        }
    }
}

fn told(secret: &AuditedSecret, now: DateTime<Utc>) -> String {
    let mut told = match secret.row.changed_at {
        Some(changed) => format!("changed {}", when(changed, now)),
        None => "nobody knows when it changed".to_owned(),
    };
    let former = secret
        .versions
        .iter()
        .filter(|version| version.replaced_at.is_some())
        .count();
    if former > 0 {
        let _ = write!(told, "; {former} earlier values");
    }
    if let Some(overlap) = secret.row.overlap_ends_at {
        let _ = write!(told, "; the former value is valid until {}", when(overlap, now));
    }
    told
}

fn end(report: &AuditReport, secret: &AuditedSecret) -> Markup {
    let end = secret.row.due_at.into_iter().chain(secret.row.expires_at).min();
    let (tone, sign) = look(secret.row.state);
    html! {
        span class=(tone) { span aria-hidden="true" { (sign) } " " span.hidden { (secret.row.state.name()) ", " } }
        @match end {
            Some(end) => {
                span.date { (end.format("%-d %b %Y")) ", " }
                (distance(end, report.at))
            }
            None if secret.row.changed_at.is_none() => { "age unknown" }
            None => { "no date" }
        }
    }
}

/// A piece of the picture, in thousandths of the axis and sixteenths of the height.
struct Segment {
    class: &'static str,
    from: u32,
    width: u32,
    top: u32,
    height: u32,
}

/// Returns when a version was in use, and when it was valid beside its successor.
fn segments(version: &AuditedVersion, now: DateTime<Utc>, axis: &Axis) -> Vec<Segment> {
    let mut segments = Vec::new();
    let from = version
        .changed_at
        .or(version.promoted_at)
        .unwrap_or(version.recorded_at);
    let to = version.replaced_at.unwrap_or(now).max(from);
    let piece = |class, (from, to), top, height| {
        let (from, to) = (axis.place(from), axis.place(to));
        Segment {
            class,
            from,
            width: to.saturating_sub(from).max(2),
            top,
            height,
        }
    };
    let class = match version.replaced_at {
        Some(_) => "former",
        None => "bar",
    };
    segments.push(piece(class, (from, to), 4, 8));
    if let (Some(replaced), Some(ends)) = (version.replaced_at, version.overlap_ends_at)
        && ends > replaced
    {
        segments.push(piece("overlap", (replaced, ends), 12, 3));
    }
    segments
}

/// The time that is shown.
struct Axis {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl Axis {
    /// Shows what there is, two years back and one ahead at most.
    fn of(report: &AuditReport) -> Self {
        let changed = report.secrets.iter().flat_map(|secret| {
            let versions = secret.versions.iter();
            versions.map(|version| version.changed_at.unwrap_or(version.recorded_at))
        });
        let due = report
            .secrets
            .iter()
            .flat_map(|secret| secret.row.due_at.into_iter().chain(secret.row.expires_at));
        let at = report.at;
        let (back, ahead) = (TimeDelta::days(731), TimeDelta::days(366));
        let month = TimeDelta::days(30);
        Self {
            from: changed.min().unwrap_or(at).clamp(at - back, at - month) - TimeDelta::days(3),
            to: due.max().unwrap_or(at).clamp(at + month, at + ahead) + TimeDelta::days(3),
        }
    }

    /// Returns where an instant is, in thousandths.
    fn place(&self, at: DateTime<Utc>) -> u32 {
        let whole = (self.to - self.from).num_minutes().max(1);
        let part = (at.clamp(self.from, self.to) - self.from).num_minutes();
        u32::try_from(part * 1_000 / whole).unwrap_or_default()
    }

    /// Returns the firsts of months to write beside the axis, few enough to be read.
    fn ticks(&self) -> Vec<(u32, String)> {
        let months = (self.to - self.from).num_days() / 30;
        let step = [1, 2, 3, 6, 12]
            .into_iter()
            .find(|step| months / i64::from(*step) <= 6);
        let step: u32 = step.unwrap_or(12);
        let start = NaiveDate::from_ymd_opt(self.from.year(), 1, 1);
        let days = std::iter::successors(start, |day| day.checked_add_months(Months::new(step)));
        let mut ticks = Vec::new();
        for first in days.take(200) {
            let Some(at) = first.and_hms_opt(0, 0, 0).map(|at| at.and_utc()) else {
                continue;
            };
            if at > self.to {
                break;
            }
            // A label at the very end would stand outside.
            let place = self.place(at);
            if at >= self.from && place <= 930 {
                let form = if first.month() == 1 { "%Y" } else { "%b" };
                ticks.push((place, first.format(form).to_string()));
            }
        }
        ticks
    }
}

fn percent(thousandths: u32) -> String {
    format!("{}.{}", thousandths / 10, thousandths % 10)
}

/// So many secrets in order need not fold away where nothing else is shown.
const FEW: usize = 12;
