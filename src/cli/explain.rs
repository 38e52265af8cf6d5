//! What to say of each error of the layers below, and what to do next, in one place.

mod evidence;
mod inputs;
mod keychain;
mod run;
mod signoff;

use std::error::Error;
use std::io::ErrorKind;

use crate::app::AppError;
use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::dotenv::WriteError;
use crate::ledger::Damage;
use crate::policy::kinds::Hazard;
use crate::ports::BreachError;
use crate::ports::CipherError;
use crate::ports::StorageError;
use crate::ports::ValueError;

const UNCHANGED: &str = "nothing was changed";

impl From<&BreachError> for CliError {
    fn from(error: &BreachError) -> Self {
        let shown = Self::new(Exit::Failed, error.to_string())
            .hint("name a file in the order of its hashes: mintage score - --hibp-file FILE");
        match std::error::Error::source(error) {
            Some(cause) => shown.cause(cause.to_string()),
            None => shown,
        }
    }
}

impl From<AppError> for CliError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::AlreadyInitialised => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint("mint what is missing: mintage create --all -e ENVIRONMENT")
                .hint("see what there is: mintage status"),
            AppError::Audit(ref audit) => {
                let shown = Self::new(Exit::Failed, error.to_string())
                    .in_state(
                        "the value was neither shown nor changed: nothing happens that cannot be recorded",
                    )
                    .hint("make .mintage/audit writable, then run the command again");
                shown.causes_from(sources(audit))
            }
            AppError::Breaches(ref breaches) => Self::from(breaches),
            AppError::Cipher { ref source, .. } => {
                Self::from_cipher(source, error.to_string()).cause(source.to_string())
            }
            AppError::Compromised {
                ref name,
                ref environment,
            } => {
                let hint = format!("mint a new one: mintage rotate {name} -e {environment}");
                Self::new(Exit::Failed, error.to_string())
                    .in_state(UNCHANGED)
                    .hint(hint)
            }
            AppError::Damaged(ref damage) => {
                let shown = Self::new(Exit::Integrity, error.to_string())
                    .in_state(UNCHANGED)
                    .hint("see everything that is wrong: mintage verify")
                    .hint("put damaged files back from git or a backup: git checkout -- .mintage");
                let mut causes: Vec<String> = damage.iter().take(8).map(ToString::to_string).collect();
                if damage.len() > 8 {
                    causes.push(format!("and {} more", damage.len() - 8));
                }
                let journal = damage
                    .iter()
                    .any(|one| matches!(one, Damage::JournalBroken { .. }));
                let shown = if journal {
                    shown.hint("or remove a broken journal: the next `mintage rotate -e ENVIRONMENT` asks the sinks what they hold")
                } else {
                    shown
                };
                let shown = if damage.contains(&Damage::StoreReplaced) {
                    shown
                        .hint("if you put the other store here yourself: mintage verify --fix --accept-store")
                } else {
                    shown
                };
                shown.causes_from(causes)
            }
            AppError::DamagedSecret { ref damage, .. } => {
                let shown = Self::new(Exit::Integrity, error.to_string())
                    .in_state("other secrets are not affected")
                    .hint("see everything that is wrong: mintage verify --deep")
                    .hint(keychain::way_back(damage));
                shown.causes_from(damage.iter().map(ToString::to_string).collect())
            }
            AppError::DerivedSecret {
                ref roots,
                ref environment,
                ..
            } => {
                let root = roots.first().map_or("NAME", |root| root.as_str());
                Self::new(Exit::Failed, error.to_string())
                    .in_state(UNCHANGED)
                    .hint(format!(
                        "name the secret that it is derived from: {root} -e {environment}"
                    ))
            }
            AppError::EnvironmentUnknown { ref known, .. } => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint(format!("the policy has: {}", known.join(", "))),
            AppError::Handout(refusal) => Self::from(refusal),
            AppError::Signoff(refusal) => Self::from(refusal),
            AppError::Incomplete {
                ref environment,
                ref names,
            } => {
                let only = "or write others only: --only NAME,NAME".to_owned();
                let first = names.first().map_or("NAME", |name| name.as_str());
                Self::new(Exit::Failed, error.to_string())
                    .in_state("nothing was written")
                    .hint(format!(
                        "mint what can be minted: mintage create --all -e {environment}"
                    ))
                    .hint(format!(
                        "bring in what others make: mintage import {first} -e {environment}"
                    ))
                    .hint(only)
            }
            AppError::Keys(_) | AppError::Settings(_) => Self::new(Exit::Integrity, error.to_string())
                .in_state(UNCHANGED)
                .hint("put the file back from git or a backup: git checkout -- .mintage"),
            AppError::NoPolicyToStartFrom => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint("start from a preset: mintage init --policy web-app (see: mintage policy list)")
                .hint("or from what the application documents: mintage init --from .env.example"),
            AppError::NoValue {
                ref name,
                ref environment,
            } => {
                let hint = format!("mint it: mintage create {name} -e {environment}");
                let import = format!("or bring it in: mintage import {name} -e {environment}");
                Self::new(Exit::Failed, error.to_string()).hint(hint).hint(import)
            }
            AppError::NotBroughtIn {
                ref name,
                ref environment,
            } => {
                let hint = format!("bring it in: mintage import {name} -e {environment}");
                Self::new(Exit::Failed, error.to_string()).hint(hint)
            }
            AppError::NoVersion { ref name, .. } => {
                let hint = format!("see its versions: mintage history {name}");
                Self::new(Exit::Failed, error.to_string()).hint(hint)
            }
            AppError::NotDerived {
                ref name, ref source, ..
            } => {
                let hint = format!("see what it is derived from: mintage policy show {name}");
                Self::new(Exit::Failed, error.to_string())
                    .in_state(UNCHANGED)
                    .cause(source.to_string())
                    .hint(hint)
            }
            AppError::NotWritten { ref source, .. } => Self::from_write_error(source, error.to_string()),
            AppError::OpenVariable { ref name } => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint(format!(
                    "fix it in mintage.toml: [variables.{name}] equals = \"…\""
                )),
            AppError::NothingOpen { ref environment } => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint(format!(
                    "name what to rotate: mintage rotate NAME -e {environment}"
                )),
            AppError::RotationStopped { journal, source } => Self::stopped(&journal, *source),
            AppError::RetireIncomplete { .. }
            | AppError::Rollback { .. }
            | AppError::RotationBusy { .. }
            | AppError::RotationIncomplete { .. }
            | AppError::RotationOpen { .. }
            | AppError::RotationWaits { .. }
            | AppError::SinksNotReady { .. } => Self::from_rotation(&error),
            AppError::NotInitialised => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint("set one up: mintage init"),
            AppError::Refused { ref name, .. } => {
                let hint = format!("see what the policy asks for: mintage policy show {name}");
                Self::new(Exit::Failed, error.to_string())
                    .in_state(UNCHANGED)
                    .hint(hint)
                    .hint(format!("take it all the same: mintage import {name} --force"))
            }
            AppError::Rotation { ref name, .. } => {
                let hint = format!("see its versions: mintage history {name}");
                Self::new(Exit::Failed, error.to_string())
                    .in_state("the current and the previous value are unchanged")
                    .hint(hint)
                    .hint("a leaked value is replaced at once: --reason compromise")
            }
            AppError::RotationByIssuer {
                ref name,
                ref environment,
                ref console_url,
                ..
            } => {
                let place = console_url.as_deref().unwrap_or("the issuer's console");
                let first = format!("make a new one at {place}");
                let then = format!(
                    "bring it in: mintage rotate {name} -e {environment} asks for it, or takes it from a pipe; then revoke the old one there"
                );
                Self::new(Exit::Failed, error.to_string())
                    .in_state("the current value is unchanged")
                    .hint(first)
                    .hint(then)
            }
            AppError::RotationHazard {
                ref name,
                hazard,
                procedure,
            } => {
                let hint = format!("keep the old value at hand: mintage history {name} names its version");
                let shown =
                    Self::new(Exit::Failed, error.to_string()).in_state("the current value is unchanged");
                let shown = match procedure {
                    Some(procedure) => shown.hint(procedure.to_owned()),
                    None => shown,
                };
                shown.hint(hint).hint(match hazard {
                    Hazard::DataAtRest => "when that is done: --i-have-reencrypted",
                    Hazard::WriteOnce => {
                        "to make a value and give it to the service at once: --i-change-the-service"
                    }
                })
            }
            AppError::RotationNeedsSinks { .. } => {
                Self::new(Exit::Failed, error.to_string()).in_state("the current value is unchanged")
            }
            AppError::SameValue { ref name } => Self::new(Exit::Failed, error.to_string())
                .in_state("the current value is unchanged")
                .hint(format!(
                    "make a new one where it is issued: mintage policy show {name}"
                )),
            AppError::SecretUnknown { ref nearest, .. } => {
                let shown = Self::new(Exit::Failed, error.to_string()).in_state(UNCHANGED);
                match nearest {
                    Some(nearest) => shown.hint(format!("did you mean `{nearest}`?")),
                    None => shown.hint("see what there is: mintage status"),
                }
            }
            AppError::SinkUnknown { ref known } => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint(match known.is_empty() {
                    true => "the policy has no sinks: see [sinks.NAME] in mintage policy schema".to_owned(),
                    false => format!("its sinks: {}", known.join(", ")),
                }),
            AppError::Storage(storage) => Self::from(storage),
            AppError::StoreChanged {
                ref environment,
                store,
            } => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint(format!("put `store` back, as it was before it became \"{store}\""))
                .hint(format!(
                    "or give `{store}` an environment of its own and bring the values in: mintage reveal NAME -e {environment} | mintage import NAME -e NEW"
                )),
            AppError::Unmintable { .. } => Self::new(Exit::Failed, error.to_string())
                .in_state(UNCHANGED)
                .hint("raise `bytes` or `length`, or lower `min_entropy`, in the policy"),
            AppError::Value { ref source, .. }
            | AppError::ValuesNotListed { ref source, .. }
            | AppError::ValuesNotWritten { ref source, .. } => {
                let message = error.to_string();
                match source {
                    ValueError::Cipher(cipher) => {
                        Self::from_cipher(cipher, message).cause(cipher.to_string())
                    }
                    ValueError::Destroyed => Self::new(Exit::Failed, message)
                        .cause(source.to_string())
                        .in_state(UNCHANGED)
                        .hint(
                            "see which are left: mintage history; keep more: `keep_previous` in the policy",
                        ),
                    ValueError::Keychain(keychain) => Self::from_keychain(keychain, message),
                    ValueError::Storage(storage) => Self::new(Exit::Failed, message)
                        .causes_from(sources(storage))
                        .in_state("the ledger is unchanged: no secret changed its value"),
                    ValueError::Changed | ValueError::Missing => {
                        Self::new(Exit::Integrity, message).cause(source.to_string())
                    }
                }
            }
        }
    }
}

impl CliError {
    fn from_write_error(error: &WriteError, message: String) -> Self {
        let shown = Self::new(Exit::Failed, message).in_state("nothing was written");
        let WriteError::Unwritable(values) = error else {
            return shown
                .cause(error.to_string())
                .hint("write fewer values: --only NAME,NAME");
        };
        let mut cures: Vec<&str> = values.iter().map(|value| value.reason.cure()).collect();
        cures.sort_unstable();
        cures.dedup();
        let causes = values
            .iter()
            .map(|value| format!("{}: {}", value.name, value.reason));
        cures
            .into_iter()
            .fold(shown.causes_from(causes.collect()), |shown, cure| {
                shown.hint(cure)
            })
            .hint("or write others only: --only NAME,NAME")
    }

    fn from_cipher(error: &CipherError, message: String) -> Self {
        match error {
            CipherError::Keychain(keychain) => Self::from_keychain(keychain, message)
                .in_state(UNCHANGED)
                .hint("or name an identity in a file: mintage -i FILE …"),
            CipherError::NoIdentity => Self::new(Exit::Failed, message)
                .in_state(UNCHANGED)
                .hint("name the identity: mintage -i FILE …, or MINTAGE_IDENTITY=FILE")
                .hint("mintage looks in $XDG_CONFIG_HOME/mintage/identity.txt, the sops age key file, the keychain and ~/.ssh too"),
            CipherError::NoMatch { .. } => Self::new(Exit::Integrity, message)
                .in_state(UNCHANGED)
                .hint("name the right identity: mintage -i FILE …")
                .hint("who can decrypt stands in .mintage/store.toml"),
            CipherError::NoPassphrase => Self::new(Exit::Failed, message)
                .in_state(UNCHANGED)
                .hint("run it on a terminal without --no-input, or name an identity without a passphrase: -i FILE"),
            CipherError::WrongPassphrase => Self::new(Exit::Failed, message)
                .in_state(UNCHANGED)
                .hint("run the command again"),
            CipherError::InvalidRecipient { .. } => Self::new(Exit::Failed, message).in_state(UNCHANGED),
            CipherError::Damaged | CipherError::TooMuchWork => Self::new(Exit::Integrity, message)
                .in_state(UNCHANGED)
                .hint("put the file back from git or a backup: git checkout -- .mintage")
                .hint("without it, the values still open with: age -d -i IDENTITY FILE.age"),
        }
    }
}

impl From<StorageError> for CliError {
    fn from(error: StorageError) -> Self {
        if matches!(error, StorageError::NotDurable { .. }) {
            return Self::new(Exit::Failed, error.to_string())
                .in_state("the change was made and is visible")
                .hint("look after the disk, then check: mintage verify");
        }
        let mut causes = sources(&error);
        causes.remove(0);
        let exit = match error {
            StorageError::Busy { .. } => Exit::Unreachable,
            _ => Exit::Failed,
        };
        let hint = match &error {
            StorageError::Busy { .. } | StorageError::Conflict { .. } => "run the command again".to_owned(),
            StorageError::Exists { .. } => "choose another name: nothing is ever overwritten".to_owned(),
            StorageError::Io { source, path, .. } if source.kind() == ErrorKind::NotFound => {
                format!("check that the directory of `{path}` exists")
            }
            StorageError::Io { path, .. } => format!("check the permissions and the free space of `{path}`"),
            StorageError::NotAFile { .. } | StorageError::TooLarge { .. } => {
                "name a regular file of a sensible size".to_owned()
            }
            _ => "see what is wrong: mintage verify".to_owned(),
        };
        Self::new(exit, error.to_string())
            .causes_from(causes)
            .in_state(UNCHANGED)
            .hint(hint)
    }
}

/// Returns the messages of an error and everything below it.
fn sources(error: &dyn Error) -> Vec<String> {
    let mut messages = vec![error.to_string()];
    let mut next = error.source();
    while let Some(source) = next {
        messages.push(source.to_string());
        next = source.source();
    }
    messages.dedup();
    messages
}
