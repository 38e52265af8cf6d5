//! Finding the programs that a policy names, and what else decides what they do.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::fs::MetadataExt;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use ring::digest;

use crate::adapters::durable;
use crate::policy::CommandTarget;
use crate::policy::Verb;
use crate::ports::Failure;
use crate::ports::Runnable;
use crate::ports::RunnableCommand;
use crate::ports::SinkError;

/// Finds along `path` every program that a sink runs, as it would be approved now.
///
/// A program or file inside of the project is pinned by its content: a pull can change it. One outside of it is
/// pinned by its place alone, since updates of the system change it and a pull does not.
///
/// # Errors
///
/// When a program is not there, or others than its owner and the user may change it.
pub fn survey(target: &CommandTarget, root: &Path, path: &OsStr) -> Result<Runnable, SinkError> {
    survey_with(target, root, |_, word| find(word, root, path))
}

/// Looks again at what was approved: its programs stay where they were found, whatever the search path is now.
pub(super) fn resurvey(
    target: &CommandTarget,
    root: &Path,
    approved: &Runnable,
) -> Result<Runnable, SinkError> {
    survey_with(target, root, |verb, word| {
        let before = approved.commands.get(&verb);
        match before.filter(|before| before.words.first().is_some_and(|first| first == word)) {
            Some(before) => Ok(PathBuf::from(&before.program)),
            // It differs already; where it is does not matter any more.
            None => Ok(PathBuf::from(word)),
        }
    })
}

fn survey_with(
    target: &CommandTarget,
    root: &Path,
    locate: impl Fn(Verb, &str) -> Result<PathBuf, SinkError>,
) -> Result<Runnable, SinkError> {
    let mut runnable = Runnable {
        commands: BTreeMap::new(),
        stdin: target.stdin(),
        env: target.env().to_vec(),
        files: BTreeMap::new(),
    };
    for (verb, words) in target.commands() {
        let Some(word) = words.first() else {
            continue;
        };
        let program = locate(verb, word)?;
        runnable.files.extend(pinned(&program, root)?);
        for argument in &words[1..] {
            for named in names_in(argument) {
                runnable.files.extend(pinned(&root.join(named), root)?);
            }
        }
        let program = program
            .to_str()
            .ok_or_else(|| refused(format!("the path of `{word}` is no UTF-8 text")))?;
        let command = RunnableCommand {
            program: program.to_owned(),
            words: words.to_vec(),
        };
        runnable.commands.insert(verb, command);
    }
    Ok(runnable)
}

/// Returns the place of a program as an absolute path. Places that depend on the current directory do not count.
fn find(word: &str, root: &Path, path: &OsStr) -> Result<PathBuf, SinkError> {
    let found = if word.contains('/') {
        let place = root.join(word);
        let place = std::path::absolute(&place).unwrap_or(place);
        Some(place).filter(|place| is_program(place))
    } else {
        search_path(path)
            .into_iter()
            .map(|directory| directory.join(word))
            .find(|place| is_program(place))
    };
    let found = found.ok_or_else(|| refused(format!("there is no program `{word}`")))?;
    check_owner(&found)?;
    Ok(found)
}

/// Returns the search path of the programs that are run: without places that depend on the current directory, and
/// without those in the project, which is the current directory and where a pull can put programs.
pub(super) fn search_path_beside(path: &OsStr, root: &Path) -> Vec<PathBuf> {
    let mut directories = search_path(path);
    directories.retain(|directory| !is_below(directory, root));
    directories
}

/// Finds a program of the system along `path`; one that somebody else could replace does not count.
pub(super) fn locate(word: &str, path: &OsStr) -> Option<PathBuf> {
    let places = search_path(path).into_iter();
    let mut places = places.map(|directory| directory.join(word));
    places.find(|place| is_program(place) && check_owner(place).is_ok())
}

/// Returns the absolute directories of a search path, in order.
fn search_path(path: &OsStr) -> Vec<PathBuf> {
    std::env::split_paths(path)
        .filter(|directory| directory.is_absolute())
        .collect()
}

fn is_program(place: &Path) -> bool {
    std::fs::metadata(place).is_ok_and(|metadata| metadata.is_file() && metadata.mode() & 0o111 != 0)
}

/// Refuses a program that somebody else could replace under the approval.
pub(super) fn check_owner(program: &Path) -> Result<(), SinkError> {
    let shown = program.display();
    let metadata = std::fs::metadata(program)
        .map_err(|_| refused(format!("the program `{shown}` is not there any more")))?;
    if metadata.mode() & 0o002 != 0 {
        return Err(refused(format!(
            "everybody may change the program `{shown}`: chmod o-w {shown}"
        )));
    }
    let user = rustix::process::getuid().as_raw();
    if metadata.uid() != 0 && metadata.uid() != user {
        return Err(refused(format!(
            "the program `{shown}` belongs to another user, who could change it"
        )));
    }
    Ok(())
}

/// Refuses an argument that names a file of the project which was not approved, such as one that the name of a
/// secret picks.
pub(super) fn check_pinned(
    argument: &str,
    root: &Path,
    approved: &BTreeMap<String, String>,
) -> Result<(), SinkError> {
    for named in names_in(argument) {
        let Some((shown, digest)) = pinned(&root.join(named), root)? else {
            continue;
        };
        if approved.get(&shown) != Some(&digest) {
            return Err(refused(format!(
                "`{shown}` is a file of the project that nobody approved: name it in full in the policy"
            )));
        }
    }
    Ok(())
}

/// Returns what of an argument may be the name of a file: all of it, and what stands behind the `=` of an option.
fn names_in(argument: &str) -> [&str; 2] {
    [argument, argument.rsplit('=').next().unwrap_or(argument)]
}

/// Returns the path and the SHA-256 of a file of the project; `None` for everything else.
///
/// # Errors
///
/// When a link of the project leads to a file elsewhere: a pull can make it lead to another one.
fn pinned(place: &Path, root: &Path) -> Result<Option<(String, String)>, SinkError> {
    let Some(inside) = inside(place, root) else {
        if place.is_file() && passes_link(place, root) {
            let shown = place.display();
            return Err(refused(format!(
                "`{shown}` is reached through a link of the project, which a pull can change: name its place"
            )));
        }
        return Ok(None);
    };
    let shown = inside.to_string_lossy().into_owned();
    let bytes = durable::read_capped(&root.join(&inside), MAX_PINNED)
        .map_err(|error| refused(format!("`{shown}` cannot be pinned: {error}")))?;
    Ok(bytes.map(|bytes| {
        let digest = digest::digest(&digest::SHA256, &bytes);
        (shown, hex::encode(digest.as_ref()))
    }))
}

/// Returns whether a path goes through a symbolic link that lies in the project.
fn passes_link(place: &Path, root: &Path) -> bool {
    let is_link_here = |part: &Path| {
        part.symlink_metadata()
            .is_ok_and(|metadata| metadata.is_symlink())
            && part.parent().is_some_and(|parent| is_below(parent, root))
    };
    place.ancestors().any(is_link_here)
}

/// Returns whether a directory is the project or in it, links followed.
fn is_below(directory: &Path, root: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    real(directory)
        .zip(real(root))
        .is_some_and(|(directory, root)| directory.starts_with(root))
}

/// Returns the path in the project of a regular file that lies in it, links followed.
fn inside(place: &Path, root: &Path) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let place = place.canonicalize().ok()?;
    let inside = place.strip_prefix(&root).ok()?;
    let is_plain = inside
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    (is_plain && place.is_file()).then(|| inside.to_owned())
}

fn refused(what: String) -> SinkError {
    SinkError::new(Failure::Unauthorised, what)
}

/// Largest file of the project that is pinned, in bytes.
const MAX_PINNED: u64 = 256 * 1_024 * 1_024;
