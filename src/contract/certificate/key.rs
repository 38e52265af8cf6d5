//! The private key that stands beside a certificate.

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde::Serialize;
use x509_cert::Certificate;
use x509_cert::der::Encode;
use zeroize::Zeroize;

use crate::secret::SecretValue;

/// What private key stands in the file of a certificate.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyBeside {
    /// None.
    Absent,
    /// That of another certificate.
    Differs,
    /// One behind a passphrase.
    Encrypted,
    /// That of the certificate.
    Fits,
    /// One of a type that cannot be compared.
    Unknown,
}

/// Looks for a private key and compares it with the public one.
pub(super) fn beside(content: &SecretValue, certificate: &Certificate) -> KeyBeside {
    let text = content.expose();
    let holds = |words: &[u8]| text.windows(words.len()).any(|window| window == words);
    let Some(key) = PrivateKeyDer::pem_slice_iter(text).next() else {
        return if holds(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") {
            KeyBeside::Encrypted
        } else if holds(b"PRIVATE KEY-----") {
            KeyBeside::Unknown
        } else {
            KeyBeside::Absent
        };
    };
    if holds(b"Proc-Type: 4,ENCRYPTED") {
        return KeyBeside::Encrypted;
    }
    let Ok(mut key) = key else {
        return KeyBeside::Unknown;
    };
    let public = any_supported_type(&key)
        .ok()
        .and_then(|key| key.public_key().map(|key| key.to_vec()));
    key.zeroize();
    let certified = certificate.tbs_certificate.subject_public_key_info.to_der();
    match (public, certified) {
        (Some(public), Ok(certified)) if public == certified => KeyBeside::Fits,
        (Some(_), Ok(_)) => KeyBeside::Differs,
        _ => KeyBeside::Unknown,
    }
}
