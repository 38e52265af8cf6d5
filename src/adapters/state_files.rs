//! The pin, the writer id, the approvals and what was told, in the user's state directory.

use std::cell::RefCell;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use rand::Rng;
use ring::digest;
use serde::de::DeserializeOwned;

use crate::adapters::Access;
use crate::adapters::durable;
use crate::ledger::Pin;
use crate::ledger::StoreId;
use crate::ports::Approval;
use crate::ports::LocalState;
use crate::ports::OutletApproval;
use crate::ports::StorageError;
use crate::ports::ToldMatters;

/// Remembers stores below `$XDG_STATE_HOME/mintage/<store-id>/`.
pub struct StateFiles {
    root: PathBuf,
    checkout: PathBuf,
    rng: RefCell<Box<dyn Rng>>,
}

impl StateFiles {
    /// Remembers stores below `root`, as seen from the project directory `checkout`; `rng` names temporary
    /// files and writers.
    pub fn new(root: PathBuf, checkout: PathBuf, rng: Box<dyn Rng>) -> Self {
        Self {
            root,
            checkout,
            rng: RefCell::new(rng),
        }
    }

    fn path(&self, store: &StoreId, file: &str) -> PathBuf {
        self.root.join(store.as_str()).join(file)
    }

    /// Names this checkout without telling where it is.
    fn checkout_id(&self) -> String {
        let place = digest::digest(&digest::SHA256, self.checkout.as_os_str().as_encoded_bytes());
        hex::encode(&place.as_ref()[..8])
    }

    /// One file per checkout: what is allowed in one directory is not thereby allowed in another.
    fn approvals_file(&self, store: &StoreId) -> PathBuf {
        self.path(store, &format!("approvals-{}.json", self.checkout_id()))
    }

    /// Reads what this program wrote as JSON; `cure` says what to do where it is something else.
    fn read<T: Default + DeserializeOwned>(
        &self,
        path: &std::path::Path,
        cure: &'static str,
    ) -> Result<T, StorageError> {
        let Some(bytes) = durable::read_capped(path, MAX_APPROVALS)? else {
            return Ok(T::default());
        };
        serde_json::from_slice(&bytes).map_err(|_| {
            let text = format!("it is not what mintage wrote; {cure}");
            let malformed = io::Error::new(io::ErrorKind::InvalidData, text);
            durable::io_error("understand", path, malformed)
        })
    }

    /// One file per checkout, as with approvals of programs.
    fn outlets_file(&self, store: &StoreId) -> PathBuf {
        self.path(store, &format!("notifiers-{}.json", self.checkout_id()))
    }

    /// One file per checkout: what one directory reminds of, another may not know.
    fn told_file(&self, store: &StoreId) -> PathBuf {
        self.path(store, &format!("told-{}.json", self.checkout_id()))
    }

    fn checkout_file(&self) -> PathBuf {
        self.root.join("checkouts").join(self.checkout_id())
    }

    /// One file per checkout: another checkout may name other hosts.
    pub(super) fn certificates_file(&self) -> PathBuf {
        self.root
            .join("certificates")
            .join(format!("{}.json", self.checkout_id()))
    }

    pub(super) fn replace(&self, path: &std::path::Path, bytes: &[u8]) -> Result<(), StorageError> {
        if let Some(parent) = path.parent() {
            durable::make_directories(parent)?;
        }
        durable::replace_file(path, bytes, Access::Owner, self.rng.borrow_mut().as_mut())
    }
}

impl LocalState for StateFiles {
    fn pin(&self, store: &StoreId) -> Result<Option<Pin>, StorageError> {
        let path = self.path(store, "pin.json");
        let Some(bytes) = durable::read_capped(&path, MAX_PIN)? else {
            return Ok(None);
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|_| {
            let text = "it is not what mintage wrote; remove it to see the store for the first time again";
            let malformed = io::Error::new(io::ErrorKind::InvalidData, text);
            durable::io_error("understand", &path, malformed)
        })
    }

    fn add_to_pin(&self, store: &StoreId, pin: &Pin) -> Result<(), StorageError> {
        let path = self.path(store, "pin.json");
        if let Some(parent) = path.parent() {
            durable::make_directories(parent)?;
        }
        // Two processes must not both add to the same pin: the later one would forget what the other saw.
        let _lock = durable::lock_file(&self.path(store, "lock"), PATIENCE)?;
        let mut all = self.pin(store)?.unwrap_or_else(|| pin.clone());
        all.add(pin);
        self.replace(&path, &serde_json::to_vec(&all).unwrap_or_default())
    }

    fn replace_pin(&self, store: &StoreId, pin: &Pin) -> Result<(), StorageError> {
        self.replace(
            &self.path(store, "pin.json"),
            &serde_json::to_vec(pin).unwrap_or_default(),
        )
    }

    fn store_of_checkout(&self) -> Result<Option<StoreId>, StorageError> {
        let text = durable::read_capped(&self.checkout_file(), 64)?;
        Ok(text
            .and_then(|mut bytes| String::from_utf8(std::mem::take(&mut *bytes)).ok())
            .and_then(|text| StoreId::try_from(text).ok()))
    }

    fn bind_checkout(&self, store: &StoreId) -> Result<(), StorageError> {
        if self.store_of_checkout()?.as_ref() == Some(store) {
            return Ok(());
        }
        self.replace(&self.checkout_file(), store.as_str().as_bytes())
    }

    fn writer(&self, store: &StoreId) -> Result<String, StorageError> {
        // One writer per checkout, so that two checkouts never append to the same file.
        let path = self.path(store, &format!("writer-{}", self.checkout_id()));
        let known = durable::read_capped(&path, 64)?
            .and_then(|mut bytes| String::from_utf8(std::mem::take(&mut *bytes)).ok());
        if let Some(writer) = known.filter(|writer| is_writer(writer)) {
            return Ok(writer);
        }
        let writer = format!("{:016x}", self.rng.borrow_mut().next_u64());
        self.replace(&path, writer.as_bytes())?;
        Ok(writer)
    }

    fn approvals(&self, store: &StoreId) -> Result<Vec<Approval>, StorageError> {
        self.read(
            &self.approvals_file(store),
            "remove it and approve the sinks again",
        )
    }

    fn replace_approvals(&self, store: &StoreId, approvals: &[Approval]) -> Result<(), StorageError> {
        let text = serde_json::to_vec_pretty(approvals).unwrap_or_default();
        self.replace(&self.approvals_file(store), &text)
    }

    fn outlet_approvals(&self, store: &StoreId) -> Result<Vec<OutletApproval>, StorageError> {
        self.read(
            &self.outlets_file(store),
            "remove it and approve the notifiers again",
        )
    }

    fn replace_outlet_approvals(
        &self,
        store: &StoreId,
        approvals: &[OutletApproval],
    ) -> Result<(), StorageError> {
        let text = serde_json::to_vec_pretty(approvals).unwrap_or_default();
        self.replace(&self.outlets_file(store), &text)
    }

    fn told(&self, store: &StoreId) -> Result<ToldMatters, StorageError> {
        self.read(
            &self.told_file(store),
            "remove it, and everything that is due is told again",
        )
    }

    fn change_told(
        &self,
        store: &StoreId,
        change: &mut dyn FnMut(&mut ToldMatters),
    ) -> Result<(), StorageError> {
        let path = self.told_file(store);
        if let Some(parent) = path.parent() {
            durable::make_directories(parent)?;
        }
        let _lock = durable::lock_file(&self.path(store, "lock"), PATIENCE)?;
        let mut all = self.told(store)?;
        change(&mut all);
        self.replace(&path, &serde_json::to_vec(&all).unwrap_or_default())
    }
}

fn is_writer(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// How long to wait for another process that writes the pin.
const PATIENCE: Duration = Duration::from_secs(20);

/// Largest file of approvals or of what was told, in bytes.
const MAX_APPROVALS: u64 = 64 * 1_024 * 1_024;

/// Largest pin, in bytes.
const MAX_PIN: u64 = 256 * 1_024 * 1_024;
