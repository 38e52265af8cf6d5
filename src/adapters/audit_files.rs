//! The audit log as one file per writer.

use std::path::PathBuf;

use crate::adapters::durable;
use crate::ports::AuditError;
use crate::ports::AuditLog;
use crate::ports::Storage;
use crate::ports::Tail;

/// Keeps the log of each writer as `audit/<writer>.jsonl`.
pub struct AuditFiles<'a> {
    storage: &'a dyn Storage,
    directory: PathBuf,
}

impl<'a> AuditFiles<'a> {
    /// Reads the logs through `storage` and appends to files below `directory`, the store's `audit`.
    pub fn new(storage: &'a dyn Storage, directory: PathBuf) -> Self {
        Self { storage, directory }
    }
}

impl AuditLog for AuditFiles<'_> {
    fn writers(&self) -> Result<Vec<String>, AuditError> {
        let files = self.storage.list("audit")?;
        Ok(files
            .iter()
            .filter_map(|file| file.strip_suffix(".jsonl"))
            .filter(|writer| !writer.contains('/'))
            .map(str::to_owned)
            .collect())
    }

    fn read(&self, writer: &str) -> Result<Vec<u8>, AuditError> {
        Ok(self
            .storage
            .get(&format!("audit/{writer}.jsonl"))?
            .unwrap_or_default())
    }

    fn tail(&self, writer: &str) -> Result<Tail, AuditError> {
        let path = self.directory.join(format!("{writer}.jsonl"));
        let (start, bytes) = durable::read_end(&path, END)?;
        let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') else {
            return Ok(Tail::default());
        };
        let line_start = bytes[..end]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        Ok(Tail {
            line: Some(String::from_utf8_lossy(&bytes[line_start..end]).into_owned()),
            whole: start + end as u64 + 1,
        })
    }

    fn append(&self, writer: &str, whole: u64, lines: &str) -> Result<(), AuditError> {
        durable::make_directories(&self.directory)?;
        let path = self.directory.join(format!("{writer}.jsonl"));
        Ok(durable::append_behind(&path, whole, lines.as_bytes())?)
    }
}

/// Bytes of a log's end in which its last line is looked for; a line takes some 400.
const END: u64 = 16 * 1_024;
