//! The umask: files that programs make are not for everybody to change.

use crate::app::doctor::Checkup;
use crate::app::doctor::Condition;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;

/// Looks at the umask that commands inherit. This program makes its own files for their owner alone.
pub(super) const CHECKUP: Checkup = Checkup { name: NAME, examine };

const NAME: &str = "umask";

fn examine(scene: &Scene<'_>) -> Vec<Remark> {
    let Some(umask) = scene.umask else {
        return vec![Remark::new(NAME, Condition::Note, "the system does not tell it")];
    };
    let remark = match umask & 0o077 {
        0o077 => Remark::new(
            NAME,
            Condition::Ok,
            format!("{umask:04o}: new files are for their owner alone"),
        ),
        bits if bits & 0o002 == 0 => Remark::new(
            NAME,
            Condition::Warning,
            format!("{umask:04o}: everybody may change the files that other programs make"),
        )
        .fix("umask 077")
        .fix("for good: add that line to the settings of your shell"),
        _ => Remark::new(
            NAME,
            Condition::Ok,
            format!(
                "{umask:04o}: others may read what other programs write; what mintage writes they may not"
            ),
        ),
    };
    vec![remark]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::testing::Files;
    use crate::app::doctor::testing::scene;
    use crate::app::doctor::testing::worst;

    fn look(umask: u64) -> Condition {
        let files = Files::default();
        let mut scene = scene(&files);
        scene.umask = Some(umask);
        worst(&examine(&scene))
    }

    #[test]
    fn the_usual_ones_are_right() {
        for umask in [0o077, 0o027, 0o022, 0o002] {
            assert_eq!(look(umask), Condition::Ok, "{umask:o}");
        }
    }

    #[test]
    fn one_that_lets_everybody_write_is_wrong() {
        for umask in [0o000, 0o020, 0o044] {
            assert_eq!(look(umask), Condition::Warning, "{umask:o}");
        }
    }
}
