//! Who can decrypt a new store.

use std::path::PathBuf;

use crate::adapters::IdentitySource;
use crate::adapters::KeychainKind;
use crate::adapters::NewIdentity;
use crate::adapters::OsKeychain;
use crate::adapters::SystemClock;
use crate::adapters::check_recipient;
use crate::adapters::keep_identity;
use crate::adapters::kept_identity;
use crate::adapters::read_capped;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::ui::Ui;
use crate::ledger::NamedRecipient;
use crate::ports::Clock;
use crate::ports::KeychainError;

/// Reads the public keys named by `--recipient`.
pub(super) fn given_recipients(texts: &[String]) -> Result<Vec<NamedRecipient>, CliError> {
    let mut found = Vec::new();
    for (number, text) in (1..).zip(texts) {
        let (name, recipient) = match text.split_once('=') {
            Some((name, recipient)) if !name.starts_with("ssh-") && !name.starts_with("age1") => {
                (name, recipient)
            }
            _ => ("", text.as_str()),
        };
        check_recipient(recipient).map_err(|error| {
            CliError::usage("a --recipient is no public key that can be encrypted to")
                .cause(error.to_string())
                .hint("age1… (from age-keygen -y) or the line of an ssh-ed25519 or ssh-rsa public key file")
        })?;
        let comment = recipient.split_whitespace().nth(2).unwrap_or_default();
        let name = match (name, comment) {
            ("", "") => format!("recipient-{number}"),
            ("", comment) => comment.to_owned(),
            (name, _) => name.to_owned(),
        };
        found.push(NamedRecipient {
            name,
            recipient: recipient.to_owned(),
        });
    }
    Ok(found)
}

/// The identity of whoever sets the project up.
pub(super) enum Own {
    /// There is one with these public keys.
    Existing(Vec<String>),
    /// There is none; it will be made here.
    New(PathBuf),
    /// There is none in the keychain; it will be made there.
    NewInKeychain,
    /// There is one whose public key is not known, such as one behind a passphrase; `--recipient` names it.
    Unknown,
}

/// Finds the identity in the keychain.
pub(super) fn own_identity_in_keychain() -> Result<Own, CliError> {
    let kept = kept_identity(&OsKeychain::new(KeychainKind::Session)).map_err(|error| unkept(&error))?;
    let Some(source) = kept else {
        return Ok(Own::NewInKeychain);
    };
    let public = NewIdentity::recipients_of(&source)?;
    Ok(if public.is_empty() {
        Own::Unknown
    } else {
        Own::Existing(public)
    })
}

fn unkept(error: &KeychainError) -> CliError {
    CliError::from_keychain(error, "the identity cannot be kept in the keychain".to_owned())
        .in_state("nothing was changed")
        .hint("or keep it in a file: leave --keychain-identity out")
}

/// Finds the identity of whoever sets the project up.
pub(super) fn own_identity(context: &Context) -> Result<Own, CliError> {
    let sources = context.config.identity_sources(context.global.identity.as_ref());
    let mut is_there = false;
    for source in &sources {
        if let IdentitySource::File { path, named: true } = source
            && !path.exists()
        {
            return Err(CliError::new(
                Exit::Failed,
                format!("identity file `{}` does not exist", path.display()),
            )
            .in_state("nothing was changed")
            .hint("make one: age-keygen -o FILE, or leave -i and MINTAGE_IDENTITY away and let mintage make one"));
        }
        let public = match NewIdentity::recipients_of(source) {
            Ok(public) => public,
            Err(error) if error.is_exposed_identity() => return Err(error.into()),
            Err(_) => Vec::new(),
        };
        if !public.is_empty() {
            return Ok(Own::Existing(public));
        }
        is_there |= match source {
            IdentitySource::File { path, named } => {
                *named || (path.exists() && !path.to_string_lossy().contains(".ssh"))
            }
            IdentitySource::Text { .. } => true,
        };
    }
    if is_there {
        return Ok(Own::Unknown);
    }
    context.config.own_identity().map(Own::New).ok_or_else(|| {
        CliError::new(Exit::Failed, "there is no place for an identity: HOME is not set")
            .in_state("nothing was changed")
            .hint("set HOME or XDG_CONFIG_HOME, or name an identity: -i FILE")
    })
}

/// Returns everyone who can decrypt, making an identity where there is none.
pub(super) fn recipients(
    ui: &Ui,
    context: &Context,
    own: Own,
    given: Vec<NamedRecipient>,
) -> Result<Vec<NamedRecipient>, CliError> {
    let me = context.config.actor.clone();
    let mut all = match own {
        Own::Existing(public) => {
            ui.status("kept     the identity that is there already");
            public
                .into_iter()
                .take(1)
                .map(|recipient| NamedRecipient {
                    name: me.clone(),
                    recipient,
                })
                .collect()
        }
        Own::New(_) if !given.is_empty() && own_ssh_is_given(context, &given) => Vec::new(),
        Own::NewInKeychain => {
            let identity = NewIdentity::generate();
            let kept = keep_identity(&OsKeychain::new(KeychainKind::Session), &identity, &now());
            kept.map_err(|error| unkept(&error))?;
            ui.status("kept     the identity that decrypts in the keychain");
            vec![NamedRecipient {
                name: me,
                recipient: identity.recipient(),
            }]
        }
        Own::New(path) => {
            let identity = NewIdentity::generate();
            identity.save(&path, &now(), &mut context.rng()?)?;
            ui.status(&format!(
                "wrote    {}, the identity that decrypts, mode 0600",
                path.display()
            ));
            vec![NamedRecipient {
                name: me,
                recipient: identity.recipient(),
            }]
        }
        Own::Unknown if given.is_empty() => {
            return Err(CliError::new(
                Exit::Failed,
                "the public key of the identity that is there is not known: it is behind a passphrase or an SSH key",
            )
            .in_state("nothing was changed")
            .hint("name it: --recipient age1… (age-keygen -y prints it) or --recipient \"$(cat ~/.ssh/id_ed25519.pub)\""));
        }
        Own::Unknown => Vec::new(),
    };
    for named in given {
        if !all.iter().any(|known| known.recipient == named.recipient) {
            all.push(named);
        }
    }
    Ok(all)
}

fn now() -> String {
    SystemClock
        .now()
        .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// Returns whether one of the given recipients is an SSH key that has its private half in `~/.ssh`.
fn own_ssh_is_given(context: &Context, given: &[NamedRecipient]) -> bool {
    let sources = context.config.identity_sources(context.global.identity.as_ref());
    sources.iter().any(|source| {
        let IdentitySource::File { path, .. } = source else {
            return false;
        };
        let public = path.with_extension("pub");
        let Ok(Some(line)) = read_capped(&public, 64 * 1_024) else {
            return false;
        };
        let text = String::from_utf8_lossy(&line);
        let key: Vec<&str> = text.split_whitespace().take(2).collect();
        given
            .iter()
            .any(|named| named.recipient.split_whitespace().take(2).eq(key.iter().copied()))
    })
}
