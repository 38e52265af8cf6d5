//! Writing files so that they survive a crash at any system call.

#![expect(
    clippy::disallowed_methods,
    reason = "the one place that opens files for writing"
)]

use std::fs::File;
use std::fs::OpenOptions;
use std::fs::Permissions;
use std::fs::TryLockError;
use std::io;
use std::io::Read;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use rand::Rng;
use zeroize::Zeroizing;

use crate::ports::StorageError;

/// Reads a regular file of at most `limit` bytes without following a link at its end; `None` when it is not there.
///
/// # Errors
///
/// When it is no regular file, too large or unreadable.
pub fn read_capped(path: &Path, limit: u64) -> Result<Option<Zeroizing<Vec<u8>>>, StorageError> {
    let shown = || path.display().to_string();
    // Not blocking, so that a FIFO is found out instead of waited for.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            return Err(StorageError::NotAFile { path: shown() });
        }
        Err(source) => return Err(io_error("read", path, source)),
    };
    let metadata = file.metadata().map_err(|source| io_error("read", path, source))?;
    if !metadata.is_file() {
        return Err(StorageError::NotAFile { path: shown() });
    }
    let expected = usize::try_from(metadata.len().min(limit)).unwrap_or(0);
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected + ROOM));
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| io_error("read", path, source))?;
    if bytes.len() as u64 > limit {
        return Err(StorageError::TooLarge { path: shown(), limit });
    }
    Ok(Some(bytes))
}

/// Spare bytes of a buffer that a file is read into. With less room than 32 bytes the standard library reads into a
/// buffer of its own on the stack, where a short value would stay.
const ROOM: usize = 64;

/// Reads the last `limit` bytes of a regular file, with their place in it; a file that is not there is empty.
pub(super) fn read_end(path: &Path, limit: u64) -> Result<(u64, Vec<u8>), StorageError> {
    let failed = |source| io_error("read", path, source);
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((0, Vec::new())),
        Err(source) => return Err(failed(source)),
    };
    let start = file.metadata().map_err(failed)?.len().saturating_sub(limit);
    io::Seek::seek(&mut file, io::SeekFrom::Start(start)).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    Ok((start, bytes))
}

/// Who may read a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Access {
    /// Everyone: mode 0644, or what a file had that is replaced.
    Everyone,
    /// The user alone: mode 0600.
    Owner,
}

/// Creates a file that must not be there yet, whole and durably: it is never seen half written.
///
/// # Errors
///
/// When it is there already or cannot be written; nothing is left then.
pub fn create_new_file(
    path: &Path,
    bytes: &[u8],
    access: Access,
    rng: &mut dyn Rng,
) -> Result<(), StorageError> {
    let temporary = temporary_beside(path, rng);
    write_for(path, &temporary, bytes, true)?;
    open_up(path, &temporary, access)?;
    // A hard link is made in one step and never replaces anything.
    let linked = std::fs::hard_link(&temporary, path);
    // The error of the link matters more than one of the tidying up.
    let _ = std::fs::remove_file(&temporary);
    match linked {
        Ok(()) => sync_directory_of(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(StorageError::Exists {
            path: path.display().to_string(),
        }),
        Err(source) => Err(io_error("create", path, source)),
    }
}

/// Puts `bytes` in the place of a file, in one step and durably.
///
/// # Errors
///
/// When it cannot be written; the old content is still there then, but for [`StorageError::NotDurable`].
pub fn replace_file(
    path: &Path,
    bytes: &[u8],
    access: Access,
    rng: &mut dyn Rng,
) -> Result<(), StorageError> {
    let temporary = temporary_beside(path, rng);
    write_for(path, &temporary, bytes, true)?;
    open_up(path, &temporary, access)?;
    if let Err(source) = std::fs::rename(&temporary, path) {
        // The error of the rename matters more than one of the tidying up.
        let _ = std::fs::remove_file(&temporary);
        return Err(io_error("replace", path, source));
    }
    // The new content is there now, whatever becomes of this call.
    sync_directory_of(path).map_err(|_| StorageError::NotDurable {
        path: path.display().to_string(),
    })
}

/// Names a new file in the directory of `path`.
fn temporary_beside(path: &Path, rng: &mut dyn Rng) -> PathBuf {
    path.with_file_name(format!("{TEMPORARY}{:016x}", rng.next_u64()))
}

/// Takes the lock of a file that is never renamed or deleted; it is freed with the returned file.
///
/// # Errors
///
/// [`StorageError::Busy`] when another process does not let go within `patience`.
pub(super) fn lock_file(path: &Path, patience: Duration) -> Result<File, StorageError> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
        .map_err(|source| io_error("lock", path, source))?;
    let rounds = patience.as_millis() / PAUSE.as_millis();
    for _ in 0..=rounds {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(TryLockError::Error(source)) => return Err(io_error("lock", path, source)),
        }
    }
    Err(StorageError::Busy {
        seconds: patience.as_secs(),
    })
}

/// Creates a file of mode 0600 that must not be there yet; with `sync`, its content is durable, its name not yet.
pub(super) fn write_new(path: &Path, bytes: &[u8], sync: bool) -> Result<(), StorageError> {
    write_for(path, path, bytes, sync)
}

/// Gives a file that is about to take the place of `path` its mode.
fn open_up(path: &Path, temporary: &Path, access: Access) -> Result<(), StorageError> {
    if access == Access::Owner {
        return Ok(());
    }
    let before = std::fs::metadata(path).map(|metadata| metadata.permissions());
    let mode = before.unwrap_or_else(|_| Permissions::from_mode(0o644));
    std::fs::set_permissions(temporary, mode).map_err(|source| io_error("write", path, source))
}

/// Writes the new file `path`, which errors call `shown`.
fn write_for(shown: &Path, path: &Path, bytes: &[u8], sync: bool) -> Result<(), StorageError> {
    let opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(StorageError::Exists {
                path: shown.display().to_string(),
            });
        }
        Err(source) => return Err(io_error("create", shown, source)),
    };
    let written = file
        .write_all(bytes)
        .and_then(|()| if sync { file.sync_all() } else { Ok(()) });
    written.map_err(|source| {
        let _ = std::fs::remove_file(path);
        io_error("write", shown, source)
    })
}

/// Makes the directory and those above it that are missing, with mode 0700, durably.
///
/// # Errors
///
/// When one cannot be made.
pub fn make_directories(path: &Path) -> Result<(), StorageError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_directories(parent)?;
    }
    match std::fs::DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => sync_directory_of(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(source) => Err(io_error("create", path, source)),
    }
}

/// Makes the names in the directory that holds `path` durable.
pub(super) fn sync_directory_of(path: &Path) -> Result<(), StorageError> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    sync_directory(parent)
}

/// Makes the names in a directory durable.
pub(super) fn sync_directory(path: &Path) -> Result<(), StorageError> {
    File::open(path)
        .and_then(|directory| directory.sync_all())
        .map_err(|source| io_error("sync", path, source))
}

/// Makes everything on the file system of `path` durable, which costs less than many single calls.
pub(super) fn sync_file_system(path: &Path) -> Result<(), StorageError> {
    let directory = File::open(path).map_err(|source| io_error("sync", path, source))?;
    rustix::fs::syncfs(&directory).map_err(|error| io_error("sync", path, error.into()))
}

/// Cuts a file to its first `whole` bytes and appends to it, durably.
pub(super) fn append_behind(path: &Path, whole: u64, bytes: &[u8]) -> Result<(), StorageError> {
    let failed = |source| io_error("append to", path, source);
    let is_new = !path.exists();
    let flags = rustix::fs::OFlags::NOFOLLOW;
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
        .map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    if length > whole {
        file.set_len(whole).map_err(failed)?;
    }
    io::Seek::seek(&mut file, io::SeekFrom::Start(whole)).map_err(failed)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    if is_new { sync_directory_of(path) } else { Ok(()) }
}

pub(super) fn io_error(action: &'static str, path: &Path, source: io::Error) -> StorageError {
    StorageError::Io {
        action,
        path: path.display().to_string(),
        source,
    }
}

/// How the names of files begin that are about to replace others.
pub(super) const TEMPORARY: &str = ".new-";

/// How long to wait between two attempts at a lock.
const PAUSE: Duration = Duration::from_millis(25);
