//! Settings of shells: a command that begins with a space stays out of the history, and others do not read it.

use crate::app::doctor::Checkup;
use crate::app::doctor::Condition;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;
use crate::app::doctor::shells::Shell;
use crate::app::doctor::shells::assignments;
use crate::app::doctor::shells::lines;

/// Looks at the settings of every shell that is used.
pub(super) const CHECKUP: Checkup = Checkup { name: NAME, examine };

const NAME: &str = "history";

fn examine(scene: &Scene<'_>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for shell in Shell::ALL {
        if !shell.is_used(scene) {
            continue;
        }
        remarks.push(of_settings(scene, shell));
        for place in shell.histories(scene) {
            let Some(state) = scene.machine.state(&place) else {
                continue;
            };
            if state.mode & 0o077 != 0 {
                let typed = scene.typed(&place);
                remarks.push(
                    Remark::new(
                        NAME,
                        Condition::Warning,
                        format!("{typed} is open to other users: mode {:04o}", state.mode),
                    )
                    .about(&typed)
                    .fix(format!("chmod 600 {typed}")),
                );
            }
        }
    }
    if remarks.is_empty() {
        remarks.push(Remark::new(
            NAME,
            Condition::Ok,
            "no bash, zsh or fish is used here",
        ));
    }
    remarks
}

fn of_settings(scene: &Scene<'_>, shell: Shell) -> Remark {
    let (keeps_out, fix) = match shell {
        Shell::Bash => (
            bash_keeps_out(scene),
            "echo 'HISTCONTROL=ignoreboth' >> ~/.bashrc && HISTCONTROL=ignoreboth",
        ),
        // It always does.
        Shell::Fish => (true, ""),
        Shell::Zsh => (
            zsh_keeps_out(scene),
            "echo 'setopt HIST_IGNORE_SPACE' >> ~/.zshrc && setopt HIST_IGNORE_SPACE",
        ),
    };
    let name = shell.name();
    if keeps_out {
        let message = format!("{name} keeps commands that begin with a space out of its history");
        Remark::new(NAME, Condition::Ok, message)
    } else {
        let message = format!("{name} keeps every command, also those that begin with a space");
        Remark::new(NAME, Condition::Warning, message).fix(fix)
    }
}

fn bash_keeps_out(scene: &Scene<'_>) -> bool {
    let mut set = assignments(scene, &Shell::Bash.settings(scene), "HISTCONTROL");
    // What is exported goes before what the settings say: they are read in every new shell.
    set.splice(0..0, scene.variable("HISTCONTROL").map(str::to_owned));
    let last = set.last().map(String::as_str).unwrap_or_default();
    last.split(':')
        .any(|word| ["ignorespace", "ignoreboth"].contains(&word))
}

fn zsh_keeps_out(scene: &Scene<'_>) -> bool {
    let mut keeps_out = false;
    for line in lines(scene, &Shell::Zsh.settings(scene)) {
        let mut words = line.split([' ', '\t', ';', '&']).filter(|word| !word.is_empty());
        let on = match (words.next(), words.clone().next()) {
            (Some("setopt"), _) | (Some("set"), Some("-o")) => true,
            (Some("unsetopt"), _) | (Some("set"), Some("+o")) => false,
            _ => continue,
        };
        for word in words {
            // Names of options have no case, and underscores in them mean nothing.
            match word.replace('_', "").to_ascii_lowercase().as_str() {
                "histignorespace" | "-g" => keeps_out = on,
                "nohistignorespace" => keeps_out = !on,
                _ => {}
            }
        }
    }
    keeps_out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::testing::Files;
    use crate::app::doctor::testing::scene;
    use crate::app::doctor::testing::worst;

    fn with(shell: &'static str, settings: &str) -> Condition {
        let file = format!("/home/ana/.{shell}rc");
        let files = Files::default().with(&file, settings);
        let mut scene = scene(&files);
        scene.variables.insert("SHELL", format!("/bin/{shell}"));
        worst(&examine(&scene))
    }

    #[test]
    fn bash_is_right_with_ignorespace_or_ignoreboth() {
        for settings in [
            "HISTCONTROL=ignoreboth\n",
            "export HISTCONTROL=\"ignoredups:ignorespace\"\n",
        ] {
            assert_eq!(with("bash", settings), Condition::Ok, "{settings}");
        }
    }

    #[test]
    fn bash_is_wrong_without_them() {
        for settings in [
            "",
            "# HISTCONTROL=ignoreboth\n",
            "HISTCONTROL=ignoredups\n",
            "HISTCONTROL=ignoreboth\nHISTCONTROL=ignoredups\n",
        ] {
            assert_eq!(with("bash", settings), Condition::Warning, "{settings}");
        }
    }

    #[test]
    fn zsh_is_right_with_its_option_in_any_spelling() {
        for settings in [
            "setopt HIST_IGNORE_SPACE\n",
            "setopt appendhistory histignorespace\n",
            "set -o hist_ignore_space\n",
            "unsetopt NO_HIST_IGNORE_SPACE\n",
        ] {
            assert_eq!(with("zsh", settings), Condition::Ok, "{settings}");
        }
    }

    #[test]
    fn zsh_is_wrong_without_it() {
        for settings in [
            "",
            "setopt HIST_IGNORE_DUPS\n",
            "setopt HIST_IGNORE_SPACE\nunsetopt HIST_IGNORE_SPACE\n",
        ] {
            assert_eq!(with("zsh", settings), Condition::Warning, "{settings}");
        }
    }

    #[test]
    fn fish_is_right() {
        let files = Files::default();
        let mut scene = scene(&files);
        scene.variables.insert("SHELL", "/usr/bin/fish".to_owned());

        assert_eq!(worst(&examine(&scene)), Condition::Ok);
    }

    #[test]
    fn a_history_that_others_read_is_wrong() {
        let files = Files::default().with_mode("/home/ana/.zsh_history", 0o644);

        let remarks = examine(&scene(&files));

        assert!(
            remarks
                .iter()
                .any(|remark| remark.fix == ["chmod 600 ~/.zsh_history"])
        );
    }
}
