//! Looking around for what would undo the silence of this program: one file per check.

mod clock;
mod cores;
mod env_files;
mod history;
mod history_values;
mod identity;
mod keychain;
mod remote;
mod scene;
mod shells;
mod swap;
mod terminal;
#[cfg(test)]
mod testing;
mod traces;
mod umask;

pub use scene::IdentityPlace;
pub use scene::IdentityState;
pub use scene::Opening;
pub use scene::Scene;
pub use scene::StoredValue;
pub use scene::stored_values_of_all;

use std::path::Path;

use serde::Serialize;

/// One thing to look at.
pub struct Checkup {
    /// What reports call it.
    pub name: &'static str,
    /// Looks, and says what is there: at least one remark.
    pub examine: fn(&Scene<'_>) -> Vec<Remark>,
}

/// Everything that is looked at, in the order of reports.
pub const CHECKUPS: &[Checkup] = &[
    identity::CHECKUP,
    keychain::CHECKUP,
    env_files::CHECKUP,
    history::CHECKUP,
    history_values::CHECKUP,
    remote::CHECKUP,
    swap::CHECKUP,
    cores::CHECKUP,
    clock::CHECKUP,
    umask::CHECKUP,
    terminal::CHECKUP,
];

/// How bad something is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    /// As it should be.
    Ok,
    /// Worth knowing; or it could not be found out.
    Note,
    /// Should be changed.
    Warning,
    /// A value is exposed, or the store cannot be used.
    Error,
}

/// What a check saw. It never holds a value, nor a line of a file that may hold one.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Remark {
    /// The check.
    pub check: &'static str,
    /// How bad it is.
    pub condition: Condition,
    /// What is there.
    pub message: String,
    /// The file that it is about.
    pub file: Option<String>,
    /// The lines of the file that it is about, from 1.
    pub lines: Vec<usize>,
    /// What cures it: commands, and at the end what no command does.
    pub fix: Vec<String>,
}

impl Remark {
    fn new(check: &'static str, condition: Condition, message: impl Into<String>) -> Self {
        Self {
            check,
            condition,
            message: message.into(),
            file: None,
            lines: Vec::new(),
            fix: Vec::new(),
        }
    }

    fn about(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    fn at(mut self, lines: Vec<usize>) -> Self {
        self.lines = lines;
        self
    }

    fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix.push(fix.into());
        self
    }
}

/// What all checks saw.
#[derive(Debug, Serialize)]
pub struct DoctorReport {
    /// The remarks, in the order of the checks.
    pub remarks: Vec<Remark>,
    /// How many there are of each.
    pub summary: Tally,
}

/// How many remarks there are of each condition but the best.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Tally {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

/// Looks at everything.
pub fn doctor(scene: &Scene<'_>) -> DoctorReport {
    let remarks: Vec<Remark> = CHECKUPS
        .iter()
        .flat_map(|checkup| (checkup.examine)(scene))
        .collect();
    let count = |condition| {
        let of_it = remarks.iter().filter(|remark| remark.condition == condition);
        of_it.count()
    };
    let summary = Tally {
        errors: count(Condition::Error),
        warnings: count(Condition::Warning),
        notes: count(Condition::Note),
    };
    DoctorReport { remarks, summary }
}

/// Writes a path as a person would type it into a shell.
fn typed(path: &Path, home: Option<&Path>) -> String {
    let (start, rest) = match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => ("~/", rest),
        None => ("", path),
    };
    format!("{start}{}", quoted(&rest.display().to_string()))
}

/// Puts a text into single quotes where a shell would not take it as one word.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+@%:,=".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Counts things in words.
fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_name_of_its_own_and_says_something() {
        let machine = testing::Files::default();
        let scene = testing::scene(&machine);

        let mut names: Vec<&str> = CHECKUPS.iter().map(|checkup| checkup.name).collect();
        for checkup in CHECKUPS {
            let remarks = (checkup.examine)(&scene);
            assert!(!remarks.is_empty(), "{}", checkup.name);
            for remark in remarks {
                assert_eq!(remark.check, checkup.name);
                let is_cured = !remark.fix.is_empty() || remark.condition < Condition::Warning;
                assert!(is_cured, "{}: {}", checkup.name, remark.message);
            }
        }
        names.dedup();
        assert_eq!(names.len(), CHECKUPS.len());
    }

    #[test]
    fn paths_are_written_so_that_a_shell_takes_them() {
        let home = Some(Path::new("/home/ana"));

        assert_eq!(
            typed(Path::new("/home/ana/.bash_history"), home),
            "~/.bash_history"
        );
        assert_eq!(typed(Path::new("/home/ana/my notes"), home), "~/'my notes'");
        assert_eq!(typed(Path::new("/etc/it's"), home), r"'/etc/it'\''s'");
    }
}
