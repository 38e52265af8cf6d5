//! A value that is put together piece by piece.

use std::fmt;

use zeroize::Zeroizing;

use crate::secret::SecretValue;
use crate::secret::memory;

/// Collects the bytes of a [`SecretValue`]. It grows without leaving a copy behind, and is wiped when dropped.
#[derive(Default)]
pub struct SecretBuffer(Zeroizing<Vec<u8>>);

impl SecretBuffer {
    /// Makes an empty buffer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one byte.
    pub fn push(&mut self, byte: u8) {
        self.extend(&[byte]);
    }

    /// Adds bytes.
    pub fn extend(&mut self, bytes: &[u8]) {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * self.0.capacity()).max(LEAST)));
            memory::lock(larger.spare_capacity_mut());
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
    }

    /// Returns the bytes collected so far.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Returns how many bytes were collected.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no bytes at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps the first `len` bytes.
    pub fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// Returns the bytes as a value.
    pub fn finish(mut self) -> SecretValue {
        SecretValue::new(std::mem::take(&mut *self.0))
    }
}

impl fmt::Debug for SecretBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBuffer({} bytes)", self.len())
    }
}

/// Bytes of the first allocation.
const LEAST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_one_value() {
        let mut buffer = SecretBuffer::new();
        for _ in 0..100 {
            buffer.extend(b"ab");
        }
        buffer.push(b'c');
        buffer.truncate(199);

        assert_eq!(format!("{buffer:?}"), "SecretBuffer(199 bytes)");
        assert_eq!(buffer.finish().expose(), &b"ab".repeat(100)[..199]);
    }
}
