//! The committed example: the same names, and no value that anyone uses.

use std::collections::BTreeSet;

use crate::contract::Found;
use crate::contract::Subject;
use crate::contract::findings::About;
use crate::contract::findings::Findings;
use crate::contract::rules;
use crate::contract::url::Url;
use crate::dotenv::Entry;
use crate::dotenv::EnvFile;
use crate::policy::SecretPolicy;
use crate::scoring;
use crate::scoring::Context;
use crate::scoring::Level;
use crate::secret::SecretValue;

/// Compares the env file with its example, both ways.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let Some(example) = &subject.facts.example else {
        return;
    };
    let Some(file) = &example.file else {
        findings.add(
            rules::EXAMPLE_MISSING,
            About::file(&example.shown),
            "the policy names it as the example of the env file, and it is not there",
            format!(
                "write `{}` with every name and no value, and commit it",
                example.shown
            ),
        );
        return;
    };
    names(subject, &example.shown, file, findings);
    for entry in file.entries() {
        value(subject, &example.shown, Found::of(entry), findings);
    }
}

fn names(subject: &Subject<'_>, shown: &str, file: &EnvFile, findings: &mut Findings<'_>) {
    let shows: BTreeSet<&str> = file.entries().map(Entry::name).collect();
    let offers: BTreeSet<&str> = file.commented_out().map(Entry::name).collect();
    for found in subject.values.all() {
        let is_shown = shows.contains(found.name) || offers.contains(found.name);
        if subject.values.file().is_some() && !is_shown {
            findings.add(
                rules::ONLY_IN_ENV_FILE,
                About::found(found),
                format!("{shown} does not show it, so the next person will not know of it"),
                format!("add a line to {shown}: {}=", found.name),
            );
        }
    }
    for entry in file.entries() {
        let name = entry.name();
        // What the policy requires is missed already.
        if subject.values.named(name).is_none() && !subject.is_required(name) {
            findings.add(
                rules::ONLY_IN_EXAMPLE,
                About::line(Some(name), Some(entry.line())).in_file(shown),
                format!(
                    "{shown} shows it, and {} does not set it",
                    subject.facts.source.place()
                ),
                format!("set `{name}`, or turn its line in {shown} into a comment: # {name}="),
            );
        }
    }
}

/// Says that an example shows what somebody may use, or that its value is in use.
fn value(subject: &Subject<'_>, shown: &str, example: Found<'_>, findings: &mut Findings<'_>) {
    let Ok(name) = example.name.parse() else {
        return;
    };
    let about = About::found(example).in_file(shown);
    let secret = subject.secret(&name).filter(|_| example.is_set());
    if let Some(secret) = secret
        && is_real(subject, secret, example)
    {
        findings.add(
            rules::SECRET_IN_EXAMPLE,
            about,
            "it holds what looks like a real value, and examples are committed",
            format!(
                "empty the line, and replace `{}` wherever that value is in use",
                example.name
            ),
        );
    }
    let in_use = subject.set(&name).filter(|found| found.value == example.value);
    if let (Some(_), Some(found)) = (secret, in_use) {
        findings.add(
            rules::COPIED_FROM_EXAMPLE,
            About::found(found),
            format!("it has the value that {shown} shows to everyone"),
            format!("give `{}` a value of its own", found.name),
        );
    }
    let password = example.text().and_then(Url::parse).and_then(|url| url.password);
    if secret.is_none() && password.is_some_and(|password| is_strong(subject, password)) {
        findings.add(
            rules::SECRET_IN_EXAMPLE,
            about,
            "the password in the URL looks like a real one, and examples are committed",
            "write scheme://user:<password>@host there, and replace the password",
        );
    }
}

/// Returns whether a value has the form and the strength of one that is in use.
fn is_real(subject: &Subject<'_>, secret: &SecretPolicy, example: Found<'_>) -> bool {
    let names = [example.name, subject.policy.name()];
    let score = scoring::score(example.value, &Context::of(secret, subject.tier(), &names));
    score.level == Level::High
}

fn is_strong(subject: &Subject<'_>, password: &str) -> bool {
    let value = SecretValue::copied_from(password.as_bytes());
    let context = Context {
        tier: subject.tier(),
        ..Context::default()
    };
    scoring::score(&value, &context).level == Level::High
}
