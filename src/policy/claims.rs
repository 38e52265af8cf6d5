//! What a token that somebody else signs must say.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Map;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::policy::Mismatch;
use crate::policy::derivation::claim;
use crate::policy::document::At;
use crate::policy::document::Problems;
use crate::policy::document::Table;
use crate::policy::errors::PolicyErrorKind;

/// Claims that a JSON Web Token must hold, such as the role that tells a public key from one that may do everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims(Map<String, Value>);

impl Claims {
    /// Reads the claims of a policy; notes an empty table and values that no claim can have.
    pub(crate) fn build(table: &At<Table>, problems: &mut Problems) -> Self {
        let mut claims = Map::new();
        for (key, node) in table.value.entries() {
            if let Some(value) = claim(key, node, problems) {
                claims.insert(key.value.clone(), value);
            }
        }
        if table.value.entries().next().is_none() {
            problems.add(&table.place, PolicyErrorKind::EmptyList { key: "claims" });
        }
        Self(claims)
    }

    /// Says whether the token in `value` holds every claim. A value that is no JSON Web Token passes: whether it must
    /// be one, the pattern says. The signature is not checked: the key for it is not here.
    ///
    /// # Errors
    ///
    /// When a claim is missing or another; the error holds no part of the value.
    pub fn accepts(&self, value: &[u8]) -> Result<(), Mismatch> {
        let Some(payload) = std::str::from_utf8(value).ok().and_then(payload) else {
            return Ok(());
        };
        let holds = |(name, wanted): (&String, &Value)| payload.get(name) == Some(wanted);
        if self.0.iter().all(holds) {
            return Ok(());
        }
        Err(Mismatch::Claims)
    }
}

/// Returns the payload of a JSON Web Token (RFC 7519), unverified; `None` for any other text.
pub(crate) fn payload(text: &str) -> Option<Map<String, Value>> {
    let mut parts = text.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
    serde_json::from_slice(&payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    const POLICY: &str = "schema = 1
[secrets.SERVICE_KEY]
kind = 'issued'
claims = { role = 'service_role' }
[variables.ANON_KEY]
type = 'string'
claims = { role = 'anon', level = 1 }
";

    fn token(payload: &str) -> String {
        [r#"{"alg":"HS256"}"#, payload, "signature"]
            .map(|part| URL_SAFE_NO_PAD.encode(part))
            .join(".")
    }

    #[test]
    fn a_token_with_other_claims_is_refused() {
        let policy = Policy::parse("", POLICY).unwrap();
        let production = "production".parse().unwrap();
        let service = policy
            .secret(&"SERVICE_KEY".parse().unwrap(), &production)
            .unwrap();
        let anon = policy
            .variable(&"ANON_KEY".parse().unwrap(), &production)
            .unwrap();
        let anon = |payload: &str| anon.claims().unwrap().accepts(token(payload).as_bytes());
        let service = |payload: &str| service.accepts(token(payload).as_bytes());

        assert_eq!(service(r#"{"role":"service_role","iss":"x"}"#), Ok(()));
        assert_eq!(service(r#"{"role":"anon"}"#), Err(Mismatch::Claims));
        assert!(service("{}").is_err());
        assert_eq!(anon(r#"{"role":"anon","level":1}"#), Ok(()));
        assert!(anon(r#"{"role":"anon","level":"1"}"#).is_err());
        assert!(anon(r#"{"role":"anon"}"#).is_err());
    }

    #[test]
    fn what_is_no_token_has_no_claims_to_break() {
        let policy = Policy::parse("", POLICY).unwrap();
        let secret = policy.secret(&"SERVICE_KEY".parse().unwrap(), &"production".parse().unwrap());

        for text in ["opaque", "a.b.c", "a.b", "a.b.c.d", "..", "\u{e9}.\u{e9}.\u{e9}"] {
            assert_eq!(secret.unwrap().accepts(text.as_bytes()), Ok(()), "{text}");
        }
        assert!(payload(&token("[1]")).is_none());
    }
}
