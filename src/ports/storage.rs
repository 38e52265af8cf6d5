//! Files of a store.

use std::io;

use thiserror::Error;

/// Keeps the files of a store under relative paths such as `production/ledger.jsonl`.
///
/// When a writing call returns, what it wrote survives a power cut; when it fails, every file it does not
/// name as created is as it was.
pub trait Storage {
    /// Returns the content of a file, or `None` when there is no such file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is no regular file or is larger than a store file can be.
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, StorageError>;

    /// Creates files that must not exist yet.
    ///
    /// # Errors
    ///
    /// [`StorageError::Exists`] when one is there already; files of the batch before it may have been created.
    fn create(&self, files: &[NewFile]) -> Result<(), StorageError>;

    /// Puts `bytes` in the place of a file whose content is still `expected`, in one step.
    ///
    /// # Errors
    ///
    /// [`StorageError::Conflict`] when the content is another one by now.
    fn replace(&self, path: &str, expected: Option<&[u8]>, bytes: &[u8]) -> Result<(), StorageError>;

    /// Lists the files under a directory, with their paths below it, sorted.
    ///
    /// # Errors
    ///
    /// When a directory cannot be read.
    fn list(&self, directory: &str) -> Result<Vec<String>, StorageError>;

    /// Deletes a file; one that is not there is no error.
    ///
    /// # Errors
    ///
    /// When it cannot be deleted.
    fn delete(&self, path: &str) -> Result<(), StorageError>;

    /// Keeps other processes from writing until the guard is dropped.
    ///
    /// # Errors
    ///
    /// [`StorageError::Busy`] when another process does not let go in time.
    fn lock(&self) -> Result<Box<dyn Guard>, StorageError>;

    /// Keeps other processes from rotating until the guard is dropped; they may read and write other things.
    ///
    /// # Errors
    ///
    /// [`StorageError::Busy`] when another process does not let go in time.
    fn lock_rotations(&self) -> Result<Box<dyn Guard>, StorageError>;
}

/// Holds a lock until it is dropped.
pub trait Guard {}

/// A file to create.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Where.
    pub path: String,
    /// With which content: ciphertext or metadata, never a value.
    pub bytes: Vec<u8>,
}

/// A file operation that failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StorageError {
    /// Another process holds the lock.
    #[error("another mintage is writing to this store and did not finish within {seconds} seconds")]
    Busy {
        /// How long we waited.
        seconds: u64,
    },
    /// The content changed since it was read.
    #[error("`{path}` was changed by somebody else meanwhile")]
    Conflict {
        /// The file.
        path: String,
    },
    /// The file is there already.
    #[error("`{path}` is there already")]
    Exists {
        /// The file.
        path: String,
    },
    /// The operating system refused.
    #[error("cannot {action} `{path}`")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// Not a regular file, or a symbolic link.
    #[error("`{path}` is no regular file")]
    NotAFile {
        /// The file.
        path: String,
    },
    /// Replaced, but not known to be on disk.
    #[error("`{path}` was replaced, but may not survive a power cut")]
    NotDurable {
        /// The file.
        path: String,
    },
    /// Larger than a file of a store can be.
    #[error("`{path}` is larger than {limit} bytes")]
    TooLarge {
        /// The file.
        path: String,
        /// The limit in bytes.
        limit: u64,
    },
}
