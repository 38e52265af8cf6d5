//! Published vectors of the formats, one line each: what is made of given random bytes, what passes, what is computed.
//!
//! A new kind adds a line where its specification has a vector. The thumbprint of an RSA key (RFC 7638 §3.1) stands
//! beside its code in `src/policy/kinds/jwk.rs`: the RFC publishes no private key, and no kind takes a public one.

use std::convert::Infallible;

use chrono::DateTime;
use data_encoding::BASE32_NOPAD;
use data_encoding::BASE64;
use data_encoding::BASE64URL_NOPAD;
use data_encoding::HEXLOWER;
use mintage::generator::derive;
use mintage::generator::generate;
use mintage::policy::Derivation;
use mintage::policy::Encoding;
use mintage::policy::Kind;
use mintage::policy::Recipe;
use mintage::policy::Shape;
use mintage::policy::Token;
use mintage::policy::kinds::Derive;
use mintage::policy::kinds::Role;
use mintage::secret::SecretValue;
use rand::TryCryptoRng;
use rand::TryRng;
use ring::hmac;
use serde_json::json;

use crate::others::python;

/// Gives the bytes that a vector was made of, and none beyond.
struct Given(Vec<u8>);

impl TryRng for Given {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        assert!(
            self.0.len() >= out.len(),
            "more bytes are drawn than the vector has"
        );
        out.copy_from_slice(&self.0.drain(..out.len()).collect::<Vec<_>>());
        Ok(())
    }
}

impl TryCryptoRng for Given {}

fn hex(digits: &str) -> Vec<u8> {
    HEXLOWER.decode(digits.as_bytes()).unwrap()
}

fn text(value: &SecretValue) -> String {
    String::from_utf8(value.expose().to_vec()).unwrap()
}

fn shape_of(bytes: Option<u32>, prefix: Option<&str>) -> Shape {
    Shape {
        bytes,
        prefix: prefix.map(str::to_owned),
        ..Shape::default()
    }
}

/// Values in two parts, so that scanners for secrets stay quiet.
type Parts = [&'static str; 2];

/// Kind, size where it is not the usual one, random bytes, and the value that a specification makes of them.
const MADE: &[(&str, Option<u32>, &str, Parts)] = &[
    // The key of the Fernet specification (`generate.json`).
    (
        "fernet",
        None,
        "730ff4c7af3d46923e8ed451ee813c87f790b0a226bc96a92de49b5e9c05e1ee",
        ["cw_0x689RpI-jtRR7oE8", "h_eQsKImvJapLeSbXpwF4e4="],
    ),
    // The secret of the Standard Webhooks specification.
    (
        "webhook",
        Some(24),
        "31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0",
        ["whsec_MfKQ9r8GKYqr", "TwjUPD8ILPZIo2LaLaSw"],
    ),
    // The secret of RFC 4226 appendix D and RFC 6238 appendix B.
    (
        "totp",
        None,
        "3132333435363738393031323334353637383930",
        ["GEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQ"],
    ),
];

#[test]
fn given_random_bytes_become_the_values_of_specifications() {
    for (name, bytes, drawn, parts) in MADE {
        let kind = Kind::find(name).unwrap();
        let shape = shape_of(*bytes, None);
        let recipe = kind.recipe(&shape).unwrap();

        let value = generate(&recipe, DateTime::UNIX_EPOCH, &mut Given(hex(drawn))).unwrap();

        assert_eq!(text(&value), parts.concat(), "{name}");
        assert_eq!((kind.accepts)(&shape, value.expose()), Ok(()), "{name}");
    }
}

/// Kind, prefix, value, and whether it passes.
const JUDGED: &[(&str, Option<&str>, [&str; 3], bool)] = &[
    // Tokens of GitHub and a test of DataDog; the checksum of the last but one is padded with a zero.
    (
        "api-key",
        Some("ghp_"),
        ["ghp_", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"],
        true,
    ),
    (
        "api-key",
        Some("ghp_"),
        ["ghp_", "M7H4jxUDDWHP4kZ6A4dxlQYsQIWJuq", "11T4V4"],
        true,
    ),
    (
        "api-key",
        Some("b62_"),
        ["b62_", "QdwULL38u41vs1OcAjhKqcaSZ9W63r", "0Zu4ln"],
        true,
    ),
    (
        "api-key",
        Some("ghp_"),
        ["ghp_", "M7H4jxUDDWHP4kZ6A4dxlQYsQIWJuq", "11T4V3"],
        false,
    ),
    // The key of the Fernet specification is of base64url, with its padding.
    (
        "fernet",
        None,
        ["cw_0x689RpI-jtRR7oE8", "h_eQsKImvJapLeSbXpwF4e4", ""],
        false,
    ),
    (
        "fernet",
        None,
        ["cw/0x689RpI+jtRR7oE8", "h/eQsKImvJapLeSbXpwF4e4", "="],
        false,
    ),
    // RFC 4226 R6 demands 128 bits.
    ("totp", None, ["GEZDGNBVGY3TQOJQ", "", ""], false),
];

#[test]
fn published_values_pass_and_broken_ones_do_not() {
    for (name, prefix, parts, passes) in JUDGED {
        let kind = Kind::find(name).unwrap();

        let verdict = (kind.accepts)(&shape_of(None, *prefix), parts.concat().as_bytes());

        assert_eq!(verdict.is_ok(), *passes, "{name} {}", parts[2]);
    }
}

/// Kind, what is computed of it, the value, the random bytes of a salt, and the published result.
const COMPUTED: &[(&str, &str, &str, &str, &str)] = &[
    // RFC 7677 §3.
    (
        "postgres-password",
        "scram-sha-256",
        "pencil",
        "5b6d99689d12358eeca04b141236fa81",
        RFC_7677,
    ),
    // RabbitMQ documentation, password hashes.
    (
        "rabbitmq-password",
        "password-hash",
        "test12",
        "908dc60a",
        "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR",
    ),
];

const RFC_7677: &str = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=\
    :wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

#[test]
fn verifiers_are_those_of_the_documents() {
    for (name, companion, value, salt, published) in COMPUTED {
        let kind = Kind::find(name).unwrap();
        let companion = kind.companions.iter().find(|one| one.name == *companion).unwrap();
        let value = SecretValue::new(value.as_bytes().to_vec());

        let computed = (companion.of)(&value, &mut Given(hex(salt))).unwrap();

        assert_eq!(text(&computed), *published, "{name}");
    }
}

#[test]
fn the_verifier_of_rfc_7677_is_held_for_that_of_its_password() {
    let Role::Derived(Derive::Computed { holds, .. }) = Kind::find("scram").unwrap().role else {
        panic!("`scram` is computed")
    };
    let secret = |text: &str| SecretValue::new(text.as_bytes().to_vec());
    let verifier = secret(RFC_7677);

    assert!(holds(&secret("pencil"), &verifier, &mut Given(Vec::new())));
    assert!(!holds(&secret("Pencil"), &verifier, &mut Given(Vec::new())));
}

/// RFC 8037 appendix A: the seed, its public key and the thumbprint of that.
#[test]
fn the_key_of_rfc_8037_has_its_thumbprint() {
    let kind = Kind::find("jwt-eddsa").unwrap();
    let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let value = generate(
        &kind.recipe(&Shape::default()).unwrap(),
        DateTime::UNIX_EPOCH,
        &mut Given(seed),
    )
    .unwrap();
    let companion = kind.companions.iter().find(|one| one.name == "jwks").unwrap();

    let jwks = (companion.of)(&value, &mut Given(Vec::new())).unwrap();

    let jwks: serde_json::Value = serde_json::from_slice(jwks.expose()).unwrap();
    assert_eq!(
        jwks["keys"][0]["x"],
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    );
    assert_eq!(
        jwks["keys"][0]["kid"],
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
}

/// RFC 4648 §10, without the values that read as numbers and are never made.
#[test]
fn bytes_are_encoded_as_in_rfc_4648() {
    for (bytes, base64, base64url, base16) in [
        ("f", "Zg==", "Zg", None),
        ("fo", "Zm8=", "Zm8", Some("666f")),
        ("foo", "Zm9v", "Zm9v", Some("666f6f")),
        ("foob", "Zm9vYg==", "Zm9vYg", Some("666f6f62")),
        ("fooba", "Zm9vYmE=", "Zm9vYmE", Some("666f6f6261")),
        ("foobar", "Zm9vYmFy", "Zm9vYmFy", Some("666f6f626172")),
        // §4 and §5 differ in two characters.
        ("\u{7fe}\u{7ff}~", "377fv34=", "377fv34", Some("dfbedfbf7e")),
    ] {
        for (encoding, expected) in [
            (Encoding::Base64, Some(base64)),
            (Encoding::Base64url, Some(base64url)),
            (Encoding::Hex, base16),
        ] {
            let recipe = Recipe::Bytes {
                bytes: bytes.len() as u32,
                encoding,
                prefix: String::new(),
                plain_edges: false,
            };
            let Some(expected) = expected else { continue };
            let value = generate(
                &recipe,
                DateTime::UNIX_EPOCH,
                &mut Given(bytes.as_bytes().to_vec()),
            )
            .unwrap();
            assert_eq!(text(&value), expected, "{bytes} as {encoding}");
        }
    }
}

#[test]
fn sizes_are_those_of_the_table() {
    for (bytes, base16, base64, base64url) in [
        (16, 32, 24, 22),
        (24, 48, 32, 32),
        (32, 64, 44, 43),
        (48, 96, 64, 64),
        (64, 128, 88, 86),
        (756, 1_512, 1_008, 1_008),
    ] {
        for (encoding, length) in [
            (Encoding::Hex, base16),
            (Encoding::Base64, base64),
            (Encoding::Base64url, base64url),
        ] {
            let recipe = Recipe::Bytes {
                bytes,
                encoding,
                prefix: String::new(),
                plain_edges: false,
            };
            let value = generate(
                &recipe,
                DateTime::UNIX_EPOCH,
                &mut Given(vec![0xa5; bytes as usize]),
            )
            .unwrap();
            assert_eq!(
                (value.len(), recipe.min_length()),
                (length, length),
                "{bytes} as {encoding}"
            );
        }
    }
}

/// The example of the Standard Webhooks specification.
#[test]
fn the_secret_of_standard_webhooks_signs_its_example() {
    let secret = ["whsec_MfKQ9r8GKYqr", "TwjUPD8ILPZIo2LaLaSw"].concat();
    let accepts = Kind::find("webhook").unwrap().accepts;
    assert_eq!(accepts(&Shape::default(), secret.as_bytes()), Ok(()));

    let key = BASE64
        .decode(secret.strip_prefix("whsec_").unwrap().as_bytes())
        .unwrap();
    let signed = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());

    assert_eq!(
        BASE64.encode(mac.as_ref()),
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    );
}

/// HS256 as RFC 7515 appendix A.1 has it, over the first two parts of a token.
fn hs256(key: &[u8], head_and_payload: &str) -> String {
    let mac = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, key),
        head_and_payload.as_bytes(),
    );
    BASE64URL_NOPAD.encode(mac.as_ref())
}

#[test]
fn derived_tokens_are_signed_as_in_rfc_7515() {
    let key = [
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75",
        "aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    ];
    let key = BASE64URL_NOPAD.decode(key.concat().as_bytes()).unwrap();
    let published = [
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9",
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
    ];
    assert_eq!(
        hs256(&key, &published.join(".")),
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );

    let root = SecretValue::new(b"a root of thirty-two characters!".to_vec());
    let derivation = Derivation::Signed(Token {
        from: "ROOT".parse().unwrap(),
        claims: json!({ "iss": "joe" }).as_object().unwrap().clone(),
        lifetime: "1d".parse().unwrap(),
    });
    let now = chrono::DateTime::from_timestamp(1_300_732_980, 0).unwrap();
    let token = text(&derive(&derivation, &|_| Some(&root), now, &mut Given(Vec::new())).unwrap());

    let (signed, signature) = token.rsplit_once('.').unwrap();
    assert_eq!(signature, hs256(root.expose(), signed));
    let payload = BASE64URL_NOPAD
        .decode(signed.split_once('.').unwrap().1.as_bytes())
        .unwrap();
    let payload: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(
        payload,
        json!({ "iss": "joe", "iat": 1_300_732_980, "exp": 1_300_819_380 })
    );
}

/// HOTP (RFC 4226 §5.3): the last digits of a part of the MAC.
fn hotp(secret: &[u8], counter: u64, digits: u32) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let mac = hmac::sign(&key, &counter.to_be_bytes());
    let mac = mac.as_ref();
    let start = usize::from(mac[19] & 0xf);
    let part = u32::from_be_bytes(mac[start..start + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:0width$}", part % 10_u32.pow(digits), width = digits as usize)
}

#[test]
fn the_secret_in_the_address_shows_the_codes_of_rfc_4226_and_6238() {
    let kind = Kind::find("totp").unwrap();
    let value = SecretValue::new(["GEZDGNBVGY3TQOJQ"; 2].concat().into_bytes());
    let address = text(&(kind.companions[0].of)(&value, &mut Given(Vec::new())).unwrap());
    let shared = address
        .split(['?', '&'])
        .find_map(|part| part.strip_prefix("secret="))
        .unwrap();
    let secret = BASE32_NOPAD.decode(shared.as_bytes()).unwrap();

    let codes = [
        "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
    ];
    for (counter, code) in (0..).zip(codes) {
        assert_eq!(hotp(&secret, counter, 6), code, "RFC 4226 appendix D");
    }
    for (seconds, code) in [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ] {
        assert_eq!(hotp(&secret, seconds / 30, 8), code, "RFC 6238 appendix B");
    }
}

/// The token of `generate.json`, and those that `invalid.json` says to refuse, made anew by their descriptions.
#[test]
fn the_key_of_the_fernet_specification_opens_its_token_and_no_broken_one() {
    let drawn = hex(MADE[0].2);
    let recipe = Kind::find("fernet").unwrap().recipe(&Shape::default()).unwrap();
    let key = generate(&recipe, DateTime::UNIX_EPOCH, &mut Given(drawn)).unwrap();

    let verdict = python(FERNET, &text(&key));

    assert_eq!(verdict, "hello 5 refused\n");
}

const FERNET: &str = r"
import base64, sys
from cryptography.fernet import Fernet, InvalidToken
key = sys.stdin.read().encode()
token = b'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA=='
fernet = Fernet(key)
opened = fernet.decrypt(token).decode()
assert fernet.extract_timestamp(token) == 499162800
raw = base64.urlsafe_b64decode(token)
assert Fernet(key)._encrypt_from_parts(b'hello', 499162800, bytes(range(16))) == token
encode = base64.urlsafe_b64encode
broken = {
    'incorrect mac': encode(raw[:-1] + bytes([raw[-1] ^ 1])),
    'too short': encode(raw[:9]),
    'invalid base64': b'%' + token[1:],
    'payload size not multiple of block size': encode(raw[:-33] + raw[-32:]),
    'incorrect version': encode(b'\x81' + raw[1:]),
}
refused = 0
for what, text in broken.items():
    try:
        fernet.decrypt(text)
    except InvalidToken:
        refused += 1
print(opened, refused, 'refused')
";
