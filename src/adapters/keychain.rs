//! The keychains of operating systems: Secret Service, Keychain, Credential Manager, and the keys of the Linux kernel.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring_core::Entry;
use keyring_core::Error;
use keyring_core::api::CredentialStoreApi;

use crate::ports::Keychain;
use crate::ports::KeychainEntry;
use crate::ports::KeychainError;
use crate::secret::SecretValue;

/// Which keychain to ask.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeychainKind {
    /// The one of the person's session, which survives a restart.
    Session,
    /// The keys of the Linux kernel, which end with the session or a restart.
    Kernel,
}

/// A keychain of this machine. It is connected to when it is first asked, and is not asked again once it was silent.
pub struct OsKeychain {
    kind: KeychainKind,
    store: Arc<OnceLock<Result<Backend, KeychainError>>>,
    was_silent: AtomicBool,
}

type Backend = Arc<dyn CredentialStoreApi + Send + Sync>;

impl OsKeychain {
    /// Prepares to ask a keychain; it is not asked yet.
    pub fn new(kind: KeychainKind) -> Self {
        Self {
            kind,
            store: Arc::default(),
            was_silent: AtomicBool::new(false),
        }
    }

    /// Asks for something on a thread of its own: a service that hangs would hold this one for ever.
    fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Backend) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        if self.was_silent.load(Ordering::Relaxed) {
            return Err(silent(CONNECT_WITHIN));
        }
        // Nobody is asked anything while connecting, so that a silence there is short.
        let (kind, store) = (self.kind, Arc::clone(&self.store));
        if self.store.get().is_none() {
            self.within(CONNECT_WITHIN, move || {
                store.get_or_init(|| connect(kind));
                Ok(())
            })?;
        }
        match self.store.get() {
            Some(Ok(backend)) => {
                let backend = Arc::clone(backend);
                self.within(ANSWER_WITHIN, move || job(&backend))
            }
            Some(Err(error)) => Err(error.clone()),
            None => Err(silent(CONNECT_WITHIN)),
        }
    }

    fn within<T: Send + 'static>(
        &self,
        limit: Duration,
        job: impl FnOnce() -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let (sender, receiver) = mpsc::channel();
        let started = thread::Builder::new().name("keychain".to_owned()).spawn(move || {
            // Nobody waits for it any more once the time is over.
            let _ = sender.send(job());
        });
        if let Err(error) = started {
            return Err(KeychainError::Failed {
                why: error.to_string(),
            });
        }
        receiver.recv_timeout(limit).unwrap_or_else(|error| match error {
            mpsc::RecvTimeoutError::Timeout => {
                self.was_silent.store(true, Ordering::Relaxed);
                Err(silent(limit))
            }
            mpsc::RecvTimeoutError::Disconnected => Err(KeychainError::Failed {
                why: "the library that asks it gave up".to_owned(),
            }),
        })
    }
}

impl Keychain for OsKeychain {
    fn set(&self, entry: &KeychainEntry, label: &str, value: &SecretValue) -> Result<(), KeychainError> {
        if self.kind == KeychainKind::Kernel && value.len() > KERNEL_MOST {
            return Err(KeychainError::TooLarge {
                bytes: value.len(),
                limit: KERNEL_MOST,
            });
        }
        let (kind, entry, label) = (self.kind, entry.clone(), label.to_owned());
        // The thread may outlive its caller.
        let value = SecretValue::copied_from(value.expose());
        self.ask(move |backend| {
            let known: HashMap<&str, &str> = match kind {
                KeychainKind::Session if cfg!(target_os = "linux") => [("label", label.as_str())].into(),
                _ => HashMap::new(),
            };
            let known = (!known.is_empty()).then_some(&known);
            let found = backend.build(&entry.service, &entry.user, known);
            found
                .and_then(|found| found.set_secret(value.expose()))
                .map_err(|error| explain(kind, &entry, &error))
        })
    }

    fn get(&self, entry: &KeychainEntry) -> Result<Option<SecretValue>, KeychainError> {
        let (kind, entry) = (self.kind, entry.clone());
        self.ask(move |backend| match find(kind, backend, &entry)?.get_secret() {
            Ok(bytes) => Ok(Some(SecretValue::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(explain(kind, &entry, &error)),
        })
    }

    fn delete(&self, entry: &KeychainEntry) -> Result<(), KeychainError> {
        let (kind, entry) = (self.kind, entry.clone());
        self.ask(
            move |backend| match find(kind, backend, &entry)?.delete_credential() {
                Ok(()) | Err(Error::NoEntry) => Ok(()),
                Err(error) => Err(explain(kind, &entry, &error)),
            },
        )
    }

    fn users(&self, service: &str) -> Result<Option<Vec<String>>, KeychainError> {
        let (kind, service) = (self.kind, service.to_owned());
        self.ask(move |backend| {
            let found = match backend.search(&HashMap::from([("service", service.as_str())])) {
                Ok(found) => found,
                Err(Error::NotSupportedByStore(_)) => return Ok(None),
                Err(error) => return Err(explain(kind, &nobody(&service), &error)),
            };
            let of_service = found.iter().filter_map(Entry::get_specifiers);
            let users = of_service.filter(|(known, _)| *known == service);
            Ok(Some(users.map(|(_, user)| user).collect()))
        })
    }

    fn probe(&self) -> Result<&'static str, KeychainError> {
        self.get(&nobody(PROBE))?;
        Ok(match self.kind {
            KeychainKind::Kernel => "the keys of the kernel",
            KeychainKind::Session if cfg!(target_os = "macos") => "Keychain",
            KeychainKind::Session if cfg!(target_os = "windows") => "Credential Manager",
            KeychainKind::Session => "the Secret Service",
        })
    }
}

fn find(kind: KeychainKind, backend: &Backend, entry: &KeychainEntry) -> Result<Entry, KeychainError> {
    backend
        .build(&entry.service, &entry.user, None)
        .map_err(|error| explain(kind, entry, &error))
}

/// An entry that no program makes.
fn nobody(service: &str) -> KeychainEntry {
    KeychainEntry {
        service: service.to_owned(),
        user: "nobody".to_owned(),
    }
}

fn connect(kind: KeychainKind) -> Result<Backend, KeychainError> {
    let opened: Result<Backend, Error> = match kind {
        KeychainKind::Kernel => kernel(),
        KeychainKind::Session => session(),
    };
    opened.map_err(|error| KeychainError::Absent {
        why: error.to_string(),
    })
}

/// The Secret Service, over a D-Bus session that encrypts what it carries.
#[cfg(all(unix, not(target_os = "macos")))]
fn session() -> Result<Backend, Error> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn session() -> Result<Backend, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn session() -> Result<Backend, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(target_os = "linux")]
fn kernel() -> Result<Backend, Error> {
    Ok(linux_keyutils_keyring_store::Store::new()?)
}

#[cfg(not(target_os = "linux"))]
fn kernel() -> Result<Backend, Error> {
    let what = "only Linux keeps keys in its kernel";
    Err(Error::NotSupportedByStore(what.to_owned()))
}

fn silent(limit: Duration) -> KeychainError {
    KeychainError::Silent {
        seconds: limit.as_secs(),
    }
}

/// Says in our words what went wrong; errors that hold what was stored are not repeated.
fn explain(kind: KeychainKind, entry: &KeychainEntry, error: &Error) -> KeychainError {
    match error {
        Error::Ambiguous(found) => KeychainError::Ambiguous {
            count: found.len(),
            service: entry.service.clone(),
            user: entry.user.clone(),
        },
        Error::NoStorageAccess(_) if kind == KeychainKind::Kernel => KeychainError::NoSession,
        Error::NoStorageAccess(source) if has_no_collection(source.as_ref()) => KeychainError::NoCollection,
        Error::NoStorageAccess(_) => KeychainError::Locked,
        Error::PlatformFailure(source) => KeychainError::Failed {
            why: source.to_string(),
        },
        Error::NotSupportedByStore(what) => KeychainError::Failed { why: what.clone() },
        _ => KeychainError::Failed {
            why: "it did not accept the entry".to_owned(),
        },
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn has_no_collection(source: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    matches!(
        source.downcast_ref::<secret_service::Error>(),
        Some(secret_service::Error::NoResult)
    )
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn has_no_collection(_: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    false
}

/// How long connecting may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// How long an answer may take: somebody may be typing the password that unlocks it.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// Largest value that a key of the kernel holds, in bytes (`keyctl(2)`).
const KERNEL_MOST: usize = 32_767;

/// A service that has no entries.
const PROBE: &str = "mintage-probe";
