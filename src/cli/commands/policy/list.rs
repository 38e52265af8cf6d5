//! `mintage policy list`

use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::kinds::FAMILIES;
use crate::policy::kinds::Family;
use crate::policy::nearest;
use crate::policy::presets;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct ListArgs {
    /// What to list: presets, kinds, or a family of kinds such as frameworks; presets and kinds unless given
    #[arg(value_name = "WHAT")]
    what: Option<String>,
}

/// What is listed.
#[derive(Serialize)]
struct Lists {
    presets: Vec<PresetLine>,
    kinds: Vec<KindLine>,
}

#[derive(Serialize)]
struct PresetLine {
    name: &'static str,
    summary: &'static str,
}

#[derive(Serialize)]
struct KindLine {
    name: &'static str,
    family: &'static str,
    summary: &'static str,
}

pub(super) fn run(ui: &Ui, args: &ListArgs) -> Result<Exit, CliError> {
    let what = args.what.as_deref();
    let with_presets = matches!(what, None | Some("presets"));
    let families: Vec<&Family> = match what {
        None | Some("kinds") => FAMILIES.iter().collect(),
        Some("presets") => Vec::new(),
        Some(name) => vec![family(name)?],
    };
    if ui.wants_json() {
        ui.document("policy-list", &lists(with_presets, &families))?;
        return Ok(Exit::Fine);
    }
    if with_presets {
        print_presets(ui)?;
    }
    match families.as_slice() {
        [] => {}
        [family] if what == Some(family.name) => print_family(ui, family)?,
        families => {
            if with_presets {
                ui.out("\n")?;
            }
            print_kinds(ui, families)?;
        }
    }
    Ok(Exit::Fine)
}

fn family(name: &str) -> Result<&'static Family, CliError> {
    let names = || FAMILIES.iter().map(|family| family.name);
    FAMILIES.iter().find(|family| family.name == name).ok_or_else(|| {
        let known: Vec<&str> = ["presets", "kinds"].into_iter().chain(names()).collect();
        let error = CliError::usage("there is no list of this name")
            .hint(format!("the lists are: {}", known.join(", ")));
        match nearest(name, known) {
            Some(nearest) => error.hint(format!("did you mean `{nearest}`?")),
            None => error,
        }
    })
}

fn lists(with_presets: bool, families: &[&Family]) -> Lists {
    let presets = presets().iter().filter(|_| with_presets);
    let kinds = families.iter().flat_map(|family| {
        family.kinds.iter().map(|kind| KindLine {
            name: kind.name,
            family: family.name,
            summary: kind.summary,
        })
    });
    Lists {
        presets: presets
            .map(|preset| PresetLine {
                name: preset.name,
                summary: preset.summary,
            })
            .collect(),
        kinds: kinds.collect(),
    }
}

fn print_presets(ui: &Ui) -> Result<(), CliError> {
    let rows = presets()
        .iter()
        .map(|preset| vec![Field::text(preset.name), Field::text(preset.summary)]);
    ui.table(&["preset", "for"], rows.collect())?;
    ui.hint("start from one: mintage init --policy PRESET, or read it: mintage policy show --preset PRESET");
    Ok(())
}

/// Prints the names of all kinds, few enough lines for one screen.
fn print_kinds(ui: &Ui, families: &[&Family]) -> Result<(), CliError> {
    let rows = families.iter().map(|family| {
        let names: Vec<&str> = family.kinds.iter().map(|kind| kind.name).collect();
        vec![
            Field::text(family.name),
            Field::text(names.join(", ")),
            Field::toned(family.about, Tone::Faint),
        ]
    });
    ui.table_without(&["they"], &["family", "kinds", "they"], rows.collect())?;
    ui.hint("what they are: mintage policy list FAMILY, or mintage generate KIND --explain");
    Ok(())
}

fn print_family(ui: &Ui, family: &Family) -> Result<(), CliError> {
    let rows = family
        .kinds
        .iter()
        .map(|kind| vec![Field::text(kind.name), Field::text(kind.summary)]);
    ui.table(&["kind", "what it is"], rows.collect())
}
