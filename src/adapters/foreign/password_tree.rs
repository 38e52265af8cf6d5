//! Trees of encrypted files, as pass and its relatives keep them. Their own programs decrypt.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use chrono::DateTime;
use chrono::Utc;

use crate::adapters::foreign::Desk;
use crate::adapters::foreign::Program;
use crate::adapters::foreign::instant;
use crate::ports::ForeignError;
use crate::ports::ForeignSource;
use crate::ports::Remainder;
use crate::secret::SecretValue;

/// Where a program keeps its tree.
#[derive(Clone, Copy)]
pub(super) struct Tree {
    /// The program, which shows an entry with `show NAME`.
    pub program: &'static str,
    /// The variable that names the tree.
    pub variable: &'static str,
    /// Where it is otherwise, below the home directory: the first that is there.
    pub homes: &'static [&'static str],
    /// How the names of its files end.
    pub extensions: &'static [&'static str],
}

/// An opened tree.
struct Opened {
    tree: Tree,
    program: Program,
    git: Option<Program>,
    root: PathBuf,
    folder: String,
    whole: bool,
}

impl Tree {
    /// Opens the part of the tree below `folder`; nothing stands for all of it.
    pub(super) fn open(self, folder: &str, desk: &Desk) -> Result<Box<dyn ForeignSource>, ForeignError> {
        let program = desk.program(self.program)?;
        let homes = self.homes.iter().map(|home| desk.home().join(home));
        let named = desk.variable(self.variable).map(PathBuf::from);
        let mut roots = named.into_iter().chain(homes);
        let folder = folder.trim_matches('/').to_owned();
        let is_inside = !Path::new(&folder)
            .components()
            .any(|part| part.as_os_str() == "..");
        let root = roots
            .find(|root| root.is_dir())
            .filter(|root| is_inside && root.join(&folder).is_dir())
            .ok_or_else(|| ForeignError::Absent(format!("{} {folder}", self.program)))?;
        Ok(Box::new(Opened {
            tree: self,
            program,
            git: desk.program("git").ok(),
            root,
            folder,
            whole: desk.whole,
        }))
    }
}

impl Opened {
    /// Returns the entry's name for its program.
    fn full(&self, name: &str) -> String {
        match self.folder.as_str() {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        }
    }
}

impl ForeignSource for Opened {
    fn names(&self) -> Result<Vec<String>, ForeignError> {
        let start = self.root.join(&self.folder);
        let (mut names, mut open) = (Vec::new(), vec![start.clone()]);
        while let Some(directory) = open.pop() {
            let unreadable = |error: std::io::Error| ForeignError::Unreadable {
                place: directory.display().to_string(),
                why: error.to_string(),
            };
            for entry in fs::read_dir(&directory).map_err(unreadable)? {
                let path = entry.map_err(unreadable)?.path();
                let is_hidden = path
                    .file_name()
                    .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
                if is_hidden {
                    continue;
                }
                if path.is_dir() {
                    open.push(path);
                    continue;
                }
                let ending = path.extension().and_then(|ending| ending.to_str());
                if !ending.is_some_and(|ending| self.tree.extensions.contains(&ending)) {
                    continue;
                }
                let inside = path.strip_prefix(&start).ok();
                let inside = inside.map(|inside| inside.with_extension(""));
                names.extend(inside.and_then(|inside| inside.to_str().map(str::to_owned)));
            }
        }
        names.sort();
        Ok(names)
    }

    fn value(&self, name: &str) -> Result<SecretValue, ForeignError> {
        let full = self.full(name);
        // A name that looks like an option would be taken for one.
        if full.starts_with('-') {
            return Err(ForeignError::Absent(full));
        }
        let shown = self.program.run(&["show", &full], &full)?;
        let text = shown.expose();
        let end = match text.iter().position(|byte| *byte == b'\n') {
            Some(end) if !self.whole => end,
            _ => text.strip_suffix(b"\n").unwrap_or(text).len(),
        };
        Ok(SecretValue::init_with(end, |copy| {
            copy.copy_from_slice(&text[..end])
        }))
    }

    fn changed(&self, name: &str) -> Option<DateTime<Utc>> {
        let root = self.root.to_str()?;
        let git = self.git.as_ref()?;
        self.tree.extensions.iter().find_map(|ending| {
            let file = format!("{}.{ending}", self.full(name));
            let arguments = [
                "-C",
                root,
                "--literal-pathspecs",
                "log",
                "-1",
                "--format=%cI",
                "--",
                &file,
            ];
            let said = git.run(&arguments, name).ok()?;
            instant(std::str::from_utf8(said.expose()).ok()?)
        })
    }

    fn remains(&self, names: &[String]) -> Vec<Remainder> {
        let program = self.tree.program;
        let names: Vec<String> = names.iter().map(|name| self.full(name)).collect();
        vec![Remainder {
            place: format!("{program}, encrypted, and in the past that its repository keeps"),
            cure: format!("{program} rm, for each of: {}", names.join(" ")),
        }]
    }
}
