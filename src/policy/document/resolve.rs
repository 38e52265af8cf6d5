//! `extends`: a policy on top of a preset.

use crate::policy::document::Datum;
use crate::policy::document::Problems;
use crate::policy::document::Table;
use crate::policy::document::node::Place;
use crate::policy::errors::Excerpt;
use crate::policy::errors::PolicyErrorKind;

/// Where presets come from: a name to its text.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<&'static str>;

/// Reads `text` and puts it on top of the preset that it extends, which may extend another one.
///
/// The preset comes first, then the file entry by entry and field by field: a secret that the file declares
/// again overrides only the fields it sets. Lists of a field are replaced; `[[groups]]`, `[[implies]]`,
/// `[[notifiers]]`, `[[freezes]]` and `[[waivers]]` are appended to those of the preset.
pub(crate) fn resolve(
    file: &str,
    text: &str,
    presets: Lookup<'_>,
    known: &[&str],
    problems: &mut Problems,
) -> Option<Table> {
    let mut layers = vec![read(file, text, problems)?];
    let mut seen: Vec<String> = Vec::new();
    while let Some((place, name)) = layers.last().and_then(extended) {
        if seen.contains(&name) {
            let preset = Excerpt::new(&name);
            problems.add(&place, PolicyErrorKind::ExtendsCycle { preset });
            break;
        }
        let Some(text) = presets(&name) else {
            let kind = PolicyErrorKind::Unknown {
                what: "preset",
                found: Excerpt::new(&name),
            };
            problems.add_near(&place, kind, &name, known.iter().copied());
            break;
        };
        layers.push(read(&format!("policies/{name}.toml"), text, problems)?);
        seen.push(name);
    }
    let mut merged = layers.pop()?;
    while let Some(over) = layers.pop() {
        merged.overlay(over, true);
    }
    Some(merged)
}

fn read(file: &str, text: &str, problems: &mut Problems) -> Option<Table> {
    Table::parse(file, text)
        .map_err(|error| problems.note(error))
        .ok()
}

/// Returns the preset that `table` extends; a value of another type is reported where all fields are read.
fn extended(table: &Table) -> Option<(Place, String)> {
    let (_, node) = table.entry("extends")?;
    match &node.datum {
        Datum::Text(name) => Some((node.place.clone(), name.clone())),
        _ => None,
    }
}
