//! Checks the variables that are no secrets, and the passwords inside their URLs.

use crate::contract::Found;
use crate::contract::Subject;
use crate::contract::advice;
use crate::contract::findings::About;
use crate::contract::findings::Breach;
use crate::contract::findings::Findings;
use crate::contract::judge;
use crate::contract::rules;
use crate::contract::stand_in;
use crate::contract::types;
use crate::contract::url;
use crate::contract::url_rules;
use crate::policy::Severity;
use crate::policy::VariablePolicy;
use crate::policy::VariableType;
use crate::scoring;
use crate::scoring::Context;
use crate::secret::SecretName;

/// Checks every variable that is set.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for variable in subject.variables() {
        if let Some(found) = subject.set(variable.name()) {
            one(subject, variable, found, findings);
        }
    }
}

fn one(subject: &Subject<'_>, variable: &VariablePolicy, found: Found<'_>, findings: &mut Findings<'_>) {
    let about = About::found(found);
    let name = found.name;
    let Some(text) = found.text() else {
        let fix = format!("write `{name}` as UTF-8 text");
        findings.add(rules::WRONG_TYPE, about, "it is not UTF-8 text", fix);
        return;
    };
    if let Some(breach) = stand_in::reference(name, text) {
        findings.add_as(stand_in::severity_of_reference(subject), breach, about);
        return;
    }
    if let Some(breach) = stand_in::template(name, text) {
        findings.breach(breach, about);
        return;
    }
    findings.breaches(judge::judge(name, text, variable), about);
    advice::check(variable.warn(), found, findings);
    findings.breaches(damage(name, text), about);
    if variable.equals().is_some() {
        return;
    }
    findings.breaches(stand_in::placeholder(name, text, variable.of_type()), about);
    for url in urls(text, variable.of_type()) {
        findings.breaches(url_rules::without_tls(name, url), about);
        if variable.of_type() != VariableType::Dsn {
            password(subject, found, url, findings);
        }
        if let Some(root) = variable.password_from() {
            findings.breaches(drift(subject, found, url, root), about);
        }
    }
}

/// Returns the URLs of a value, by its type.
fn urls(text: &str, of_type: VariableType) -> Vec<&str> {
    match of_type {
        VariableType::Dsn | VariableType::Url => vec![text],
        VariableType::List => types::items(text).collect(),
        _ => Vec::new(),
    }
}

/// Says that a value carries what a bad paste leaves around it.
fn damage(name: &str, text: &str) -> Option<Breach> {
    let quoted = ['"', '\'', '`']
        .iter()
        .any(|quote| text.len() >= 2 && text.starts_with(*quote) && text.ends_with(*quote));
    let edge = |sign: char| sign.is_whitespace() || sign == '\u{feff}' || sign == '\u{200b}';
    (quoted || text.starts_with(edge) || text.ends_with(edge)).then(|| {
        Breach::new(
            rules::DAMAGED,
            "quotes, white space or an invisible sign around it, as a bad paste leaves them",
            format!("write `{name}` again without them"),
        )
    })
}

/// Says that the password inside a URL is not the one that the secret beside it has.
fn drift(subject: &Subject<'_>, found: Found<'_>, text: &str, root: &SecretName) -> Option<Breach> {
    let password = url::password(text)?;
    let secret = subject.set(root)?;
    (password != *secret.value).then(|| {
        Breach::new(
            rules::DERIVED_DRIFT,
            format!("the password in the URL is not that of `{root}`"),
            format!(
                "put the value of `{root}`, percent-encoded, into `{}`",
                found.name
            ),
        )
    })
}

/// Judges the password inside a URL.
fn password(subject: &Subject<'_>, found: Found<'_>, text: &str, findings: &mut Findings<'_>) {
    let Some(value) = url::password(text) else {
        return;
    };
    let names = [found.name, subject.policy.name()];
    let context = Context {
        tier: subject.tier(),
        names: &names,
        ..Context::default()
    };
    let judged = scoring::score(&value, &context).findings;
    for mut finding in judged
        .into_iter()
        .filter(|finding| finding.severity > Severity::Note)
    {
        finding.message = format!("the password in the URL: {}", finding.message);
        finding.fix = format!(
            "mint one that a URL takes as it is, and set it on both sides: {} --embed url",
            "mintage generate password"
        );
        findings.place(finding, About::found(found));
    }
}
