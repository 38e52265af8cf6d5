//! The kind `jwks`.

use rand::CryptoRng;

use crate::policy::Mismatch;
use crate::policy::kinds::Derive;
use crate::policy::kinds::Kind;
use crate::policy::kinds::derived;
use crate::policy::kinds::jwt_eddsa::EDDSA;
use crate::policy::kinds::jwt_es256::ES256;
use crate::policy::kinds::jwt_rs256::RS256;
use crate::secret::SecretValue;

/// The public half of a signing key.
pub(super) const JWKS: Kind = Kind {
    name: "jwks",
    summary: "public key set of a jwt-eddsa, jwt-es256 or jwt-rs256 key (`from`), without private members",
    advice: "publish the new set before the new key signs, and keep the old key in it while its tokens live",
    source: "RFC 7517 §5, RFC 7638",
    accepts: |_, text| match text.starts_with(b"{") {
        true => Ok(()),
        false => Err(Mismatch::Form("a JSON object")),
    },
    ..derived(
        "jwks",
        Derive::Computed {
            of: jwks_of,
            holds: |root, stored, rng| jwks_of(root, rng).as_ref() == Some(stored),
        },
    )
};

/// Writes the set of whichever kind of signing key `key` is.
fn jwks_of(key: &SecretValue, rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let mut companions = [EDDSA, ES256, RS256].into_iter().flat_map(|kind| kind.companions);
    companions.find_map(|companion| match companion.name {
        "jwks" => (companion.of)(key, rng),
        _ => None,
    })
}
