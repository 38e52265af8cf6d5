//! Variables that only say that a value belongs there.

use crate::contract::Source;
use crate::contract::Subject;
use crate::contract::findings::Breach;
use crate::contract::rules;
use crate::contract::types;
use crate::contract::url::Url;
use crate::policy::Severity;
use crate::policy::VariableType;

/// Says that a text names a value which is kept elsewhere.
pub(super) fn reference(name: &str, text: &str) -> Option<Breach> {
    let is_reference = REFERENCES.iter().any(|start| text.starts_with(start));
    is_reference.then(|| {
        let message = "it names a value kept elsewhere, which cannot be checked from here";
        Breach::new(rules::REFERENCE, message, how_to_follow(name))
    })
}

/// Returns how much a reference matters: what a process sees is what it will use.
pub(super) fn severity_of_reference(subject: &Subject<'_>) -> Severity {
    match subject.facts.source {
        Source::EnvFile(_) => rules::REFERENCE.severity(subject.tier()),
        Source::Process | Source::Store(_) => rules::TEMPLATE.severity(subject.tier()),
    }
}

/// Says how what a reference names comes to the program.
pub(super) fn how_to_follow(name: &str) -> String {
    format!(
        "start the program through what fetches `{name}`, and check what it gets: mintage check --process"
    )
}

/// Says that a text holds `${NAME}` or `{{ name }}`, which some readers fill in and others do not.
pub(super) fn template(name: &str, text: &str) -> Option<Breach> {
    let holds = |open: &str, close: &str| {
        text.split_once(open)
            .is_some_and(|(_, rest)| rest.contains(close))
    };
    (holds("${", "}") || holds("{{", "}}") || holds("$(", ")")).then(|| {
        Breach::new(
            rules::TEMPLATE,
            "it holds template syntax that most readers of env files pass on as it is",
            format!("write the value of `{name}` itself, or fill it in where the file is made"),
        )
    })
}

/// Says that a text was meant to be filled in, or that its host is one that documentation uses.
pub(super) fn placeholder(name: &str, text: &str, of_type: VariableType) -> Option<Breach> {
    let fix = format!("fill in the value of `{name}`");
    let speaks = STARTS.iter().any(|start| begins_with(text, start));
    let in_host = hosts(text, of_type).any(|host| {
        host.split('.').any(|label| {
            STARTS.iter().any(|start| begins_with(label, start)) || label.eq_ignore_ascii_case("yourdomain")
        })
    });
    if is_framed(text) || speaks || in_host {
        return Some(Breach::new(
            rules::PLACEHOLDER,
            "a text that was meant to be filled in",
            fix,
        ));
    }
    let is_reserved = |host: &str| {
        let host = host.to_ascii_lowercase();
        RESERVED
            .iter()
            .any(|name| host == *name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')))
    };
    hosts(text, of_type).any(is_reserved).then(|| {
        Breach::new(
            rules::PLACEHOLDER,
            "the host is one that documentation uses, and nobody's (RFC 2606)",
            fix,
        )
    })
}

/// Returns whether words stand in `<…>` or `[…]`; a list in JSON is no such thing.
fn is_framed(text: &str) -> bool {
    let inside = [('<', '>'), ('[', ']')]
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    let is_plain = |sign: char| sign.is_alphanumeric() || " _.-".contains(sign);
    inside.is_some_and(|inside| inside.chars().all(is_plain))
}

/// Compares the start without regard to case, and without a copy of what may hold a password.
fn begins_with(text: &str, start: &str) -> bool {
    let head = text.as_bytes().get(..start.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
}

/// Returns the hosts that a text names, by its type.
fn hosts(text: &str, of_type: VariableType) -> Box<dyn Iterator<Item = &str> + '_> {
    match of_type {
        VariableType::Dsn | VariableType::Url => Box::new(Url::parse(text).into_iter().flat_map(Url::hosts)),
        VariableType::Email => Box::new(text.rsplit('@').take(1)),
        VariableType::List => Box::new(types::items(text).flat_map(|item| {
            let url = Url::parse(item).into_iter().flat_map(Url::hosts);
            let mail = item.split_once('@').filter(|_| !item.contains("://"));
            url.chain(mail.map(|(_, domain)| domain))
        })),
        _ => Box::new(std::iter::empty()),
    }
}

/// How password managers, sops, vals, dotenvx, Vault and clouds spell a reference.
const REFERENCES: [&str; 8] = [
    "ENC[",
    "arn:aws:secretsmanager:",
    "awssm://",
    "encrypted:",
    "gcpsm://",
    "op://",
    "ref+",
    "vault:",
];

/// How texts start that are to be replaced.
const STARTS: [&str; 6] = ["change-", "changeme", "replace-", "replaceme", "your-", "your_"];

/// Names for documentation (RFC 2606 §3).
const RESERVED: [&str; 3] = ["example.com", "example.net", "example.org"];
