//! The audit log of this checkout.

use thiserror::Error;

use crate::ports::StorageError;

/// Appends to the audit log files of a store.
pub trait AuditLog {
    /// Lists the writers that have a log.
    ///
    /// # Errors
    ///
    /// When the logs cannot be listed.
    fn writers(&self) -> Result<Vec<String>, AuditError>;

    /// Returns the whole log of a writer; empty when there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn read(&self, writer: &str) -> Result<Vec<u8>, AuditError>;

    /// Returns the last whole line of a writer's log and the length up to its end.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn tail(&self, writer: &str) -> Result<Tail, AuditError>;

    /// Appends `lines` behind the first `whole` bytes of the writer's log, durably.
    ///
    /// What lies behind them is the torn end of an interrupted write and is cut off.
    ///
    /// # Errors
    ///
    /// When they are not known to be on disk. Whatever was to be recorded must not be done then.
    fn append(&self, writer: &str, whole: u64, lines: &str) -> Result<(), AuditError>;
}

/// The end of a log.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tail {
    /// The last whole line without its line end; `None` in an empty log.
    pub line: Option<String>,
    /// Bytes up to its end; what lies behind them is the torn end of an interrupted write.
    pub whole: u64,
}

/// The audit log cannot be read or written.
#[derive(Debug, Error)]
#[error("the audit log cannot be used")]
pub struct AuditError(#[from] pub StorageError);
