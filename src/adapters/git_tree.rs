//! The files of a project, and the git program.

#![expect(clippy::disallowed_methods, reason = "the one place that runs git")]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use crate::contract::GitState;
use crate::contract::Repository;
use crate::ports::StorageError;
use crate::ports::WorkingTree;

/// A directory that may be in a git repository.
///
/// Git runs with a small environment, and with everything switched off by which the
/// settings of a repository could run other programs.
#[derive(Clone, Debug)]
pub struct GitTree {
    root: PathBuf,
    environment: Vec<(&'static str, OsString)>,
}

impl GitTree {
    /// Looks at the directory `root`; `environment` is all that git gets to see of the environment.
    pub fn new(root: PathBuf, environment: Vec<(&'static str, OsString)>) -> Self {
        Self { root, environment }
    }

    /// Runs git on `input` and returns its exit code and standard output; `None` when it cannot be run at all.
    fn git(&self, args: &[&str], input: &[u8]) -> Option<(i32, Vec<u8>)> {
        let mut child = Command::new("git")
            .arg("-C")
            .arg(&self.root)
            .args(["--no-pager", "--no-optional-locks"])
            .args(["-c", "core.fsmonitor=false", "-c", "log.showSignature=false"])
            .args(args)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (*name, value)))
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        if let Some(mut stdin) = child.stdin.take() {
            // Git that does not read says so by its exit code. A list of paths fits into the pipe.
            let _ = stdin.write_all(input);
        }
        let output = child.wait_with_output().ok()?;
        Some((output.status.code()?, output.stdout))
    }

    /// Returns the paths that an answer of git names, separated by NUL; `None` when it failed.
    fn named((code, stdout): (i32, Vec<u8>), fine: &[i32]) -> Option<BTreeSet<String>> {
        let names = stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let names = names.map(|name| String::from_utf8_lossy(name).into_owned());
        fine.contains(&code).then(|| names.collect())
    }

    fn states(&self, paths: &[&String]) -> Option<Vec<GitState>> {
        let texts: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
        let with_paths =
            |args: &[&str]| self.git(&[&["--literal-pathspecs"], args, &["--"], &texts].concat(), b"");
        let all = texts.join("\0");
        // 1 says that nothing is ignored.
        let ignored = self.git(&["check-ignore", "--no-index", "-z", "--stdin"], all.as_bytes())?;
        let ignored = Self::named(ignored, &[0, 1])?;
        let tracked = Self::named(with_paths(&["ls-files", "-z"])?, &[0])?;
        // Without `--full-history`, a file that was added and removed on a merged branch would go unseen.
        let added = with_paths(&[
            "log",
            "--all",
            "--full-history",
            "--diff-filter=A",
            "--no-renames",
            "--relative",
            "--name-only",
            "--format=",
            "-z",
        ])?;
        let added = Self::named(added, &[0])?;
        let state = |path: &&str| GitState {
            ignored: ignored.contains(*path),
            tracked: tracked.contains(*path),
            committed: added.contains(*path),
        };
        Some(texts.iter().map(state).collect())
    }
}

impl WorkingTree for GitTree {
    fn env_files(&self) -> Result<Vec<String>, StorageError> {
        let failed = |source| StorageError::Io {
            action: "list",
            path: self.root.display().to_string(),
            source,
        };
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.root).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let is_env_file = name == ".env" || name.starts_with(".env.") || name.ends_with(".env");
            if is_env_file && !is_directory {
                found.push(name);
            }
        }
        found.sort();
        Ok(found)
    }

    fn mode(&self, path: &str) -> Result<Option<u32>, StorageError> {
        match fs::metadata(self.root.join(path)) {
            Ok(metadata) => Ok(Some(metadata.permissions().mode() & 0o777)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StorageError::Io {
                action: "look at",
                path: path.to_owned(),
                source,
            }),
        }
    }

    fn git(&self, paths: &[String]) -> (Repository, Vec<Option<GitState>>) {
        let nothing = vec![None; paths.len()];
        let question = ["rev-parse", "--is-inside-work-tree"];
        match Self::git(self, &question, b"") {
            Some((0, answer)) if answer == b"true\n" => {}
            // One that git refuses, as that of another user, is not the same as none.
            Some(_) if !self.root.ancestors().any(|parent| parent.join(".git").exists()) => {
                return (Repository::Absent, nothing);
            }
            _ => return (Repository::Unreadable, nothing),
        }
        let shallow = Self::git(self, &["rev-parse", "--is-shallow-repository"], b"")
            .is_some_and(|(_, answer)| answer == b"true\n");
        // Paths outside of the project are none of the repository's; git would refuse the whole question.
        let inside: Vec<&String> = paths.iter().filter(|path| is_below(path)).collect();
        let states = if inside.is_empty() {
            Some(Vec::new())
        } else {
            self.states(&inside)
        };
        let Some(states) = states else {
            return (Repository::Unreadable, nothing);
        };
        let mut states = states.into_iter();
        let states = paths
            .iter()
            .map(|path| if is_below(path) { states.next() } else { None })
            .collect();
        let repository = if shallow {
            Repository::Shallow
        } else {
            Repository::Whole
        };
        (repository, states)
    }

    fn remotes(&self) -> Vec<(String, String)> {
        let settings = ["config", "--local", "-z", "--get-regexp", r"^remote\..*\.url$"];
        let Some((0, answer)) = Self::git(self, &settings, b"") else {
            return Vec::new();
        };
        let entries = answer.split(|byte| *byte == 0);
        entries
            .filter_map(|entry| {
                let entry = std::str::from_utf8(entry).ok()?;
                let (key, address) = entry.split_once('\n')?;
                let name = key.strip_prefix("remote.")?.strip_suffix(".url")?;
                Some((name.to_owned(), address.to_owned()))
            })
            .collect()
    }
}

fn is_below(path: &str) -> bool {
    let path = Path::new(path);
    path.is_relative() && !path.components().any(|part| part == Component::ParentDir)
}
