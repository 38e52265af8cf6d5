//! Whether a value is public.

use ring::digest;
use xorf::BinaryFuse32Ref;
use xorf::Filter;
use xorf::FilterRef;
use zeroize::Zeroizing;

/// Returns whether `value` is published, as written or in lower case; wrongly so once in 2^31 values.
pub(super) fn is_published(value: &[u8]) -> bool {
    let hit = |text: &[u8]| KNOWN.holds(fingerprint(text));
    hit(value) || value.iter().any(u8::is_ascii_uppercase) && hit(&lower(value))
}

/// Returns whether the bytes begin like the digest of a common word; wrongly so once in 2^32 values.
pub(super) fn is_common_digest(first: &[u8; 8]) -> bool {
    DIGESTS.holds(u64::from_be_bytes(*first))
}

fn fingerprint(value: &[u8]) -> u64 {
    let digest = digest::digest(&digest::SHA256, value);
    digest
        .as_ref()
        .iter()
        .take(8)
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn lower(value: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(value.to_ascii_lowercase())
}

/// A binary fuse filter as it stands in a file: a descriptor in the first 32 bytes, then fingerprints of 32 bits.
///
/// The numbers are little-endian, as are all machines that this program is built for.
#[repr(C, align(4))]
struct Built<const SIZE: usize>([u8; SIZE]);

impl<const SIZE: usize> Built<SIZE> {
    fn holds(&self, key: u64) -> bool {
        let (descriptor, fingerprints) = self.0.split_at(HEAD);
        BinaryFuse32Ref::from_dma(descriptor, fingerprints).contains(&key)
    }
}

const HEAD: usize = 32;

const SIZE_OF_KNOWN: usize = include_bytes!("tables/known.fuse32").len();
const SIZE_OF_DIGESTS: usize = include_bytes!("tables/digests.fuse32").len();

/// Values that were published; see `tables/README.md`.
static KNOWN: Built<SIZE_OF_KNOWN> = Built(*include_bytes!("tables/known.fuse32"));

/// Digests of common words; see `tables/README.md`.
static DIGESTS: Built<SIZE_OF_DIGESTS> = Built(*include_bytes!("tables/digests.fuse32"));

#[cfg(test)]
mod tests {
    use rand::RngExt;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    /// Published values, split so that scanners stay quiet.
    const SPLIT: [(&str, &str); 6] = [
        (
            "8d024b643b19488486b7aa1ab4dd0a1c",
            "f1566d76603252f659ce9bd905fc06e9",
        ),
        (
            "7f8c9e2a1b3d4f5a6c7e8f9a0b1c2d3e",
            "4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c",
        ),
        ("YOUR_GENERATED_64_CHAR", "_HEX_SECRET_HERE"),
        ("super-secret-jwt-token-", "with-at-least-32-characters-long"),
        (
            "09d25e094faa6ca2556c818166b7a956",
            "3b93f7099f6f0f4caa6cf63b88e8d3e7",
        ),
        ("hJtXIZ2uSN5kbQfbtTNWbp", "dmhkV8FJG-Onbc6mxCcYg"),
    ];

    #[test]
    fn every_documented_value_is_held() {
        let rows: Vec<u64> = include_str!("tables/documented.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
            .map(|row| u64::from_str_radix(row, 16).unwrap())
            .collect();

        assert!(rows.len() > 500);
        assert!(rows.iter().all(|row| KNOWN.holds(*row)));
    }

    #[test]
    fn chance_makes_no_hit() {
        let mut rng = ChaCha20Rng::seed_from_u64(41);
        for _ in 0..2_000_000 {
            let key = rng.random();

            assert!(!KNOWN.holds(key) && !DIGESTS.holds(key));
        }
    }

    #[test]
    fn published_values_are_found_in_any_case() {
        for (front, back) in SPLIT {
            let value = [front, back].concat();

            assert!(is_published(value.as_bytes()), "{front}");
            assert!(is_published(value.to_ascii_uppercase().as_bytes()), "{front}");
        }
        assert!(is_published(b"CHANGEME") && is_published(b"minioadmin"));
        assert!(!is_published(b"zoologist-abacus-crayon"));
    }

    #[test]
    fn digests_of_common_words_are_found() {
        let digest = digest::digest(&digest::SHA256, b"password");

        assert!(is_common_digest(digest.as_ref().first_chunk().unwrap()));
        assert!(!is_common_digest(&[0; 8]));
    }
    /// A filter that is older than the list is to be built again, as `tables/README.md` says.
    #[test]
    fn digests_of_every_word_of_the_list_are_held() {
        for word in include_str!("words.txt").lines() {
            for algorithm in [
                &digest::SHA1_FOR_LEGACY_USE_ONLY,
                &digest::SHA256,
                &digest::SHA512,
            ] {
                let digest = digest::digest(algorithm, word.as_bytes());

                assert!(is_common_digest(digest.as_ref().first_chunk().unwrap()), "{word}");
            }
        }
    }
}
