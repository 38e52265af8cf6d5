//! A store in a directory.

#![expect(
    clippy::disallowed_methods,
    reason = "the lock file and deletion of leftovers"
)]

use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use rand::Rng;

use crate::adapters::Access;
use crate::adapters::durable;
use crate::adapters::durable::io_error;
use crate::ports::Guard;
use crate::ports::NewFile;
use crate::ports::Storage;
use crate::ports::StorageError;

/// Keeps the files of a store in a directory of the local file system.
pub struct Directory {
    root: PathBuf,
    rng: RefCell<Box<dyn Rng>>,
    patience: Duration,
}

impl Directory {
    /// Opens the store below `root`; the directory need not exist. `rng` names temporary files.
    pub fn new(root: PathBuf, rng: Box<dyn Rng>) -> Self {
        Self {
            root,
            rng: RefCell::new(rng),
            patience: PATIENCE,
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

impl Storage for Directory {
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, StorageError> {
        let bytes = durable::read_capped(&self.path(path), MAX_FILE)?;
        Ok(bytes.map(|mut bytes| std::mem::take(&mut *bytes)))
    }

    fn create(&self, files: &[NewFile]) -> Result<(), StorageError> {
        let one_by_one = files.len() < MANY;
        for file in files {
            let path = self.path(&file.path);
            if let Some(parent) = path.parent() {
                durable::make_directories(parent)?;
            }
            if one_by_one {
                let mut rng = self.rng.borrow_mut();
                durable::create_new_file(&path, &file.bytes, Access::Owner, rng.as_mut())?;
            } else {
                durable::write_new(&path, &file.bytes, false)?;
            }
        }
        if !one_by_one {
            return durable::sync_file_system(&self.root);
        }
        Ok(())
    }

    fn replace(&self, path: &str, expected: Option<&[u8]>, bytes: &[u8]) -> Result<(), StorageError> {
        if self.get(path)?.as_deref() != expected {
            return Err(StorageError::Conflict {
                path: path.to_owned(),
            });
        }
        let target = self.path(path);
        if let Some(parent) = target.parent() {
            durable::make_directories(parent)?;
        }
        durable::replace_file(&target, bytes, Access::Owner, self.rng.borrow_mut().as_mut())
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, StorageError> {
        let mut found = Vec::new();
        collect(&self.path(directory), "", &mut found)?;
        found.sort_unstable();
        Ok(found)
    }

    fn delete(&self, path: &str) -> Result<(), StorageError> {
        let target = self.path(path);
        match std::fs::remove_file(&target) {
            Ok(()) => durable::sync_directory_of(&target),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(io_error("delete", &target, source)),
        }
    }

    fn lock(&self) -> Result<Box<dyn Guard>, StorageError> {
        durable::make_directories(&self.root)?;
        let file = durable::lock_file(&self.path(LOCK), self.patience)?;
        Ok(Box::new(FileLock(file)))
    }

    fn lock_rotations(&self) -> Result<Box<dyn Guard>, StorageError> {
        durable::make_directories(&self.root)?;
        let file = durable::lock_file(&self.path(ROTATION_LOCK), self.patience)?;
        Ok(Box::new(FileLock(file)))
    }
}

/// The operating system frees the lock with the file, also when the process dies.
struct FileLock(#[expect(dead_code, reason = "held, not read")] File);

impl Guard for FileLock {}

fn collect(directory: &Path, prefix: &str, found: &mut Vec<String>) -> Result<(), StorageError> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(io_error("list", directory, source)),
    };
    for entry in entries {
        let entry = entry.map_err(|source| io_error("list", directory, source))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry
            .file_type()
            .map_err(|source| io_error("list", directory, source))?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.push(name);
        }
    }
    Ok(())
}

/// The lock file, which is never renamed or deleted.
pub(super) const LOCK: &str = "lock";

/// The lock file of rotations, which is never renamed or deleted either.
const ROTATION_LOCK: &str = "rotation.lock";

/// Largest file of a store, in bytes: a ledger of some 400,000 versions.
const MAX_FILE: u64 = 256 * 1_024 * 1_024;

/// From this many files on, one call for the whole file system is cheaper than one for each file.
const MANY: usize = 8;

/// How long to wait for another process.
const PATIENCE: Duration = Duration::from_secs(120);

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    fn directory(root: &Path) -> Directory {
        let mut directory = Directory::new(root.join("store"), Box::new(ChaCha20Rng::seed_from_u64(1)));
        directory.patience = Duration::from_millis(50);
        directory
    }

    fn file(path: &str) -> NewFile {
        NewFile {
            path: path.to_owned(),
            bytes: b"x".to_vec(),
        }
    }

    #[test]
    fn created_files_are_private_and_never_overwritten() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let store = directory(root.path());

        store.create(&[file("a/b/1"), file("a/b/2")]).unwrap();

        assert_eq!(store.list("a").unwrap(), ["b/1", "b/2"]);
        assert!(matches!(
            store.create(&[file("a/b/1")]),
            Err(StorageError::Exists { .. })
        ));
        let mode = std::fs::metadata(root.path().join("store/a/b/1"))
            .unwrap()
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }

    #[test]
    fn a_batch_is_created_like_single_files() {
        let root = tempfile::tempdir().unwrap();
        let store = directory(root.path());
        let files: Vec<NewFile> = (0..3 * MANY).map(|number| file(&format!("v/{number}"))).collect();

        store.create(&files).unwrap();

        assert_eq!(store.list("v").unwrap().len(), files.len());
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_not_replaced() {
        let root = tempfile::tempdir().unwrap();
        let store = directory(root.path());
        store.replace("l", None, b"one").unwrap();

        let lost = store.replace("l", None, b"two");
        store.replace("l", Some(b"one"), b"three").unwrap();

        assert!(matches!(lost, Err(StorageError::Conflict { .. })));
        assert_eq!(store.get("l").unwrap().unwrap(), b"three");
        assert_eq!(store.list("").unwrap(), ["l"]);
    }

    #[test]
    fn a_second_writer_waits_and_then_gives_up() {
        let root = tempfile::tempdir().unwrap();
        let store = directory(root.path());
        let guard = store.lock().unwrap();

        assert!(matches!(store.lock(), Err(StorageError::Busy { .. })));
        drop(guard);
        assert!(store.lock().is_ok());
    }

    #[test]
    fn links_and_directories_are_no_files() {
        let root = tempfile::tempdir().unwrap();
        let store = directory(root.path());
        store.create(&[file("d/target")]).unwrap();
        std::os::unix::fs::symlink("d/target", root.path().join("store/link")).unwrap();

        assert!(matches!(store.get("link"), Err(StorageError::NotAFile { .. })));
        assert!(matches!(store.get("d"), Err(StorageError::NotAFile { .. })));
        assert!(store.get("absent").unwrap().is_none());
    }
}
