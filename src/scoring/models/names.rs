//! Names that the author of a value had at hand: the variable's, the application's, the host's.

use crate::scoring::models::Arc;
use crate::scoring::models::Model;

/// Finds the names and their parts; upper and lower case are one.
pub(super) fn find(value: &[u8], names: &[&str], arcs: &mut Vec<Arc>) {
    for name in names {
        occurrences(value, name.as_bytes(), arcs);
        for part in parts(name).filter(|part| part.len() < name.len()) {
            occurrences(value, part.as_bytes(), arcs);
        }
    }
}

/// Returns whether a name or a part of one occurs in `value`.
pub(in crate::scoring) fn occur(value: &[u8], names: &[&str]) -> bool {
    names
        .iter()
        .flat_map(|name| parts(name))
        .any(|part| positions(value, part.as_bytes()).next().is_some())
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(['_', '-', '.', ' ', ':', '/'])
}

fn occurrences(value: &[u8], name: &[u8], arcs: &mut Vec<Arc>) {
    arcs.extend(positions(value, name).map(|start| Arc {
        start: start as u32,
        end: (start + name.len()) as u32,
        bits: BITS,
        model: Model::Name,
    }));
}

fn positions<'a>(value: &'a [u8], name: &'a [u8]) -> impl Iterator<Item = usize> {
    let windows = if name.len() < LEAST {
        [].windows(1)
    } else {
        value.windows(name.len())
    };
    windows
        .enumerate()
        .filter(|(_, window)| window.eq_ignore_ascii_case(name))
        .map(|(start, _)| start)
}

/// Shortest name that is looked for.
const LEAST: usize = 3;

/// A name of a dozen, in one of several spellings.
const BITS: f32 = 6.0;
