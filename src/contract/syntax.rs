//! How the env file is written: what no reader understands, and what readers understand differently.

use crate::contract::Found;
use crate::contract::Subject;
use crate::contract::findings::About;
use crate::contract::findings::Breach;
use crate::contract::findings::Findings;
use crate::contract::rules;
use crate::contract::rules::Rule;
use crate::dotenv::Entry;
use crate::dotenv::EnvFile;
use crate::dotenv::Problem;
use crate::dotenv::ProblemKind;
use crate::dotenv::Quote;
use crate::policy::Severity;

/// Checks the lines of an env file.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let Some(file) = subject.values.file() else {
        return;
    };
    for problem in file.problems() {
        one(subject, file, problem, findings);
    }
    for entry in file.entries() {
        let about = About::line(Some(entry.name()), Some(entry.line()));
        if entry.note().is_some() && entry.quote() == Quote::None {
            let message =
                "a comment stands behind the value, and `docker run --env-file` takes it into the value";
            let fix = format!("put the comment on a line above `{}`", entry.name());
            findings.add(rules::INLINE_COMMENT, about, message, fix);
        }
        if may_be_expanded(entry) {
            let message = "some readers put something else in place of a `$` and the name behind it";
            let fix = format!("put the value of `{}` in single quotes", entry.name());
            findings.add(rules::DOLLAR_IN_VALUE, about, message, fix);
        }
    }
    quotes(file, findings);
}

fn one(subject: &Subject<'_>, file: &EnvFile, problem: &Problem, findings: &mut Findings<'_>) {
    let Some(rule) = Rule::find(problem.kind.rule()) else {
        return;
    };
    let about = About::line(problem.name.as_deref(), Some(problem.line));
    let breach = Breach::new(*rule, problem.kind.to_string(), cure(problem.kind));
    let differ = match (&problem.kind, &problem.name) {
        (ProblemKind::Duplicate { .. }, Some(name)) => differ(file, name),
        _ => false,
    };
    if differ && subject.is_strict() {
        findings.add_as(Severity::Error, breach, about);
    } else {
        findings.breach(breach, about);
    }
}

/// Returns whether some readers put something else in place of a part of the value. `${…}` is another rule's.
fn may_be_expanded(entry: &Entry) -> bool {
    let text = Found::of(entry).text().unwrap_or_default();
    let starts_name = |next: &u8| next.is_ascii_alphanumeric() || *next == b'_';
    entry.quote() != Quote::Single
        && text
            .as_bytes()
            .windows(2)
            .any(|pair| pair[0] == b'$' && starts_name(&pair[1]))
}

/// Returns whether the assignments of one name have different values.
fn differ(file: &EnvFile, name: &str) -> bool {
    let mut values = file
        .entries()
        .filter(|entry| entry.name() == name)
        .map(Entry::value);
    let first = values.next();
    values.any(|value| Some(value) != first)
}

fn cure(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::ByteOrderMark => "save the file as UTF-8 without a byte order mark",
        ProblemKind::CarriageReturn => "save the file with the line ends of Unix",
        ProblemKind::ConflictMarker => "settle the merge and remove the markers",
        ProblemKind::Duplicate { .. } => "keep one of the lines",
        ProblemKind::HashInValue => "put the value in quotes",
        ProblemKind::MissingEquals => "write NAME=value, or remove the line",
        ProblemKind::NotUtf8 => "save the file as UTF-8; encode binary values as base64",
        ProblemKind::TextAfterQuote => "end the line behind the closing quote",
        ProblemKind::UnquotedPem => "put the PEM block in double quotes, or encode it as base64",
        ProblemKind::UnterminatedQuote => "close the quote",
        _ => "write NAME=value, or make it a comment with `#`",
    }
}

/// Says once how many values stand in quotes.
fn quotes(file: &EnvFile, findings: &mut Findings<'_>) {
    let mut quoted = file.entries().filter(|entry| entry.quote() != Quote::None);
    let Some(first) = quoted.next() else {
        return;
    };
    let count = 1 + quoted.count();
    let what = if count == 1 {
        "a value stands in quotes".to_owned()
    } else {
        format!("{count} values stand in quotes, the first here")
    };
    findings.add(
        rules::QUOTES_KEPT,
        About::line(Some(first.name()), Some(first.line())),
        format!("{what}, and `docker run --env-file` makes quotes part of the value"),
        "write a file for docker: mintage render --dialect docker",
    );
}
