//! The kind `ssh-ed25519`.

use rand::CryptoRng;
use ssh_key::LineEnding;
use ssh_key::PrivateKey;
use ssh_key::private::Ed25519Keypair;
use ssh_key::private::Ed25519PrivateKey;
use ssh_key::private::KeypairData;
use ssh_key::public::Ed25519PublicKey;

use crate::policy::Made;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::kinds::Companion;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::ed25519;
use crate::policy::kinds::jwk;
use crate::secret::SecretValue;

/// Signs in by SSH.
pub(super) const SSH_ED25519: Kind = Kind {
    name: "ssh-ed25519",
    summary: "SSH private key: Ed25519 in the format of OpenSSH, without passphrase",
    advice: "add the new public key to authorized_keys before the old one goes; a file of it ends with a newline",
    source: "PROTOCOL.key of OpenSSH, RFC 8709",
    overlap: OverlapClass::ServerMultiVerifier,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[Companion {
        name: "public-key",
        about: "a line of authorized_keys",
        is_secret: false,
        of: |value, _| {
            let line = parsed(value.expose()).ok()?.public_key().to_openssh().ok()?;
            Some(SecretValue::new(line.into_bytes()))
        },
    }],
    build: |shape| {
        shape.only("ssh-ed25519", &[])?;
        Ok(Recipe::Made(MADE))
    },
    accepts: |_, text| parsed(text).map(drop),
};

fn make(rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let seed = ed25519::seed(rng);
    let pair = Ed25519Keypair {
        public: Ed25519PublicKey(ed25519::public(&seed)?),
        private: Ed25519PrivateKey::from_bytes(&seed),
    };
    let key = PrivateKey::new(KeypairData::Ed25519(pair), "").ok()?;
    let text = key.to_openssh(LineEnding::LF).ok()?;
    Some(SecretValue::new(text.trim_end().as_bytes().to_vec()))
}

/// Parses a key without passphrase whose public key fits.
fn parsed(text: &[u8]) -> Result<PrivateKey, Mismatch> {
    if text.is_empty() {
        return Err(Mismatch::Empty);
    }
    if !text.starts_with(BEGIN.as_bytes()) {
        return Err(Mismatch::Prefix(BEGIN.to_owned()));
    }
    let key = PrivateKey::from_openssh(text).map_err(|_| Mismatch::Form("an OpenSSH private key"))?;
    if key.is_encrypted() {
        return Err(Mismatch::Form("without a passphrase"));
    }
    let fits = key.key_data().ed25519().is_some_and(|pair| {
        ed25519::public(pair.private.as_ref()).is_some_and(|public| public == pair.public.0)
    });
    if fits {
        Ok(key)
    } else {
        Err(Mismatch::Form("an Ed25519 key pair"))
    }
}

const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";

const MADE: Made = Made {
    make,
    bits: 256.0,
    min_length: 380,
    punctuation: jwk::PUNCTUATION,
    what: "an Ed25519 key from 32 random bytes, in the format of OpenSSH",
};

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    fn key() -> SecretValue {
        make(&mut ChaCha20Rng::seed_from_u64(7)).unwrap()
    }

    #[test]
    fn a_key_passes_with_and_without_its_last_newline() {
        let key = key();
        let file = [key.expose(), b"\n"].concat();

        assert_eq!(parsed(key.expose()).map(drop), Ok(()));
        assert_eq!(parsed(&file).map(drop), Ok(()));
        assert!(key.expose().ends_with(b"-----END OPENSSH PRIVATE KEY-----"));
    }

    #[test]
    fn public_keys_and_broken_keys_do_not_pass() {
        let key = key();
        let line = parsed(key.expose()).unwrap().public_key().to_openssh().unwrap();
        let cut = &key.expose()[..200];

        assert_eq!(
            parsed(line.as_bytes()).map(drop),
            Err(Mismatch::Prefix(BEGIN.to_owned()))
        );
        assert_eq!(
            parsed(cut).map(drop),
            Err(Mismatch::Form("an OpenSSH private key"))
        );
        assert_eq!(parsed(b"").map(drop), Err(Mismatch::Empty));
    }

    #[test]
    fn a_pair_that_does_not_fit_together_does_not_pass() {
        let pair = Ed25519Keypair {
            public: Ed25519PublicKey(ed25519::public(&[1; 32]).unwrap()),
            private: Ed25519PrivateKey::from_bytes(&[2; 32]),
        };
        let key = PrivateKey::new(KeypairData::Ed25519(pair), "").unwrap();
        let text = key.to_openssh(LineEnding::LF).unwrap();

        assert_eq!(
            parsed(text.as_bytes()).map(drop),
            Err(Mismatch::Form("an Ed25519 key pair"))
        );
    }
}
