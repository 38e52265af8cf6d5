//! `mintage policy explain`

use serde::Serialize;

use crate::cli::commands::policy::unknown;
use crate::cli::context::Context;
use crate::cli::context::POLICY_FILE;
use crate::cli::context::read_policy_text;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::ExplainedField;
use crate::policy::Explanation;
use crate::policy::Policy;
use crate::policy::Written;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct ExplainArgs {
    /// The secret or variable
    name: SecretName,

    /// The environment (can be repeated); all unless given
    #[arg(short, long, value_name = "NAME")]
    env: Vec<EnvironmentName>,
}

#[derive(Serialize)]
struct Report<'a> {
    name: &'a str,
    environments: &'a [Explanation],
}

pub(super) fn run(ui: &Ui, context: &Context, args: &ExplainArgs) -> Result<Exit, CliError> {
    let text = read_policy_text(&context.policy_path()?, POLICY_FILE)?;
    let policy = Policy::parse(POLICY_FILE, &text)?;
    let wanted = context.environments(&policy, &args.env)?;
    let explanations: Vec<Explanation> = policy
        .environments()
        .filter(|environment| wanted.contains(environment.name()))
        .filter_map(|environment| policy.explain((POLICY_FILE, &text), &args.name, environment))
        .collect();
    if explanations.is_empty() {
        return Err(unknown(&policy, &args.name));
    }
    if ui.wants_json() {
        let report = Report {
            name: args.name.as_str(),
            environments: &explanations,
        };
        ui.document("policy-explain", &report)?;
        return Ok(Exit::Fine);
    }
    print(ui, &args.name, &explanations)?;
    Ok(Exit::Fine)
}

/// Prints each explanation once, under the names of all environments that share it.
fn print(ui: &Ui, name: &SecretName, explanations: &[Explanation]) -> Result<(), CliError> {
    let mut is_first = true;
    for (place, explanation) in explanations.iter().enumerate() {
        let same = |other: &&Explanation| other.says_the_same_as(explanation);
        if explanations[..place].iter().any(|other| same(&other)) {
            continue;
        }
        if !is_first {
            ui.out("\n")?;
        }
        is_first = false;
        let environments: Vec<&str> = explanations
            .iter()
            .filter(same)
            .map(|other| other.environment.as_str())
            .collect();
        ui.out(&format!("{name} in {}\n", environments.join(", ")))?;
        print_fields(ui, explanation)?;
        for mention in &explanation.named_by {
            ui.out(&format!(
                "named by {}  {}\n",
                mention.table,
                shown(&mention.location)
            ))?;
        }
    }
    Ok(())
}

fn print_fields(ui: &Ui, explanation: &Explanation) -> Result<(), CliError> {
    let rows = explanation.fields.iter().map(|field| {
        vec![
            Field::text(format!("  {}", field.field)),
            Field::text(value(field)),
            Field::text(field.because.clone()),
            Field::toned(
                field.location.as_ref().map_or_else(String::new, shown),
                Tone::Faint,
            ),
        ]
    });
    ui.table(&["  field", "value", "because of", "written at"], rows.collect())
}

fn value(field: &ExplainedField) -> String {
    match &field.instead_of {
        Some(below) => format!("{}, instead of {}", cut(&field.value), cut(below)),
        None => cut(&field.value),
    }
}

/// Cuts a long list or text; `--json` has it whole.
fn cut(value: &str) -> String {
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

fn shown(written: &Written) -> String {
    format!("{}:{}", written.file, written.line)
}

/// Most characters of a value in the table.
const LONGEST: usize = 96;
