//! The files that values stand in: kept out of the repository, and from other users of the machine.

use crate::contract::Concern;
use crate::contract::FileFacts;
use crate::contract::GitState;
use crate::contract::Repository;
use crate::contract::Subject;
use crate::contract::findings::About;
use crate::contract::findings::Breach;
use crate::contract::findings::Findings;
use crate::contract::rules;
use crate::policy::FileRule;
use crate::policy::Severity;

/// Checks what is known of the files.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let mut unanswered = false;
    for file in &subject.facts.files {
        let rule = subject
            .policy
            .files()
            .iter()
            .find(|rule| rule.path() == file.path);
        let about = About::file(&file.path);
        if file.mode.is_none() {
            findings.breaches(absent(file, rule), about);
        }
        if let Some((severity, breach)) = mode(subject, file, rule) {
            findings.add_as(severity, breach, about);
        }
        match file.git {
            Some(state) => versioned(subject, file, (rule, state), findings),
            None => unanswered |= rule.is_none_or(|rule| rule.git_ignored().is_some()),
        }
    }
    if unanswered {
        findings.breaches(unknown(subject.facts.repository), About::default());
    }
    if subject.facts.repository == Repository::Shallow {
        let message = "only the latest commits are here, so nobody can say what was committed before";
        findings.add(
            rules::HISTORY_UNKNOWN,
            About::default(),
            message,
            "fetch the whole history: git fetch --unshallow",
        );
    }
}

fn absent(file: &FileFacts, rule: Option<&FileRule>) -> Option<Breach> {
    rule.is_some_and(FileRule::required).then(|| {
        Breach::new(
            rules::FILE_MISSING,
            "the policy requires the file, and it is not there",
            format!(
                "put `{}` there, or take `required` out of its table in mintage.toml",
                file.path
            ),
        )
    })
}

/// Says that others on this machine can read the file.
fn mode(subject: &Subject<'_>, file: &FileFacts, rule: Option<&FileRule>) -> Option<(Severity, Breach)> {
    let found = file.mode?;
    let (most, severity) = match (rule.and_then(FileRule::mode), file.concern) {
        (Some(most), _) => (most, rules::FILE_MODE.severity(subject.tier())),
        // No rule says so, but no env file is for every user of the machine.
        (None, Concern::Checked) => (OWNER_ONLY, Severity::Warning),
        (None, _) => return None,
    };
    (found & !most != 0).then(|| {
        let breach = Breach::new(
            rules::FILE_MODE,
            format!("its mode is {found:04o}, and {most:04o} is the most it may be"),
            format!("chmod {most:04o} {}", file.path),
        );
        (severity, breach)
    })
}

fn versioned(
    subject: &Subject<'_>,
    file: &FileFacts,
    (rule, state): (Option<&FileRule>, GitState),
    findings: &mut Findings<'_>,
) {
    let about = About::file(&file.path);
    let must_be_ignored = match (rule.and_then(FileRule::git_ignored), file.concern) {
        (Some(ignored), _) => ignored,
        (None, Concern::Declared) => return,
        (None, Concern::Checked | Concern::Stray) => true,
    };
    let path = &file.path;
    if !must_be_ignored {
        if !state.tracked {
            let message = "the policy wants it in the repository, and git does not track it";
            findings.add(rules::NOT_TRACKED, about, message, format!("git add {path}"));
        }
        return;
    }
    for breach in kept_in(subject, path, state) {
        // What belongs to another environment is not what keeps this one from being ready.
        if file.concern == Concern::Stray {
            findings.add_as(Severity::Warning, breach, about);
        } else {
            findings.breach(breach, about);
        }
    }
}

/// Says how the repository has or may get a file that is to be kept out of it.
fn kept_in(subject: &Subject<'_>, path: &str, state: GitState) -> Vec<Breach> {
    let mut breaches = Vec::new();
    if state.tracked {
        breaches.push(Breach::new(
            rules::TRACKED,
            "git tracks it: whoever has the repository has every value in it",
            format!("git rm --cached {path}, commit, and replace every secret that it held"),
        ));
    } else if state.committed {
        breaches.push(Breach::new(
            rules::COMMITTED_BEFORE,
            "a commit added it once, and the history keeps what it held",
            format!(
                "replace what it held: mintage rotate NAME -e {} --reason compromise; or waive it: it held none",
                subject.environment.name()
            ),
        ));
    }
    if !state.ignored {
        breaches.push(Breach::new(
            rules::NOT_IGNORED,
            "git does not ignore it: the next `git add .` commits it",
            format!("add a line to .gitignore: /{path}"),
        ));
    }
    breaches
}

fn unknown(repository: Repository) -> Option<Breach> {
    let (message, fix) = match repository {
        Repository::Absent => (
            "this is no git repository, so nobody can say whether env files are kept out of one",
            "check where the repository is, or waive it",
        ),
        Repository::Unreadable => (
            "git is not installed or refuses to work here, so nobody can say whether env files are kept out",
            "install git, or see what it says: git status",
        ),
        Repository::Shallow | Repository::Whole => return None,
    };
    Some(Breach::new(rules::REPOSITORY_UNKNOWN, message, fix))
}

/// Permission bits of a file that only its owner reads.
const OWNER_ONLY: u32 = 0o600;
