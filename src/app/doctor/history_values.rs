//! Managed values in the histories of shells: how many and on which lines, never which text.

use std::collections::BTreeSet;

use crate::app::doctor::Checkup;
use crate::app::doctor::Condition;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;
use crate::app::doctor::counted;
use crate::app::doctor::scene::Opening;
use crate::app::doctor::shells::Shell;
use crate::app::doctor::traces::SHORTEST;
use crate::app::doctor::traces::Traces;

/// Looks for the values of the store in every history.
pub(super) const CHECKUP: Checkup = Checkup { name: NAME, examine };

const NAME: &str = "history-values";

fn examine(scene: &Scene<'_>) -> Vec<Remark> {
    match scene.opening {
        Opening::NoStore => return vec![Remark::new(NAME, Condition::Ok, "no store here to compare with")],
        Opening::Closed(_) => {
            return vec![Remark::new(
                NAME,
                Condition::Note,
                "the store did not open, so nothing was compared",
            )];
        }
        Opening::Opens => {}
    }
    let traces = Traces::of(scene.stored.iter().map(|stored| &stored.value));
    let (mut remarks, mut clean) = (Vec::new(), 0);
    for shell in Shell::ALL {
        for place in shell.histories(scene) {
            let typed = scene.typed(&place);
            match scene.machine.read(&place) {
                Ok(None) => {}
                Ok(Some(file)) => match in_file(scene, shell, &traces, file.expose()) {
                    Some(found) => remarks.push(found.told(shell, &typed)),
                    None => clean += 1,
                },
                Err(error) => remarks.push(
                    Remark::new(
                        NAME,
                        Condition::Note,
                        format!("{typed} was not looked at: {error}"),
                    )
                    .about(typed),
                ),
            }
        }
    }
    if remarks.is_empty() {
        let short = scene.stored.iter().filter(|stored| stored.value.len() < SHORTEST);
        let searched = scene.stored.len() - short.clone().count();
        let mut message = format!(
            "{} searched for {}: none is there",
            counted(clean, "history file", "history files"),
            counted(searched, "value", "values"),
        );
        if clean == 0 {
            message = "no history file is here".to_owned();
        }
        remarks.push(Remark::new(NAME, Condition::Ok, message));
    }
    remarks
}

/// What was found in a file.
struct Found {
    lines: BTreeSet<usize>,
    /// The lines that go when those go.
    doomed: Vec<usize>,
    secrets: BTreeSet<(String, String)>,
}

fn in_file(scene: &Scene<'_>, shell: Shell, traces: &Traces, file: &[u8]) -> Option<Found> {
    let decoded = shell.decode(file);
    let mut found = Found {
        lines: BTreeSet::new(),
        doomed: Vec::new(),
        secrets: BTreeSet::new(),
    };
    for trace in traces.find(&decoded.text) {
        let last = trace.place.end.saturating_sub(1).max(trace.place.start);
        found
            .lines
            .extend(decoded.line(trace.place.start)..=decoded.line(last));
        let stored = &scene.stored[trace.value];
        found
            .secrets
            .insert((stored.environment.to_string(), stored.name.to_string()));
    }
    found.doomed = shell.entries_with(file, &found.lines);
    (!found.lines.is_empty()).then_some(found)
}

impl Found {
    fn told(self, shell: Shell, file: &str) -> Remark {
        let lines: Vec<usize> = self.lines.into_iter().collect();
        let shown: Vec<String> = lines.iter().take(MOST_LINES).map(ToString::to_string).collect();
        let more = match lines.len().saturating_sub(MOST_LINES) {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let message = format!(
            "{file} holds {}: {} {}{more}",
            counted(self.secrets.len(), "managed secret", "managed secrets"),
            if lines.len() == 1 { "line" } else { "lines" },
            shown.join(", "),
        );
        let mut remark = Remark::new(NAME, Condition::Error, message)
            .about(file)
            .fix(format!(
                "sed -i{} '{}' {file}",
                in_place(),
                deleting(&self.doomed)
            ))
            .fix(match shell {
                Shell::Bash => {
                    "history -c && history -r (in every open bash, or it writes its own list back)".to_owned()
                }
                Shell::Fish => "history merge (in every open fish)".to_owned(),
                Shell::Zsh => {
                    format!("fc -p {file} (in every open zsh, or it writes its own list back)")
                }
            });
        for (environment, name) in self.secrets {
            remark = remark.fix(format!(
                "mintage rotate {name} -e {environment} --reason compromise"
            ));
        }
        remark.at(lines)
    }
}

/// Spells the deletion of lines for sed; runs of lines are one word.
fn deleting(lines: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => runs.push((*line, *line)),
        }
    }
    let runs = runs.into_iter().map(|(first, last)| {
        if first == last {
            format!("{first}d")
        } else {
            format!("{first},{last}d")
        }
    });
    runs.collect::<Vec<_>>().join(";")
}

/// Returns what sed wants behind `-i` where it edits in place without a copy.
const fn in_place() -> &'static str {
    if cfg!(target_os = "macos") { " ''" } else { "" }
}

/// Most lines that a message names.
const MOST_LINES: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::testing::Files;
    use crate::app::doctor::testing::scene;
    use crate::app::doctor::testing::stored;
    use crate::app::doctor::testing::worst;

    const VALUE: &str = "s3cr3t/with+more";

    fn look(path: &str, content: &str) -> Vec<Remark> {
        let files = Files::default().with(path, content);
        let mut scene = scene(&files);
        scene.opening = Opening::Opens;
        scene.stored = vec![stored("API_KEY", VALUE), stored("PIN", "1234")];
        examine(&scene)
    }

    #[test]
    fn histories_without_a_value_are_right() {
        let remarks = look("/home/ana/.bash_history", "ls\necho 1234\nmintage status\n");

        assert_eq!(worst(&remarks), Condition::Ok);
        assert_eq!(
            remarks[0].message,
            "1 history file searched for 1 value: none is there"
        );
    }

    #[test]
    fn values_in_the_history_of_bash_are_told_by_line_and_never_shown() {
        let remarks = look(
            "/home/ana/.bash_history",
            "ls\nexport API_KEY=s3cr3t/with+more\ncurl 'https://x/?k=s3cr3t%2Fwith%2Bmore'\nls\n",
        );

        let remark = &remarks[0];
        assert_eq!(remark.condition, Condition::Error);
        assert_eq!(remark.lines, [2, 3]);
        assert_eq!(
            remark.message,
            "~/.bash_history holds 1 managed secret: lines 2, 3"
        );
        assert!(remark.fix[0].ends_with(" '2,3d' ~/.bash_history"));
        assert_eq!(
            remark.fix[2],
            "mintage rotate API_KEY -e production --reason compromise"
        );
        assert!(!format!("{remarks:?}").contains(VALUE));
    }

    #[test]
    fn those_of_zsh_and_fish_are_found_too() {
        let zsh = look(
            "/home/ana/.zsh_history",
            ": 1700000000:0;ls\n: 1700000001:0;echo czNjcjN0L3dpdGgrbW9yZQ== | base64 -d\n",
        );
        let fish = look(
            "/home/ana/.local/share/fish/fish_history",
            "- cmd: ls\n  when: 1\n- cmd: set -x API_KEY 's3cr3t/with+more'\n  when: 2\n",
        );

        assert_eq!(
            (worst(&zsh), zsh[0].lines.as_slice()),
            (Condition::Error, &[2][..])
        );
        assert_eq!(
            (worst(&fish), fish[0].lines.as_slice()),
            (Condition::Error, &[3][..])
        );
    }

    #[test]
    fn a_closed_store_is_told() {
        let files = Files::default();
        let mut scene = scene(&files);
        scene.opening = Opening::Closed("no identity fits".to_owned());

        assert_eq!(worst(&examine(&scene)), Condition::Note);
    }

    #[test]
    fn runs_of_lines_are_deleted_as_one() {
        assert_eq!(deleting(&[2, 3, 4, 9]), "2,4d;9d");
    }
}
