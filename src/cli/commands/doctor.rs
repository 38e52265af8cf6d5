//! `mintage doctor`

use crate::adapters::IdentityFile;
use crate::adapters::IdentitySource;
use crate::adapters::KeychainKind;
use crate::adapters::OsKeychain;
use crate::adapters::SystemClock;
use crate::adapters::UserFiles;
use crate::adapters::kept_identity;
use crate::app;
use crate::app::AppError;
use crate::app::Condition;
use crate::app::DoctorReport;
use crate::app::IdentityPlace;
use crate::app::IdentityState;
use crate::app::Opening;
use crate::app::Remark;
use crate::app::Scene;
use crate::cli::context::Context;
use crate::cli::context::Project;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::hygiene;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::ports::Clock;
use crate::ports::Keychain;
use crate::ports::WorkingTree;

/// Look around for what would expose a value or close the store
///
/// Looks at identities, env files, shell histories and their settings, the repository, swap, core dumps, the clock,
/// the umask and the terminal, and changes nothing. Where an identity opens the store without a question, its
/// values are looked for in the histories: in plain, base64, hexadecimal and URL form. Lines are told by number,
/// never by text. Warnings and errors come with their cure and end with exit code 3.
#[derive(Clone, Debug, clap::Args)]
pub struct DoctorArgs {}

/// Looks and reports.
pub fn run(ui: &Ui, context: &Context, _: &DoctorArgs) -> Result<Exit, CliError> {
    let project = context.project_if_any()?;
    let tree = project
        .as_ref()
        .map(|project| context.working_tree(&project.root));
    let started = hygiene::started_with();
    let keychain = OsKeychain::new(KeychainKind::Session);
    let mut scene = Scene {
        machine: &UserFiles,
        project: None,
        home: context.config.home.clone(),
        variables: context.config.texts_of(VARIABLES),
        identities: identities(context, &keychain),
        keychain: keychain.probe(),
        opening: Opening::NoStore,
        stored: Vec::new(),
        last_entry: None,
        umask: started.map(|(umask, _)| umask),
        core_limit: started.map(|(_, cores)| cores),
        now: SystemClock.now(),
    };
    if let (Some(project), Some(tree)) = (&project, &tree) {
        scene.project = Some((&project.root, &project.policy, tree as &dyn WorkingTree));
        open(context, project, &mut scene);
    }
    let report = app::doctor(&scene);
    if ui.wants_json() {
        ui.document("doctor", &report)?;
    } else {
        print(ui, &report)?;
    }
    if report.summary.errors + report.summary.warnings > 0 {
        Ok(Exit::Findings)
    } else {
        Ok(Exit::Fine)
    }
}

/// Opens the store where that needs no question, and takes its values.
fn open(context: &Context, project: &Project, scene: &mut Scene<'_>) {
    let opened = context.with_store_unasked(project, |store| Ok(app::stored_values_of_all(store)?));
    scene.opening = match opened {
        Ok(Ok((stored, last_entry))) => {
            scene.stored = stored;
            scene.last_entry = last_entry;
            Opening::Opens
        }
        Ok(Err(AppError::NotInitialised)) => Opening::NoStore,
        Ok(Err(error)) => Opening::Closed(error.to_string()),
        Err(error) => Opening::Closed(error.message().to_owned()),
    };
}

fn identities(context: &Context, keychain: &dyn Keychain) -> Vec<IdentityPlace> {
    let mut sources = context.config.identity_sources(context.global.identity.as_ref());
    // One that cannot be read is told by the check of the keychain.
    sources.extend(kept_identity(keychain).ok().flatten());
    let places = sources.into_iter().map(|source| {
        let state = match IdentityFile::load(&source) {
            Ok(found) if found.is_empty() => IdentityState::Absent,
            Ok(found) if found.iter().any(|one| matches!(one, IdentityFile::Ready(_))) => {
                IdentityState::Ready
            }
            Ok(_) => IdentityState::Locked,
            Err(error) => IdentityState::Refused(error.to_string()),
        };
        match source {
            IdentitySource::File { path, .. } => IdentityPlace {
                label: path.display().to_string(),
                path: Some(path),
                state,
            },
            IdentitySource::Text { label, .. } => IdentityPlace {
                label: label.to_owned(),
                path: None,
                state,
            },
        }
    });
    places.collect()
}

fn print(ui: &Ui, report: &DoctorReport) -> Result<(), CliError> {
    let shown = |remark: &&Remark| !ui.is_quiet() || remark.condition >= Condition::Warning;
    let rows = report.remarks.iter().filter(shown).map(|remark| {
        let (word, tone) = match remark.condition {
            Condition::Ok => ("ok", Tone::Good),
            Condition::Note => ("note", Tone::Faint),
            Condition::Warning => ("warning", Tone::Warn),
            Condition::Error => ("error", Tone::Bad),
        };
        vec![
            Field::toned(word, tone),
            Field::text(remark.check),
            Field::text(remark.message.clone()),
        ]
    });
    let rows: Vec<Vec<Field>> = rows.collect();
    if !rows.is_empty() {
        ui.table(&["state", "check", "what"], rows)?;
    }
    let cured = report.remarks.iter().filter(shown);
    for remark in cured.filter(|remark| !remark.fix.is_empty()) {
        let subject = remark.file.as_ref();
        let subject = subject.map_or(String::new(), |file| format!(" {file}"));
        ui.out(&format!("\ncure of {}{subject}\n", remark.check))?;
        for line in &remark.fix {
            ui.out(&format!("  {line}\n"))?;
        }
    }
    Ok(())
}

/// The variables that checks look at.
const VARIABLES: &[&str] = &[
    "ASCIINEMA_REC",
    "ASCIINEMA_SESSION",
    "HISTCONTROL",
    "HISTFILE",
    "SCRIPT",
    "SHELL",
    "STY",
    "TMUX",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "ZDOTDIR",
];
