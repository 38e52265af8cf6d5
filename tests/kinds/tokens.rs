//! Keys that sign tokens: openssl computes the public key again, PyJWT signs and verifies by the published set.

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
    let minted = Minted::new(kind);

    let described = answer("openssl", "openssl", ["pkey", "-noout", "-text"], &minted.printed);
    let public = answer("openssl", "openssl", ["pkey", "-pubout"], &minted.printed);
    let verdict = python(
        SIGN_AND_VERIFY,
        &json!({
            "algorithm": algorithm,
            "key": minted.value(),
            "jwks": minted.companion("jwks"),
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
