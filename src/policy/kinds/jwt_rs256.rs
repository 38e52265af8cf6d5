//! The kind `jwt-rs256`.

use pkcs8::DecodePrivateKey;
use pkcs8::EncodePrivateKey;
use pkcs8::EncodePublicKey;
use rand::CryptoRng;
use rsa::BigUint;
use rsa::RsaPrivateKey;
use rsa::rand_core;
use rsa::traits::PrivateKeyParts;
use rsa::traits::PublicKeyParts;
use zeroize::Zeroizing;

use crate::policy::Made;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::jwk;
use crate::policy::kinds::jwk::PublicKey;
use crate::secret::SecretValue;

/// Signs JWTs with RSA.
pub(super) const RS256: Kind = Kind {
    name: "jwt-rs256",
    summary: "JWT signing key for RS256: RSA private key of 3072 bits as PKCS#8 PEM",
    advice: "for verifiers that know RSA only: EdDSA and ES256 are smaller and faster; a file of it ends with a newline",
    source: "RFC 7518 §3.3, RFC 8017, RFC 7638",
    overlap: OverlapClass::ServerMultiVerifier,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[
        jwk::jwks(|value, _| public(value.expose())?.jwks()),
        jwk::public_key(|value, _| public(value.expose())?.pem()),
        jwk::private_jwk(|value, _| private_jwk(value.expose())),
    ],
    build: |shape| {
        shape.only("jwt-rs256", &[])?;
        Ok(Recipe::Made(MADE))
    },
    accepts: |_, text| parsed(text).map(drop),
};

fn make(rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let key = RsaPrivateKey::new(&mut Former(rng), BITS).ok()?;
    jwk::write(&key.to_pkcs8_der().ok()?)
}

/// Accepts two primes that fit together; RFC 7518 demands 2048 bits, and nobody waits for more than 8192.
fn parsed(text: &[u8]) -> Result<RsaPrivateKey, Mismatch> {
    let wrong = Mismatch::Form("an RSA private key");
    let document = jwk::read(text)?;
    if document.as_bytes().len() > LONGEST {
        return Err(wrong);
    }
    let key = RsaPrivateKey::from_pkcs8_der(document.as_bytes()).map_err(|_| wrong)?;
    let bits = key.n().bits();
    if (2_048..=8_192).contains(&bits) {
        return Ok(key);
    }
    Err(Mismatch::Length {
        found: bits,
        needed: "2048 to 8192".to_owned(),
        unit: "bits",
    })
}

fn public(text: &[u8]) -> Option<PublicKey> {
    let key = parsed(text).ok()?.to_public_key();
    Some(PublicKey {
        algorithm: "RS256",
        members: [
            ("e", jwk::base64url(&key.e().to_bytes_be())),
            ("kty", "RSA".to_owned()),
            ("n", jwk::base64url(&key.n().to_bytes_be())),
        ]
        .into(),
        info: key.to_public_key_der().ok()?,
    })
}

fn private_jwk(text: &[u8]) -> Option<SecretValue> {
    let key = parsed(text).ok()?;
    let [p, q] = key.primes() else {
        return None;
    };
    let written = |number: &BigUint| {
        let bytes = Zeroizing::new(number.to_bytes_be());
        Zeroizing::new(jwk::base64url(&bytes))
    };
    public(text)?.with_private(&[
        ("d", written(key.d())),
        ("p", written(p)),
        ("q", written(q)),
        ("dp", written(key.dp()?)),
        ("dq", written(key.dq()?)),
        ("qi", written(&key.crt_coefficient()?)),
    ])
}

/// Our random source as the release of rand_core that the rsa crate knows.
struct Former<'a>(&'a mut dyn CryptoRng);

impl rand_core::RngCore for Former<'_> {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

impl rand_core::CryptoRng for Former<'_> {}

/// Bits of the modulus.
const BITS: usize = 3_072;

/// Bytes of PKCS#8 that 8192 bits cannot exceed.
const LONGEST: usize = 5_120;

const MADE: Made = Made {
    make,
    // NIST SP 800-57 part 1, table 2: what 3072 bits are worth. More than that is drawn.
    bits: 128.0,
    min_length: 2_400,
    punctuation: jwk::PUNCTUATION,
    what: "two random primes of 1536 bits, as PKCS#8 PEM",
};

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    #[test]
    fn keys_of_1024_bits_are_too_short() {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let key = RsaPrivateKey::new(&mut Former(&mut rng), 1_024).unwrap();
        let text = jwk::write(&key.to_pkcs8_der().unwrap()).unwrap();

        assert_eq!(
            parsed(text.expose()).map(drop),
            Err(Mismatch::Length {
                found: 1_024,
                needed: "2048 to 8192".to_owned(),
                unit: "bits"
            })
        );
    }

    #[test]
    fn a_key_passes_and_its_public_key_does_not() {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let key = RsaPrivateKey::new(&mut Former(&mut rng), 2_048).unwrap();
        let text = jwk::write(&key.to_pkcs8_der().unwrap()).unwrap();
        let public = public(text.expose()).unwrap();

        assert_eq!(parsed(text.expose()).map(drop), Ok(()));
        assert!(matches!(
            parsed(public.pem().unwrap().expose()),
            Err(Mismatch::Form(_))
        ));
        assert_eq!(public.members["e"], "AQAB");
    }
}
