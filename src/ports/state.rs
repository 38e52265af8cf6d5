//! What this machine remembers of a store.

use crate::ledger::Pin;
use crate::ledger::StoreId;
use crate::ports::Approval;
use crate::ports::OutletApproval;
use crate::ports::StorageError;
use crate::ports::ToldMatters;

/// Remembers, per user and outside the store, what was seen of it.
pub trait LocalState {
    /// Returns the pin, or `None` at the first sight of the store.
    ///
    /// # Errors
    ///
    /// When there is one that cannot be read.
    fn pin(&self, store: &StoreId) -> Result<Option<Pin>, StorageError>;

    /// Adds what was seen to the pin; what another process has seen meanwhile is kept.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn add_to_pin(&self, store: &StoreId, pin: &Pin) -> Result<(), StorageError>;

    /// Replaces the pin, also by one that has seen less.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn replace_pin(&self, store: &StoreId, pin: &Pin) -> Result<(), StorageError>;

    /// Returns the store that this checkout had when it was last opened.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn store_of_checkout(&self) -> Result<Option<StoreId>, StorageError>;

    /// Remembers the store of this checkout.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn bind_checkout(&self, store: &StoreId) -> Result<(), StorageError>;

    /// Returns the id under which this checkout writes its audit log, drawing one the first time.
    ///
    /// # Errors
    ///
    /// When it cannot be read or written.
    fn writer(&self, store: &StoreId) -> Result<String, StorageError>;

    /// Returns what a person allowed to run for this checkout of the store.
    ///
    /// # Errors
    ///
    /// When it cannot be read; nothing may be run then.
    fn approvals(&self, store: &StoreId) -> Result<Vec<Approval>, StorageError>;

    /// Replaces what a person allowed to run for this checkout of the store.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn replace_approvals(&self, store: &StoreId, approvals: &[Approval]) -> Result<(), StorageError>;

    /// Returns what a person allowed the notifiers of this checkout of the store to send.
    ///
    /// # Errors
    ///
    /// When it cannot be read; nothing may be sent then.
    fn outlet_approvals(&self, store: &StoreId) -> Result<Vec<OutletApproval>, StorageError>;

    /// Replaces what a person allowed the notifiers of this checkout of the store to send.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn replace_outlet_approvals(
        &self,
        store: &StoreId,
        approvals: &[OutletApproval],
    ) -> Result<(), StorageError>;

    /// Returns what the notifiers of this checkout were told.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn told(&self, store: &StoreId) -> Result<ToldMatters, StorageError>;

    /// Changes what the notifiers of this checkout were told; what another process has added meanwhile is kept.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn change_told(
        &self,
        store: &StoreId,
        change: &mut dyn FnMut(&mut ToldMatters),
    ) -> Result<(), StorageError>;
}
