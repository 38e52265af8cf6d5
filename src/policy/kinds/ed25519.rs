//! What the kinds made of an Ed25519 seed share (RFC 8032).

use rand::CryptoRng;
use ring::signature::Ed25519KeyPair;
use ring::signature::KeyPair;
use zeroize::Zeroizing;

/// Draws a seed.
pub(super) fn seed(rng: &mut dyn CryptoRng) -> Zeroizing<[u8; 32]> {
    let mut seed = Zeroizing::new([0; 32]);
    rng.fill_bytes(seed.as_mut());
    seed
}

/// Computes the public key of a seed.
pub(super) fn public(seed: &[u8; 32]) -> Option<[u8; 32]> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
    pair.public_key().as_ref().try_into().ok()
}

#[cfg(test)]
pub(super) mod vector {
    //! RFC 8032 §7.1, test 1; RFC 8037 appendix A has the same key as a JWK.

    /// The seed.
    pub fn seed() -> [u8; 32] {
        hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
            .unwrap()
            .try_into()
            .unwrap()
    }

    #[test]
    fn the_public_key_is_that_of_rfc_8032() {
        assert_eq!(
            hex::encode(super::public(&seed()).unwrap()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
    }
}
