//! One file of a sink: read where it is below the project, and replaced only where its content changes.

use std::path::Path;
use std::path::PathBuf;

use crate::adapters::sinks::foreign;
use crate::adapters::sinks::foreign::Content;
use crate::ports::Failure;
use crate::ports::SinkError;

/// A file that a sink keeps.
pub(super) struct KeptFile<'a> {
    root: &'a Path,
    path: PathBuf,
    mode: Option<u32>,
}

impl<'a> KeptFile<'a> {
    /// The file at `path` below `root`; `mode` as the policy states it.
    pub(super) fn new(root: &'a Path, path: impl AsRef<Path>, mode: Option<u32>) -> Self {
        Self {
            root,
            path: root.join(path),
            mode,
        }
    }

    /// Reads it; `None` when it is not there.
    pub(super) fn read(&self) -> Result<Option<Content>, SinkError> {
        foreign::check_inside(self.root, &self.path)?;
        foreign::read(&self.path)
    }

    /// Makes it hold `after`, while it still holds `before`, and removes what an interrupted run left beside it.
    pub(super) fn hold(&self, before: Option<&Content>, after: &[u8]) -> Result<(), SinkError> {
        let before = before.map(|before| before.as_slice());
        foreign::tidy(&self.path);
        if before == Some(after) {
            return Ok(());
        }
        foreign::replace(&self.path, before, after, self.mode)
    }

    /// Removes it.
    pub(super) fn remove(&self) -> Result<(), SinkError> {
        foreign::tidy(&self.path);
        foreign::remove(&self.path)
    }

    /// Says why it does not take a value.
    pub(super) fn refused(&self, why: &str) -> SinkError {
        SinkError::new(Failure::Rejected, format!("`{}`: {why}", self.path.display()))
    }

    /// Says that it holds something else than it was told.
    pub(super) fn differs(&self, what: &str) -> SinkError {
        SinkError::new(Failure::Transient, format!("`{}` {what}", self.path.display()))
    }
}

/// Returns what becomes of each of `count` changes when the file of all of them fails.
pub(super) fn all_failed<T>(count: usize, error: &SinkError) -> Vec<Result<T, SinkError>> {
    (0..count).map(|_| Err(error.clone())).collect()
}

/// Returns what becomes of each change, once it is known whether the file with all of them was written.
pub(super) fn once_written(
    outcomes: Vec<Result<(), SinkError>>,
    written: &Result<(), SinkError>,
) -> Vec<Result<(), SinkError>> {
    let outcomes = outcomes.into_iter();
    outcomes.map(|outcome| outcome.and(written.clone())).collect()
}
