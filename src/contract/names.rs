//! Names that the policy does not know, and names that promise to hold nothing secret.

use std::collections::BTreeSet;

use crate::contract::Found;
use crate::contract::Subject;
use crate::contract::findings::About;
use crate::contract::findings::Findings;
use crate::contract::rules;
use crate::policy::kinds::issuers;
use crate::secret::SecretValue;

/// Checks the names of an env file. Those of a process are mostly the system's, so they are left alone.
pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let known = subject.known_names();
    for found in subject.values.all() {
        public(subject, found, &known, findings);
        if subject.values.file().is_some() && !known.contains(found.name) {
            unknown(subject, found, &known, findings);
        }
    }
}

fn unknown(subject: &Subject<'_>, found: Found<'_>, known: &BTreeSet<&str>, findings: &mut Findings<'_>) {
    let is_free = |name: &&&str| subject.values.named(name).is_none_or(|other| !other.is_set());
    let close = known
        .iter()
        .filter(|name| looks_like(found.name, name))
        .find(is_free);
    match close {
        Some(meant) => findings.add(
            rules::LOOK_ALIKE,
            About::found(found),
            format!("the policy does not know it, and `{meant}` is not set: one is probably the other"),
            format!("rename it to `{meant}`"),
        ),
        None => findings.add(
            rules::UNDECLARED,
            About::found(found),
            "the policy does not know it, so nothing is checked about it",
            format!(
                "declare it in mintage.toml under [variables.{}], or drop it",
                found.name
            ),
        ),
    }
}

/// Returns whether two names differ only as a slip does: in case, in a separator, in two signs.
fn looks_like(found: &str, known: &str) -> bool {
    let without_digits = |name: &str| name.replace(|sign: char| sign.is_ascii_digit(), "");
    if found.len() > LONGEST || without_digits(found) == without_digits(known) && found.len() == known.len() {
        // The second of a numbered series is no slip.
        return found.eq_ignore_ascii_case(known);
    }
    let bare = |name: &str| -> String {
        name.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|sign| sign.to_ascii_uppercase())
            .collect()
    };
    let (found, known) = (bare(found), bare(known));
    let most = match known.len() {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    };
    strsim::damerau_levenshtein(&found, &known) <= most
}

/// Says that a name which every visitor can read holds a secret.
fn public(subject: &Subject<'_>, found: Found<'_>, known: &BTreeSet<&str>, findings: &mut Findings<'_>) {
    let own = subject.policy.public_prefixes().iter().map(String::as_str);
    let prefix = own.chain(PREFIXES).find(|prefix| found.name.starts_with(prefix));
    let Some(prefix) = prefix.filter(|_| found.is_set()) else {
        return;
    };
    let Some(what) = secret_inside(subject, found, &found.name[prefix.len()..], known) else {
        return;
    };
    findings.add(
        rules::PUBLIC_SECRET,
        About::found(found),
        format!("names with `{prefix}` are compiled into what every visitor downloads, and it {what}"),
        format!(
            "take it out of `{}`, read it on the server only, and replace it: it is public",
            found.name
        ),
    );
}

/// Says why a value seems to be secret.
fn secret_inside(
    subject: &Subject<'_>,
    found: Found<'_>,
    rest: &str,
    known: &BTreeSet<&str>,
) -> Option<String> {
    let same = |value: &SecretValue| value == found.value;
    let twin = subject
        .secrets()
        .filter(|secret| {
            !PUBLIC_WORDS
                .iter()
                .any(|word| secret.name().as_str().contains(word))
        })
        .find(|secret| subject.set(secret.name()).is_some_and(|other| same(other.value)));
    if let Some(twin) = twin {
        return Some(format!("has the value of `{}`", twin.name()));
    }
    if let Some(shape) = issuers::recognise(found.bytes())
        && !PUBLIC_SHAPES.contains(&shape.name)
    {
        return Some(format!("is a secret of {}", shape.issuer.name));
    }
    let speaks = SECRET_WORDS.iter().any(|word| rest.contains(word));
    (speaks && !known.contains(found.name)).then(|| "is called a secret".to_owned())
}

/// Prefixes whose variables bundlers compile into pages, whether the policy names them or not.
const PREFIXES: [&str; 6] = [
    "EXPO_PUBLIC_",
    "GATSBY_",
    "NEXT_PUBLIC_",
    "NUXT_PUBLIC_",
    "REACT_APP_",
    "VITE_",
];

/// Formats of issuers that are public by design.
const PUBLIC_SHAPES: [&str; 6] = [
    "aws-access-key-id",
    "google-api-key",
    "sentry-dsn",
    "stripe-publishable",
    "supabase-anon",
    "supabase-publishable",
];

/// Words of names that are public by design.
const PUBLIC_WORDS: [&str; 3] = ["ANON", "PUBLIC", "PUBLISHABLE"];

/// Words of names that say what they hold.
const SECRET_WORDS: [&str; 4] = ["PASSWORD", "PRIVATE_KEY", "SECRET", "SERVICE_ROLE"];

/// Longest name that is taken for a slip, in bytes.
const LONGEST: usize = 128;
