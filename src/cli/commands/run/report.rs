//! What `mintage run` says.

use std::collections::BTreeSet;
use std::ffi::OsString;

use serde::Serialize;

use crate::app::Handed;
use crate::app::Handout;
use crate::app::Source;
use crate::cli::commands::remind::Counts;
use crate::cli::config::OPENERS;
use crate::cli::dates;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::Finding;
use crate::policy::Severity;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Says what forbids to hand the values out.
pub(super) fn forbidden(environment: &EnvironmentName, handout: &Handout) -> CliError {
    let errors = handout
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<&Finding> = errors.collect();
    let message = match errors.len() {
        1 => format!("{environment} is not fit to run: 1 finding"),
        count => format!("{environment} is not fit to run: {count} findings"),
    };
    let mut shown = CliError::new(Exit::Findings, message)
        .in_state("nothing was run, and no value left the store")
        .causes_from(errors.iter().map(|finding| line(finding)).collect());
    let mut fixes: Vec<&str> = Vec::new();
    for finding in &errors {
        if !fixes.contains(&finding.fix.as_str()) {
            fixes.push(&finding.fix);
        }
    }
    for fix in fixes {
        shown = shown.hint(fix);
    }
    shown.hint("or run it all the same: --no-check")
}

/// Warns, and tells the details where they are asked for.
pub(super) fn tell(ui: &Ui, handout: &Handout, inherited: &[(OsString, OsString)]) {
    for finding in &handout.findings {
        ui.warning(&line(finding));
        ui.hint(&finding.fix);
    }
    for one in &handout.handed {
        let beside = if is_set(inherited, &one.variable) {
            ", in place of what the environment has"
        } else {
            ""
        };
        let origin = match origin(one) {
            origin if origin == one.variable.as_str() => String::new(),
            origin => format!(" from {origin}"),
        };
        ui.detail(&format!("{}: set{origin}{beside}", one.variable));
    }
    for name in &handout.unset {
        ui.detail(&format!("{name}: not set, it has no value"));
    }
}

/// Tells what would be set.
pub(super) fn rehearsal(
    ui: &Ui,
    environment: &EnvironmentName,
    handout: &Handout,
    inherited: &[(OsString, OsString)],
) -> Result<Exit, CliError> {
    if ui.wants_json() {
        ui.document("run", &Report::new(environment, handout, inherited))?;
    } else {
        print(ui, handout, inherited)?;
    }
    Ok(if handout.is_forbidden() {
        Exit::Findings
    } else {
        Exit::Fine
    })
}

#[derive(Serialize)]
struct Report<'a> {
    environment: &'a EnvironmentName,
    variables: Vec<Row<'a>>,
    unset: &'a [SecretName],
    passed_on: BTreeSet<String>,
    withheld: &'static [&'static str],
    findings: &'a [Finding],
    summary: Counts,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    handed: &'a Handed,
    replaces: bool,
}

impl<'a> Report<'a> {
    fn new(
        environment: &'a EnvironmentName,
        handout: &'a Handout,
        inherited: &[(OsString, OsString)],
    ) -> Self {
        let row = |handed: &'a Handed| Row {
            handed,
            replaces: is_set(inherited, &handed.variable),
        };
        let is_replaced = |name: &OsString| handout.handed.iter().any(|one| name == one.variable.as_str());
        Self {
            environment,
            variables: handout.handed.iter().map(row).collect(),
            unset: &handout.unset,
            passed_on: inherited
                .iter()
                .filter(|(name, _)| !is_replaced(name))
                .map(|(name, _)| name.to_string_lossy().into_owned())
                .collect(),
            withheld: OPENERS,
            findings: &handout.findings,
            summary: Counts::of(handout.findings.iter()),
        }
    }
}

fn print(ui: &Ui, handout: &Handout, inherited: &[(OsString, OsString)]) -> Result<(), CliError> {
    let rows = handout.handed.iter().map(|one| {
        let beside = if is_set(inherited, &one.variable) {
            "replaces what the environment has"
        } else {
            ""
        };
        vec![
            Field::text(one.variable.to_string()),
            Field::text(origin(one)),
            Field::toned(one.fingerprint.clone(), Tone::Faint),
            Field::toned(beside, Tone::Warn),
        ]
    });
    if !handout.handed.is_empty() {
        ui.table_without(
            &["fingerprint"],
            &["variable", "comes from", "fingerprint", "note"],
            rows.collect(),
        )?;
        ui.out("\n")?;
    }
    for finding in &handout.findings {
        ui.out(&format!("{}\n    {}\n", line(finding), finding.fix))?;
    }
    let counted = match handout.handed.len() {
        1 => "1 variable".to_owned(),
        count => format!("{count} variables"),
    };
    let unset = match handout.unset.len() {
        0 => String::new(),
        count => format!(", {count} without a value"),
    };
    ui.out(&format!("{counted} would be set{unset}; nothing was run\n"))
}

/// Says where a value comes from.
fn origin(one: &Handed) -> String {
    let roots: Vec<&str> = one.roots.iter().map(SecretName::as_str).collect();
    match (one.source, one.valid_until) {
        (Source::Former, Some(until)) => {
            format!(
                "the former value of {}, valid until {}",
                one.secret,
                dates::day(until)
            )
        }
        (Source::Former, None) => format!("the former value of {}", one.secret),
        (Source::Derived, _) => format!("{}, derived from {}", one.secret, roots.join(", ")),
        (Source::Stored, _) => one.secret.to_string(),
    }
}

fn line(finding: &Finding) -> String {
    let name = finding.name.as_deref().unwrap_or_default();
    format!("{name}: {} [{}]", finding.message, finding.rule)
}

fn is_set(inherited: &[(OsString, OsString)], variable: &SecretName) -> bool {
    inherited.iter().any(|(name, _)| name == variable.as_str())
}
