//! What a person allowed to run on this machine.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono::Utc;
use serde::Deserialize;
use serde::Serialize;

use crate::policy::StdinForm;
use crate::policy::Verb;
use crate::secret::SecretName;

/// The programs of a sink as a person allowed them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The sink.
    pub sink: String,
    /// What may be run.
    pub runnable: Runnable,
    /// When it was allowed.
    pub at: DateTime<Utc>,
    /// By whom: user and host.
    pub by: String,
}

/// Everything that decides what running a sink does, as far as it can be known before it runs.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Runnable {
    /// What is run for each purpose.
    pub commands: BTreeMap<Verb, RunnableCommand>,
    /// What stands on standard input.
    pub stdin: StdinForm,
    /// All that is seen of the environment beside PATH.
    pub env: Vec<SecretName>,
    /// The SHA-256 of every file of the project that a command names, by its path in the project: whoever changes
    /// one changes what is run.
    pub files: BTreeMap<String, String>,
}

/// A program and its arguments.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RunnableCommand {
    /// Where the program is, as an absolute path.
    pub program: String,
    /// The words of the policy, the program first; `{name}` and `{environment}` are not filled in.
    pub words: Vec<String>,
}

impl Runnable {
    /// Says field by field in which way `now` differs from this; empty when it does not.
    pub fn changes(&self, now: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        for verb in self.commands.keys().chain(now.commands.keys()) {
            let change = match (self.commands.get(verb), now.commands.get(verb)) {
                (Some(before), Some(after)) => before.change(after),
                (Some(_), None) => Some("is gone".to_owned()),
                (None, Some(after)) => Some(format!("is new: {}", shown(&after.words))),
                (None, None) => None,
            };
            let change = change.map(|change| format!("`{verb}` {change}"));
            changes.extend(change.filter(|change| !changes.contains(change)));
        }
        if self.stdin != now.stdin {
            changes.push("`stdin` was changed".to_owned());
        }
        let names = |from: &[SecretName], others: &[SecretName]| {
            let only = from.iter().filter(|name| !others.contains(name));
            only.map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        let (more, fewer) = (names(&now.env, &self.env), names(&self.env, &now.env));
        if !more.is_empty() {
            changes.push(format!("`env` has {more} too"));
        }
        if !fewer.is_empty() {
            changes.push(format!("`env` has no {fewer} any more"));
        }
        for (path, digest) in &now.files {
            match self.files.get(path) {
                Some(before) if before == digest => {}
                Some(_) => changes.push(format!("the file {path} was changed")),
                None => changes.push(format!("the file {path} is named and was not")),
            }
        }
        let gone = self.files.keys().filter(|path| !now.files.contains_key(*path));
        changes.extend(gone.map(|path| format!("the file {path} is not there or not named any more")));
        changes
    }
}

impl RunnableCommand {
    fn change(&self, now: &Self) -> Option<String> {
        if self.words != now.words {
            return Some(format!("is {}, was {}", shown(&now.words), shown(&self.words)));
        }
        (self.program != now.program).then(|| format!("runs {}, was {}", now.program, self.program))
    }
}

/// Writes words so that one of them never looks like two.
pub fn shown(words: &[String]) -> String {
    let quoted = words.iter().map(|word| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"{}_-./=:@,+".contains(&byte);
        if !word.is_empty() && word.bytes().all(is_plain) {
            word.clone()
        } else {
            format!("{word:?}")
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runnable(program: &str, words: &[&str], env: &[&str], files: &[(&str, &str)]) -> Runnable {
        let command = RunnableCommand {
            program: program.to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        Runnable {
            commands: BTreeMap::from([(Verb::Set, command)]),
            stdin: StdinForm::Value,
            env: env.iter().map(|name| name.parse().unwrap()).collect(),
            files: files
                .iter()
                .map(|(path, digest)| ((*path).to_owned(), (*digest).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn every_field_that_changed_is_told() {
        let before = runnable(
            "/usr/bin/gh",
            &["gh", "set", "{name}"],
            &["HOME"],
            &[("push.sh", "aa")],
        );
        let same = before.clone();
        assert_eq!(before.changes(&same), [""; 0]);

        for (after, told) in [
            (
                runnable(
                    "/usr/bin/gh",
                    &["gh", "set", "a b"],
                    &["HOME"],
                    &[("push.sh", "aa")],
                ),
                "`set` is gh set \"a b\", was gh set {name}",
            ),
            (
                runnable(
                    "/tmp/gh",
                    &["gh", "set", "{name}"],
                    &["HOME"],
                    &[("push.sh", "aa")],
                ),
                "`set` runs /tmp/gh, was /usr/bin/gh",
            ),
            (
                runnable(
                    "/usr/bin/gh",
                    &["gh", "set", "{name}"],
                    &["HOME", "TOKEN"],
                    &[("push.sh", "aa")],
                ),
                "`env` has TOKEN too",
            ),
            (
                runnable("/usr/bin/gh", &["gh", "set", "{name}"], &[], &[("push.sh", "aa")]),
                "`env` has no HOME any more",
            ),
            (
                runnable(
                    "/usr/bin/gh",
                    &["gh", "set", "{name}"],
                    &["HOME"],
                    &[("push.sh", "bb")],
                ),
                "the file push.sh was changed",
            ),
            (
                runnable("/usr/bin/gh", &["gh", "set", "{name}"], &["HOME"], &[]),
                "the file push.sh is not there or not named any more",
            ),
        ] {
            assert_eq!(before.changes(&after), [told]);
        }
        let none = Runnable::default();
        assert_eq!(none.changes(&before)[0], "`set` is new: gh set {name}");
        assert_eq!(before.changes(&none)[0], "`set` is gone");
    }
}
