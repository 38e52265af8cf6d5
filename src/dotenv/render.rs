//! Writes proposals as a policy file.

use std::collections::HashSet;

use crate::dotenv::Proposal;
use crate::dotenv::ProposedRole;
use crate::dotenv::VariableType;
use crate::dotenv::name::Name;
use crate::dotenv::rules::PUBLIC_PREFIXES;
use crate::secret::SecretName;

/// Renders `proposals` as the text of a `mintage.toml` for an application called `name`.
///
/// `source` is the env file or example that they come from, as a path relative to the policy; the environment's
/// `env_file` is derived from it. Secrets that stand in a comment only are written as comments.
///
/// # Security
///
/// Proposals hold no value, and nothing else of the file is written but names and short descriptions.
pub fn to_policy(name: &str, source: Option<&str>, proposals: &[Proposal]) -> String {
    let mut policy = head(name, source);
    let fitting = fitting(&mut policy, proposals);
    let prefixes = public_prefixes(&fitting);
    if !prefixes.is_empty() {
        policy.push_str("\n[public]\n");
        push(&mut policy, "prefixes", list(&prefixes));
    }
    let (secrets, variables): (Vec<&Proposal>, Vec<&Proposal>) = fitting
        .into_iter()
        .partition(|found| matches!(found.role, ProposedRole::Issued | ProposedRole::Secret));
    for found in secrets {
        policy.push('\n');
        policy.push_str(&secret(found));
    }
    for found in variables {
        policy.push('\n');
        policy.push_str(&variable(found));
    }
    policy
}

fn head(name: &str, source: Option<&str>) -> String {
    let mut head = String::from("schema = 1\n");
    push(&mut head, "name", text(name));
    head.push_str("\n[defaults]\nrotate_every = \"90d\"\nremind_before = \"14d\"\nkeep_previous = 1\n");
    head.push_str("\n[environments.production]\ntier = \"production\"\n");
    let source = source.unwrap_or(".env");
    let file = env_file(source);
    push(&mut head, "env_file", text(&file));
    if file != source {
        push(&mut head, "example_file", text(source));
    }
    head
}

/// Returns the proposals whose names a policy can hold, and says in a comment which ones it cannot.
fn fitting<'a>(policy: &mut String, proposals: &'a [Proposal]) -> Vec<&'a Proposal> {
    let mut seen = HashSet::new();
    let mut fitting = Vec::new();
    for found in proposals {
        let reason = if found.name.parse::<SecretName>().is_err() {
            "its name is not a letter or `_`, then letters, digits or `_`, at most 128 of them"
        } else if !seen.insert(found.name.to_ascii_lowercase()) {
            "its name differs from another one in case only"
        } else {
            fitting.push(found);
            continue;
        };
        policy.push_str(&format!("\n# line {} is left out: {reason}\n", found.line));
    }
    fitting
}

fn public_prefixes(proposals: &[&Proposal]) -> Vec<String> {
    PUBLIC_PREFIXES
        .iter()
        .map(|prefix| format!("{prefix}_"))
        .filter(|prefix| {
            proposals
                .iter()
                .any(|found| found.role == ProposedRole::Public && found.name.starts_with(prefix.as_str()))
        })
        .collect()
}

fn secret(found: &Proposal) -> String {
    let mut table = format!("[secrets.{}]\n", found.name);
    if found.role == ProposedRole::Secret && Name::new(&found.name).has_any(HARD_TO_REPLACE) {
        table
            .push_str("# what it protects may be unreadable with another value: find out before it is due\n");
    }
    push(&mut table, "kind", text(found.kind.unwrap_or("issued")));
    if let Some(encoding) = found.encoding {
        push(&mut table, "encoding", text(encoding.name()));
    }
    for (field, number) in [("bytes", found.bytes), ("length", found.length)] {
        if let Some(number) = number {
            push(&mut table, field, number.to_string());
        }
    }
    // A format says these as well.
    let unless_said = |word: Option<&'static str>| word.filter(|_| found.shape.is_none());
    let words = [
        ("shape", found.shape),
        ("issuer", unless_said(found.issuer)),
        ("console_url", unless_said(found.console_url)),
        ("pattern", found.pattern),
        ("description", found.description.as_deref()),
    ];
    for (field, word) in words {
        if let Some(word) = word {
            push(&mut table, field, text(word));
        }
    }
    if found.optional {
        switched_off(&table)
    } else {
        table
    }
}

fn switched_off(table: &str) -> String {
    let lines = table.lines().map(|line| format!("# {line}\n"));
    std::iter::once("# Switched off in the env file; take the `#` away to manage it:\n".to_owned())
        .chain(lines)
        .collect()
}

fn variable(found: &Proposal) -> String {
    let mut table = format!("[variables.{}]\n", found.name);
    let kind = found.variable_type.unwrap_or(VariableType::String);
    push(&mut table, "type", text(kind.name()));
    if found.role == ProposedRole::CredentialUrl && kind == VariableType::Url {
        push(&mut table, "credentials", "true".to_owned());
        if !found.schemes.is_empty() {
            push(&mut table, "scheme", list(found.schemes));
        }
    }
    if let Some(description) = &found.description {
        push(&mut table, "description", text(description));
    }
    table
}

/// Returns the env file that `source` is the example of, or `source` itself.
fn env_file(source: &str) -> String {
    let (folder, file) = source.rsplit_once(['/', '\\']).unwrap_or(("", source));
    let folder = &source[..source.len() - file.len().min(source.len() - folder.len())];
    let stem = EXAMPLES
        .iter()
        .flat_map(|word| {
            [
                file.strip_suffix(&format!("-{word}")),
                file.strip_suffix(&format!("_{word}")),
            ]
        })
        .flatten()
        .next()
        .unwrap_or(file);
    let parts: Vec<&str> = stem.split('.').filter(|part| !EXAMPLES.contains(part)).collect();
    let named = parts.join(".");
    if stem == file && named == file {
        return source.to_owned();
    }
    match named.as_str() {
        "" => format!("{folder}.env"),
        named if named == "env" || named.starts_with("env.") => format!("{folder}.{named}"),
        named => format!("{folder}{named}"),
    }
}

fn push(table: &mut String, field: &str, value: String) {
    table.push_str(field);
    table.push_str(" = ");
    table.push_str(&value);
    table.push('\n');
}

fn text(text: &str) -> String {
    let line: String = text.chars().filter(|c| !c.is_control()).collect();
    toml::Value::String(line).to_string()
}

fn list<T: AsRef<str>>(items: &[T]) -> String {
    let items = items.iter().map(|item| toml::Value::from(item.as_ref()));
    toml::Value::Array(items.collect()).to_string()
}

/// Words of file names that mean an example.
const EXAMPLES: &[&str] = &["dist", "example", "sample", "template", "tmpl"];

/// Words of secrets that stored data depends on.
const HARD_TO_REPLACE: &[&str] = &[
    "CIPHER",
    "ENC",
    "ENCRYPTION",
    "OPENSSL",
    "PEPPER",
    "PII",
    "SALT",
    "VAULT",
];

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
