//! How the env file is written: what no reader understands, and what readers understand differently.

use std::collections::BTreeMap;

use crate::contract::Subject;
use crate::contract::findings::About;
use crate::contract::findings::Breach;
use crate::contract::findings::Findings;
use crate::contract::rules;
use crate::contract::rules::Rule;
use crate::dotenv;
use crate::dotenv::Dialect;
use crate::dotenv::Difference;
use crate::dotenv::Entry;
use crate::dotenv::EnvFile;
use crate::dotenv::Problem;
use crate::dotenv::ProblemKind;
use crate::dotenv::Sight;
use crate::policy::Severity;

/// Checks the lines of an env file.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let Some(file) = subject.values.file() else {
        return;
    };
    for problem in file.problems() {
        one(subject, file, problem, findings);
    }
    readers(file, findings);
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

/// Says what readers make differently of a line. Quotes are so usual that they are counted once.
fn readers(file: &EnvFile, findings: &mut Findings<'_>) {
    let mut quoted = Vec::new();
    for difference in dotenv::differences(file, &Dialect::ALL) {
        let mut by_rule: Vec<(Rule, BTreeMap<Sight, Vec<Dialect>>)> = Vec::new();
        for (sight, dialects) in &difference.sights {
            let Some(rule) = rule_of(*sight).filter(|rule| !is_said(file, &difference, *rule)) else {
                continue;
            };
            let place = by_rule
                .iter()
                .position(|(other, _)| *other == rule)
                .unwrap_or_else(|| {
                    by_rule.push((rule, BTreeMap::new()));
                    by_rule.len() - 1
                });
            by_rule[place].1.insert(*sight, dialects.clone());
        }
        for (rule, sights) in by_rule {
            let difference = Difference {
                sights,
                ..difference.clone()
            };
            if rule == rules::QUOTES_KEPT {
                quoted.push(difference);
            } else {
                differently(rule, &difference, "", findings);
            }
        }
    }
    if let Some(first) = quoted.first() {
        let others = match quoted.len() - 1 {
            0 => String::new(),
            count => format!(", here and in {count} lines more"),
        };
        differently(rules::QUOTES_KEPT, first, &others, findings);
    }
}

fn differently(rule: Rule, difference: &Difference, more: &str, findings: &mut Findings<'_>) {
    let name = difference.name.as_deref();
    let fix = match (rule, name) {
        (rules::INLINE_COMMENT, Some(name)) => format!("put the comment on a line above `{name}`"),
        (rules::QUOTES_KEPT, _) => "write a file for docker: mintage render --dialect docker".to_owned(),
        (rules::REFUSED_BY_READER, _) => "write a file for that reader: mintage render --dialect".to_owned(),
        (_, Some(name)) if difference.sights.contains_key(&Sight::Misses) => {
            format!("begin the line with the name: {name}=")
        }
        (_, Some(name)) => format!("put the value of `{name}` in single quotes, or render it for its reader"),
        (_, None) => "write a file for each reader: mintage render --dialect".to_owned(),
    };
    findings.add(
        rule,
        About::line(name, Some(difference.line)),
        format!("{difference}{more}"),
        fix,
    );
}

/// Returns whether the reader of this module has said so of the same line.
fn is_said(file: &EnvFile, difference: &Difference, rule: Rule) -> bool {
    file.problems().any(|problem| {
        let is_there = problem.line == difference.line && problem.kind.rule() != rules::DUPLICATE.id;
        // A line that is broken anyway is read in as many ways as there are readers.
        is_there && (problem.kind.rule() == rule.id || rule == rules::READ_DIFFERENTLY)
    })
}

/// Returns the rule about what a reader makes of a line; `None` where the file as a whole was said to have it.
fn rule_of(sight: Sight) -> Option<Rule> {
    Some(match sight {
        Sight::EndsAtHash => rules::HASH_IN_VALUE,
        Sight::Executes => rules::RUN_BY_A_SHELL,
        Sight::Expands => rules::DOLLAR_IN_VALUE,
        Sight::KeepsCarriageReturn => return None,
        Sight::KeepsComment | Sight::KeepsQuotesAndComment => rules::INLINE_COMMENT,
        Sight::KeepsQuotes => rules::QUOTES_KEPT,
        Sight::Refuses(_) => rules::REFUSED_BY_READER,
        _ => rules::READ_DIFFERENTLY,
    })
}
