//! What every kind makes, takes and refuses, a line each: the registry and this table name the same kinds.

use super::*;
use crate::policy::Shape;
use crate::policy::whole_bits;

/// What a kind is by default.
struct Vector {
    kind: &'static str,
    /// What a value is made of, how strong it is at least (rounded down), and its least length.
    made: (&'static str, u32, usize),
    /// The code of the overlap class, and whether a new value alone does harm.
    replaced: (&'static str, bool),
    /// A text that passes, repeated so often; nothing where only a whole key would.
    passes: (&'static str, usize),
    /// A text that does not, repeated so often; nothing where any text passes.
    refused: (&'static str, usize),
}

const fn vector(
    kind: &'static str,
    made: (&'static str, u32, usize),
    replaced: (&'static str, bool),
    passes: (&'static str, usize),
    refused: (&'static str, usize),
) -> Vector {
    Vector {
        kind,
        made,
        replaced,
        passes,
        refused,
    }
}

#[rustfmt::skip]
const VECTORS: &[Vector] = &[
    vector("jwt-hs256", ("32 random bytes as hex", 256, 64), ("O2", false), ("a1", 16), ("a", 31)),
    vector("jwt-hs384", ("48 random bytes as hex", 384, 96), ("O2", false), ("a", 48), ("a", 47)),
    vector("jwt-hs512", ("64 random bytes as hex", 512, 128), ("O2", false), ("a", 64), ("a", 63)),
    vector("jwt-eddsa", ("an Ed25519 key from 32 random bytes, as PKCS#8 PEM", 256, 118), ("O1", false), ("", 0), ("x", 1)),
    vector("jwt-es256", ("a P-256 key from 32 random bytes, as PKCS#8 PEM", 255, 240), ("O1", false), ("", 0), ("x", 1)),
    vector("jwt-rs256", ("two random primes of 1536 bits, as PKCS#8 PEM", 128, 2400), ("O1", false), ("", 0), ("x", 1)),
    vector("api-key", ("`key_` and 43 characters out of 62, then a crc32-base62 checksum", 256, 53), ("O1", false), ("key_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", 1), ("key_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18", 1)),
    vector("webhook", ("`whsec_` and 32 random bytes as base64", 256, 50), ("O1", false), ("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 1), ("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 1)),
    vector("webhook-raw", ("32 random bytes as hex", 256, 64), ("O4", false), ("0f", 32), ("0f", 31)),
    vector("webhook-ed25519", ("`whsk_` and an Ed25519 key pair from 32 random bytes as base64", 256, 93), ("O1", false), ("", 0), ("whsk_AAAA", 1)),
    vector("password", ("32 characters out of 64", 191, 32), ("O4", false), ("x", 1), (" ", 1)),
    vector("hex", ("32 random bytes as hex", 256, 64), ("O4", false), ("0f", 16), ("0f", 15)),
    vector("base64", ("32 random bytes as base64", 255, 44), ("O4", false), ("AA+/", 6), ("AA-_", 6)),
    vector("base64url", ("32 random bytes as base64url", 255, 43), ("O4", false), ("AA-_", 6), ("AA+/", 6)),
    vector("alphanumeric", ("32 characters out of 62", 190, 32), ("O4", false), ("aB3", 1), ("a-3", 1)),
    vector("passphrase", ("10 words of the EFF long list", 129, 39), ("O9", false), ("word.word", 1), (" word", 1)),
    vector("pin", ("6 characters out of 10", 19, 6), ("O9", false), ("83", 2), ("8", 3)),
    vector("totp", ("20 random bytes as base32 without padding", 160, 32), ("O9", false), ("ABCDEFGH", 4), ("ABCDEFGH", 3)),
    vector("app-secret", ("48 characters out of 62", 285, 48), ("O5", true), ("aB3/+", 6), ("a", 29)),
    vector("authjs", ("33 random bytes as base64", 263, 44), ("O2", false), ("a", 32), ("a", 31)),
    vector("django", ("50 characters out of 64", 299, 50), ("O2", false), ("abcde", 10), ("abcd", 13)),
    vector("fernet", ("32 random bytes as base64url with padding", 256, 44), ("O2", true), ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1), ("A", 44)),
    vector("flask", ("32 random bytes as hex", 256, 64), ("O2", false), ("0f", 32), ("0f", 31)),
    vector("langfuse", ("32 random bytes as hex", 256, 64), ("O5", true), ("0f", 32), ("0f", 33)),
    vector("laravel", ("`base64:` and 32 random bytes as base64", 256, 51), ("O2", true), ("base64:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1), ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1)),
    vector("n8n", ("24 random bytes as base64", 191, 32), ("O5", true), ("a", 32), ("a", 31)),
    vector("phoenix", ("48 random bytes as base64", 383, 64), ("O4", false), ("a", 64), ("a", 63)),
    vector("rails", ("64 random bytes as hex", 512, 128), ("O2", false), ("0f", 64), ("0f", 63)),
    vector("symfony", ("16 random bytes as hex", 128, 32), ("O4", false), ("0f", 16), ("0f", 15)),
    vector("wordpress-salts", ("8 lines of PHP, each with 64 characters out of 64", 3072, 733), ("O4", false), ("", 0), ("x", 1)),
    vector("postgres-password", ("32 characters out of 64", 191, 32), ("O4", false), ("x", 8), ("x", 7)),
    vector("mysql-password", ("32 characters out of 64", 191, 32), ("O1", false), ("x", 256), ("x", 257)),
    vector("mongodb-keyfile", ("756 random bytes as base64", 6048, 1008), ("O1", false), ("A", 1024), ("A", 1025)),
    vector("redis-password", ("32 characters out of 64", 191, 32), ("O1", false), ("x", 512), ("x", 513)),
    vector("rabbitmq-cookie", ("48 characters out of 62", 285, 48), ("O4", false), ("A", 255), ("A", 256)),
    vector("rabbitmq-password", ("32 characters out of 64", 191, 32), ("O4", false), ("x", 512), ("x", 513)),
    vector("htpasswd", ("32 characters out of 64", 191, 32), ("O4", false), ("x", 72), ("x", 73)),
    vector("aes-256", ("32 random bytes as base64", 256, 44), ("O5", true), ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1), ("0f", 16)),
    vector("age-identity", ("an X25519 key of 32 random bytes as an age identity", 251, 74), ("O1", true), ("", 0), ("AGE-SECRET-KEY-1X", 1)),
    vector("ssh-ed25519", ("an Ed25519 key from 32 random bytes, in the format of OpenSSH", 256, 380), ("O1", false), ("", 0), ("x", 1)),
    vector("wireguard", ("an X25519 key of 32 random bytes, clamped, as base64", 251, 44), ("O4", false), ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEA=", 1), ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1)),
    vector("wireguard-psk", ("32 random bytes as base64", 256, 44), ("O4", false), ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1), ("A", 44)),
    vector("same-as", ("made by the issuer", 0, 0), ("O6", false), ("x", 1), ("", 0)),
    vector("template", ("made by the issuer", 0, 0), ("O6", false), ("x", 1), ("", 0)),
    vector("scram", ("made by the issuer", 0, 0), ("O6", false), ("", 0), ("", 0)),
    vector("redis-acl", ("made by the issuer", 0, 0), ("O6", false), ("", 0), ("", 0)),
    vector("jwks", ("made by the issuer", 0, 0), ("O6", false), ("{", 1), ("x", 1)),
    vector("private-jwk", ("made by the issuer", 0, 0), ("O6", false), ("", 0), ("", 0)),
    vector("hs256-jwt", ("made by the issuer", 0, 0), ("O6", false), ("", 0), ("", 0)),
    vector("issued", ("made by the issuer", 0, 0), ("O8", false), ("x", 1), (" ", 1)),
    vector("uuid", ("UUID version 4", 122, 36), ("-", false), ("919108f7-52d1-4320-9bac-f847db4148a8", 1), ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f", 1)),
    vector("uuid-v7", ("UUID version 7", 74, 36), ("-", false), ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f", 1), ("919108f7-52d1-4320-9bac-f847db4148a8", 1)),
];

#[test]
fn every_kind_has_a_line_and_is_what_it_says() {
    let mut wrong = Vec::new();
    for vector in VECTORS {
        let Some(kind) = Kind::find(vector.kind) else {
            wrong.push(format!("{} is in no registry", vector.kind));
            continue;
        };
        let shape = Shape::default();
        let recipe = kind.recipe(&shape).unwrap();
        let accepts = |(text, times): (&str, usize)| (kind.accepts)(&shape, text.repeat(times).as_bytes());
        let described = recipe.describe();
        let found = (described.as_str(), whole_bits(recipe.bits()), recipe.min_length());
        if found != vector.made {
            wrong.push(format!("{}: made {found:?}", kind.name));
        }
        let found = (kind.overlap.code(), kind.hazard.is_some());
        if found != vector.replaced {
            wrong.push(format!("{}: replaced {found:?}", kind.name));
        }
        if vector.passes.1 > 0 && accepts(vector.passes).is_err() {
            wrong.push(format!("{}: refuses {:?}", kind.name, vector.passes));
        }
        if vector.refused.1 > 0 && accepts(vector.refused).is_ok() {
            wrong.push(format!("{}: takes {:?}", kind.name, vector.refused));
        }
        if f64::from(kind.floor_bits) > recipe.bits() + 0.1 {
            wrong.push(format!("{}: below its own floor", kind.name));
        }
        if [kind.summary, kind.advice, kind.source].contains(&"") {
            wrong.push(format!("{}: says nothing of itself", kind.name));
        }
    }
    let lines: Vec<&str> = VECTORS.iter().map(|vector| vector.kind).collect();
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();

    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(lines, kinds, "in the order of the registry");
}
