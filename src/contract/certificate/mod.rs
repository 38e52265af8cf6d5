//! Certificates: what one says, and what is wrong with it.
//!
//! Pure: the bytes, the permission bits and what a handshake showed come in; facts, a state and findings come out.

mod chain;
mod judge;
mod key;
mod names;
mod read;
mod rules;
#[cfg(test)]
mod tests;

pub use chain::Chain;
pub use judge::CertificateState;
pub use judge::Judged;
pub use judge::judge;
pub use judge::remind_from;
pub use key::KeyBeside;
pub use names::covers;
pub use read::Unreadable;
pub use read::read_chain;
pub use read::read_pem;
pub use rules::CERTIFICATE_RULES;

use chrono::DateTime;
use chrono::Utc;
use serde::Deserialize;
use serde::Serialize;

/// What a certificate says, with what came beside it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct CertificateFacts {
    /// Whose it is, as RFC 4514 writes it.
    pub subject: String,
    /// The names of hosts and the addresses that it is for.
    pub names: Vec<String>,
    /// Who issued it.
    pub issuer: String,
    /// From when it is valid.
    pub not_before: DateTime<Utc>,
    /// Until when it is valid.
    pub not_after: DateTime<Utc>,
    /// The algorithm and the size of its key, such as `RSA 2048` or `EC P-256`.
    pub key: String,
    /// Why its key or its signature is too weak, where it is.
    pub weakness: Option<String>,
    /// SHA-256 of the certificate, in hexadecimal.
    pub fingerprint: String,
    /// How the certificates that came with it belong to it.
    pub chain: Chain,
    /// The first end of those that it needs beside itself.
    pub chain_ends_at: Option<DateTime<Utc>>,
    /// What private key stands beside it.
    pub private_key: KeyBeside,
}

/// Whether this machine would trust a host with the certificate that it serves.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Trust {
    /// It has no list of authorities to compare with.
    NoAuthorities,
    /// It proves nothing to this machine for another reason.
    Refused,
    /// Its issuer revoked it.
    Revoked,
    /// A known authority vouches for it.
    Trusted,
    /// No authority that is known here vouches for it.
    UnknownIssuer,
}

/// What was found where the policy says that a certificate is.
#[derive(Clone, Debug)]
pub enum Sight {
    /// A certificate.
    Found {
        /// What it says.
        facts: Box<CertificateFacts>,
        /// The permission bits of the file that it stands in.
        mode: Option<u32>,
        /// The verdict on the host that serves it.
        trust: Option<Trust>,
        /// When the host showed it.
        seen_at: Option<DateTime<Utc>>,
    },
    /// The file is not there.
    Missing,
    /// What is there is no certificate.
    Unreadable(String),
    /// Nobody has asked the host yet.
    Unasked,
    /// The host did not show one: why, and what it showed before.
    Unreachable {
        /// Why, in a few words.
        reason: String,
        /// What it showed before.
        before: Option<Box<Sight>>,
    },
}
