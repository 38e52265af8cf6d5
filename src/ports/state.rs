//! What this machine remembers of a store.

use crate::ledger::Pin;
use crate::ledger::StoreId;
use crate::ports::StorageError;

/// Remembers, per user and outside the store, what was seen of it.
pub trait LocalState {
    /// Returns the pin, or `None` at the first sight of the store.
    ///
    /// # Errors
    ///
    /// When there is one that cannot be read.
    fn pin(&self, store: &StoreId) -> Result<Option<Pin>, StorageError>;

    /// Replaces the pin.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn save_pin(&self, store: &StoreId, pin: &Pin) -> Result<(), StorageError>;

    /// Returns the id under which this checkout writes its audit log, drawing one the first time.
    ///
    /// # Errors
    ///
    /// When it cannot be read or written.
    fn writer(&self, store: &StoreId) -> Result<String, StorageError>;
}
