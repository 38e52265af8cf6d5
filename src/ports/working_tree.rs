//! The directory of a project: its files, and what git says about them.

use crate::contract::GitState;
use crate::contract::Repository;
use crate::ports::StorageError;

/// Looks at the files of a project, and never changes one. Paths are relative to the project.
pub trait WorkingTree {
    /// Lists the env files directly in the project: `.env`, `.env.*` and `*.env`.
    ///
    /// # Errors
    ///
    /// When the directory cannot be read.
    fn env_files(&self) -> Result<Vec<String>, StorageError>;

    /// Returns the permission bits of a file, or `None` when there is no such file.
    ///
    /// # Errors
    ///
    /// When the operating system does not tell.
    fn mode(&self, path: &str) -> Result<Option<u32>, StorageError>;

    /// Asks the repository about files. Where it does not answer, no file has a state.
    fn git(&self, paths: &[String]) -> (Repository, Vec<Option<GitState>>);

    /// Lists the remotes of the repository: name and address. The address may hold a credential.
    fn remotes(&self) -> Vec<(String, String)>;
}
