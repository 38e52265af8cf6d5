//! Places that values may go to, and words for them that no system takes.

use crate::policy::document::At;
use crate::policy::document::Problems;
use crate::policy::errors::PolicyErrorKind;

/// Notes words that no keychain finds an entry by, and those under which mintage keeps its own.
pub(super) fn check_entry(field: &str, word: &At<String>, problems: &mut Problems) {
    let rest = word.value.replace("{name}", "").replace("{environment}", "");
    let text = if word.value.is_empty() {
        format!("`{field}` is empty")
    } else if rest.contains(['{', '}']) {
        format!("`{field}` knows `{{name}}` and `{{environment}}` only")
    } else if field == "service" && word.value.starts_with("mintage") {
        "`service` is one that mintage keeps values of its own under".to_owned()
    } else {
        return;
    };
    problems.add(&word.place, PolicyErrorKind::Contradiction(text));
}

/// Notes an empty path and placeholders that are not filled in.
pub(super) fn check_path(path: &At<String>, known: &[&str], problems: &mut Problems) {
    let mut rest = path.value.clone();
    for placeholder in known {
        rest = rest.replace(&format!("{{{placeholder}}}"), "");
    }
    let text = if let Some(wrong) = leaves_project(&path.value) {
        wrong.to_owned()
    } else if rest.contains(['{', '}']) {
        let known: Vec<String> = known.iter().map(|one| format!("`{{{one}}}`")).collect();
        format!("`path` knows {} only", known.join(" and "))
    } else {
        return;
    };
    problems.add(&path.place, PolicyErrorKind::Contradiction(text));
}

/// Says why a value must not be written there. A policy comes with a pull, and what it writes outside of the project,
/// or where git or a shell would run it, could be a program.
fn leaves_project(path: &str) -> Option<&'static str> {
    let mut parts = path.split('/');
    if path.is_empty() {
        Some("`path` is empty")
    } else if path.starts_with('/') || path.starts_with('~') || parts.clone().any(|part| part == "..") {
        Some("`path` leaves the project: a sink writes below the directory of the policy only")
    } else if parts.any(|part| [".git", ".mintage"].contains(&part.to_ascii_lowercase().as_str())) {
        Some("`path` leads into `.git` or `.mintage`, where no value is ever written")
    } else {
        None
    }
}

/// Notes a name that no Kubernetes object can have (RFC 1123 subdomain).
pub(super) fn check_object_name(name: &At<String>, problems: &mut Problems) {
    let text = name.value.replace("{environment}", "x");
    let fits = |label: &str| {
        let edge =
            |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        edge(label.bytes().next()) && edge(label.bytes().last()) && label.bytes().all(inside)
    };
    if text.len() > 253 || !text.split('.').all(fits) {
        let text = "`secret` is a name of lower-case letters, digits, hyphens and dots, as Kubernetes has it";
        problems.add(&name.place, PolicyErrorKind::Contradiction(text.to_owned()));
    }
}
