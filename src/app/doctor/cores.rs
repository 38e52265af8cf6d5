//! Core dumps: a program that crashes does not leave its memory, with the values in it, on a disk.

use std::path::Path;

use crate::app::doctor::Checkup;
use crate::app::doctor::Condition;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;

/// Looks at the limit that commands of `run` inherit, and at where the system puts cores.
///
/// This program itself never leaves one.
pub(super) const CHECKUP: Checkup = Checkup { name: NAME, examine };

const NAME: &str = "core-dumps";

fn examine(scene: &Scene<'_>) -> Vec<Remark> {
    let pattern = scene.machine.read(Path::new("/proc/sys/kernel/core_pattern"));
    let pattern = pattern.ok().flatten();
    let pattern = pattern.map(|text| String::from_utf8_lossy(text.expose()).trim().to_owned());
    // A program that takes cores is given them whatever the limit is (core(5)).
    let taker = pattern.as_deref().and_then(|pattern| pattern.strip_prefix('|'));
    if let Some(taker) = taker {
        let program = taker.split_whitespace().next().unwrap_or(taker);
        let remark = Remark::new(
            NAME,
            Condition::Note,
            format!("the memory of commands that crash is given to {program}"),
        );
        return vec![if program.ends_with("systemd-coredump") {
            remark.fix(
                "printf '[Coredump]\\nStorage=none\\nProcessSizeMax=0\\n' | sudo tee /etc/systemd/coredump.conf.d/none.conf",
            )
        } else {
            remark.fix("sudo sysctl kernel.core_pattern=core")
        }];
    }
    match scene.core_limit {
        Some(0) => vec![Remark::new(NAME, Condition::Ok, "commands leave none")],
        None => vec![Remark::new(
            NAME,
            Condition::Note,
            "the system does not tell their limit",
        )],
        Some(_) => vec![
            Remark::new(
                NAME,
                Condition::Warning,
                "a command of `mintage run` that crashes leaves its memory, with the values, in a file",
            )
            .fix("ulimit -c 0")
            .fix("for good: add that line to the settings of your shell"),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::testing::Files;
    use crate::app::doctor::testing::scene;
    use crate::app::doctor::testing::worst;

    fn look(limit: u64, pattern: &str) -> Condition {
        let files = Files::default().with("/proc/sys/kernel/core_pattern", pattern);
        let mut scene = scene(&files);
        scene.core_limit = Some(limit);
        worst(&examine(&scene))
    }

    #[test]
    fn a_limit_of_nothing_is_right() {
        assert_eq!(look(0, "core\n"), Condition::Ok);
    }

    #[test]
    fn a_file_is_wrong_and_a_program_is_worth_knowing() {
        assert_eq!(look(u64::MAX, "core\n"), Condition::Warning);
        assert_eq!(
            look(0, "|/usr/lib/systemd/systemd-coredump %P %u\n"),
            Condition::Note
        );
        assert_eq!(look(0, "|/usr/share/apport/apport %p\n"), Condition::Note);
    }
}
