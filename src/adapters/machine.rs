//! Files of the machine and of its user, as the system shows them.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use chrono::DateTime;
use chrono::Utc;

use crate::adapters::durable;
use crate::ports::FileState;
use crate::ports::Machine;
use crate::ports::StorageError;
use crate::secret::SecretValue;

/// Looks at files by their paths, links followed: settings of shells are often kept elsewhere and linked.
#[derive(Clone, Copy, Debug, Default)]
pub struct UserFiles;

impl Machine for UserFiles {
    fn state(&self, path: &Path) -> Option<FileState> {
        let place = path.canonicalize().ok()?;
        let metadata = fs::metadata(&place).ok()?;
        Some(FileState {
            place,
            mode: metadata.mode() & 0o777,
            is_own: metadata.uid() == rustix::process::getuid().as_raw(),
            modified: metadata.modified().ok().map(DateTime::<Utc>::from),
        })
    }

    fn read(&self, path: &Path) -> Result<Option<SecretValue>, StorageError> {
        let Ok(place) = path.canonicalize() else {
            return Ok(None);
        };
        let bytes = durable::read_capped(&place, LARGEST)?;
        Ok(bytes.map(|mut bytes| SecretValue::new(std::mem::take(&mut *bytes))))
    }
}

/// Largest file that is read, in bytes. Histories of shells stay far below it.
const LARGEST: u64 = 64 * 1_024 * 1_024;
