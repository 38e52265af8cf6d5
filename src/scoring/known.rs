//! Whether a value is public.

use ring::digest;

use crate::scoring::known_table::DIGESTS;
use crate::scoring::known_table::PUBLISHED;
use crate::scoring::known_table::SLOTS;

/// Returns whether `value` is published, as written or in lower case.
pub(super) fn is_published(value: &[u8]) -> bool {
    let hit = |text: &[u8]| PUBLISHED.binary_search(&fingerprint(text)).is_ok();
    hit(value) || value.iter().any(u8::is_ascii_uppercase) && hit(&lower(value))
}

/// Returns whether `value` could be published; wrong in one case of sixty, and only for 16 characters or more.
pub(super) fn may_be_published(value: &[u8]) -> bool {
    let slot = slot(value);
    SLOTS[slot >> 6] >> (slot & 63) & 1 == 1
}

/// Returns whether the bytes begin like the digest of a common word.
pub(super) fn is_common_digest(first: &[u8; 8]) -> bool {
    DIGESTS.binary_search(&u64::from_be_bytes(*first)).is_ok()
}

fn fingerprint(value: &[u8]) -> u64 {
    let digest = digest::digest(&digest::SHA256, value);
    digest
        .as_ref()
        .iter()
        .take(8)
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn lower(value: &[u8]) -> zeroize::Zeroizing<Vec<u8>> {
    zeroize::Zeroizing::new(value.to_ascii_lowercase())
}

/// A number below 4,096 from length and first 16 characters, the same for upper and lower case.
fn slot(value: &[u8]) -> usize {
    let sum = value.iter().take(16).fold(value.len() as u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte | 0x20))
    });
    (sum.wrapping_mul(0x9e37_79b1) >> 20) as usize
}

#[cfg(test)]
mod tests {
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
    fn the_tables_are_sorted() {
        assert!(PUBLISHED.is_sorted() && DIGESTS.is_sorted());
    }

    #[test]
    fn published_values_are_found_in_any_case() {
        for (front, back) in SPLIT {
            let value = [front, back].concat();
            let upper = value.to_ascii_uppercase();

            assert!(is_published(value.as_bytes()), "{front}");
            assert!(may_be_published(value.as_bytes()), "{front}");
            assert!(may_be_published(upper.as_bytes()), "{front}");
        }
        assert!(is_published(b"CHANGEME") && is_published(b"minioadmin"));
        assert!(!is_published(b"zoologist"));
    }

    #[test]
    fn digests_of_common_words_are_found() {
        let digest = digest::digest(&digest::SHA256, b"password");

        assert!(is_common_digest(digest.as_ref().first_chunk().unwrap()));
        assert!(!is_common_digest(&[0; 8]));
    }
}
