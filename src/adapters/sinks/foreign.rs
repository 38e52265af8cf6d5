//! Files that other programs read: edited in place of one another, never half written, mode and owner kept.

#![expect(clippy::disallowed_methods, reason = "writes beside the file and renames")]

use std::fs::File;
use std::fs::OpenOptions;
use std::fs::Permissions;
use std::io;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::adapters::durable;
use crate::adapters::durable::io_error;
use crate::ports::Failure;
use crate::ports::SinkError;
use crate::ports::StorageError;

/// The content of a file that may hold values.
pub(super) type Content = Zeroizing<Vec<u8>>;

/// Reads a whole file that may hold values; `None` when it is not there.
pub(super) fn read(path: &Path) -> Result<Option<Content>, SinkError> {
    durable::read_capped(path, MAX_FILE).map_err(|error| explained(&error))
}

/// Checks that a file is below `root` where links on the way have led; it need not be there yet.
pub(super) fn check_inside(root: &Path, path: &Path) -> Result<(), SinkError> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let nearest = path.ancestors().skip(1).find_map(real);
    let is_inside = real(root).zip(nearest).is_some_and(|(root, nearest)| {
        let inside = nearest.strip_prefix(&root).ok();
        inside.is_some_and(|inside| !inside.components().any(|part| part.as_os_str() == ".git"))
    });
    if is_inside {
        return Ok(());
    }
    let what = format!("`{}` leads out of the project through a link", path.display());
    Err(SinkError::new(Failure::Rejected, what))
}

/// Puts `bytes` in the place of a file whose content is still `before`, in one step and durably.
///
/// Mode and owner stay as they are, unless `mode` says otherwise; a new file is private to the user. On the way
/// there is a second file beside it, with the same mode and a name that begins like the file's own, so that what
/// keeps the one out of git or a backup keeps the other out too. What an interrupted run left of it is removed.
pub(super) fn replace(
    path: &Path,
    before: Option<&[u8]>,
    bytes: &[u8],
    mode: Option<u32>,
) -> Result<(), SinkError> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        durable::make_directories(parent).map_err(|error| explained(&error))?;
    }
    let beside = beside(path);
    let written = write_beside(path, &beside, bytes, mode).and_then(|()| exchange(path, &beside, before));
    if let Err(error) = &written
        && !matches!(error, StorageError::NotDurable { .. })
    {
        // The error of the write matters more than one of the tidying up.
        let _ = std::fs::remove_file(&beside);
    }
    written.map_err(|error| explained(&error))
}

/// Removes a file durably; one that is not there is no error.
pub(super) fn remove(path: &Path) -> Result<(), SinkError> {
    let removed = match std::fs::remove_file(path) {
        Ok(()) => durable::sync_directory_of(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(io_error("remove", path, source)),
    };
    removed.map_err(|error| explained(&error))
}

/// Removes what an interrupted run left beside a file.
pub(super) fn tidy(path: &Path) {
    // A file that cannot be removed here cannot be written over either, and that is told then.
    let _ = std::fs::remove_file(beside(path));
}

fn write_beside(path: &Path, beside: &Path, bytes: &[u8], mode: Option<u32>) -> Result<(), StorageError> {
    let failed = |source| io_error("write", path, source);
    match std::fs::remove_file(beside) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(failed(source)),
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(beside)
        .map_err(failed)?;
    let existing = std::fs::symlink_metadata(path).ok();
    if let Some(existing) = &existing {
        keep_owner(&file, existing).map_err(failed)?;
    }
    let mode = mode.or(existing.map(|metadata| metadata.mode() & 0o7777));
    if let Some(mode) = mode {
        file.set_permissions(Permissions::from_mode(mode))
            .map_err(failed)?;
    }
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(failed)
}

/// Gives a new file the owner and the group of the one that it replaces.
fn keep_owner(file: &File, existing: &std::fs::Metadata) -> io::Result<()> {
    let made = file.metadata()?;
    if (made.uid(), made.gid()) == (existing.uid(), existing.gid()) {
        return Ok(());
    }
    std::os::unix::fs::fchown(file, Some(existing.uid()), Some(existing.gid()))
}

/// Renames the new file over the old one, unless somebody changed that meanwhile.
fn exchange(path: &Path, beside: &Path, before: Option<&[u8]>) -> Result<(), StorageError> {
    let now = durable::read_capped(path, MAX_FILE)?;
    if now.as_deref().map(Vec::as_slice) != before {
        return Err(StorageError::Conflict {
            path: path.display().to_string(),
        });
    }
    std::fs::rename(beside, path).map_err(|source| io_error("replace", path, source))?;
    // The new content is there now, whatever becomes of this call.
    durable::sync_directory_of(path).map_err(|_| StorageError::NotDurable {
        path: path.display().to_string(),
    })
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".mintage-new");
    path.with_file_name(name)
}

/// Says what a failure of the file system means for whoever wants to write.
fn explained(error: &StorageError) -> SinkError {
    let failure = match error {
        StorageError::NotAFile { .. } | StorageError::TooLarge { .. } => Failure::Rejected,
        StorageError::NotDurable { .. } => Failure::Unknown,
        StorageError::Io { source, .. } => match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Failure::Unauthorised,
            _ => Failure::Transient,
        },
        _ => Failure::Transient,
    };
    let cause = match error {
        StorageError::Io { source, .. } => format!(": {source}"),
        _ => String::new(),
    };
    SinkError::new(failure, format!("{error}{cause}"))
}

/// Largest file that is edited, in bytes.
const MAX_FILE: u64 = 16 * 1_024 * 1_024;
