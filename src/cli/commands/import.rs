//! `mintage import`

mod foreign;

use std::ffi::OsString;
use std::path::PathBuf;

use serde::Serialize;

use crate::app;
use crate::app::ImportFate;
use crate::app::ImportReport;
use crate::app::ImportRow;
use crate::app::ImportTerms;
use crate::app::Incoming;
use crate::cli::commands::import::foreign::Fetched;
use crate::cli::commands::import::foreign::Place;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::dates;
use crate::cli::dates::When;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::input;
use crate::cli::input::ValueSource;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::dotenv::EnvFile;
use crate::ports::Clock;
use crate::ports::Remainder;
use crate::scoring::Level;
use crate::secret::EnvironmentName;
use crate::secret::SecretName;

/// Bring existing values in
///
/// Takes one value from a pipe, a hidden prompt, a file, a variable or the clipboard, or every declared secret of an
/// env file, of this environment or of what another program keeps. Of a source with names of its own, db/password is
/// DB_PASSWORD, and so is acme/db-password; of entries with several lines, the first is taken unless --verbatim. Shows
/// what it takes without showing it, and where the values still are. A value of the wrong shape is refused unless
/// --force. Its age is what --created or the source says; otherwise it is unknown and counts as due.
#[derive(Clone, Debug, clap::Args)]
pub struct ImportArgs {
    /// The secret
    #[arg(required_unless_present_any = ["dotenv", "from", "process"])]
    name: Option<SecretName>,

    /// Not accepted: values never go into arguments
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    value: Vec<OsString>,

    /// The environment (or MINTAGE_ENV)
    #[arg(short, long, value_name = "NAME")]
    env: Option<EnvironmentName>,

    /// Env file to take every declared secret from
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "source", "from", "process"])]
    dotenv: Option<PathBuf>,

    /// What keeps the secrets: pass:FOLDER, gopass:, passage:, sops:FILE, kubernetes:FILE or docker:FILE (- is a pipe)
    #[arg(long, value_name = "SOURCE", value_parser = Place::parse, conflicts_with_all = ["name", "source", "process"])]
    from: Option<Place>,

    /// Take every declared secret of the environment of this process
    #[arg(long, conflicts_with_all = ["name", "source"])]
    process: bool,

    /// Which secret a name of the source stands for (can be repeated)
    #[arg(long, value_name = "OLD=NEW", value_parser = foreign::pair, conflicts_with_all = ["name", "source", "dotenv"])]
    map: Vec<(String, SecretName)>,

    /// When the value came into being: 2026-11-21
    #[arg(long, value_name = "DATE", value_parser = When::parse)]
    created: Option<When>,

    /// When it stops working by itself: 2026-11-21
    #[arg(long, value_name = "DATE", value_parser = When::parse)]
    expires: Option<When>,

    /// Take a value of the wrong shape too
    #[arg(long)]
    force: bool,

    /// Show what would be taken and take nothing
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    source: ValueSource,
}

/// Takes values in.
pub fn run(ui: &Ui, context: &Context, args: &ImportArgs) -> Result<Exit, CliError> {
    if !args.value.is_empty() {
        return Err(in_history());
    }
    let project = context.project()?;
    let environment = context.one_environment(args.env.as_ref())?;
    app::environment_of(&project.policy, &environment)?;
    let now = crate::adapters::SystemClock.now();
    let created = args.created.map(|when| when.start(now));
    if created.is_some_and(|created| created > now) {
        return Err(CliError::usage("--created lies in the future")
            .hint("say when the value was made: --created 2026-01-31"));
    }
    let terms = ImportTerms {
        created,
        expires: args.expires.map(|when| when.end(now)),
        force: args.force,
        dry_run: args.dry_run,
    };
    let mut fetched = Fetched::default();
    let incoming = match (&args.name, &args.dotenv) {
        _ if args.from.is_some() || args.process => {
            fetched = foreign::fetch(ui, context, &project, &environment, args)?;
            std::mem::take(&mut fetched.incoming)
        }
        (_, Some(path)) => from_env_file(ui, &project, &environment, path)?,
        (Some(name), None) => {
            app::secret_of(&project.policy, name, &environment)?;
            let value = args
                .source
                .read(context, &format!("Value of {name} in {environment}"))?;
            vec![Incoming {
                name: name.clone(),
                value,
                changed: None,
            }]
        }
        (None, None) => return Err(CliError::usage("missing: the secret's name, or --dotenv FILE")),
    };
    if !args.force {
        refuse_binary(&incoming)?;
    }
    let mut rng = context.rng()?;
    let report = context.with_world(&project, |world| {
        Ok(app::import(
            world,
            &project.policy,
            &environment,
            incoming,
            terms,
            &mut rng,
        )?)
    })?;
    fetched.remains.extend(plain_remains(context, &project, args));
    let told = Told {
        report: &report,
        left_out: &fetched.left_out,
        remains: &fetched.remains,
    };
    print(ui, &told, args)?;
    Ok(Exit::Fine)
}

/// Explains why a value in the arguments is refused, without repeating it.
fn in_history() -> CliError {
    CliError::usage("a value was given as an argument and is not taken: it is in the shell history now, and was in the list of processes")
        .in_state("nothing was changed")
        .hint("take it out of the history: `history -d` with its number in bash, or edit the history file while no shell runs")
        .hint("treat it as known to others: make a new one if you can")
        .hint("then leave the value out and be asked, pipe it in, or use --from-file FILE")
}

fn from_env_file(
    ui: &Ui,
    project: &Project,
    environment: &EnvironmentName,
    path: &std::path::Path,
) -> Result<Vec<Incoming>, CliError> {
    let content = input::read_file(path, MAX_ENV_FILE)?;
    let file = EnvFile::of(&content);
    let mut incoming = Vec::new();
    for name in project.policy.secret_names() {
        let declared = project.policy.secret(name, environment);
        if declared.is_none_or(|secret| secret.derivation().is_some()) {
            continue;
        }
        let Some(entry) = file.last(name.as_str()) else {
            continue;
        };
        let value = entry.value();
        if value.is_empty() {
            ui.warning(&format!(
                "{}:{}: `{name}` is empty and left out",
                path.display(),
                entry.line()
            ));
            continue;
        }
        incoming.push(Incoming {
            name: name.clone(),
            value: value.duplicate(),
            changed: None,
        });
    }
    if incoming.is_empty() {
        return Err(CliError::new(
            Exit::Failed,
            format!("`{}` holds no secret that the policy declares", path.display()),
        )
        .in_state("nothing was changed")
        .hint("see what the policy declares: mintage policy show"));
    }
    ui.status(&format!(
        "{} of the policy's secrets are in {}",
        incoming.len(),
        path.display()
    ));
    Ok(incoming)
}

fn refuse_binary(incoming: &[Incoming]) -> Result<(), CliError> {
    for Incoming { name, value, .. } in incoming {
        if !value.is_text() {
            return Err(CliError::new(
                Exit::Failed,
                format!("the value for `{name}` is refused: it is not UTF-8 text"),
            )
            .in_state("nothing was changed")
            .hint("encode it: base64 -w0 FILE | mintage import …")
            .hint("take it all the same: --force"));
        }
    }
    Ok(())
}

/// What is told of an import.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    report: &'a ImportReport,
    /// Names of the source that stand for no declared secret.
    left_out: &'a [String],
    /// Where the values still are.
    remains: &'a [Remainder],
}

/// Names what people left in files and variables, and what git remembers of the files.
fn plain_remains(context: &Context, project: &Project, args: &ImportArgs) -> Vec<Remainder> {
    let mut remains = Vec::new();
    if let Some(name) = &args.source.from_env {
        remains.push(Remainder {
            place: "the environment of this shell".to_owned(),
            cure: format!("unset {name}"),
        });
    }
    if args.source.clipboard {
        remains.push(Remainder {
            place: "the clipboard".to_owned(),
            cure: "copy something else".to_owned(),
        });
    }
    let named = args.dotenv.as_ref().or(args.source.from_file.as_ref());
    if let Some(path) = named.filter(|path| path.as_os_str() != "-") {
        remains.push(Remainder {
            place: format!("{}, in plaintext", path.display()),
            cure: format!("rm {} (and its copies)", path.display()),
        });
    }
    let of_source = args.from.as_ref().and_then(Place::plaintext);
    for path in [named.cloned(), of_source].into_iter().flatten() {
        remains.extend(foreign::in_git(context, project, &path));
    }
    remains
}

fn print(ui: &Ui, told: &Told<'_>, args: &ImportArgs) -> Result<(), CliError> {
    if ui.wants_json() {
        return ui.document("import", told);
    }
    let report = told.report;
    let rows = report.secrets.iter().map(|row| {
        let fate = match (row.fate, args.dry_run) {
            (ImportFate::Unchanged, _) => "unchanged",
            (ImportFate::Added, true) => "would be added",
            (ImportFate::Added, false) => "added",
            (ImportFate::Replaced, true) => "would replace the current value",
            (ImportFate::Replaced, false) => "replaced, the old value kept as previous",
        };
        let tone = match row.level {
            Level::High => Tone::Good,
            Level::Medium => Tone::Warn,
            Level::Low => Tone::Bad,
        };
        vec![
            Field::text(row.name.to_string()),
            Field::text(row.kind.clone()),
            Field::number(row.length),
            Field::toned(row.level.to_string(), tone),
            Field::text(row.changed_at.map_or("unknown".to_owned(), dates::day)),
            Field::text(row.fingerprint.clone()),
            Field::text(fate),
            Field::text(row.findings.join(", ")),
        ]
    });
    ui.table_without(
        &["fingerprint", "findings"],
        &[
            "name",
            "kind",
            "length",
            "level",
            "made",
            "fingerprint",
            "result",
            "findings",
        ],
        rows.collect(),
    )?;
    if !report.derived.is_empty() {
        let names: Vec<&str> = report.derived.iter().map(|one| one.name.as_str()).collect();
        let verb = if args.dry_run {
            "would be derived"
        } else {
            "derived"
        };
        ui.status(&format!("{verb} anew in the same commit: {}", names.join(", ")));
    }
    for row in &report.secrets {
        if let Some(mismatch) = &row.mismatch {
            ui.warning(&format!("{}: {mismatch}; taken because of --force", row.name));
        }
    }
    if !told.left_out.is_empty() {
        let shown = told.left_out.iter().take(MOST_NAMES).map(String::as_str);
        let more = match told.left_out.len().saturating_sub(MOST_NAMES) {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        ui.status(&format!(
            "left out, since no declared secret is called so: {}{more}",
            shown.collect::<Vec<_>>().join(", ")
        ));
    }
    let is_undated = |row: &ImportRow| row.fate != ImportFate::Unchanged && row.changed_at.is_none();
    if report.secrets.iter().any(is_undated) {
        ui.hint("the age of what was brought in is unknown and counts as due; say it with --created DATE");
    }
    for Remainder { place, cure } in told.remains {
        ui.hint(&format!("the value is still in {place}\n{cure}"));
    }
    Ok(())
}

/// Most names that are listed.
const MOST_NAMES: usize = 10;

/// Largest env file, in bytes.
const MAX_ENV_FILE: usize = 4 * 1_024 * 1_024;
