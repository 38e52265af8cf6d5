//! Certificates in the files of a project, and the memory of those that hosts showed.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::adapters::StateFiles;
use crate::adapters::durable;
use crate::ports::CertificateFiles;
use crate::ports::CertificateMemory;
use crate::ports::ShownChain;
use crate::ports::StorageError;
use crate::secret::SecretValue;

/// The files below a project's directory.
pub struct ProjectCertificates {
    root: PathBuf,
}

impl ProjectCertificates {
    /// Reads files by their paths from `root`.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }
}

impl CertificateFiles for ProjectCertificates {
    fn read(&self, path: &str) -> Result<Option<(SecretValue, u32)>, StorageError> {
        let path = self.root.join(path);
        let Ok(real) = fs::canonicalize(&path) else {
            // A link that leads nowhere is as good as no file; certbot's `live/` is made of links.
            return Ok(None);
        };
        let Some(mut bytes) = durable::read_capped(&real, MAX_CERTIFICATES)? else {
            return Ok(None);
        };
        let content = SecretValue::new(std::mem::take(&mut *bytes));
        let metadata = fs::metadata(&real).map_err(|source| durable::io_error("look at", &path, source))?;
        Ok(Some((content, metadata.permissions().mode() & 0o777)))
    }
}

impl CertificateMemory for StateFiles {
    fn recall(&self) -> BTreeMap<String, ShownChain> {
        let bytes = durable::read_capped(&self.certificates_file(), MAX_MEMORY)
            .ok()
            .flatten();
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    fn remember(&self, shown: &BTreeMap<String, ShownChain>) -> Result<(), StorageError> {
        let text = serde_json::to_vec_pretty(shown).unwrap_or_default();
        self.replace(&self.certificates_file(), &text)
    }
}

/// Largest file of certificates, in bytes.
const MAX_CERTIFICATES: u64 = 1_024 * 1_024;

/// Largest memory, in bytes.
const MAX_MEMORY: u64 = 16 * 1_024 * 1_024;
