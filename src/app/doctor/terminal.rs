//! The terminal: nothing records what is shown on it.

use crate::app::doctor::Checkup;
use crate::app::doctor::Condition;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;

/// Looks at the variables by which recorders and multiplexers make themselves known.
pub(super) const CHECKUP: Checkup = Checkup { name: NAME, examine };

const NAME: &str = "terminal";

fn examine(scene: &Scene<'_>) -> Vec<Remark> {
    let is_set = |name| scene.variable(name).is_some_and(|value| !value.is_empty());
    if is_set("ASCIINEMA_REC") || is_set("ASCIINEMA_SESSION") || is_set("SCRIPT") {
        return vec![
            Remark::new(
                NAME,
                Condition::Warning,
                "this session is being recorded: what is shown is kept",
            )
            .fix("end the recording (exit) before you reveal a value"),
        ];
    }
    let keeper = [
        ("TMUX", "tmux", "tmux clear-history"),
        ("STY", "screen", "screen -X scrollback 0"),
    ];
    if let Some((_, name, clear)) = keeper.into_iter().find(|(variable, ..)| is_set(variable)) {
        return vec![Remark::new(
            NAME,
            Condition::Ok,
            format!("{name} keeps what was shown; after a reveal: {clear}"),
        )];
    }
    vec![Remark::new(NAME, Condition::Ok, "no recorder is known to run")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::testing::Files;
    use crate::app::doctor::testing::scene;
    use crate::app::doctor::testing::worst;

    fn look(name: &'static str) -> Condition {
        let files = Files::default();
        let mut scene = scene(&files);
        scene.variables.insert(name, "1".to_owned());
        worst(&examine(&scene))
    }

    #[test]
    fn a_plain_one_and_one_in_tmux_are_right() {
        assert_eq!(look("SSH_CONNECTION"), Condition::Ok);
        assert_eq!(look("TMUX"), Condition::Ok);
    }

    #[test]
    fn a_recorded_one_is_wrong() {
        assert_eq!(look("ASCIINEMA_REC"), Condition::Warning);
        assert_eq!(look("SCRIPT"), Condition::Warning);
    }
}
