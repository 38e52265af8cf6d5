//! Plaintext env files of the project: git does not take them, and others do not read them.

use crate::app;
use crate::app::doctor::Checkup;
use crate::app::doctor::Condition;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;
use crate::app::doctor::counted;
use crate::app::doctor::quoted;
use crate::contract::FileFacts;
use crate::contract::Repository;

/// Looks at every env file of the project.
pub(super) const CHECKUP: Checkup = Checkup { name: NAME, examine };

const NAME: &str = "env-files";

fn examine(scene: &Scene<'_>) -> Vec<Remark> {
    let Some((_, policy, tree)) = scene.project else {
        return vec![Remark::new(NAME, Condition::Ok, "no project here")];
    };
    let (repository, files) = match app::look_at_files(tree, policy, None) {
        Ok(found) => found,
        Err(error) => {
            return vec![
                Remark::new(
                    NAME,
                    Condition::Note,
                    format!("they could not be looked at: {error}"),
                )
                .fix("mintage check -e ENVIRONMENT says more"),
            ];
        }
    };
    let there: Vec<&FileFacts> = files.iter().filter(|file| file.mode.is_some()).collect();
    let mut remarks: Vec<Remark> = there.iter().flat_map(|file| of_file(file, repository)).collect();
    if repository == Repository::Unreadable {
        remarks.push(
            Remark::new(
                NAME,
                Condition::Note,
                "git does not answer here, so nobody knows what it takes",
            )
            .fix("git status"),
        );
    }
    if remarks.is_empty() {
        let message = match there.len() {
            0 => "no plaintext env file lies in the project".to_owned(),
            count => format!(
                "{}: ignored by git, for their owner alone",
                counted(count, "file", "files")
            ),
        };
        remarks.push(Remark::new(NAME, Condition::Ok, message));
    }
    remarks
}

fn of_file(file: &FileFacts, repository: Repository) -> Vec<Remark> {
    let path = quoted(&file.path);
    let mut remarks = Vec::new();
    let mut add = |condition, message: String, fix: &[String]| {
        let mut remark = Remark::new(NAME, condition, message).about(&file.path);
        remark.fix = fix.to_vec();
        remarks.push(remark);
    };
    if let Some(mode) = file.mode.filter(|mode| mode & 0o077 != 0) {
        add(
            Condition::Warning,
            format!("{} is open to other users: mode {mode:04o}", file.path),
            &[format!("chmod 600 {path}")],
        );
    }
    let Some(git) = file.git.filter(|_| repository != Repository::Absent) else {
        return remarks;
    };
    let ignore = format!(
        "printf '%s\\n' {} >> .gitignore",
        quoted(&format!("/{}", file.path))
    );
    if git.tracked {
        add(
            Condition::Error,
            format!("{} is tracked by git", file.path),
            &[
                format!("git rm --cached {path}"),
                ignore,
                "its values are known to whoever has the repository: rotate them with --reason compromise"
                    .to_owned(),
            ],
        );
    } else if git.committed {
        add(
            Condition::Error,
            format!(
                "{} was committed once and is still in the history of git",
                file.path
            ),
            &[
                "its values are known to whoever has the repository: rotate them with --reason compromise"
                    .to_owned(),
            ],
        );
    } else if !git.ignored {
        add(
            Condition::Warning,
            format!("{} is not ignored: `git add .` would take it", file.path),
            &[ignore],
        );
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::testing::worst;
    use crate::contract::Concern;
    use crate::contract::GitState;

    fn file(mode: u32, git: GitState) -> FileFacts {
        FileFacts {
            path: ".env".to_owned(),
            concern: Concern::Stray,
            mode: Some(mode),
            git: Some(git),
        }
    }

    const IGNORED: GitState = GitState {
        ignored: true,
        tracked: false,
        committed: false,
    };

    #[test]
    fn a_private_file_that_is_ignored_is_right() {
        assert!(of_file(&file(0o600, IGNORED), Repository::Whole).is_empty());
    }

    #[test]
    fn everything_else_is_told_with_its_cure() {
        let tracked = GitState {
            tracked: true,
            ..IGNORED
        };
        let committed = GitState {
            committed: true,
            ..IGNORED
        };
        for (mode, git, condition, fix) in [
            (0o644, IGNORED, Condition::Warning, "chmod 600 .env"),
            (
                0o600,
                GitState::default(),
                Condition::Warning,
                r"printf '%s\n' /.env >> .gitignore",
            ),
            (0o600, tracked, Condition::Error, "git rm --cached .env"),
            (
                0o600,
                committed,
                Condition::Error,
                "its values are known to whoever has the repository: rotate them with --reason compromise",
            ),
        ] {
            let remarks = of_file(&file(mode, git), Repository::Whole);

            assert_eq!(worst(&remarks), condition);
            assert_eq!(remarks[0].fix[0], fix);
        }
    }

    #[test]
    fn outside_of_a_repository_only_the_mode_counts() {
        assert!(of_file(&file(0o600, GitState::default()), Repository::Absent).is_empty());
    }
}
