//! The random source of the operating system.

use std::convert::Infallible;

use rand::TryCryptoRng;
use rand::TryRng;
use rand::rngs::SysRng;
use thiserror::Error;
use zeroize::Zeroize;
use zeroize::Zeroizing;

/// Bytes of the operating system's CSPRNG, fetched in pools and wiped as they are handed out.
///
/// There is no state of our own to seed, fork or copy: a pool is only a larger system call.
pub struct OsRandom {
    pool: Zeroizing<Box<[u8]>>,
    used: usize,
}

impl OsRandom {
    /// Opens the source and fetches a first pool.
    ///
    /// # Errors
    ///
    /// When the operating system has no randomness to give.
    pub fn new() -> Result<Self, RandomSourceError> {
        let mut pool = Zeroizing::new(vec![0; POOL].into_boxed_slice());
        SysRng.try_fill_bytes(&mut pool).map_err(|_| RandomSourceError)?;
        Ok(Self { pool, used: 0 })
    }

    /// Fetches the next pool.
    ///
    /// # Panics
    ///
    /// When the operating system stops giving random bytes after it gave some: nothing may be made then.
    fn refill(&mut self) {
        #[expect(clippy::expect_used, reason = "a half random value must never be used")]
        SysRng
            .try_fill_bytes(&mut self.pool)
            .expect("the random source of the operating system failed");
        self.used = 0;
    }
}

impl TryRng for OsRandom {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, mut out: &mut [u8]) -> Result<(), Infallible> {
        while !out.is_empty() {
            if self.used == self.pool.len() {
                self.refill();
            }
            let fresh = &mut self.pool[self.used..];
            let count = fresh.len().min(out.len());
            let (here, rest) = std::mem::take(&mut out).split_at_mut(count);
            here.copy_from_slice(&fresh[..count]);
            fresh[..count].zeroize();
            self.used += count;
            out = rest;
        }
        Ok(())
    }
}

impl TryCryptoRng for OsRandom {}

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, Error)]
#[error("the operating system's random source gives no bytes")]
pub struct RandomSourceError;

/// Bytes of one pool: enough for a system call to cost nothing beside the work, and little to wipe.
const POOL: usize = 16 * 1_024;

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn pools_follow_each_other_without_a_repeat() {
        let mut rng = OsRandom::new().unwrap();
        let mut blocks = std::collections::BTreeSet::new();

        for _ in 0..(3 * POOL / 16) {
            let mut block = [0; 16];
            rng.fill_bytes(&mut block);
            assert!(blocks.insert(block));
        }
    }

    #[test]
    fn bytes_handed_out_are_wiped_from_the_pool() {
        let mut rng = OsRandom::new().unwrap();

        rng.fill_bytes(&mut [0; 64]);

        assert!(rng.pool[..64].iter().all(|byte| *byte == 0));
        assert!(
            rng.pool[64..].iter().any(|byte| *byte != 0),
            "what is left is not"
        );
    }

    #[test]
    fn bytes_across_the_end_of_a_pool_are_all_handed_out_and_wiped() {
        let mut rng = OsRandom::new().unwrap();
        let mut most = vec![0; POOL - 8];
        rng.fill_bytes(&mut most);
        let last = rng.pool[POOL - 8..].to_vec();

        let mut across = [0; 24];
        rng.fill_bytes(&mut across);

        assert_eq!(across[..8], last);
        assert_eq!(rng.used, 16);
        assert!(rng.pool[..16].iter().all(|byte| *byte == 0));
        assert_ne!(across[8..], [0; 16]);
    }
}
