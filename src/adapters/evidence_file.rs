//! Evidence in a ZIP file: the same parts give the same bytes.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::io::Read;
use std::io::Write;
use std::path::Path;

use thiserror::Error;
use zip::CompressionMethod;
use zip::DateTime;
use zip::ZipArchive;
use zip::ZipWriter;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;

use crate::adapters::durable;
use crate::ports::StorageError;

/// Packs parts in their order, all with the same time.
///
/// # Errors
///
/// When two parts have one path, or one is larger than the format takes.
pub fn pack_evidence(parts: &[(String, Vec<u8>)]) -> Result<Vec<u8>, EvidenceFileError> {
    let pack = || -> ZipResult<Vec<u8>> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(0o644);
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, content) in parts {
            archive.start_file(path, options.large_file(content.len() > LARGE))?;
            archive.write_all(content)?;
        }
        Ok(archive.finish()?.into_inner())
    };
    pack().map_err(|_| EvidenceFileError::NotPacked)
}

/// Unpacks the parts of a file into memory. None is written anywhere, whatever its path says.
///
/// # Errors
///
/// When it is not there, is no such file, or holds more than evidence ever does.
pub fn unpack_evidence(path: &Path) -> Result<BTreeMap<String, Vec<u8>>, EvidenceFileError> {
    let shown = path.display().to_string();
    let Some(bytes) = durable::read_capped(path, MOST_BYTES)? else {
        return Err(EvidenceFileError::Missing { path: shown });
    };
    let broken = || EvidenceFileError::Broken { path: shown.clone() };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let told = archive.decompressed_size().unwrap_or(0);
    if archive.len() > MOST_PARTS || told > u128::from(MOST_BYTES) {
        return Err(EvidenceFileError::TooLarge { path: shown });
    }
    let (mut parts, mut left) = (BTreeMap::new(), MOST_BYTES);
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|_| broken())?;
        let name = file.name().map_err(|_| broken())?.into_owned();
        let mut content = Vec::new();
        // What a header says of a length is no limit: what comes out is counted.
        let read = file
            .take(left + 1)
            .read_to_end(&mut content)
            .map_err(|_| broken())?;
        left = left
            .checked_sub(read as u64)
            .ok_or_else(|| EvidenceFileError::TooLarge { path: shown.clone() })?;
        if parts.insert(name, content).is_some() {
            return Err(broken());
        }
    }
    Ok(parts)
}

/// Evidence that cannot be packed or unpacked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EvidenceFileError {
    /// It is no ZIP file, or a damaged one.
    #[error("`{path}` is no ZIP file, or a damaged one")]
    Broken {
        /// Where.
        path: String,
    },
    /// It is not there.
    #[error("`{path}` does not exist")]
    Missing {
        /// Where.
        path: String,
    },
    /// The parts do not go into one file.
    #[error("the evidence is larger than a ZIP file can be")]
    NotPacked,
    /// It cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// It holds more than evidence does.
    #[error("`{path}` holds more than 1 GiB or {MOST_PARTS} parts, which evidence never does")]
    TooLarge {
        /// Where.
        path: String,
    },
}

/// Most bytes of a file, packed and unpacked.
const MOST_BYTES: u64 = 1_024 * 1_024 * 1_024;

/// Most parts of a file.
const MOST_PARTS: usize = 10_000;

/// From how many bytes on a part needs the fields for large files.
const LARGE: usize = 2_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_parts_give_the_same_bytes() {
        let parts = [
            ("a.txt".to_owned(), vec![b'x'; 100_000]),
            ("b/c".to_owned(), vec![]),
        ];

        let packed = pack_evidence(&parts).unwrap();

        assert_eq!(packed, pack_evidence(&parts).unwrap());
        assert!(packed.len() < 1_000, "it is compressed");
        assert!(pack_evidence(&[parts[0].clone(), parts[0].clone()]).is_err());
    }
}
