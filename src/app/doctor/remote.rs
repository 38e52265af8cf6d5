//! The repository: the store is in it, and its remotes hold no credential and are meant for it.

use crate::app::doctor::Checkup;
use crate::app::doctor::Condition;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;
use crate::app::doctor::quoted;
use crate::contract::GitState;
use crate::contract::Repository;

/// Looks at whether the store is committed and at where the repository is pushed to.
pub(super) const CHECKUP: Checkup = Checkup { name: NAME, examine };

const NAME: &str = "git";

fn examine(scene: &Scene<'_>) -> Vec<Remark> {
    let Some((root, _, tree)) = scene.project else {
        return vec![Remark::new(NAME, Condition::Ok, "no project here")];
    };
    let (repository, states) = tree.git(&[SETTINGS.to_owned()]);
    match repository {
        Repository::Absent => {
            return vec![
                Remark::new(
                    NAME,
                    Condition::Note,
                    "the project is in no repository: nothing keeps the store's past",
                )
                .fix("git init && git add mintage.toml .mintage && git commit"),
            ];
        }
        Repository::Unreadable => {
            return vec![Remark::new(NAME, Condition::Note, "git does not answer here").fix("git status")];
        }
        Repository::Shallow | Repository::Whole => {}
    }
    let has_store = scene.machine.state(&root.join(SETTINGS)).is_some();
    let state = states.into_iter().next().flatten().filter(|_| has_store);
    let mut remarks: Vec<Remark> = state.and_then(of_store).into_iter().collect();
    for (name, address) in tree.remotes() {
        remarks.extend(of_remote(&name, &address));
    }
    if remarks.is_empty() {
        let message = if has_store {
            "the store is in the repository, and its remotes hold no credential"
        } else {
            "there is no store yet"
        };
        remarks.push(Remark::new(NAME, Condition::Ok, message));
    }
    remarks
}

fn of_store(state: GitState) -> Option<Remark> {
    if state.tracked {
        return None;
    }
    Some(if state.ignored {
        Remark::new(
            NAME,
            Condition::Warning,
            "the store is ignored by git: it is encrypted and meant to be committed, or it has no copy",
        )
        .about(SETTINGS)
        .fix("git check-ignore -v .mintage/store.toml (take that rule out), then: git add .mintage")
    } else {
        Remark::new(NAME, Condition::Note, "the store is not in the repository yet")
            .about(SETTINGS)
            .fix("git add mintage.toml .mintage && git commit")
    })
}

/// Judges the address of a remote. Of an address with a credential, nothing is shown but the host.
fn of_remote(name: &str, address: &str) -> Vec<Remark> {
    let Some(parts) = parts(address) else {
        return Vec::new();
    };
    let mut remarks = Vec::new();
    if parts.has_password {
        remarks.push(
            Remark::new(
                NAME,
                Condition::Error,
                format!("the address of the remote `{name}` at {} holds a credential", parts.host),
            )
            .about(".git/config")
            .fix(format!(
                "git remote set-url {} https://{}/OWNER/REPOSITORY (the address without it)",
                quoted(name),
                parts.host
            ))
            .fix("git config --global credential.helper cache (or that of your system), and renew the credential"),
        );
    }
    if let Some((_, ask)) = PUBLIC_HOSTS.iter().find(|(host, _)| *host == parts.host) {
        remarks.push(
            Remark::new(
                NAME,
                Condition::Note,
                format!(
                    "the remote `{name}` is at {}: names and dates of secrets are for all who read it",
                    parts.host
                ),
            )
            .fix(format!("see that it is private: {ask}")),
        );
    }
    remarks
}

struct Parts<'a> {
    host: &'a str,
    has_password: bool,
}

/// Takes an address of git apart: `scheme://user:password@host:port/path` or `user@host:path`.
fn parts(address: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let authority = match scheme {
        "" => rest.split_once(':')?.0,
        "file" => return None,
        _ => rest.split('/').next()?,
    };
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    // A token alone stands in the place of the user.
    let is_web = scheme.starts_with("http");
    let has_password = user.contains(':') || is_web && !user.is_empty() && user != "git";
    let host = host.split(':').next().unwrap_or(host);
    (!host.is_empty()).then_some(Parts { host, has_password })
}

/// The settings of the store, which stand for all of it.
const SETTINGS: &str = ".mintage/store.toml";

/// Hosts where a repository may be public, and how to ask.
const PUBLIC_HOSTS: &[(&str, &str)] = &[
    ("bitbucket.org", "Repository settings, Access level"),
    ("codeberg.org", "Settings, Visibility"),
    ("github.com", "gh repo view --json visibility"),
    ("gitlab.com", "glab repo view --output json | jq .visibility"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::testing::worst;

    #[test]
    fn a_remote_of_ones_own_is_right() {
        for address in [
            "git@git.example.com:team/app.git",
            "https://git.example.com/app",
            "/srv/git/app",
        ] {
            assert!(of_remote("origin", address).is_empty(), "{address}");
        }
    }

    #[test]
    fn one_on_a_public_host_is_worth_a_look() {
        for address in [
            "git@github.com:acme/app.git",
            "https://github.com/acme/app",
            "ssh://git@github.com:22/acme/app",
        ] {
            assert_eq!(worst(&of_remote("origin", address)), Condition::Note, "{address}");
        }
    }

    #[test]
    fn a_credential_in_an_address_is_wrong_and_not_shown() {
        for address in [
            "https://ana:hunter2@git.example.com/app",
            "https://hunter2@git.example.com/app",
        ] {
            let remarks = of_remote("origin", address);

            assert_eq!(worst(&remarks), Condition::Error, "{address}");
            assert!(!format!("{remarks:?}").contains("hunter2"));
        }
    }

    #[test]
    fn a_store_that_git_takes_is_right_and_one_that_it_ignores_is_wrong() {
        let state = |tracked, ignored| GitState {
            tracked,
            ignored,
            committed: tracked,
        };

        assert!(of_store(state(true, false)).is_none());
        assert_eq!(
            of_store(state(false, true)).unwrap().condition,
            Condition::Warning
        );
        assert_eq!(of_store(state(false, false)).unwrap().condition, Condition::Note);
    }
}
