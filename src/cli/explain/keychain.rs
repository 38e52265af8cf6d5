//! Errors of keychains, for people.

use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::ledger::Damage;
use crate::ports::KeychainError;

impl CliError {
    /// Says why a keychain did not do it, and how to get one to. There is no other place that values go to instead.
    pub(crate) fn from_keychain(error: &KeychainError, message: String) -> Self {
        let exit = match error {
            KeychainError::Ambiguous { .. } | KeychainError::TooLarge { .. } => Exit::Failed,
            _ => Exit::Unreachable,
        };
        let shown = Self::new(exit, message)
            .cause(error.to_string())
            .in_state("the ledger is unchanged: no secret changed its value");
        match error {
            KeychainError::Absent { why } => shown
                .cause(why.clone())
                .hint("on a desktop: log in, so that GNOME Keyring or KWallet runs")
                .hint("on a server: dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock --components=secrets && mintage …', with the password on its standard input")
                .hint("or keep this environment in age files: leave `store` out of the policy"),
            KeychainError::Ambiguous { service, user, .. } => shown.hint(format!(
                "see them and remove all but one: secret-tool search --all service '{service}' username '{user}'"
            )),
            KeychainError::Failed { why } => shown
                .cause(why.clone())
                .hint("see whether it answers at all: secret-tool search service mintage"),
            KeychainError::Locked => shown
                .hint("unlock it, then run this again: log in at the desktop, or open Passwords and Keys (seahorse)")
                .hint("on a server: gnome-keyring-daemon --unlock, with the password on its standard input"),
            KeychainError::NoSession => shown
                .hint("run it in a session of keys of its own: keyctl session - mintage …")
                .hint("the kernel forgets keys at a restart, and after days without use: store = \"keychain\" keeps them"),
            KeychainError::NoCollection => shown
                .hint("make one that is the default: open Passwords and Keys (seahorse), or log in at the desktop once")
                .hint("on a server: gnome-keyring-daemon --unlock makes one, with the password on its standard input"),
            KeychainError::Silent { .. } => shown
                .hint("a question of its own may be waiting on the desktop: answer it, then run this again")
                .hint("or it hangs: systemctl --user restart gnome-keyring-daemon"),
            KeychainError::TooLarge { .. } => {
                shown.hint("keep this environment in age files, or in a keychain of the session: store = \"keychain\"")
            }
        }
    }
}

/// Says how a damaged value comes back: a keychain has no other copy of it.
pub(super) fn way_back(damage: &[Damage]) -> String {
    let entry = damage.iter().find_map(|one| match one {
        Damage::EntryChanged {
            environment, name, ..
        }
        | Damage::EntryMissing {
            environment, name, ..
        } => Some(format!(
            "make a new value: mintage rotate {name} -e {environment}"
        )),
        _ => None,
    });
    entry.unwrap_or_else(|| "put the file back from git or a backup".to_owned())
}
