//! A list of leaked passwords in a local file, as HIBP publishes it.

use std::cmp::Ordering;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::ports::BreachError;
use crate::ports::Breaches;

/// A file of SHA-1 digests in ascending order: records of 20 bytes, or lines `HASH:COUNT` in hexadecimal.
///
/// Digests are spread evenly, so a guess by proportion lands within a block or two of the right place: a look-up reads
/// a few kilobytes of a file of any size, and keeps nothing.
#[derive(Debug)]
pub struct BreachFile {
    file: File,
    length: u64,
    form: Form,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Form {
    Records,
    Lines,
}

impl BreachFile {
    /// Opens the list.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is empty, or is in neither of the two forms.
    pub fn open(path: &Path) -> Result<Self, BreachError> {
        let unreadable =
            |error| BreachError::new("the list of leaked passwords cannot be read").because(error);
        let file = File::open(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let mut start = [0; 41];
        let read = file.read_at(&mut start, 0).map_err(unreadable)?;
        let is_line = read >= 40 && start[..40].iter().all(u8::is_ascii_hexdigit);
        let form = if is_line {
            Form::Lines
        } else if length >= 20 && length % 20 == 0 {
            Form::Records
        } else {
            return Err(BreachError::new(
                "the file is no list of leaked passwords: neither lines `SHA1:COUNT` nor records of 20 bytes",
            ));
        };
        Ok(Self { file, length, form })
    }

    /// Reads at most [`BLOCK`] bytes.
    fn block(&self, at: u64) -> Result<Vec<u8>, BreachError> {
        let mut block = vec![0; BLOCK.min((self.length - at) as usize)];
        self.file.read_exact_at(&mut block, at).map_err(|error| {
            BreachError::new("the list of leaked passwords cannot be read").because(error)
        })?;
        Ok(block)
    }

    /// Finds the first whole entry at or behind `at`: where it begins, its digest, its count, and where it ends.
    fn entry(&self, at: u64) -> Result<Option<Entry>, BreachError> {
        let block = self.block(at)?;
        match self.form {
            Form::Records => {
                let skip = (20 - at % 20) % 20;
                let digest = block.get(skip as usize..).and_then(<[u8]>::first_chunk);
                Ok(digest.map(|digest| Entry {
                    start: at + skip,
                    end: at + skip + 20,
                    digest: *digest,
                    count: 1,
                }))
            }
            Form::Lines => {
                let skip = if at == 0 {
                    0
                } else {
                    // The line that `at` is in begins before it, unless a line ends right there.
                    match self.block(at - 1)?.iter().position(|byte| *byte == b'\n') {
                        Some(end) => end,
                        None => return Ok(None),
                    }
                };
                let text = block.get(skip..).unwrap_or_default();
                if text.is_empty() {
                    return Ok(None);
                }
                let end = text.iter().position(|byte| *byte == b'\n');
                let line = &text[..end.unwrap_or(text.len())];
                let (digest, count) = parse_line(line.trim_ascii_end()).ok_or_else(|| {
                    BreachError::new("the list of leaked passwords has a line that is not `SHA1:COUNT`")
                })?;
                let start = at + skip as u64;
                let length = end.map_or(text.len(), |end| end + 1) as u64;
                Ok(Some(Entry {
                    start,
                    end: start + length,
                    digest,
                    count,
                }))
            }
        }
    }
}

struct Entry {
    start: u64,
    end: u64,
    digest: [u8; 20],
    count: u64,
}

impl Breaches for BreachFile {
    fn count(&self, digest: &[u8; 20]) -> Result<Option<u64>, BreachError> {
        let (mut low, mut high) = (0, self.length);
        let (mut least, mut most) = (0_u64, u64::MAX);
        let key = front(digest);
        for step in 0.. {
            if low >= high {
                break;
            }
            // By proportion while that makes progress, by halves where digests are not spread evenly.
            let share = if step < GUESSES && most > least {
                (key.clamp(least, most) - least) as f64 / (most - least) as f64
            } else {
                0.5
            };
            let guess = low + ((high - low - 1) as f64 * share) as u64;
            let guess = if high - low < BLOCK as u64 {
                low
            } else {
                guess.saturating_sub(BLOCK as u64 / 4).max(low)
            };
            let Some(entry) = self.entry(guess)?.filter(|entry| entry.start < high) else {
                if guess == low {
                    break;
                }
                high = guess;
                continue;
            };
            match entry.digest.cmp(digest) {
                Ordering::Equal => return Ok(Some(entry.count)),
                Ordering::Less => (low, least) = (entry.end, front(&entry.digest)),
                Ordering::Greater if guess == low => break,
                Ordering::Greater => (high, most) = (guess, front(&entry.digest)),
            }
        }
        Ok(None)
    }
}

fn front(digest: &[u8; 20]) -> u64 {
    digest
        .iter()
        .take(8)
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn parse_line(line: &[u8]) -> Option<([u8; 20], u64)> {
    let (hash, rest) = line.split_at_checked(40)?;
    let mut digest = [0; 20];
    hex::decode_to_slice(hash, &mut digest).ok()?;
    let count = match rest {
        [] => 1,
        [b':', digits @ ..] => std::str::from_utf8(digits).ok()?.parse().ok()?,
        _ => return None,
    };
    Some((digest, count))
}

/// Bytes that are read at once.
const BLOCK: usize = 512;

/// Guesses by proportion before halves are taken.
const GUESSES: u32 = 24;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use ring::digest;

    use super::*;

    fn sha1(text: &str) -> [u8; 20] {
        let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
        digest.as_ref().try_into().unwrap()
    }

    fn list(bytes: &[u8]) -> BreachFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        BreachFile::open(file.path()).unwrap()
    }

    fn digests() -> Vec<([u8; 20], usize)> {
        let mut all: Vec<_> = (0..3_000)
            .map(|number| (sha1(&format!("leaked {number}")), number + 1))
            .collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn every_listed_digest_is_found_in_either_form_and_no_other() {
        let all = digests();
        let lines: String = all
            .iter()
            .map(|(digest, count)| format!("{}:{count}\n", hex::encode_upper(digest)))
            .collect();
        let records: Vec<u8> = all.iter().flat_map(|(digest, _)| *digest).collect();
        let (lines, with_returns, records) = (
            list(lines.as_bytes()),
            list(lines.replace('\n', "\r\n").as_bytes()),
            list(&records),
        );

        for (digest, count) in &all {
            assert_eq!(lines.count(digest).unwrap(), Some(*count as u64));
            assert_eq!(with_returns.count(digest).unwrap(), Some(*count as u64));
            assert_eq!(records.count(digest).unwrap(), Some(1));
        }
        for number in 0..2_000 {
            let other = sha1(&format!("kept {number}"));
            assert_eq!(lines.count(&other).unwrap(), None);
            assert_eq!(records.count(&other).unwrap(), None);
        }
        for edge in [[0; 20], [0xff; 20]] {
            assert_eq!(lines.count(&edge).unwrap(), None);
            assert_eq!(records.count(&edge).unwrap(), None);
        }
    }

    #[test]
    fn digests_that_are_not_spread_evenly_are_found_too() {
        let mut records = Vec::new();
        for number in 0..500_u32 {
            let mut digest = [0; 20];
            digest[16..].copy_from_slice(&number.to_be_bytes());
            records.extend(digest);
        }
        records.extend([0xff; 20]);
        let list = list(&records);

        for number in [0_u32, 1, 250, 499] {
            let mut digest = [0; 20];
            digest[16..].copy_from_slice(&number.to_be_bytes());
            assert_eq!(list.count(&digest).unwrap(), Some(1), "{number}");
        }
        assert_eq!(list.count(&[0xff; 20]).unwrap(), Some(1));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for bytes in [&b""[..], b"password\n123456\n", b"0123"] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(bytes).unwrap();
            assert!(BreachFile::open(file.path()).is_err());
        }
        assert!(BreachFile::open(Path::new("/nowhere/at/all")).is_err());
    }
}
