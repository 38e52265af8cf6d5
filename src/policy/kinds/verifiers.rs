//! What servers keep in place of a password, computed here so that the password need not travel.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::CryptoRng;
use ring::digest;
use ring::hmac;
use ring::pbkdf2;
use zeroize::Zeroizing;

use crate::secret::SecretValue;

/// SCRAM-SHA-256 in the format of PostgreSQL, with a random salt.
pub(super) fn scram_sha_256(password: &SecretValue, rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    scram(plain(password)?, &salt).map(value)
}

/// Says whether a SCRAM-SHA-256 verifier is that of `password`, by its own salt.
pub(super) fn scram_holds(password: &SecretValue, verifier: &SecretValue, _: &mut dyn CryptoRng) -> bool {
    let salt = std::str::from_utf8(verifier.expose())
        .ok()
        .and_then(|text| text.split([':', '$']).nth(2))
        .and_then(|salt| STANDARD.decode(salt).ok());
    let computed = salt
        .zip(plain(password))
        .and_then(|(salt, password)| scram(password, &salt));
    computed.is_some_and(|computed| value(computed) == *verifier)
}

/// SHA-256 in the format of a Redis ACL.
pub(super) fn redis_acl(password: &SecretValue, _: &mut dyn CryptoRng) -> Option<SecretValue> {
    Some(value(format!("#{}", sha_256(plain(password)?))))
}

/// Salted SHA-256 in the format of RabbitMQ, with a random salt.
pub(super) fn rabbitmq(password: &SecretValue, rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let mut salt = [0; 4];
    rng.fill_bytes(&mut salt);
    Some(value(rabbitmq_salted(plain(password)?, salt)))
}

/// bcrypt in the format of htpasswd, with a random salt.
pub(super) fn bcrypt(password: &SecretValue, rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    bcrypt_salted(plain(password)?, BCRYPT_COST, salt).map(value)
}

/// SHA-256 of a whole key as hexadecimal, to look it up by.
pub(super) fn storage_hash(key: &SecretValue, _: &mut dyn CryptoRng) -> Option<SecretValue> {
    Some(value(sha_256(plain(key)?)))
}

fn scram(password: &[u8], salt: &[u8]) -> Option<String> {
    let iterations = std::num::NonZeroU32::new(SCRAM_ITERATIONS)?;
    let mut salted = Zeroizing::new([0; digest::SHA256_OUTPUT_LEN]);
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA256,
        iterations,
        salt,
        password,
        salted.as_mut(),
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, salted.as_ref());
    let client_key = hmac::sign(&key, b"Client Key");
    let stored_key = digest::digest(&digest::SHA256, client_key.as_ref());
    let server_key = hmac::sign(&key, b"Server Key");
    Some(format!(
        "SCRAM-SHA-256${SCRAM_ITERATIONS}:{}${}:{}",
        STANDARD.encode(salt),
        STANDARD.encode(stored_key),
        STANDARD.encode(server_key)
    ))
}

fn rabbitmq_salted(password: &[u8], salt: [u8; 4]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&salt);
    context.update(password);
    STANDARD.encode([salt.as_slice(), context.finish().as_ref()].concat())
}

fn bcrypt_salted(password: &[u8], cost: u32, salt: [u8; 16]) -> Option<String> {
    let parts = ::bcrypt::non_truncating_hash_with_salt(password, cost, salt).ok()?;
    Some(parts.format_for_version(::bcrypt::Version::TwoY))
}

/// Returns the bytes of a value of visible ASCII: other text would be normalised in different ways.
fn plain(value: &SecretValue) -> Option<&[u8]> {
    let bytes = value.expose();
    let is_plain = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_graphic);
    is_plain.then_some(bytes)
}

fn sha_256(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

fn value(text: String) -> SecretValue {
    SecretValue::new(text.into_bytes())
}

/// What PostgreSQL itself uses.
const SCRAM_ITERATIONS: u32 = 4_096;

/// 2 to this power are the rounds of bcrypt.
const BCRYPT_COST: u32 = 12;

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    type Compute = fn(&SecretValue, &mut dyn CryptoRng) -> Option<SecretValue>;

    fn computed(of: Compute, text: &str) -> Option<String> {
        let value = SecretValue::new(text.as_bytes().to_vec());
        let made = of(&value, &mut ChaCha20Rng::seed_from_u64(3))?;
        Some(String::from_utf8(made.expose().to_vec()).unwrap())
    }

    #[test]
    fn scram_gives_the_keys_of_rfc_7677() {
        let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();

        assert_eq!(
            scram(b"pencil", &salt).unwrap(),
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=\
             :wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
        );
    }

    #[test]
    fn a_scram_verifier_is_known_by_its_own_salt() {
        let rng = &mut ChaCha20Rng::seed_from_u64(3);
        let password = SecretValue::new(b"pencil".to_vec());
        let verifier = scram_sha_256(&password, rng).unwrap();

        assert!(scram_holds(&password, &verifier, rng));
        assert!(!scram_holds(
            &SecretValue::new(b"pencils".to_vec()),
            &verifier,
            rng
        ));
        assert!(!scram_holds(
            &password,
            &SecretValue::new(b"SCRAM-SHA-256$4096".to_vec()),
            rng
        ));
    }

    #[test]
    fn rabbitmq_gives_the_hash_of_its_documentation() {
        assert_eq!(
            rabbitmq_salted(b"test12", [0x90, 0x8d, 0xc6, 0x0a]),
            "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
        );
    }

    #[test]
    fn sha_256_gives_the_digest_of_fips_180() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

        assert_eq!(computed(storage_hash, "abc").unwrap(), digest);
        assert_eq!(computed(redis_acl, "abc").unwrap(), format!("#{digest}"));
    }

    #[test]
    fn bcrypt_gives_the_published_hash() {
        // The vector of OpenBSD's regression tests; 2y names the same algorithm as 2a.
        let salt = [
            0x10, 0x41, 0x04, 0x10, 0x41, 0x04, 0x10, 0x41, 0x04, 0x10, 0x41, 0x04, 0x10, 0x41, 0x04, 0x10,
        ];

        assert_eq!(
            bcrypt_salted(b"U*U", 5, salt).unwrap(),
            "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
        );
        assert_eq!(bcrypt_salted(&[b'x'; 73], 5, salt), None);
    }

    #[test]
    fn salts_are_drawn_each_time() {
        let value = SecretValue::new(b"pencil".to_vec());
        let mut rng = ChaCha20Rng::seed_from_u64(3);

        for of in [scram_sha_256 as Compute, rabbitmq, bcrypt] {
            assert_ne!(of(&value, &mut rng), of(&value, &mut rng));
        }
    }

    #[test]
    fn text_that_servers_would_normalise_has_no_verifier() {
        for of in [
            scram_sha_256 as Compute,
            redis_acl,
            rabbitmq,
            bcrypt,
            storage_hash,
        ] {
            assert_eq!(computed(of, "p\u{e9}ncil"), None);
            assert_eq!(computed(of, ""), None);
        }
    }
}
