//! What a look around the machine needs: files that are not the project's.

use std::path::Path;
use std::path::PathBuf;

use chrono::DateTime;
use chrono::Utc;

use crate::ports::StorageError;
use crate::secret::SecretValue;

/// Looks at files of the machine and of its user, and never changes one. Links are followed.
pub trait Machine {
    /// Returns what the system says of a file; `None` when there is none.
    fn state(&self, path: &Path) -> Option<FileState>;

    /// Reads a file. What it holds may be a secret; `None` when there is no file.
    ///
    /// # Errors
    ///
    /// When it is no regular file, too large or unreadable.
    fn read(&self, path: &Path) -> Result<Option<SecretValue>, StorageError>;
}

/// What the system says of a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileState {
    /// Where it is, links followed.
    pub place: PathBuf,
    /// Its permission bits.
    pub mode: u32,
    /// Whether it belongs to the user.
    pub is_own: bool,
    /// When it was last written.
    pub modified: Option<DateTime<Utc>>,
}
