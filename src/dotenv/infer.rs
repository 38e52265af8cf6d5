//! Says what each variable of an env file seems to be.

use std::collections::HashSet;

use crate::dotenv::Entry;
use crate::dotenv::EnvFile;
use crate::dotenv::Proposal;
use crate::dotenv::ProposedRole;
use crate::dotenv::description;
use crate::dotenv::hint::Hint;
use crate::dotenv::issuers;
use crate::dotenv::look::Form;
use crate::dotenv::look::Look;
use crate::dotenv::name::Name;
use crate::dotenv::relatives::Half;
use crate::dotenv::relatives::Relatives;
use crate::dotenv::rules;

/// Proposes what each variable is, by its name, its comments and the form of its value; one proposal a name, in the
/// order of the file.
///
/// Of several assignments the last one counts. A variable that stands in a comment only is optional.
pub fn infer(file: &EnvFile) -> Vec<Proposal> {
    let mut seen = HashSet::new();
    let mut entries: Vec<(&Entry, bool)> = file
        .entries()
        .filter(|entry| seen.insert(entry.name()))
        .map(|entry| (file.last(entry.name()).unwrap_or(entry), false))
        .collect();
    entries.extend(
        file.commented_out()
            .filter(|entry| seen.insert(entry.name()))
            .map(|entry| (entry, true)),
    );
    entries.sort_by_key(|(entry, _)| entry.line());
    let relatives = Relatives::of(entries.iter().map(|(entry, _)| entry.name()));
    let mut proposals: Vec<_> = entries
        .iter()
        .map(|(entry, optional)| propose(entry, *optional, &relatives))
        .collect();
    description::add(file, &entries, &mut proposals);
    proposals
}

/// One variable, as the rules see it.
pub(super) struct Subject {
    pub(super) name: Name,
    pub(super) look: Look,
    /// What comments and value say about how it is made.
    pub(super) hint: Hint,
    /// Which half of a pair it is, by the other names of the file.
    pub(super) half: Option<Half>,
}

/// What a rule decides.
pub(super) struct Verdict {
    pub(super) role: ProposedRole,
    pub(super) kind: Option<&'static str>,
    pub(super) shape: Option<&'static str>,
    pub(super) issuer: Option<&'static str>,
    pub(super) console_url: Option<&'static str>,
    pub(super) pattern: Option<&'static str>,
    pub(super) why: String,
}

impl Verdict {
    pub(super) fn new(role: ProposedRole, why: impl Into<String>) -> Self {
        Self {
            role,
            kind: (role == ProposedRole::Issued).then_some("issued"),
            shape: None,
            issuer: None,
            console_url: None,
            pattern: None,
            why: why.into(),
        }
    }

    /// A secret of this kind that can be minted.
    pub(super) fn secret(kind: &'static str, why: impl Into<String>) -> Self {
        Self {
            kind: Some(kind),
            ..Self::new(ProposedRole::Secret, why)
        }
    }
}

fn propose(entry: &Entry, optional: bool, relatives: &Relatives) -> Proposal {
    let look = Look::of(entry.value());
    let comments = [entry.note(), entry.comment()];
    let hint = comments
        .into_iter()
        .flatten()
        .map(Hint::of)
        .fold(Hint::default(), Hint::or)
        .or(look.hint);
    let name = Name::new(entry.name());
    let subject = Subject {
        half: relatives.half(&name),
        name: name.turned(issuers::is_owner),
        look,
        hint,
    };
    let verdict = rules::decide(&subject);
    let made = rules::shape(&subject, &verdict);
    let secret = matches!(verdict.role, ProposedRole::Issued | ProposedRole::Secret);
    Proposal {
        name: entry.name().to_owned(),
        role: verdict.role,
        kind: made.kind,
        bytes: made.bytes,
        length: made.length,
        encoding: made.encoding,
        shape: verdict.shape,
        issuer: verdict.issuer,
        console_url: verdict.console_url,
        pattern: verdict.pattern,
        schemes: match subject.look.form {
            Form::Url(url) if verdict.role == ProposedRole::CredentialUrl => url.schemes,
            _ => &[],
        },
        variable_type: (!secret).then(|| rules::variable_type(&subject, verdict.role)),
        placeholder: subject.look.placeholder,
        has_value: !subject.look.empty,
        why: verdict.why,
        line: entry.line(),
        optional,
        description: None,
    }
}
