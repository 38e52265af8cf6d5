//! A value that is wiped when dropped and never printed.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;
use zeroize::Zeroizing;

use crate::secret::memory;

/// Secret material, overwritten with zeros when dropped, and kept out of swap where the system allows it.
///
/// It has no `Clone`, `Display` or `Serialize`, and `Debug` prints only the
/// length, so it cannot reach a log by accident. Search for `expose(` to find
/// every place where the plaintext is read.
///
/// ```compile_fail
/// let value = mintage::secret::SecretValue::new(b"x".to_vec());
/// let copy = value.clone();
/// ```
///
/// ```compile_fail
/// let value = mintage::secret::SecretValue::new(b"x".to_vec());
/// println!("{value}");
/// ```
///
/// ```compile_fail
/// let value = mintage::secret::SecretValue::new(b"x".to_vec());
/// serde_json::to_string(&value);
/// ```
pub struct SecretValue(Zeroizing<Box<[u8]>>);

impl SecretValue {
    /// Takes over `bytes`.
    ///
    /// # Security
    ///
    /// A vector with spare capacity is copied into an exact allocation and the old one is wiped.
    pub fn new(mut bytes: Vec<u8>) -> Self {
        if bytes.capacity() == bytes.len() {
            memory::lock(&bytes);
            return Self(Zeroizing::new(bytes.into_boxed_slice()));
        }
        let exact = Self::copied_from(&bytes);
        bytes.zeroize();
        exact
    }

    /// Copies `bytes`; whoever owns them wipes them.
    pub fn copied_from(bytes: &[u8]) -> Self {
        Self::init_with(bytes.len(), |copy| copy.copy_from_slice(bytes))
    }

    /// Makes a second value of the same bytes, where one is handed on and one is kept.
    pub fn duplicate(&self) -> Self {
        Self::copied_from(&self.0)
    }

    /// Builds a value of `len` bytes in place, so that no second copy of it exists.
    pub fn init_with(len: usize, fill: impl FnOnce(&mut [u8])) -> Self {
        let mut bytes = vec![0; len].into_boxed_slice();
        memory::lock(&bytes);
        fill(&mut bytes);
        #[cfg(feature = "planted-faults")]
        crate::secret::planted_faults::made(&bytes);
        Self(Zeroizing::new(bytes))
    }

    /// Returns the plaintext. Every call of this is a place to review.
    pub fn expose(&self) -> &[u8] {
        #[cfg(feature = "planted-faults")]
        crate::secret::planted_faults::exposed(&self.0);
        &self.0
    }

    /// Returns the length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether it is a text that is known, compared in constant time for equal length.
    pub fn is(&self, known: &str) -> bool {
        self.0.ct_eq(known.as_bytes()).into()
    }

    /// Returns whether a zero byte is in it, which the environment of a program cannot carry.
    pub fn has_zero_byte(&self) -> bool {
        self.0.contains(&0)
    }

    /// Returns whether it is text: UTF-8.
    pub fn is_text(&self) -> bool {
        std::str::from_utf8(&self.0).is_ok()
    }

    /// Returns whether there are no bytes at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for SecretValue {
    /// Compares in constant time for values of equal length.
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretValue {}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretValue({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_length_only() {
        let value = SecretValue::new(b"hunter2".to_vec());

        assert_eq!(format!("{value:?}"), "SecretValue(7 bytes)");
    }

    #[test]
    fn spare_capacity_is_not_kept() {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(b"abc");

        let value = SecretValue::new(bytes);

        assert_eq!(value.expose(), b"abc");
        assert_eq!(value.len(), 3);
    }

    #[test]
    fn a_known_text_is_recognised() {
        let value = SecretValue::new(b"eu-1".to_vec());

        assert!(value.is("eu-1"));
        assert!(!value.is("eu-2") && !value.is("eu-") && !value.is(""));
    }

    #[test]
    fn a_zero_byte_is_seen_anywhere() {
        assert!(SecretValue::new(b"a\0".to_vec()).has_zero_byte());
        assert!(!SecretValue::new(b"a0".to_vec()).has_zero_byte());
    }

    #[test]
    fn values_of_different_length_differ() {
        assert_ne!(
            SecretValue::new(b"abc".to_vec()),
            SecretValue::new(b"abcd".to_vec())
        );
    }
}
