//! Builds the two filters of public values in `src/scoring/tables/`; run it when a list changes.
//!
//! ```text
//! cargo run --release --example known-filter -- OUT [--fingerprints FILE]… [--values FILE]… [--words FILE]…
//! ```
//!
//! - `known.fuse32` is made of the first 8 bytes of the SHA-256 of every published value, as written and in lower case:
//!   those of `src/scoring/tables/documented.txt`, ready fingerprints of 8 bytes each (`--fingerprints`), and the lines
//!   of lists of values (`--values`), those under 4 characters left out.
//! - `digests.fuse32` is made of the first 8 bytes of the MD5, SHA-1, SHA-256 and SHA-512 of common words, which people
//!   paste as keys: `src/scoring/words.txt` and the lines of `--words`.
//!
//! The lists that the committed filters are made of, and their licences, are in `src/scoring/tables/README.md`.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program of its own that writes two files"
)]

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use md5::Digest;
use md5::Md5;
use ring::digest;
use xorf::BinaryFuse32;
use xorf::DmaSerializable;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("where to write to is missing")?;
    let mut known = documented(include_str!("../src/scoring/tables/documented.txt"))?;
    let mut digests = BTreeSet::new();
    for word in [""]
        .into_iter()
        .chain(include_str!("../src/scoring/words.txt").lines())
    {
        add_digests(word, &mut digests);
    }
    while let (Some(option), Some(path)) = (arguments.next(), arguments.next()) {
        let bytes = fs::read(&path)?;
        match option.as_str() {
            "--fingerprints" => known.extend(bytes.chunks_exact(8).map(first_eight)),
            "--values" => String::from_utf8_lossy(&bytes)
                .lines()
                .filter(|line| line.chars().count() >= 4)
                .for_each(|line| add_fingerprints(line, &mut known)),
            "--words" => String::from_utf8_lossy(&bytes)
                .lines()
                .for_each(|line| add_digests(line, &mut digests)),
            _ => return Err(format!("`{option}` is no option").into()),
        }
    }
    write(&Path::new(&out).join("known.fuse32"), &known)?;
    write(&Path::new(&out).join("digests.fuse32"), &digests)
}

fn documented(text: &str) -> Result<BTreeSet<u64>, Box<dyn Error>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .map(|row| Ok(u64::from_str_radix(row, 16)?))
        .collect()
}

fn add_fingerprints(value: &str, known: &mut BTreeSet<u64>) {
    for spelled in [value.to_owned(), value.to_lowercase()] {
        known.insert(first_eight(
            digest::digest(&digest::SHA256, spelled.as_bytes()).as_ref(),
        ));
    }
}

fn add_digests(word: &str, digests: &mut BTreeSet<u64>) {
    let word = word.as_bytes();
    digests.insert(first_eight(&Md5::digest(word)));
    for algorithm in [
        &digest::SHA1_FOR_LEGACY_USE_ONLY,
        &digest::SHA256,
        &digest::SHA512,
    ] {
        digests.insert(first_eight(digest::digest(algorithm, word).as_ref()));
    }
}

fn first_eight(digest: &[u8]) -> u64 {
    digest
        .iter()
        .take(8)
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Writes the descriptor of the filter, padded to [`HEAD`] bytes, and its fingerprints.
fn write(path: &Path, keys: &BTreeSet<u64>) -> Result<(), Box<dyn Error>> {
    let keys: Vec<u64> = keys.iter().copied().collect();
    let filter = BinaryFuse32::try_from(&keys)?;
    let mut bytes = vec![0; BinaryFuse32::DESCRIPTOR_LEN];
    filter.dma_copy_descriptor_to(&mut bytes);
    bytes.resize(HEAD, 0);
    bytes.extend_from_slice(filter.dma_fingerprints());
    fs::write(path, &bytes)?;
    println!("{}: {} keys, {} bytes", path.display(), keys.len(), bytes.len());
    Ok(())
}

const HEAD: usize = 32;
