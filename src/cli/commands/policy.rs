//! `mintage policy`

mod approve;
mod explain;
mod list;
mod schema;

use std::path::PathBuf;

use serde::Serialize;

use crate::cli::commands::remind::Counts;
use crate::cli::context::Context;
use crate::cli::context::POLICY_FILE;
use crate::cli::context::read_policy_text;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::EnvironmentView;
use crate::policy::Finding;
use crate::policy::Location;
use crate::policy::Policy;
use crate::policy::PolicyError;
use crate::policy::PolicyView;
use crate::policy::Preset;
use crate::policy::SecretPolicyView;
use crate::policy::Severity;
use crate::policy::shown_bits;
use crate::policy::whole_bits;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Show presets, the policy and its mistakes
#[derive(Clone, Debug, clap::Args)]
pub struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum PolicyCommand {
    /// Allow the programs of command sinks to run on this machine, and notifiers to send
    Approve(approve::ApproveArgs),
    /// List the presets and the kinds
    List(list::ListArgs),
    /// Show what the policy comes to, with presets and overrides applied
    Show(ShowArgs),
    /// Tell where every rule about a secret or variable comes from
    Explain(explain::ExplainArgs),
    /// Find every mistake in a policy file
    Lint(LintArgs),
    /// Print the JSON Schema of policy files, for editors
    Schema,
}

#[derive(Clone, Debug, clap::Args)]
struct ShowArgs {
    /// The secret; all unless given
    name: Option<SecretName>,

    /// The environment (can be repeated); all unless given
    #[arg(short, long, value_name = "NAME")]
    env: Vec<EnvironmentName>,

    /// Preset to show in place of the project's policy, as the file that it is
    #[arg(long, value_name = "NAME", conflicts_with_all = ["name", "env"])]
    preset: Option<String>,
}

#[derive(Clone, Debug, clap::Args)]
struct LintArgs {
    /// The policy file; the project's unless given
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Runs one of the policy commands.
pub fn run(ui: &Ui, context: &Context, args: &PolicyArgs) -> Result<Exit, CliError> {
    match &args.command {
        PolicyCommand::Approve(args) => approve::run(ui, context, args),
        PolicyCommand::Explain(args) => explain::run(ui, context, args),
        PolicyCommand::Lint(args) => lint(ui, context, args),
        PolicyCommand::List(args) => list::run(ui, args),
        PolicyCommand::Schema => schema::run(ui),
        PolicyCommand::Show(args) => show(ui, context, args),
    }
}

fn show(ui: &Ui, context: &Context, args: &ShowArgs) -> Result<Exit, CliError> {
    if let Some(name) = &args.preset {
        let preset = Preset::find(name).ok_or_else(|| {
            CliError::new(Exit::Failed, "there is no preset of this name")
                .hint("see the presets: mintage policy list")
        })?;
        if ui.wants_json() {
            let policy = Policy::parse(preset.name, preset.text)?;
            ui.document("policy-show", &PolicyView::from(&policy))?;
        } else {
            ui.out(preset.text)?;
        }
        return Ok(Exit::Fine);
    }
    let project = context.project()?;
    let environments = context.environments(&project.policy, &args.env)?;
    let mut view = PolicyView::from(&project.policy);
    view.environments
        .retain(|one| environments.iter().any(|name| name.as_str() == one.name));
    if let Some(name) = &args.name {
        for environment in &mut view.environments {
            environment.secrets.retain(|secret| secret.name == name.as_str());
            environment
                .variables
                .retain(|variable| variable.name == name.as_str());
        }
        if view
            .environments
            .iter()
            .all(|one| one.secrets.is_empty() && one.variables.is_empty())
        {
            return Err(unknown(&project.policy, name));
        }
    }
    if ui.wants_json() {
        ui.document("policy-show", &view)?;
        return Ok(Exit::Fine);
    }
    for (index, environment) in view.environments.iter().enumerate() {
        if index > 0 {
            ui.out("\n")?;
        }
        print(ui, environment, args.name.is_some())?;
    }
    Ok(Exit::Fine)
}

fn unknown(policy: &Policy, name: &SecretName) -> CliError {
    let nearest = crate::policy::nearest(name.as_str(), policy.secret_names().map(SecretName::as_str));
    crate::app::AppError::SecretUnknown {
        name: name.clone(),
        nearest: nearest.map(str::to_owned),
    }
    .into()
}

fn print(ui: &Ui, environment: &EnvironmentView, in_full: bool) -> Result<(), CliError> {
    ui.out(&format!("{} (tier {})\n", environment.name, environment.tier))?;
    if in_full {
        for secret in &environment.secrets {
            print_secret(ui, secret)?;
        }
    } else {
        let rows = environment.secrets.iter().map(|secret| {
            vec![
                Field::text(format!("  {}", secret.name)),
                Field::text(secret.kind.clone()),
                Field::number(
                    secret
                        .bits
                        .map_or_else(|| "-".to_owned(), |bits| whole_bits(bits).to_string()),
                ),
                Field::text(secret.rotate_every.clone().unwrap_or_else(|| "-".to_owned())),
                Field::toned(secret.description.clone().unwrap_or_default(), Tone::Faint),
            ]
        });
        ui.table(
            &["  secret", "kind", "bits", "rotate every", "description"],
            rows.collect(),
        )?;
    }
    if environment.variables.is_empty() {
        return Ok(());
    }
    if !in_full {
        let count = environment.variables.len();
        return ui.out(&format!("  and {count} variables (see --json, or name one)\n"));
    }
    for variable in &environment.variables {
        let text = serde_json::to_string_pretty(variable).map_err(|_| CliError::internal("json"))?;
        ui.out(&format!("{text}\n"))?;
    }
    Ok(())
}

fn print_secret(ui: &Ui, secret: &SecretPolicyView) -> Result<(), CliError> {
    let dash = || "-".to_owned();
    let optional = |text: &Option<String>| text.clone().unwrap_or_else(dash);
    for (label, text) in [
        ("name", secret.name.clone()),
        ("kind", secret.kind.clone()),
        ("description", optional(&secret.description)),
        ("made of", secret.recipe.clone()),
        (
            "bits",
            secret
                .bits
                .map_or_else(dash, |bits| format!("at least {:.1}", shown_bits(bits))),
        ),
        ("redrawn", redraws(secret)),
        (
            "min length",
            secret.min_length.map_or_else(dash, |length| length.to_string()),
        ),
        ("rotate every", optional(&secret.rotate_every)),
        ("remind before", secret.remind_before.clone()),
        ("overlap", optional(&secret.overlap)),
        (
            "rotation",
            format!("{}: {}", secret.overlap_class, secret.consequence),
        ),
        ("keep previous", secret.keep_previous.to_string()),
        ("shape", secret.shape.map_or_else(dash, str::to_owned)),
        ("issuer", optional(&secret.issuer)),
        ("console", optional(&secret.console_url)),
        ("pattern", optional(&secret.pattern)),
        ("owner", optional(&secret.owner)),
        ("embed", embed(secret)),
        ("scanner", optional(&secret.scanner_regex)),
        (
            "sinks",
            if secret.sinks.is_empty() {
                dash()
            } else {
                secret.sinks.join(", ")
            },
        ),
    ] {
        ui.out(&format!("  {label:<14} {text}\n"))?;
    }
    Ok(())
}

/// Says what is drawn again and what that costs, which the bits count.
fn redraws(secret: &SecretPolicyView) -> String {
    if secret.redraws.is_empty() {
        "-".to_owned()
    } else {
        secret.redraws.join("; ")
    }
}

/// Says which consumers read a value as it is, and what that changed.
fn embed(secret: &SecretPolicyView) -> String {
    let names: Vec<_> = secret.embed.iter().map(|consumer| consumer.name()).collect();
    match &secret.embed_change {
        Some(change) => change.clone(),
        None if names.is_empty() => "-".to_owned(),
        None if secret.bits.is_none() => {
            format!("{}: not fitted, since nothing is drawn here", names.join(", "))
        }
        None => format!("{}: nothing had to change", names.join(", ")),
    }
}

fn lint(ui: &Ui, context: &Context, args: &LintArgs) -> Result<Exit, CliError> {
    let (path, shown) = match &args.file {
        Some(path) => (path.clone(), path.display().to_string()),
        None => (context.policy_path()?, POLICY_FILE.to_owned()),
    };
    let text = read_policy_text(&path, &shown)?;
    let parsed = Policy::parse(&shown, &text);
    if !ui.wants_json() {
        let policy = parsed?;
        for doubt in policy.doubts() {
            ui.out(&format!("{doubt}\n"))?;
        }
        ui.out(&format!(
            "{shown}: no mistakes in {} secrets and {} variables\n",
            policy.secret_names().count(),
            policy.variable_names().count()
        ))?;
        return Ok(Exit::Fine);
    }
    let findings: Vec<Finding> = match &parsed {
        Ok(policy) => policy
            .doubts()
            .iter()
            .map(|doubt| finding(doubt, "undeclared-name", Severity::Warning))
            .collect(),
        Err(errors) => errors
            .iter()
            .map(|error| finding(error, "policy-mistake", Severity::Error))
            .collect(),
    };
    let policy = parsed.as_ref().ok();
    ui.document(
        "policy-lint",
        &Verdict {
            file: shown,
            secrets: policy.map_or(0, |policy| policy.secret_names().count()),
            variables: policy.map_or(0, |policy| policy.variable_names().count()),
            summary: Counts::of(findings.iter()),
            findings,
        },
    )?;
    Ok(if policy.is_some() {
        Exit::Fine
    } else {
        Exit::Failed
    })
}

#[derive(Serialize)]
struct Verdict {
    file: String,
    secrets: usize,
    variables: usize,
    findings: Vec<Finding>,
    summary: Counts,
}

/// Returns a mistake or a doubt as a finding.
fn finding(error: &PolicyError, rule: &'static str, severity: Severity) -> Finding {
    Finding {
        rule,
        severity,
        environment: None,
        name: None,
        location: Some(Location {
            file: error.file.clone(),
            line: error.line,
        }),
        message: error.kind.to_string(),
        fix: error
            .hint
            .clone()
            .unwrap_or_else(|| "mend the line, then run: mintage policy lint".to_owned()),
    }
}
