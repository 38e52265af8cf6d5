//! The kind `jwt-eddsa`.

use pkcs8::Document;
use pkcs8::PrivateKeyInfo;
use pkcs8::SecretDocument;
use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::policy::Made;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::ed25519;
use crate::policy::kinds::jwk;
use crate::policy::kinds::jwk::PublicKey;
use crate::secret::SecretValue;

/// Signs JWTs with Ed25519.
pub(super) const EDDSA: Kind = Kind {
    name: "jwt-eddsa",
    summary: "JWT signing key for EdDSA: Ed25519 private key as PKCS#8 PEM",
    advice: "publish the new key, wait until every cache has it, then sign; a file of it ends with a newline",
    source: "RFC 8037, RFC 8410, RFC 7638",
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
        shape.only("jwt-eddsa", &[])?;
        Ok(Recipe::Made(MADE))
    },
    accepts: |_, text| seed(text).map(drop),
};

fn make(rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    written(&ed25519::seed(rng))
}

fn written(seed: &[u8; 32]) -> Option<SecretValue> {
    let mut key = Zeroizing::new([0; 48]);
    let (front, rest) = key.split_at_mut(PKCS8.len());
    front.copy_from_slice(&PKCS8);
    rest.copy_from_slice(seed);
    jwk::write(&SecretDocument::try_from(key.as_slice()).ok()?)
}

/// Accepts version 1 and version 2, whose public key has to fit.
fn seed(text: &[u8]) -> Result<Zeroizing<[u8; 32]>, Mismatch> {
    let wrong = Mismatch::Form("an Ed25519 private key");
    let document = jwk::read(text)?;
    let Ok(key) = PrivateKeyInfo::try_from(document.as_bytes()) else {
        return Err(wrong);
    };
    let is_ed25519 = key.algorithm.assert_algorithm_oid(OID).is_ok() && key.algorithm.parameters.is_none();
    let seed = key
        .private_key
        .strip_prefix(&[0x04, 0x20])
        .and_then(|seed| <[u8; 32]>::try_from(seed).ok())
        .map(Zeroizing::new)
        .filter(|_| is_ed25519)
        .ok_or(wrong.clone())?;
    match key.public_key {
        Some(public) if ed25519::public(&seed).is_none_or(|own| own != public) => Err(wrong),
        _ => Ok(seed),
    }
}

fn public(text: &[u8]) -> Option<PublicKey> {
    let point = ed25519::public(&*seed(text).ok()?)?;
    Some(PublicKey {
        algorithm: "EdDSA",
        members: [
            ("crv", "Ed25519".to_owned()),
            ("kty", "OKP".to_owned()),
            ("x", jwk::base64url(&point)),
        ]
        .into(),
        info: Document::try_from([SPKI.as_slice(), &point].concat()).ok()?,
    })
}

fn private_jwk(text: &[u8]) -> Option<SecretValue> {
    let d = Zeroizing::new(jwk::base64url(&*seed(text).ok()?));
    public(text)?.with_private(&[("d", d)])
}

const OID: pkcs8::ObjectIdentifier = pkcs8::ObjectIdentifier::new_unwrap("1.3.101.112");

/// RFC 8410 §7: version 1, the algorithm, and an octet string in an octet string; the seed follows.
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// RFC 8410 §4: the algorithm and a bit string; the point follows.
const SPKI: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

const MADE: Made = Made {
    make,
    bits: 256.0,
    min_length: 118,
    punctuation: jwk::PUNCTUATION,
    what: "an Ed25519 key from 32 random bytes, as PKCS#8 PEM",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_rfc_8037_has_its_point_and_its_thumbprint() {
        let value = written(&ed25519::vector::seed()).unwrap();

        let jwks = public(value.expose()).unwrap().jwks().unwrap();

        let jwks: serde_json::Value = serde_json::from_slice(jwks.expose()).unwrap();
        assert_eq!(
            jwks,
            serde_json::json!({"keys": [{
                "alg": "EdDSA",
                "crv": "Ed25519",
                "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                "kty": "OKP",
                "use": "sig",
                "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            }]})
        );
        let private = private_jwk(value.expose()).unwrap();
        let private: serde_json::Value = serde_json::from_slice(private.expose()).unwrap();
        assert_eq!(private["d"], "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        assert_eq!(value.len(), MADE.min_length);
    }

    #[test]
    fn public_keys_and_keys_of_another_curve_do_not_pass() {
        let value = written(&ed25519::vector::seed()).unwrap();
        let public = public(value.expose()).unwrap().pem().unwrap();
        // X25519 (1.3.101.110) differs in one byte.
        let mut other = jwk::read(value.expose()).unwrap().as_bytes().to_vec();
        other[11] = 0x6e;
        let other = jwk::write(&SecretDocument::try_from(other).unwrap()).unwrap();

        assert_eq!(seed(value.expose()).map(drop), Ok(()));
        assert!(matches!(seed(public.expose()), Err(Mismatch::Form(_))));
        assert_eq!(
            seed(other.expose()).map(drop),
            Err(Mismatch::Form("an Ed25519 private key"))
        );
    }
}
