//! Collects what is wrong.

use crate::contract::Found;
use crate::contract::Subject;
use crate::contract::rules::Rule;
use crate::policy::Finding;
use crate::policy::Location;
use crate::policy::Severity;

/// What a finding is about.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct About<'a> {
    name: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<u32>,
}

impl<'a> About<'a> {
    /// A name that no line sets.
    pub(super) fn name(name: &'a str) -> Self {
        Self {
            name: Some(name),
            ..Self::default()
        }
    }

    /// A value where it stands.
    pub(super) fn found(found: Found<'a>) -> Self {
        Self::line(Some(found.name), found.line)
    }

    /// A file as a whole.
    pub(super) fn file(file: &'a str) -> Self {
        Self {
            name: Some(file),
            file: Some(file),
            line: None,
        }
    }

    /// The same in another file than the one that is checked.
    pub(super) fn in_file(self, file: &'a str) -> Self {
        Self {
            file: Some(file),
            ..self
        }
    }

    /// A line of the env file.
    pub(super) fn line(name: Option<&'a str>, line: Option<u32>) -> Self {
        Self {
            name,
            line,
            file: None,
        }
    }
}

/// What is wrong with one environment.
pub(super) struct Findings<'a> {
    subject: &'a Subject<'a>,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    /// Nothing yet.
    pub(super) fn new(subject: &'a Subject<'a>) -> Self {
        Self {
            subject,
            found: Vec::new(),
        }
    }

    /// Adds a breach of `rule`, as serious as the rule is here.
    pub(super) fn add(
        &mut self,
        rule: Rule,
        about: About<'_>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let finding = Finding {
            rule: rule.id,
            severity: rule.severity(self.subject.tier()),
            environment: None,
            name: None,
            location: None,
            message: message.into(),
            fix: fix.into(),
        };
        self.place(finding, about);
    }

    /// Returns whether a value is known to break `rule` already.
    pub(super) fn has(&self, rule: Rule, name: &str) -> bool {
        let of_name = |finding: &&Finding| finding.name.as_deref() == Some(name);
        self.found
            .iter()
            .filter(of_name)
            .any(|finding| finding.rule == rule.id)
    }

    /// Adds a breach that matters more or less than its rule does.
    pub(super) fn add_as(&mut self, severity: Severity, breach: Breach, about: About<'_>) {
        self.breach(breach, about);
        if let Some(last) = self.found.last_mut() {
            last.severity = severity;
        }
    }

    /// Adds a breach.
    pub(super) fn breach(&mut self, breach: Breach, about: About<'_>) {
        let Breach { rule, message, fix } = breach;
        self.add(rule, about, message, fix);
    }

    /// Adds every breach of one value.
    pub(super) fn breaches(&mut self, breaches: impl IntoIterator<Item = Breach>, about: About<'_>) {
        for breach in breaches {
            self.breach(breach, about);
        }
    }

    /// Adds a finding of a lower layer and says where it is.
    pub(super) fn place(&mut self, mut finding: Finding, about: About<'_>) {
        finding.environment = Some(self.subject.environment.name().clone());
        finding.name = about.name.map(str::to_owned);
        if let Some(name) = about
            .name
            .filter(|name| about.file != about.name && is_a_value(name))
        {
            finding.name = None;
            finding.message = finding.message.replace(name, HIDDEN);
            finding.fix = finding.fix.replace(name, HIDDEN);
        }
        let file = about.file.or_else(|| self.subject.facts.source.file());
        finding.location = about.line.zip(file).map(|(line, file)| Location {
            file: file.to_owned(),
            line,
        });
        self.found.push(finding);
    }

    /// Counts the findings that are meant.
    pub(super) fn count(&self, is_meant: impl Fn(&Finding) -> bool) -> usize {
        self.found.iter().filter(|finding| is_meant(finding)).count()
    }

    /// Takes out the findings that are meant.
    pub(super) fn take(&mut self, is_meant: impl Fn(&Finding) -> bool) -> Vec<Finding> {
        let (taken, left) = std::mem::take(&mut self.found).into_iter().partition(is_meant);
        self.found = left;
        taken
    }

    /// Returns everything: worst first, then by line, then by name.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        let checked = self.subject.facts.source.file();
        let line = |finding: &Finding| {
            let here = finding
                .location
                .as_ref()
                .filter(|place| Some(place.file.as_str()) == checked);
            here.map_or(u32::MAX, |place| place.line)
        };
        self.found.sort_by(|one, other| {
            let key = |finding: &Finding| (line(finding), finding.name.clone(), finding.rule);
            other
                .severity
                .cmp(&one.severity)
                .then_with(|| key(one).cmp(&key(other)))
        });
        self.found.dedup();
        self.found
    }
}

/// Returns whether what stands before a `=` is more likely a pasted value, such as a line of base64, than a name.
fn is_a_value(name: &str) -> bool {
    let count = |is_one: fn(&u8) -> bool| name.bytes().filter(is_one).count();
    let digits = count(u8::is_ascii_digit);
    let is_mixed = digits > 0 && count(u8::is_ascii_lowercase) > 0 && count(u8::is_ascii_uppercase) > 0;
    name.len() >= SHORTEST_VALUE && (is_mixed || digits * 4 >= name.len())
}

/// Stands where a name would give a value away.
const HIDDEN: &str = "…";

/// Shortest name that is taken for a value, in bytes.
const SHORTEST_VALUE: usize = 16;

/// A rule that a value breaks, before it is said where.
#[derive(Clone, Debug)]
pub(super) struct Breach {
    pub(super) rule: Rule,
    pub(super) message: String,
    pub(super) fix: String,
}

impl Breach {
    /// Says what was found and what to do.
    pub(super) fn new(rule: Rule, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            rule,
            message: message.into(),
            fix: fix.into(),
        }
    }
}
