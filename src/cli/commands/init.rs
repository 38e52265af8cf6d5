//! `mintage init`

mod recipients;

use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

use crate::adapters::Access;
use crate::adapters::create_new_file;
use crate::adapters::read_capped;
use crate::adapters::replace_file;
use crate::app;
use crate::app::AppError;
use crate::cli::commands::init::recipients::Own;
use crate::cli::commands::init::recipients::given_recipients;
use crate::cli::commands::init::recipients::own_identity;
use crate::cli::commands::init::recipients::own_identity_in_keychain;
use crate::cli::commands::init::recipients::recipients;
use crate::cli::context::Context;
use crate::cli::context::POLICY_FILE;
use crate::cli::context::Project;
use crate::cli::context::STORE_DIR;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::input;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::dotenv;
use crate::dotenv::EnvFile;
use crate::dotenv::Proposal;
use crate::dotenv::ProposedRole;
use crate::ledger::NamedRecipient;
use crate::policy::FileRule;
use crate::policy::Policy;
use crate::policy::Preset;
use crate::policy::nearest;
use crate::policy::presets;

/// Set a project up: policy, store, identity, ignore rules
///
/// The policy comes from a preset or file (--policy), or is inferred from env files and their examples (--from,
/// or those in the directory). Nothing is ever overwritten: what is there is kept and used.
#[derive(Clone, Debug, clap::Args)]
pub struct InitArgs {
    /// Preset or policy file to start from (see `mintage policy list`)
    #[arg(long, value_name = "PRESET|FILE")]
    policy: Option<String>,

    /// Env file or example to infer the policy from (can be repeated)
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "policy")]
    from: Vec<PathBuf>,

    /// Public key that can decrypt too, as [NAME=]age1… or [NAME=]ssh-… (can be repeated)
    #[arg(long, value_name = "R", num_args = 1..)]
    recipient: Vec<String>,

    /// Keep the identity that decrypts in the keychain, not in a file
    #[arg(long)]
    keychain_identity: bool,

    /// Show what would be done and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// Where the text of the policy comes from.
enum Source {
    /// It is there already.
    Existing,
    /// A preset or a file.
    Given(String),
    /// Inferred.
    Inferred(String),
}

/// Sets a project up.
pub fn run(ui: &Ui, context: &Context, args: &InitArgs) -> Result<Exit, CliError> {
    let root = context.start_directory()?;
    if !root.is_dir() {
        return Err(CliError::new(
            Exit::Failed,
            format!("`{}` is no directory", root.display()),
        ));
    }
    app::check_vacant(&context.storage(&root)?)?;
    let source = policy_text(ui, &root, args)?;
    let policy = match &source {
        Source::Existing => crate::cli::context::read_policy(&root.join(POLICY_FILE), POLICY_FILE)?,
        Source::Given(text) | Source::Inferred(text) => Policy::parse(POLICY_FILE, text)?,
    };
    let given = given_recipients(&args.recipient)?;
    let own = if args.keychain_identity {
        own_identity_in_keychain()?
    } else {
        own_identity(context)?
    };
    if args.dry_run {
        dry_run(ui, &policy, &source, &own, &given);
        return Ok(Exit::Fine);
    }
    let recipients = recipients(ui, context, own, given)?;
    match &source {
        Source::Existing => ui.status(&format!("kept     {POLICY_FILE}, which is there already")),
        Source::Given(text) | Source::Inferred(text) => {
            create_new_file(
                &root.join(POLICY_FILE),
                text.as_bytes(),
                Access::Everyone,
                &mut context.rng()?,
            )?;
            ui.status(&format!(
                "wrote    {POLICY_FILE}: {} secrets, {} variables",
                policy.secret_names().count(),
                policy.variable_names().count()
            ));
        }
    }
    ignore_env_files(ui, context, &root, &policy)?;
    let has_one = recipients.len() == 1;
    let mut rng = context.rng()?;
    let project = Project {
        root: root.clone(),
        policy: policy.clone(),
    };
    context.with_world(&project, |world| Ok(app::init(world, recipients, &mut rng)?))?;
    ui.status(&format!(
        "wrote    {STORE_DIR}/: ciphertext and value-free metadata, safe to commit"
    ));
    if has_one {
        ui.warning("one identity alone can decrypt: when it is lost, every value is lost");
        ui.hint("keep a copy of it offline, or set up with a second, offline key: mintage init --recipient recovery=age1…");
    }
    let environment = policy
        .environments()
        .next()
        .map_or("production", |one| one.name().as_str());
    ui.hint(&format!(
        "mint every secret: mintage create --all -e {environment}"
    ));
    Ok(Exit::Fine)
}

fn policy_text(ui: &Ui, root: &Path, args: &InitArgs) -> Result<Source, CliError> {
    if root.join(POLICY_FILE).exists() {
        return Ok(Source::Existing);
    }
    if let Some(name) = &args.policy {
        return given_policy(name).map(Source::Given);
    }
    let files = if args.from.is_empty() {
        env_files_in(root)
    } else {
        args.from.clone()
    };
    if files.is_empty() {
        return Err(AppError::NoPolicyToStartFrom.into());
    }
    infer(ui, root, &files).map(Source::Inferred)
}

fn given_policy(name: &str) -> Result<String, CliError> {
    if let Some(preset) = Preset::find(name) {
        return Ok(preset.text.to_owned());
    }
    let path = Path::new(name);
    if let Some(mut bytes) = read_capped(path, MAX_ENV_FILE as u64)? {
        return String::from_utf8(std::mem::take(&mut *bytes))
            .map_err(|_| CliError::new(Exit::Failed, format!("`{name}` is not UTF-8 text")));
    }
    let error = CliError::new(Exit::Failed, format!("`{name}` is neither a preset nor a file"))
        .in_state("nothing was changed")
        .hint("see the presets: mintage policy list");
    Err(match nearest(name, presets().iter().map(|preset| preset.name)) {
        Some(nearest) => error.hint(format!("did you mean `{nearest}`?")),
        None => error,
    })
}

/// Finds examples and env files, examples first: they say more about what a variable is.
fn env_files_in(root: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            path.is_file() && (name.starts_with(".env") || name.ends_with(".env.example"))
        })
        .collect();
    found.sort_by_key(|path| (!is_example(path), path.clone()));
    found
}

fn is_example(path: &Path) -> bool {
    let name = path.to_string_lossy();
    ["example", "sample", "template"]
        .iter()
        .any(|word| name.ends_with(word))
}

fn infer(ui: &Ui, root: &Path, files: &[PathBuf]) -> Result<String, CliError> {
    let mut proposals: Vec<Proposal> = Vec::new();
    for path in files {
        let content = input::read_file(path, MAX_ENV_FILE)?;
        let file = EnvFile::of(&content);
        for problem in file.problems() {
            ui.detail(&format!("{}:{}: {}", path.display(), problem.line, problem.kind));
        }
        for found in dotenv::infer(&file) {
            if !proposals.iter().any(|known| known.name == found.name) {
                proposals.push(found);
            }
        }
    }
    if proposals.is_empty() {
        return Err(
            CliError::new(Exit::Failed, "no variables were found in the files to start from")
                .in_state("nothing was changed"),
        );
    }
    table(ui, &proposals)?;
    let name = project_name(root);
    let first = files
        .first()
        .and_then(|path| path.file_name())
        .map(|name| name.to_string_lossy());
    Ok(dotenv::to_policy(&name, first.as_deref(), &proposals))
}

fn table(ui: &Ui, proposals: &[Proposal]) -> Result<(), CliError> {
    let rows = proposals.iter().map(|found| {
        let tone = match found.role {
            ProposedRole::Secret => Tone::Good,
            ProposedRole::CredentialUrl | ProposedRole::Issued => Tone::Warn,
            ProposedRole::Public | ProposedRole::Variable => Tone::Faint,
        };
        vec![
            Field::text(found.name.clone()),
            Field::toned(found.role.name(), tone),
            Field::text(found.kind.unwrap_or("-")),
            Field::text(found.why.clone()),
        ]
    });
    ui.table(&["variable", "role", "kind", "why"], rows.collect())
}

/// Returns the directory's name, as far as it can name a policy.
fn project_name(root: &Path) -> String {
    let absolute = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let name = absolute
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character
            } else {
                '-'
            }
        })
        .collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() {
        "app".to_owned()
    } else {
        plain.to_owned()
    }
}

/// Makes sure that git ignores plaintext env files, examples excepted, and every other file that the policy says so of.
fn ignore_env_files(ui: &Ui, context: &Context, root: &Path, policy: &Policy) -> Result<(), CliError> {
    let path = root.join(".gitignore");
    let old = read_capped(&path, MAX_ENV_FILE as u64)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&old).into_owned();
    let mut rules: Vec<String> = [
        ".env",
        ".env.*",
        "!.env*.example",
        "!.env*.sample",
        "!.env*.template",
    ]
    .map(str::to_owned)
    .into();
    let environments = policy.environments();
    let env_files = environments.filter_map(|environment| environment.env_file());
    let others = policy
        .files()
        .iter()
        .filter(|file| file.git_ignored() == Some(true));
    let files: BTreeSet<&str> = env_files.chain(others.map(FileRule::path)).collect();
    let covered = |file: &&str| file.starts_with(".env");
    rules.extend(
        files
            .into_iter()
            .filter(|file| !covered(file))
            .map(|file| format!("/{file}")),
    );
    rules.retain(|rule| !text.lines().any(|line| line.trim() == rule));
    if rules.is_empty() {
        return Ok(());
    }
    let mut new = text.clone();
    if !new.is_empty() && !new.ends_with('\n') {
        new.push('\n');
    }
    new.push_str("# Plaintext env files never belong into git; their examples do.\n");
    for rule in &rules {
        new.push_str(rule);
        new.push('\n');
    }
    replace_file(&path, new.as_bytes(), Access::Everyone, &mut context.rng()?)?;
    ui.status("wrote    .gitignore: plaintext env files are ignored, their examples are not");
    Ok(())
}

fn dry_run(ui: &Ui, policy: &Policy, source: &Source, own: &Own, given: &[NamedRecipient]) {
    match source {
        Source::Existing => ui.status(&format!("would keep  {POLICY_FILE}")),
        Source::Given(_) | Source::Inferred(_) => ui.status(&format!(
            "would write {POLICY_FILE}: {} secrets, {} variables",
            policy.secret_names().count(),
            policy.variable_names().count()
        )),
    }
    match own {
        Own::Existing(_) | Own::Unknown => ui.status("would keep  the identity that is there"),
        Own::NewInKeychain => ui.status("would keep  a new identity in the keychain"),
        Own::New(path) => ui.status(&format!("would write {}, a new identity", path.display())),
    }
    ui.status(&format!(
        "would write .gitignore and {STORE_DIR}/ for {} further recipients",
        given.len()
    ));
}

/// Largest env or policy file, in bytes.
const MAX_ENV_FILE: usize = 4 * 1_024 * 1_024;
