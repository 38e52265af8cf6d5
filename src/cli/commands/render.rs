//! `mintage render`

use std::path::Path;
use std::path::PathBuf;

use clap::builder::PossibleValue;
use serde::Serialize;

use crate::adapters::Access;
use crate::adapters::create_new_file;
use crate::adapters::replace_file;
use crate::app;
use crate::app::RenderReport;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::contract::Repository;
use crate::dotenv::Dialect;
use crate::dotenv::Form;
use crate::ports::WorkingTree;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Write the values of an environment in a dialect
///
/// Written are the current secrets, derived ones among them, former values whose overlap runs, and variables that the
/// policy fixes or makes with a template. The text is read back in the dialect before it counts, and what the dialect
/// cannot hold is refused. The audit log records every secret before anything is written; when it cannot, nothing is.
#[derive(Clone, Debug, clap::Args)]
pub struct RenderArgs {
    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,

    /// Who reads it: dotenv, docker, compose, systemd, shell, json, k8s, node, python
    #[arg(long, value_enum, value_name = "DIALECT", hide_possible_values = true)]
    dialect: Form,

    /// New file for it, mode 0600, which git has to ignore; standard output unless given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Take the place of a file that is there
    #[arg(long, requires = "out")]
    replace: bool,

    /// Write these only
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<SecretName>,
}

impl clap::ValueEnum for Form {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// Writes the values.
pub fn run(ui: &Ui, context: &Context, args: &RenderArgs) -> Result<Exit, CliError> {
    if ui.wants_json() && args.out.is_none() {
        return Err(CliError::usage(
            "`--json` reports on a file and holds no value: there is no file without `--out`",
        )
        .hint("write a file: --out FILE")
        .hint("for the values themselves as JSON: --dialect json"));
    }
    let project = context.project()?;
    let environment = context.one_environment(args.env.as_ref())?;
    if let Some(path) = &args.out {
        check_target(context, path, args.replace)?;
    }
    let report = context.with_world(&project, |world| {
        Ok(app::render(
            world,
            &project.policy,
            &environment,
            args.dialect,
            &args.only,
        )?)
    })?;
    for name in &report.missing {
        ui.warning(&format!("{name} has no value in {environment} and is left out"));
    }
    match &args.out {
        Some(path) => to_file(ui, context, args, path, &report)?,
        None => {
            if ui.is_on_terminal() {
                ui.warning(
                    "the values stay in this terminal's scrollback; --out FILE or a pipe would not show them",
                );
            }
            ui.value(&report.text)?;
        }
    }
    if args.dialect == Form::Kubernetes {
        ui.hint("`kubectl apply` copies the values into an annotation; this does not: kubectl apply --server-side -f FILE");
    }
    Ok(Exit::Fine)
}

/// Refuses a place for values before any value is read: a file that is there, and one that could get into git.
fn check_target(context: &Context, path: &Path, replace: bool) -> Result<(), CliError> {
    let shown = path.display();
    let refuse = |message: String, hint: String| {
        Err(CliError::new(Exit::Failed, message)
            .in_state("nothing was written")
            .hint(hint))
    };
    let name = path.file_name().and_then(|name| name.to_str());
    let Some(name) = name.filter(|_| !path.is_dir()) else {
        let message = format!("`{shown}` is no name for a file");
        return refuse(message, "name a file: --out FILE".to_owned());
    };
    if !replace && path.symlink_metadata().is_ok() {
        let message = format!("`{shown}` is there already");
        return refuse(message, "to put the values in its place: --replace".to_owned());
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    let (repository, states) = context.working_tree(&directory).git(&[name.to_owned()]);
    match (repository, states.into_iter().next().flatten()) {
        (Repository::Absent, _) => Ok(()),
        (_, Some(state)) if state.tracked => refuse(
            format!("git tracks `{shown}`: the values would be committed"),
            format!("take it out of git and ignore it: git rm --cached {shown}"),
        ),
        (_, Some(state)) if state.ignored => Ok(()),
        (_, Some(_)) => refuse(
            format!("git does not ignore `{shown}`: the values could be committed"),
            format!(
                "ignore it first: echo '/{name}' >> {}",
                directory.join(".gitignore").display()
            ),
        ),
        (_, None) => refuse(
            format!("git does not say whether it ignores `{shown}`"),
            "see what is wrong: git status; or name a file outside of the repository".to_owned(),
        ),
    }
}

fn to_file(
    ui: &Ui,
    context: &Context,
    args: &RenderArgs,
    path: &Path,
    report: &RenderReport,
) -> Result<(), CliError> {
    #[derive(Serialize)]
    struct Document<'a> {
        #[serde(flatten)]
        report: &'a RenderReport,
        file: String,
    }
    let write = if args.replace {
        replace_file
    } else {
        create_new_file
    };
    write(path, report.text.expose(), Access::Owner, &mut context.rng()?)?;
    if ui.wants_json() {
        let file = path.display().to_string();
        return ui.document("render", &Document { report, file });
    }
    ui.status(&format!(
        "wrote    {}: {} and {} for {}, mode 0600",
        path.display(),
        counted(report.secrets.len(), "secret"),
        counted(report.variables.len(), "variable"),
        args.dialect.reader()
    ));
    if let Form::Env(Dialect::Docker) = args.dialect {
        ui.detail(
            "docker run keeps quotes and `#` as parts of the value, so there are none around the values",
        );
    }
    Ok(())
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}
