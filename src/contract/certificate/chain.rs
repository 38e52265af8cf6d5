//! Which certificate is that of the host, and who vouches for it.

use serde::Serialize;
use x509_cert::Certificate;
use x509_cert::ext::pkix::AuthorityKeyIdentifier;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

/// How the certificates of a file or a handshake belong together. Names and key ids are compared, no signatures.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chain {
    /// One that somebody else issued, without those that vouch for it.
    Alone,
    /// Each is issued by the one after it.
    InOrder,
    /// All belong together, in another order.
    OutOfOrder,
    /// One that vouches for itself.
    SelfSigned,
    /// Some belong to another chain.
    Unrelated,
}

/// The certificates in the order in which they vouch for one another.
pub(super) struct Order {
    /// Their places, that of the host first.
    pub(super) path: Vec<usize>,
    /// What that comes to.
    pub(super) chain: Chain,
}

/// Puts certificates in order. The host's is the first that issued no other.
pub(super) fn order(certificates: &[Certificate]) -> Order {
    let issued_another = |place: usize| {
        (0..certificates.len())
            .any(|other| other != place && vouches(&certificates[place], &certificates[other]))
    };
    let leaf = (0..certificates.len()).find(|place| !issued_another(*place));
    let mut path: Vec<usize> = leaf
        .or((!certificates.is_empty()).then_some(0))
        .into_iter()
        .collect();
    while let Some(last) = path.last().copied()
        && !is_self_issued(&certificates[last])
    {
        let next = (0..certificates.len())
            .find(|place| !path.contains(place) && vouches(&certificates[*place], &certificates[last]));
        match next {
            Some(next) => path.push(next),
            None => break,
        }
    }
    let chain = match path.as_slice() {
        [only] if certificates.len() == 1 && is_self_issued(&certificates[*only]) => Chain::SelfSigned,
        [_] if certificates.len() == 1 => Chain::Alone,
        path if path.len() < certificates.len() => Chain::Unrelated,
        path if path.is_sorted() => Chain::InOrder,
        _ => Chain::OutOfOrder,
    };
    Order { path, chain }
}

/// Returns whether a certificate names itself as its issuer.
pub(super) fn is_self_issued(certificate: &Certificate) -> bool {
    let inner = &certificate.tbs_certificate;
    inner.issuer == inner.subject
}

/// Returns whether `issuer` is who issued `certificate`, by its name and, where both tell, the id of its key.
fn vouches(issuer: &Certificate, certificate: &Certificate) -> bool {
    let (above, below) = (&issuer.tbs_certificate, &certificate.tbs_certificate);
    let wanted = below.get::<AuthorityKeyIdentifier>().ok().flatten();
    let found = above.get::<SubjectKeyIdentifier>().ok().flatten();
    let key_fits = match (wanted.and_then(|(_, wanted)| wanted.key_identifier), found) {
        (Some(wanted), Some((_, found))) => wanted == found.0,
        _ => true,
    };
    above.subject == below.issuer && key_fits
}
