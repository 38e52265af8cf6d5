//! The kind `jwt-es256`.

use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use pkcs8::DecodePrivateKey;
use pkcs8::EncodePrivateKey;
use pkcs8::EncodePublicKey;
use rand::CryptoRng;
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

/// Signs JWTs with ECDSA on P-256.
pub(super) const ES256: Kind = Kind {
    name: "jwt-es256",
    summary: "JWT signing key for ES256: P-256 private key as PKCS#8 PEM",
    advice: "publish the new key, wait until every cache has it, then sign; a file of it ends with a newline",
    source: "RFC 7518 §3.4, RFC 5915, RFC 7638",
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
        shape.only("jwt-es256", &[])?;
        Ok(Recipe::Made(MADE))
    },
    accepts: |_, text| parsed(text).map(drop),
};

/// Draws until the bytes are below the order of the curve, so that each scalar is equally likely.
fn make(rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let mut scalar = Zeroizing::new([0; 32]);
    let key = loop {
        rng.fill_bytes(scalar.as_mut());
        if let Ok(key) = SecretKey::from_slice(scalar.as_ref()) {
            break key;
        }
    };
    jwk::write(&key.to_pkcs8_der().ok()?)
}

fn parsed(text: &[u8]) -> Result<SecretKey, Mismatch> {
    let document = jwk::read(text)?;
    SecretKey::from_pkcs8_der(document.as_bytes()).map_err(|_| Mismatch::Form("a P-256 private key"))
}

fn public(text: &[u8]) -> Option<PublicKey> {
    let key = parsed(text).ok()?.public_key();
    let point = key.to_encoded_point(false);
    Some(PublicKey {
        algorithm: "ES256",
        members: [
            ("crv", "P-256".to_owned()),
            ("kty", "EC".to_owned()),
            ("x", jwk::base64url(point.x()?)),
            ("y", jwk::base64url(point.y()?)),
        ]
        .into(),
        info: key.to_public_key_der().ok()?,
    })
}

fn private_jwk(text: &[u8]) -> Option<SecretValue> {
    let scalar = Zeroizing::new(parsed(text).ok()?.to_bytes());
    let d = Zeroizing::new(jwk::base64url(scalar.as_slice()));
    public(text)?.with_private(&[("d", d)])
}

const MADE: Made = Made {
    make,
    bits: 255.0,
    min_length: 240,
    punctuation: jwk::PUNCTUATION,
    what: "a P-256 key from 32 random bytes, as PKCS#8 PEM",
};

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515 appendix A.3 has this key as a JWK.
    fn published() -> SecretValue {
        let scalar = "8e9b109e719098bf980487df1f5d77e9cb29606ebed2263b5f57c213df84f4b2";
        let key = SecretKey::from_slice(&hex::decode(scalar).unwrap()).unwrap();
        jwk::write(&key.to_pkcs8_der().unwrap()).unwrap()
    }

    #[test]
    fn the_key_of_rfc_7515_has_its_point() {
        let value = published();

        let key = public(value.expose()).unwrap();

        assert_eq!(key.members["x"], "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
        assert_eq!(key.members["y"], "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
        let private = private_jwk(value.expose()).unwrap();
        let private: serde_json::Value = serde_json::from_slice(private.expose()).unwrap();
        assert_eq!(private["d"], "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI");
        assert_eq!(private["x"], key.members["x"]);
        assert_eq!(value.len(), MADE.min_length);
        assert_eq!(jwk::read(value.expose()).unwrap().as_bytes().len(), 138);
    }

    #[test]
    fn public_keys_and_keys_of_another_curve_do_not_pass() {
        let value = published();
        let public = public(value.expose()).unwrap().pem().unwrap();
        // The last digit of the curve's object identifier, 1.2.840.10045.3.1.7.
        let mut other = jwk::read(value.expose()).unwrap().as_bytes().to_vec();
        let curve = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        let place = other.windows(8).position(|bytes| bytes == curve).unwrap();
        other[place + 7] = 0x06;
        let other = jwk::write(&pkcs8::SecretDocument::try_from(other).unwrap()).unwrap();

        assert_eq!(parsed(value.expose()).map(drop), Ok(()));
        assert!(matches!(parsed(public.expose()), Err(Mismatch::Form(_))));
        assert_eq!(
            parsed(other.expose()).map(drop),
            Err(Mismatch::Form("a P-256 private key"))
        );
    }
}
