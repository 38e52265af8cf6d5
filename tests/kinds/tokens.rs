//! Keys that sign tokens: openssl computes the public key again, PyJWT signs and verifies by the published set.

use chrono::Utc;
use mintage::generator::derive;
use mintage::policy::Derivation;
use mintage::policy::Token;
use mintage::secret::SecretValue;
use rand::SeedableRng;
use serde_json::json;

use crate::others::Minted;
use crate::others::answer;
use crate::others::python;

#[test]
fn keys_for_eddsa_sign_and_verify() {
    signs_and_verifies("jwt-eddsa", "EdDSA", "ED25519 Private-Key:");
}

#[test]
fn keys_for_es256_sign_and_verify() {
    signs_and_verifies("jwt-es256", "ES256", "Private-Key: (256 bit)");
}

#[test]
fn keys_for_rs256_sign_and_verify() {
    signs_and_verifies("jwt-rs256", "RS256", "Private-Key: (3072 bit, 2 primes)");
}

fn signs_and_verifies(kind: &str, algorithm: &str, heading: &str) {
    let minted = Minted::with(&[kind, "--form", "value,private-jwk"]);
    let (key, private) = minted.value_and_form();

    let described = answer("openssl", "openssl", ["pkey", "-noout", "-text"], key);
    let public = answer("openssl", "openssl", ["pkey", "-pubout"], key);
    let verdict = python(
        SIGN_AND_VERIFY,
        &json!({
            "algorithm": algorithm,
            "key": key,
            "jwks": minted.companion("jwks"),
            "private": private,
        })
        .to_string(),
    );

    assert!(
        described.starts_with(heading),
        "openssl reads another sort of key"
    );
    assert_eq!(public.trim_end(), minted.companion("public-key"));
    assert_eq!(verdict, "verified\n");
}

#[test]
fn a_derived_token_is_verified_by_its_root_and_by_no_other_key() {
    let key = Minted::new("jwt-hs256");
    let derivation = Derivation::Signed(Token {
        from: "JWT_SECRET".parse().unwrap(),
        claims: json!({ "iss": "supabase", "role": "anon" })
            .as_object()
            .unwrap()
            .clone(),
        lifetime: "10y".parse().unwrap(),
    });
    let root = SecretValue::new(key.value().as_bytes().to_vec());
    let rng = &mut rand_chacha::ChaCha20Rng::seed_from_u64(1);
    let token = derive(&derivation, &|_| Some(&root), Utc::now(), rng).unwrap();

    let given = json!({ "key": key.value(), "token": String::from_utf8_lossy(token.expose()) });
    let verdict = python(VERIFY_DERIVED, &given.to_string());

    assert_eq!(verdict, "verified\n");
}

const VERIFY_DERIVED: &str = r"
import json, sys, jwt
given = json.load(sys.stdin)
claims = jwt.decode(given['token'], given['key'], algorithms=['HS256'])
assert (claims['iss'], claims['role']) == ('supabase', 'anon')
assert 9 < (claims['exp'] - claims['iat']) / 31556952 < 11
assert jwt.get_unverified_header(given['token']) == {'alg': 'HS256', 'typ': 'JWT'}
try:
    jwt.decode(given['token'], given['key'][::-1] + 'x', algorithms=['HS256'])
except jwt.InvalidSignatureError:
    print('verified')
";

/// The thumbprint is computed again, nothing private is published, and a changed token does not verify.
const SIGN_AND_VERIFY: &str = r"
import base64, hashlib, json, sys, jwt
given = json.load(sys.stdin)
published = json.loads(given['jwks'])
[key] = published['keys']
required = {'OKP': ['crv', 'kty', 'x'], 'EC': ['crv', 'kty', 'x', 'y'], 'RSA': ['e', 'kty', 'n']}[key['kty']]
assert sorted(key) == sorted(required + ['alg', 'kid', 'use']), sorted(key)
canonical = json.dumps({name: key[name] for name in required}, separators=(',', ':'), sort_keys=True)
digest = hashlib.sha256(canonical.encode()).digest()
assert key['kid'] == base64.urlsafe_b64encode(digest).rstrip(b'=').decode()
assert (key['alg'], key['use']) == (given['algorithm'], 'sig')
private = json.loads(given['private'])
assert {name: private[name] for name in key} == key and 'd' in private
token = jwt.encode({'sub': 'someone'}, jwt.PyJWK(private).key, given['algorithm'], headers={'kid': key['kid']})
jwt.decode(token, jwt.PyJWKSet.from_dict(published)[key['kid']], algorithms=[given['algorithm']])
token = jwt.encode({'sub': 'someone'}, given['key'], given['algorithm'], headers={'kid': key['kid']})
kid = jwt.get_unverified_header(token)['kid']
verifier = jwt.PyJWKSet.from_dict(published)[kid]
assert jwt.decode(token, verifier, algorithms=[given['algorithm']]) == {'sub': 'someone'}
head, _, signature = token.split('.')
forged = base64.urlsafe_b64encode(b'{\x22sub\x22:\x22nobody\x22}').rstrip(b'=').decode()
try:
    jwt.decode('.'.join([head, forged, signature]), verifier, algorithms=[given['algorithm']])
except jwt.InvalidSignatureError:
    print('verified')
";
