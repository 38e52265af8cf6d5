//! From bytes to what a certificate says (RFC 5280, RFC 7468).

use std::net::IpAddr;

use chrono::DateTime;
use chrono::Utc;
use ring::digest;
use rsa::pkcs1::RsaPublicKey;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use thiserror::Error;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::Time;

use crate::contract::certificate::CertificateFacts;
use crate::contract::certificate::KeyBeside;
use crate::contract::certificate::chain;
use crate::contract::certificate::key;
use crate::secret::SecretValue;

/// Why no certificate can be read.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum Unreadable {
    /// A block says that it is a certificate and is none.
    #[error("certificate {number} in it cannot be read")]
    Broken {
        /// Which one, counted from 1.
        number: usize,
    },
    /// No block is a certificate.
    #[error("it holds no `-----BEGIN CERTIFICATE-----`")]
    Nothing,
    /// More than any chain has.
    #[error("it holds more than {MOST} certificates: name the file of one host, and not one of authorities")]
    TooMany,
}

/// Reads a PEM file: the certificate, those that vouch for it, and maybe its private key.
///
/// # Errors
///
/// When there is no certificate, or one of them is broken.
pub fn read_pem(content: &SecretValue) -> Result<CertificateFacts, Unreadable> {
    let mut ders = Vec::new();
    for (number, block) in (1..).zip(CertificateDer::pem_slice_iter(content.expose())) {
        let block = block.map_err(|_| Unreadable::Broken { number })?;
        ders.push(block.as_ref().to_vec());
    }
    let (mut facts, leaf) = facts(&ders)?;
    facts.private_key = key::beside(content, &leaf);
    Ok(facts)
}

/// Reads the certificates that a host shows, in DER.
///
/// # Errors
///
/// When there is none, or one of them is broken.
pub fn read_chain(ders: &[Vec<u8>]) -> Result<CertificateFacts, Unreadable> {
    facts(ders).map(|(facts, _)| facts)
}

fn facts(ders: &[Vec<u8>]) -> Result<(CertificateFacts, Certificate), Unreadable> {
    if ders.len() > MOST {
        return Err(Unreadable::TooMany);
    }
    let mut certificates = Vec::new();
    for (number, der) in (1..).zip(ders) {
        certificates.push(Certificate::from_der(der).map_err(|_| Unreadable::Broken { number })?);
    }
    let order = chain::order(&certificates);
    let leaf = order.path.first().copied().ok_or(Unreadable::Nothing)?;
    let needed = order.path.iter().skip(1).map(|place| &certificates[*place]);
    let ends = needed
        .filter(|other| !chain::is_self_issued(other))
        .map(|other| instant(other.tbs_certificate.validity.not_after));
    let chain_ends_at = ends.min();
    let fingerprint = hex::encode(digest::digest(&digest::SHA256, &ders[leaf]));
    let certificate = certificates.swap_remove(leaf);
    let inner = &certificate.tbs_certificate;
    let (key, weak_key) = public_key(&inner.subject_public_key_info);
    let facts = CertificateFacts {
        subject: inner.subject.to_string(),
        names: names(&certificate),
        issuer: inner.issuer.to_string(),
        not_before: instant(inner.validity.not_before),
        not_after: instant(inner.validity.not_after),
        key,
        weakness: weak_key.or_else(|| weak_signature(&certificate)),
        fingerprint,
        chain: order.chain,
        chain_ends_at,
        private_key: KeyBeside::Absent,
    };
    Ok((facts, certificate))
}

/// Lists the names of hosts and the addresses; names in the subject have not counted for years (RFC 9525).
fn names(certificate: &Certificate) -> Vec<String> {
    let Ok(Some((_, names))) = certificate.tbs_certificate.get::<SubjectAltName>() else {
        return Vec::new();
    };
    let readable = names.0.iter().filter_map(|name| match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(bytes) => address(bytes.as_bytes()).map(|address| address.to_string()),
        _ => None,
    });
    readable.collect()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
        .ok()
}

fn instant(time: Time) -> DateTime<Utc> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Names the algorithm and size of a public key, and says why it is too weak where it is.
fn public_key(key: &SubjectPublicKeyInfoOwned) -> (String, Option<String>) {
    let bytes = key.subject_public_key.raw_bytes();
    match key.algorithm.oid {
        RSA => {
            let bits = RsaPublicKey::from_der(bytes).map_or(0, |key| {
                let modulus = key.modulus.as_bytes();
                let leading = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
                modulus.len() * 8 - leading
            });
            let weak = bits < LEAST_RSA;
            let reason = format!("an RSA key of {bits} bits, and {LEAST_RSA} are needed");
            (format!("RSA {bits}"), weak.then_some(reason))
        }
        EC => {
            let curve = key.algorithm.parameters.as_ref();
            let curve = curve.and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
            let known = CURVES.iter().find(|(oid, _)| Some(*oid) == curve);
            (
                format!("EC {}", known.map_or("unknown curve", |(_, name)| name)),
                None,
            )
        }
        ED25519 => ("Ed25519".to_owned(), None),
        other => (other.to_string(), None),
    }
}

/// Says that a signature rests on a broken digest; what a certificate says of itself is not signed by anybody.
fn weak_signature(certificate: &Certificate) -> Option<String> {
    let broken = BROKEN
        .iter()
        .find(|(oid, _)| *oid == certificate.signature_algorithm.oid);
    let matters = !chain::is_self_issued(certificate);
    broken
        .filter(|_| matters)
        .map(|(_, name)| format!("a signature over {name}, which can be forged"))
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const CURVES: [(ObjectIdentifier, &str); 3] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), "P-256"),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), "P-384"),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), "P-521"),
];

const BROKEN: [(ObjectIdentifier, &str); 3] = [
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4"), "MD5"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5"), "SHA-1"),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.1"), "SHA-1"),
];

/// Least size of RSA keys, in bits (CA/Browser Forum Baseline Requirements, 6.1.5).
const LEAST_RSA: usize = 2_048;

/// Most certificates of one chain.
const MOST: usize = 20;
