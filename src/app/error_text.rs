//! Lists of names and places as errors tell them.

use crate::app::SinkFailure;
use crate::ledger::Journal;
use crate::secret::SecretName;

pub(super) fn joined(names: &[SecretName]) -> String {
    let names: Vec<&str> = names.iter().map(SecretName::as_str).collect();
    names.join(", ")
}

pub(super) fn places(failures: &[SinkFailure]) -> String {
    let mut places: Vec<String> = failures
        .iter()
        .map(|failure| format!("`{}` in `{}`", failure.secret, failure.sink))
        .collect();
    places.truncate(MOST_SHOWN);
    places.join(", ")
}

pub(super) fn incomplete(failures: &[SinkFailure]) -> String {
    match failures {
        [] => String::new(),
        failures => format!(": {}", places(failures)),
    }
}

pub(super) fn entries(journal: &Journal) -> String {
    let names: Vec<&str> = journal
        .secrets
        .iter()
        .map(|entry| entry.name.as_str())
        .take(MOST_SHOWN)
        .collect();
    names.join(", ")
}

pub(super) fn rotations(journals: &[Journal]) -> String {
    let shown = journals.iter().map(|journal| {
        format!(
            ", {} in {} by {} since {}",
            entries(journal),
            journal.environment,
            journal.by,
            journal
                .started_at
                .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
        )
    });
    shown.collect()
}

/// Most names and places in one message.
const MOST_SHOWN: usize = 8;

/// Repeats a name only when it is nearly right: any other may be a pasted value.
pub(super) fn shown(name: &SecretName, nearest: &Option<String>) -> String {
    match nearest {
        Some(_) => format!("`{name}`"),
        None => "of this name".to_owned(),
    }
}
