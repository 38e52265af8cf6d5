//! The pin and the writer id in the user's state directory.

use std::cell::RefCell;
use std::io;
use std::path::PathBuf;

use rand::Rng;
use ring::digest;

use crate::adapters::durable;
use crate::ledger::Pin;
use crate::ledger::StoreId;
use crate::ports::LocalState;
use crate::ports::StorageError;

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

    fn replace(&self, path: &std::path::Path, bytes: &[u8]) -> Result<(), StorageError> {
        if let Some(parent) = path.parent() {
            durable::make_directories(parent)?;
        }
        durable::replace_file(path, bytes, self.rng.borrow_mut().as_mut())
    }
}

impl LocalState for StateFiles {
    fn pin(&self, store: &StoreId) -> Result<Option<Pin>, StorageError> {
        let path = self.path(store, "pin.json");
        let Some(bytes) = durable::read_capped(&path, MAX_PIN)? else {
            return Ok(None);
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|_| {
            let malformed = io::Error::new(io::ErrorKind::InvalidData, "it is not what mintage wrote");
            durable::io_error("understand", &path, malformed)
        })
    }

    fn save_pin(&self, store: &StoreId, pin: &Pin) -> Result<(), StorageError> {
        let bytes = serde_json::to_vec(pin).unwrap_or_default();
        self.replace(&self.path(store, "pin.json"), &bytes)
    }

    fn writer(&self, store: &StoreId) -> Result<String, StorageError> {
        // One writer per checkout, so that two checkouts never append to the same file.
        let place = digest::digest(&digest::SHA256, self.checkout.as_os_str().as_encoded_bytes());
        let path = self.path(store, &format!("writer-{}", hex::encode(&place.as_ref()[..8])));
        let known = durable::read_capped(&path, 64)?.and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(writer) = known.filter(|writer| is_writer(writer)) {
            return Ok(writer);
        }
        let writer = format!("{:016x}", self.rng.borrow_mut().next_u64());
        self.replace(&path, writer.as_bytes())?;
        Ok(writer)
    }
}

fn is_writer(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Largest pin, in bytes.
const MAX_PIN: u64 = 256 * 1_024 * 1_024;
