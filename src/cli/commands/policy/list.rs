//! `mintage policy list`

use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::table::Field;
use crate::cli::table::Tone;
use crate::cli::ui::Ui;
use crate::policy::COMMAND_RECIPES;
use crate::policy::kinds::FAMILIES;
use crate::policy::kinds::Family;
use crate::policy::nearest;
use crate::policy::presets;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct ListArgs {
    /// What to list: presets, kinds, recipes, or a family of kinds such as frameworks; presets and kinds unless given
    #[arg(value_name = "WHAT")]
    what: Option<String>,
}

/// What is listed.
#[derive(Serialize)]
struct Lists {
    presets: Vec<PresetLine>,
    kinds: Vec<KindLine>,
    recipes: Vec<RecipeLine>,
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

#[derive(Serialize)]
struct RecipeLine {
    name: &'static str,
    summary: &'static str,
    needs: Vec<&'static str>,
    takes: Vec<&'static str>,
}

pub(super) fn run(ui: &Ui, args: &ListArgs) -> Result<Exit, CliError> {
    let what = args.what.as_deref();
    let with_presets = matches!(what, None | Some("presets"));
    let families: Vec<&Family> = match what {
        None | Some("kinds") => FAMILIES.iter().collect(),
        Some("presets" | "recipes") => Vec::new(),
        Some(name) => vec![family(name)?],
    };
    if ui.wants_json() {
        ui.document("policy-list", &lists(what, with_presets, &families))?;
        return Ok(Exit::Fine);
    }
    if what == Some("recipes") {
        print_recipes(ui)?;
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
        let known: Vec<&str> = ["presets", "kinds", "recipes"]
            .into_iter()
            .chain(names())
            .collect();
        let error = CliError::usage("there is no list of this name")
            .hint(format!("the lists are: {}", known.join(", ")));
        match nearest(name, known) {
            Some(nearest) => error.hint(format!("did you mean `{nearest}`?")),
            None => error,
        }
    })
}

fn lists(what: Option<&str>, with_presets: bool, families: &[&Family]) -> Lists {
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
        recipes: match what {
            None | Some("recipes") => recipes().collect(),
            Some(_) => Vec::new(),
        },
    }
}

fn recipes() -> impl Iterator<Item = RecipeLine> {
    COMMAND_RECIPES.iter().map(|recipe| {
        let names = |is_needed: bool| {
            let parameters = recipe.parameters.iter();
            parameters
                .filter(|(_, default)| default.is_none() == is_needed)
                .map(|(name, _)| *name)
                .collect()
        };
        RecipeLine {
            name: recipe.name,
            summary: recipe.about,
            needs: names(true),
            takes: names(false),
        }
    })
}

fn print_recipes(ui: &Ui) -> Result<(), CliError> {
    let rows = recipes().map(|recipe| {
        vec![
            Field::text(recipe.name),
            Field::text(recipe.needs.join(", ")),
            Field::toned(recipe.takes.join(", "), Tone::Faint),
            Field::text(recipe.summary),
        ]
    });
    ui.table_without(
        &["takes"],
        &["recipe", "needs", "takes", "what it does"],
        rows.collect(),
    )?;
    ui.hint("use one: [sinks.NAME] type = \"command\", recipe = \"RECIPE\", with = { … }; then: mintage policy approve");
    Ok(())
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
