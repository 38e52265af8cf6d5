//! What the key pairs that sign tokens share: PKCS#8 in PEM (RFC 7468), JWK (RFC 7517) and its thumbprint (RFC 7638).

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pkcs8::Document;
use pkcs8::LineEnding;
use pkcs8::SecretDocument;
use ring::digest;
use serde_json::json;
use zeroize::Zeroizing;

use crate::policy::Mismatch;
use crate::policy::kinds::Companion;
use crate::policy::kinds::Compute;
use crate::policy::kinds::jwt_eddsa;
use crate::policy::kinds::jwt_es256;
use crate::policy::kinds::jwt_rs256;
use crate::secret::SecretValue;

/// A public key that verifies tokens.
pub(super) struct PublicKey {
    /// The algorithm of its signatures, as JWS names it.
    pub algorithm: &'static str,
    /// The members of its JWK that the thumbprint is made of, and no others.
    pub members: BTreeMap<&'static str, String>,
    /// Its `SubjectPublicKeyInfo`.
    pub info: Document,
}

impl PublicKey {
    /// Writes a set of this key alone; `None` when a member is not public.
    pub(super) fn jwks(&self) -> Option<SecretValue> {
        if self.members.keys().any(|member| !PUBLIC.contains(member)) {
            return None;
        }
        let kid = self.thumbprint()?;
        let mut key: BTreeMap<&str, &str> = self
            .members
            .iter()
            .map(|(member, value)| (*member, value.as_str()))
            .collect();
        key.extend([("alg", self.algorithm), ("kid", &kid), ("use", "sig")]);
        let set = json!({ "keys": [key] });
        Some(SecretValue::new(set.to_string().into_bytes()))
    }

    /// Writes it with the members that only its owner may know.
    pub(super) fn with_private(&self, private: &[(&'static str, Zeroizing<String>)]) -> Option<SecretValue> {
        let kid = self.thumbprint()?;
        let mut members: BTreeMap<&str, &str> = self
            .members
            .iter()
            .map(|(member, value)| (*member, value.as_str()))
            .collect();
        members.extend([("alg", self.algorithm), ("kid", &kid), ("use", "sig")]);
        members.extend(private.iter().map(|(member, value)| (*member, value.as_str())));
        // No member needs an escape. With all the room from the start no copy stays behind.
        let room: usize = members
            .iter()
            .map(|(member, value)| member.len() + value.len() + 6)
            .sum();
        let mut json = Zeroizing::new(String::with_capacity(room + 2));
        for (member, value) in &members {
            let before = if json.is_empty() { '{' } else { ',' };
            json.push(before);
            for part in ["\"", member, "\":\"", value, "\""] {
                json.push_str(part);
            }
        }
        json.push('}');
        Some(SecretValue::new(json.as_bytes().to_vec()))
    }

    /// Writes it as PEM, without a newline at the end.
    pub(super) fn pem(&self) -> Option<SecretValue> {
        let pem = self.info.to_pem("PUBLIC KEY", LineEnding::LF).ok()?;
        Some(SecretValue::new(pem.trim_end().as_bytes().to_vec()))
    }

    /// The members are sorted and of ASCII that needs no escape, so that their JSON is the canonical one.
    fn thumbprint(&self) -> Option<String> {
        let canonical = serde_json::to_string(&self.members).ok()?;
        let hash = digest::digest(&digest::SHA256, canonical.as_bytes());
        Some(base64url(hash.as_ref()))
    }
}

/// What a verifier fetches.
pub(super) const fn jwks(of: Compute) -> Companion {
    Companion {
        name: JWKS,
        about: "goes to the address from which verifiers fetch keys; keep the old key beside it for a while",
        is_secret: false,
        of,
    }
}

/// What a library that reads no PEM signs with.
pub(super) const fn private_jwk(of: Compute) -> Companion {
    Companion {
        name: PRIVATE_JWK,
        about: "the whole key for libraries that read no PEM; as secret as the value",
        is_secret: true,
        of,
    }
}

/// Computes a companion of whichever kind of signing key `key` is.
pub(super) fn companion_of_any(
    name: &str,
    key: &SecretValue,
    rng: &mut dyn rand::CryptoRng,
) -> Option<SecretValue> {
    let kinds = [&jwt_eddsa::EDDSA, &jwt_es256::ES256, &jwt_rs256::RS256];
    let mut companions = kinds.into_iter().flat_map(|kind| kind.companions);
    companions.find_map(|companion| match companion.name == name {
        true => (companion.of)(key, rng),
        false => None,
    })
}

/// The name of the companion that holds the public key.
pub(super) const JWKS: &str = "jwks";

/// The name of the companion that holds the private key.
pub(super) const PRIVATE_JWK: &str = "private-jwk";

/// What a verifier holds in a file.
pub(super) const fn public_key(of: Compute) -> Companion {
    Companion {
        name: "public-key",
        about: "goes to those who verify from a file",
        is_secret: false,
        of,
    }
}

/// Reads a private key; whether it is one of its kind is for the caller to see.
pub(super) fn read(text: &[u8]) -> Result<SecretDocument, Mismatch> {
    if text.is_empty() {
        return Err(Mismatch::Empty);
    }
    if !text.starts_with(b"-----BEGIN ") {
        return Err(Mismatch::Prefix("-----BEGIN PRIVATE KEY-----".to_owned()));
    }
    std::str::from_utf8(text)
        .ok()
        .and_then(|text| SecretDocument::from_pem(text).ok())
        .filter(|(label, _)| *label == PRIVATE)
        .map(|(_, key)| key)
        .ok_or(Mismatch::Form("an unencrypted PKCS#8 key in PEM"))
}

/// Writes a private key, without a newline at the end, as every value is kept.
pub(super) fn write(key: &SecretDocument) -> Option<SecretValue> {
    let pem = key.to_pem(PRIVATE, LineEnding::LF).ok()?;
    Some(SecretValue::new(pem.trim_end().as_bytes().to_vec()))
}

/// Writes a number or a point of a JWK.
pub(super) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The characters of PEM beside letters and digits; the space first, which an error can show.
pub(super) const PUNCTUATION: &str = " \n+-/=";

const PRIVATE: &str = "PRIVATE KEY";

/// The members that the thumbprints of public keys are made of.
const PUBLIC: [&str; 6] = ["crv", "e", "kty", "n", "x", "y"];

#[cfg(test)]
mod tests {
    use super::*;

    fn key(members: &[(&'static str, &str)]) -> PublicKey {
        PublicKey {
            algorithm: "test",
            members: members
                .iter()
                .map(|(member, value)| (*member, (*value).to_owned()))
                .collect(),
            info: Document::try_from([0x30, 0].as_slice()).unwrap(),
        }
    }

    #[test]
    fn the_thumbprint_of_rfc_7638_is_found() {
        let published = key(&[("kty", "RSA"), ("n", RFC_7638), ("e", "AQAB")]);

        assert_eq!(
            published.thumbprint().unwrap(),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
    }

    #[test]
    fn a_private_member_is_never_published() {
        let public = key(&[("kty", "OKP"), ("crv", "Ed25519"), ("x", "AA")]);
        let private = key(&[("kty", "OKP"), ("crv", "Ed25519"), ("x", "AA"), ("d", "AA")]);

        assert!(public.jwks().is_some());
        assert!(private.jwks().is_none());
    }

    #[test]
    fn other_pem_and_no_pem_are_refused() {
        let form = Mismatch::Form("an unencrypted PKCS#8 key in PEM");

        assert_eq!(read(b"").unwrap_err(), Mismatch::Empty);
        assert!(matches!(read(b"MC4CAQAw"), Err(Mismatch::Prefix(_))));
        for label in ["PUBLIC KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"] {
            let text = format!("-----BEGIN {label}-----\nMAA=\n-----END {label}-----\n");
            assert_eq!(read(text.as_bytes()).unwrap_err(), form);
        }
    }

    const RFC_7638: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
}
