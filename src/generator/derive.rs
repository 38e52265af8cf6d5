//! Computes values from other values: copies, texts around them, verifiers, key sets and tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;
use ring::hmac;
use serde_json::Map;
use serde_json::Value;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::policy::Derivation;
use crate::policy::Template;
use crate::policy::TemplateFilter;
use crate::policy::TemplatePart;
use crate::policy::Token;
use crate::policy::kinds::Derive;
use crate::secret::SecretName;
use crate::secret::SecretValue;

/// Looks up the value of a root.
pub type Roots<'a> = &'a dyn Fn(&SecretName) -> Option<&'a SecretValue>;

/// Why nothing can be derived. It holds no part of a value.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum DeriveError {
    /// A root has no value.
    #[error("`{0}`, which it is derived from, has no value")]
    NoRoot(SecretName),
    /// The value of the root is not one that this can be made of.
    #[error("the value of `{0}` is not one that it can be derived from")]
    Unfit(SecretName),
}

/// Derives a value from its roots; a token is made at `now`.
///
/// # Errors
///
/// When a root has no value, or one that is of no use here.
pub fn derive(
    derivation: &Derivation,
    roots: Roots<'_>,
    now: DateTime<Utc>,
    rng: &mut dyn CryptoRng,
) -> Result<SecretValue, DeriveError> {
    match derivation {
        Derivation::Copied(from) => Ok(SecretValue::new(root(roots, from)?.expose().to_vec())),
        Derivation::Filled(template) => fill(template, roots),
        Derivation::Computed {
            from,
            by: Derive::Computed { of, .. },
        } => of(root(roots, from)?, rng).ok_or_else(|| DeriveError::Unfit(from.clone())),
        Derivation::Signed(token) => signed(token, roots, now),
        other => Err(DeriveError::Unfit(other.roots()[0].clone())),
    }
}

/// Returns whether `stored` is what `derivation` makes of the roots, whenever it was made.
///
/// # Errors
///
/// When a root has no value, or one that is of no use here.
pub fn holds(
    derivation: &Derivation,
    roots: Roots<'_>,
    stored: &SecretValue,
    rng: &mut dyn CryptoRng,
) -> Result<bool, DeriveError> {
    match derivation {
        Derivation::Computed {
            from,
            by: Derive::Computed { holds, .. },
        } => Ok(holds(root(roots, from)?, stored, rng)),
        Derivation::Signed(token) => match issued_at(stored) {
            Some(at) => Ok(signed(token, roots, at)? == *stored),
            None => Ok(false),
        },
        _ => Ok(derive(derivation, roots, DateTime::UNIX_EPOCH, rng)? == *stored),
    }
}

/// Returns when a token ends; at the end of all time where its lifetime goes beyond.
pub fn ends_at(token: &Token, now: DateTime<Utc>) -> DateTime<Utc> {
    token.lifetime.after(now).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn root<'a>(roots: Roots<'a>, name: &SecretName) -> Result<&'a SecretValue, DeriveError> {
    roots(name).ok_or_else(|| DeriveError::NoRoot(name.clone()))
}

/// Puts the values of the roots into a template.
///
/// # Errors
///
/// When a root has no value, or one that is no text.
pub fn fill(template: &Template, roots: Roots<'_>) -> Result<SecretValue, DeriveError> {
    let mut room = 0;
    for part in template.parts() {
        room += match part {
            TemplatePart::Text(text) => text.len(),
            TemplatePart::Value { name, .. } => root(roots, name)?.len() * TemplateFilter::MOST_PER_BYTE + 4,
        };
    }
    // With all the room from the start, nothing is moved and no copy stays behind.
    let mut text = Zeroizing::new(String::with_capacity(room));
    for part in template.parts() {
        match part {
            TemplatePart::Text(fixed) => text.push_str(fixed),
            TemplatePart::Value { name, filter } => {
                let value = std::str::from_utf8(root(roots, name)?.expose());
                filter.write(value.map_err(|_| DeriveError::Unfit(name.clone()))?, &mut text);
            }
        }
    }
    Ok(SecretValue::init_with(text.len(), |bytes| {
        bytes.copy_from_slice(text.as_bytes());
    }))
}

/// Signs with the characters of the root, as JWT libraries take them (RFC 7515 §5.1, RFC 7518 §3.2).
fn signed(token: &Token, roots: Roots<'_>, now: DateTime<Utc>) -> Result<SecretValue, DeriveError> {
    let key = root(roots, &token.from)?;
    if key.len() < LEAST_KEY {
        return Err(DeriveError::Unfit(token.from.clone()));
    }
    let mut claims = token.claims.clone();
    claims.insert("iat".to_owned(), Value::from(now.timestamp()));
    claims.insert("exp".to_owned(), Value::from(ends_at(token, now).timestamp()));
    let mut text = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(HEADER),
        URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string())
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose());
    let signature = hmac::sign(&key, text.as_bytes());
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut text);
    Ok(SecretValue::new(text.into_bytes()))
}

/// Reads when a token was made; `None` where it does not say.
fn issued_at(token: &SecretValue) -> Option<DateTime<Utc>> {
    let payload = token.expose().split(|byte| *byte == b'.').nth(1)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Map<String, Value> = serde_json::from_slice(&payload).ok()?;
    DateTime::from_timestamp(claims.get("iat")?.as_i64()?, 0)
}

/// The header of every token, in the order in which all libraries write it.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// Least bytes of a key for HS256 (RFC 7518 §3.2).
const LEAST_KEY: usize = 32;

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    fn value(text: &str) -> SecretValue {
        SecretValue::new(text.as_bytes().to_vec())
    }

    fn text(value: &SecretValue) -> &str {
        std::str::from_utf8(value.expose()).unwrap()
    }

    fn rng() -> ChaCha20Rng {
        ChaCha20Rng::seed_from_u64(5)
    }

    fn token() -> Derivation {
        Derivation::Signed(Token {
            from: "KEY".parse().unwrap(),
            claims: serde_json::from_str(r#"{"role":"anon","iss":"supabase"}"#).unwrap(),
            lifetime: "10y".parse().unwrap(),
        })
    }

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_750_000_000, 0).unwrap()
    }

    #[test]
    fn a_template_writes_each_value_through_its_filter() {
        let root = value("p@ss/\"w\\ord");
        let derived = |template: &str| {
            let derivation = Derivation::Filled(template.parse().unwrap());
            let made = derive(&derivation, &|_| Some(&root), noon(), &mut rng()).unwrap();
            assert!(holds(&derivation, &|_| Some(&root), &made, &mut rng()).unwrap());
            text(&made).to_owned()
        };

        assert_eq!(derived("pg://app:{P|url}@db"), "pg://app:p%40ss%2F%22w%5Cord@db");
        assert_eq!(derived("{{\"p\":\"{P|json}\"}}"), r#"{"p":"p@ss/\"w\\ord"}"#);
        assert_eq!(derived("{P|base64}"), "cEBzcy8id1xvcmQ=");
        assert_eq!(derived("{P}{P}"), "p@ss/\"w\\ordp@ss/\"w\\ord");
    }

    #[test]
    fn a_token_carries_its_claims_and_the_signature_of_the_root() {
        let key = value(&"k".repeat(32));

        let made = derive(&token(), &|_| Some(&key), noon(), &mut rng()).unwrap();

        let parts: Vec<&str> = text(&made).split('.').collect();
        let payload = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
        assert_eq!(
            String::from_utf8(payload).unwrap(),
            r#"{"exp":2065532800,"iat":1750000000,"iss":"supabase","role":"anon"}"#
        );
        let signed = format!("{}.{}", parts[0], parts[1]);
        let mac = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose());
        hmac::verify(&key, signed.as_bytes(), &mac).unwrap();
    }

    #[test]
    fn a_token_holds_whenever_it_was_made_but_not_under_another_key() {
        let (key, other) = (value(&"k".repeat(32)), value(&"o".repeat(32)));
        let made = derive(&token(), &|_| Some(&key), noon(), &mut rng()).unwrap();

        assert_eq!(holds(&token(), &|_| Some(&key), &made, &mut rng()), Ok(true));
        assert_eq!(holds(&token(), &|_| Some(&other), &made, &mut rng()), Ok(false));
        assert_eq!(
            holds(&token(), &|_| Some(&key), &value("x.y.z"), &mut rng()),
            Ok(false)
        );
    }

    #[test]
    fn roots_that_are_missing_or_of_no_use_are_named() {
        let from = || "KEY".parse::<SecretName>().unwrap();
        let short = value("short");

        assert_eq!(
            derive(&token(), &|_| None, noon(), &mut rng()),
            Err(DeriveError::NoRoot(from()))
        );
        assert_eq!(
            derive(&token(), &|_| Some(&short), noon(), &mut rng()),
            Err(DeriveError::Unfit(from()))
        );
    }
}
