//! The keychain: whether it answers, where something needs it.

use crate::app::doctor::Checkup;
use crate::app::doctor::Condition;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;
use crate::policy::Policy;
use crate::policy::SinkTarget;
use crate::policy::StoreKind;
use crate::ports::KeychainError;

/// Looks whether the keychain of the session answers, and who needs it.
pub(super) const CHECKUP: Checkup = Checkup { name: NAME, examine };

const NAME: &str = "keychain";

fn examine(scene: &Scene<'_>) -> Vec<Remark> {
    let users = scene.project.map(|(_, policy, _)| users(policy));
    vec![judge(&scene.keychain, &users.unwrap_or_default())]
}

fn judge(keychain: &Result<&'static str, KeychainError>, users: &[String]) -> Remark {
    let needed_by = |rest: &str| match users {
        [] => format!("{rest}; nothing here needs it"),
        users => format!("{rest}; it is needed by {}", users.join(", ")),
    };
    let error = match keychain {
        Ok(who) => return Remark::new(NAME, Condition::Ok, needed_by(&format!("{who} answers"))),
        Err(error) => error,
    };
    if users.is_empty() {
        return Remark::new(NAME, Condition::Ok, needed_by(&error.to_string()));
    }
    let remark = Remark::new(NAME, Condition::Error, needed_by(&error.to_string()));
    match error {
        KeychainError::Locked => remark
            .fix("gnome-keyring-daemon --unlock")
            .fix("with the password on its standard input; or log in at the desktop, or open Passwords and Keys (seahorse)"),
        KeychainError::Silent { .. } => remark
            .fix("systemctl --user restart gnome-keyring-daemon")
            .fix("unless a question of its own waits on the desktop"),
        _ => remark
            .fix("dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock --components=secrets && mintage status'")
            .fix("with the password on its standard input; on a desktop: log in, so that GNOME Keyring or KWallet runs"),
    }
}

/// What keeps something in the keychain.
fn users(policy: &Policy) -> Vec<String> {
    let environments = policy.environments();
    let environments = environments
        .filter(|one| one.store() == StoreKind::Keychain)
        .map(|one| format!("environment {}", one.name()));
    let sinks = policy.sinks().iter();
    let sinks = sinks
        .filter(|sink| matches!(sink.target(), SinkTarget::Keychain { .. }))
        .map(|sink| format!("sink {}", sink.name()));
    environments.chain(sinks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(policy: &str, keychain: Result<&'static str, KeychainError>) -> Condition {
        let policy = Policy::parse("mintage.toml", policy).unwrap();
        judge(&keychain, &users(&policy)).condition
    }

    const NEEDED: &str = "schema = 1\n[environments.development]\nstore = \"keychain\"\n";

    #[test]
    fn one_that_answers_is_right_whoever_needs_it() {
        assert_eq!(look(NEEDED, Ok("the Secret Service")), Condition::Ok);
        assert_eq!(look("schema = 1\n", Ok("the Secret Service")), Condition::Ok);
    }

    #[test]
    fn one_that_does_not_answer_is_wrong_where_it_is_needed() {
        for error in [
            KeychainError::Locked,
            KeychainError::Silent { seconds: 5 },
            KeychainError::Absent { why: String::new() },
        ] {
            assert_eq!(look(NEEDED, Err(error.clone())), Condition::Error);
            assert_eq!(look("schema = 1\n", Err(error)), Condition::Ok);
        }
    }
}
