//! What evidence says to a person, and how that person checks it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::DateTime;
use chrono::Utc;

use crate::app::State;
use crate::app::StatusRow;
use crate::app::evidence::data::Data;
use crate::app::evidence::data::word;
use crate::ledger::Action;
use crate::ledger::Event;
use crate::ledger::Manifest;
use crate::ledger::Phase;
use crate::policy::Policy;
use crate::secret::EnvironmentName;

/// Writes `README.md`: the summary first, then how to check it.
pub(super) fn text(data: &Data<'_>, manifest: &Manifest, policy: &Policy) -> String {
    let mut text = format!(
        "# Evidence of `{}` from {} to {}\n\nMade by {} on {} with mintage {}, of store {}. It holds no value of any \
         secret: fingerprints are keyed, so that\nnobody without the store's keys can test a guess.\n",
        policy.name(),
        day(data.from),
        day(data.until),
        manifest.made_by,
        minute(manifest.made_at),
        manifest.program,
        manifest.store.as_str(),
    );
    secrets(&mut text, &data.secrets);
    changes(&mut text, data);
    signoffs(&mut text, data);
    waivers(&mut text, data);
    certificates(&mut text, data);
    integrity(&mut text, data, manifest);
    text.push_str(HOW_TO_CHECK);
    text
}

fn secrets(text: &mut String, rows: &[StatusRow]) {
    text.push_str(
        "\n## Secrets at the end of the period\n\n| environment | secrets | states |\n| --- | ---: | --- |\n",
    );
    let mut by_environment: BTreeMap<&EnvironmentName, Vec<&StatusRow>> = BTreeMap::new();
    for row in rows {
        by_environment.entry(&row.environment).or_default().push(row);
    }
    for (environment, rows) in by_environment {
        let mut states: Vec<State> = rows.iter().map(|row| row.state).collect();
        states.sort_unstable();
        states.dedup();
        let count = |state: &State| rows.iter().filter(|row| row.state == *state).count();
        let states: Vec<String> = states
            .iter()
            .map(|state| format!("{} {}", count(state), state.name()))
            .collect();
        let _ = writeln!(text, "| {environment} | {} | {} |", rows.len(), states.join(", "));
    }
    let mut due = rows.iter().filter(|row| row.state != State::Ok).peekable();
    if due.peek().is_some() {
        text.push_str(
            "\nNot in order, or not quite:\n\n| environment | secret | state | age in days | due |\n\
             | --- | --- | --- | ---: | --- |\n",
        );
    }
    for row in due {
        let age = row
            .age_days
            .map_or_else(|| "unknown".to_owned(), |days| days.to_string());
        let due = row.due_at.map_or_else(|| "-".to_owned(), day);
        let (environment, name, state) = (&row.environment, &row.name, row.state.name());
        let _ = writeln!(text, "| {environment} | {name} | {state} | {age} | {due} |");
    }
}

fn changes(text: &mut String, data: &Data<'_>) {
    text.push_str("\n## What was done, by whom and why\n\n| action | by | reason | times |\n| --- | --- | --- | ---: |\n");
    for ((action, by, reason), times) in counted(data.events) {
        let _ = writeln!(text, "| {action} | {by} | {reason} | {times} |");
    }
    let _ = writeln!(
        text,
        "\n{} versions were made, in use or ended in the period. Each stands in `data/versions.csv`, each of {} events \
         in `data/events.csv`.",
        data.versions.len(),
        data.events.len()
    );
}

/// Counts what was done. What only shows values has an intent and no result; of anything else, an intent without a result
/// was interrupted, or its result was not recorded.
fn counted(events: &[Event]) -> BTreeMap<(String, &str, String), usize> {
    let mut begun: BTreeMap<String, Vec<&Event>> = BTreeMap::new();
    let mut ended: Vec<(String, &Event)> = Vec::new();
    for event in events {
        let draft = &event.draft;
        let about = (&draft.environment, &draft.secret, &draft.version, &draft.sink);
        let key = format!("{:?} {} {about:?}", draft.action, draft.by);
        match draft.phase {
            Phase::Intent => begun.entry(key).or_default().push(event),
            Phase::Done => {
                begun.get_mut(&key).and_then(Vec::pop);
                ended.push((word(&draft.action), event));
            }
        }
    }
    for event in begun.into_values().flatten() {
        let action = word(&event.draft.action);
        let is_whole = matches!(
            event.draft.action,
            Action::Render | Action::Reveal | Action::Run | Action::Score
        );
        ended.push(if is_whole {
            (action, event)
        } else {
            (format!("{action}, without a recorded result"), event)
        });
    }
    let mut counted = BTreeMap::new();
    for (action, event) in ended {
        let reason = event.draft.reason.as_ref().map_or_else(|| "-".to_owned(), word);
        *counted
            .entry((action, event.draft.by.as_str(), reason))
            .or_default() += 1;
    }
    counted
}

fn signoffs(text: &mut String, data: &Data<'_>) {
    text.push_str("\n## Sign-offs\n\n");
    if data.signoffs().next().is_none() {
        text.push_str("None in the period.\n");
        return;
    }
    text.push_str(
        "| at | environment | role | by | ledger revision | errors | warnings |\n\
         | --- | --- | --- | --- | ---: | ---: | ---: |\n",
    );
    for event in data.signoffs() {
        let Some(one) = &event.draft.signoff else {
            continue;
        };
        let environment = event
            .draft
            .environment
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let (at, by) = (minute(event.draft.at), &event.draft.by);
        let _ = writeln!(
            text,
            "| {at} | {environment} | {} | {by} | {} | {} | {} |",
            one.role, one.revision, one.errors, one.warnings
        );
    }
}

fn waivers(text: &mut String, data: &Data<'_>) {
    text.push_str("\n## Waivers of the policy\n\n");
    if data.waivers.is_empty() {
        text.push_str("None.\n");
        return;
    }
    text.push_str("| rule | about | until | in force | reason |\n| --- | --- | --- | --- | --- |\n");
    for waiver in &data.waivers {
        let about = waiver.name.as_deref().unwrap_or("everything");
        let in_force = if waiver.in_force { "yes" } else { "no" };
        let (rule, until) = (cell(&waiver.rule), &waiver.until);
        let _ = writeln!(
            text,
            "| {rule} | {} | {until} | {in_force} | {} |",
            cell(about),
            cell(&waiver.reason)
        );
    }
}

fn certificates(text: &mut String, data: &Data<'_>) {
    if data.certificates.is_empty() {
        return;
    }
    text.push_str(
        "\n## Certificates when this was made\n\n| certificate | state | ends |\n| --- | --- | --- |\n",
    );
    for row in data.certificates {
        let ends = row.not_after.map_or_else(|| "-".to_owned(), day);
        let _ = writeln!(text, "| {} | {} | {ends} |", cell(&row.name), row.state.name());
    }
}

fn integrity(text: &mut String, data: &Data<'_>, manifest: &Manifest) {
    text.push_str("\n## Integrity of the store when this was made\n\n");
    if data.damage.is_empty() {
        text.push_str("Every MAC, hash and chain of ledgers and audit logs fitted.\n");
    } else {
        text.push_str("Damaged; what follows cannot be believed:\n\n");
        for damage in data.damage {
            let _ = writeln!(text, "- {}", cell(&damage.to_string()));
        }
    }
    text.push_str("\nThe ends of the audit logs, which nobody can move back unseen:\n\n| log | events | MAC of the last |\n| --- | ---: | --- |\n");
    for (writer, head) in &manifest.heads {
        let _ = writeln!(text, "| {writer} | {} | `{}` |", head.sequence, head.mac);
    }
}

/// Keeps a text in its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

fn day(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%d").to_string()
}

fn minute(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%d %H:%M UTC").to_string()
}

const HOW_TO_CHECK: &str = "
## What is in here

| part | holds |
| --- | --- |
| `manifest.json` | every other part with its length and SHA-256, and a MAC under the store's ledger key |
| `data/*.json`, `data/*.csv` | secrets at the end of the period, versions, events, sign-offs, waivers; certificates as they were when this was made |
| `ledgers/*.jsonl` | the ledgers, byte for byte, as they were when this was made |
| `audit/*.jsonl` | the lines of the audit logs that hold the period, byte for byte |
| `policy.toml` | the policy file as it was when this was made |

## How to check it

    mintage verify --evidence FILE.zip

Without a key this tells whether any part differs from the manifest, and whether every line of the audit logs follows
from the one before it. Anybody could have made such a file, so compare the SHA-256 of `manifest.json` with the one
that was told to you by another way when the evidence was made: `sha256sum manifest.json`.

In the project, with an identity that opens its store, the same command checks every MAC too, and that the audit logs
still hold the very lines that stand here. A MAC proves that somebody with the store's keys made it: not which one.
Who acted is what the operating system of that machine said.

By hand: SHA-256 of a part is in `manifest.json`. A line of `audit/*.jsonl` names in `prev` the `mac` of the line
before it.
";
