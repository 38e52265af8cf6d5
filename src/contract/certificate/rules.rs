//! Every rule about certificates. They belong to hosts, not to environments: a rule matters alike everywhere.

use crate::contract::Rule;
use crate::policy::Severity;

/// Declares the rules: constant, id, severity and the reason.
macro_rules! rules {
    ($($constant:ident $id:literal $severity:ident $explanation:literal)*) => {
        $(pub(super) const $constant: Rule =
            Rule::everywhere($id, Severity::$severity, $explanation);)*

        /// Every rule about certificates, worst first.
        pub const CERTIFICATE_RULES: &[Rule] = &[$($constant),*];
    };
}

rules! {
    EXPIRED "certificate-expired" Error "the certificate is over: clients refuse it"
    NOT_YET_VALID "certificate-not-yet-valid" Error "the certificate is for later: clients refuse it now"
    MISSING "certificate-missing" Error "the policy names a file, and it is not there"
    UNREADABLE "certificate-unreadable" Error "what is there is no certificate"
    WRONG_NAME "certificate-wrong-name" Error "the certificate is for other names than the one it has to be for"
    REVOKED "certificate-revoked" Error "the issuer has revoked the certificate"
    KEY_MISMATCH "certificate-key-mismatch" Error "the private key in the file is that of another certificate"
    KEY_READABLE "certificate-key-readable" Error "others on this machine can read the private key in the file"
    DUE_SOON "certificate-due-soon" Warning "the certificate ends before long"
    CHAIN "certificate-chain" Warning "clients cannot follow the certificates to an authority"
    CHAIN_ENDS "certificate-chain-ends" Warning "a certificate that vouches for it ends first"
    UNTRUSTED "certificate-untrusted" Warning "no authority that is known here vouches for the host"
    WEAK "certificate-weak" Warning "the key or the signature is weaker than clients accept"
    UNREACHABLE "certificate-unreachable" Warning "the host did not show its certificate"
    UNASKED "certificate-unasked" Note "nobody has asked the host for its certificate yet"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::every_rule;

    #[test]
    fn the_ids_are_those_of_no_other_rule() {
        for rule in CERTIFICATE_RULES {
            assert_eq!(every_rule().filter(|other| other.id == rule.id).count(), 1);
            assert!(rule.id.starts_with("certificate-"), "{}", rule.id);
            assert!(!rule.explanation.ends_with('.'), "{}", rule.id);
        }
    }
}
