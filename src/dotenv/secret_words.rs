//! Secrets by the words of their names.

use crate::dotenv::ProposedRole;
use crate::dotenv::infer::Subject;
use crate::dotenv::infer::Verdict;
use crate::dotenv::look::Form;
use crate::dotenv::relatives::Half;

/// Decides by the last words of the name: they say what a thing is, the others what it belongs to.
pub(super) fn decide(subject: &Subject) -> Option<Verdict> {
    password(subject)
        .or_else(|| made_elsewhere(subject))
        .or_else(|| webhook(subject))
        .or_else(|| jwt(subject))
        .or_else(|| secret(subject))
        .or_else(|| key(subject))
        .or_else(|| token(subject))
        .or_else(|| value_alone(subject))
}

fn password(subject: &Subject) -> Option<Verdict> {
    let name = &subject.name;
    if let Some(tail) = PASSWORDS.iter().find(|tail| name.ends_in(tail)) {
        return Some(Verdict::secret("password", format!("name ends in {tail}")));
    }
    if subject.look.login && name.ends_in_any(&["AUTH", "CREDENTIALS", "LOGIN"]) {
        return Some(Verdict::secret("password", "the value is a user with a password"));
    }
    let server = SERVERS.iter().find(|server| name.has(server))?;
    (name.ends_in("AUTH") && !matches!(subject.look.form, Form::Int))
        .then(|| Verdict::secret("password", format!("{server} AUTH is a password")))
}

/// Keys with a structure, files and hashes: other tools make them.
fn made_elsewhere(subject: &Subject) -> Option<Verdict> {
    let name = &subject.name;
    let issued = |why: String| Some(Verdict::new(ProposedRole::Issued, why));
    if let Some(tail) = HASHES.iter().find(|tail| name.ends_in(tail)) {
        return issued(format!("name ends in {tail}: derived from a password"));
    }
    if subject.look.form == Form::Pem && !name.ends_in_any(&["CERT", "CERTIFICATE", "CA", "PUBLIC"]) {
        return issued("the value is a PEM block".to_owned());
    }
    let tail = MADE_ELSEWHERE.iter().find(|tail| name.ends_in(tail))?;
    if subject.hint.command.is_some() {
        return None;
    }
    issued(format!("name ends in {tail}: another tool makes it"))
}

fn webhook(subject: &Subject) -> Option<Verdict> {
    let named = subject
        .name
        .ends_in_any(&["SECRET", "SIGNING_KEY", "WEBHOOK_KEY"]);
    (subject.hint.webhook && named)
        .then(|| Verdict::secret("webhook", "documented as a Standard Webhooks secret"))
}

fn jwt(subject: &Subject) -> Option<Verdict> {
    let name = &subject.name;
    let tail = ["SECRET", "SECRET_KEY", "KEY", "SIGNING_KEY", "SECRET_BASE"]
        .into_iter()
        .find(|tail| name.ends_in(tail))?;
    name.has("JWT")
        .then(|| Verdict::secret("jwt-hs256", format!("name has JWT and ends in {tail}")))
}

fn secret(subject: &Subject) -> Option<Verdict> {
    let name = &subject.name;
    if name.ends_in("API_SECRET") && !name.is("API_SECRET") && subject.hint.command.is_none() {
        return Some(Verdict::new(
            ProposedRole::Issued,
            "name ends in API_SECRET: the service issues it",
        ));
    }
    let tail = SECRETS.iter().find(|tail| name.ends_in(tail))?;
    Some(Verdict::secret("hex", format!("name ends in {}", shown(tail))))
}

fn key(subject: &Subject) -> Option<Verdict> {
    let name = &subject.name;
    if name.is("APP_KEY") || name.is("APP_KEYS") {
        return Some(Verdict::secret(
            "base64",
            "APP_KEY encrypts what the application stores",
        ));
    }
    if !name.ends_in_any(&["KEY", "KEYS", "APIKEY"]) {
        return None;
    }
    if name.is("KEY") {
        return Some(Verdict::secret("hex", "name is KEY"));
    }
    if subject.half == Some(Half::Salted) {
        return Some(Verdict::secret("hex", "the file has a salt beside this key"));
    }
    if let Some(word) = own_word(subject) {
        return Some(Verdict::secret("hex", format!("name has {word} and ends in KEY")));
    }
    let named = name.ends_in_any(&["API_KEY", "API_KEYS", "APIKEY"]);
    if !named && name.has_any(KEYS_OF_DATA) {
        return None;
    }
    Some(documented(subject).unwrap_or_else(|| {
        Verdict::new(
            ProposedRole::Issued,
            "name ends in KEY, and nothing says that it is our own",
        )
    }))
}

fn token(subject: &Subject) -> Option<Verdict> {
    if !subject.name.ends_in_any(TOKENS) {
        return None;
    }
    if let Some(word) = own_word(subject) {
        return Some(Verdict::secret(
            "hex",
            format!("name has {word} and ends in TOKEN"),
        ));
    }
    Some(documented(subject).unwrap_or_else(|| {
        Verdict::new(
            ProposedRole::Issued,
            "name ends in TOKEN, and nothing says that it is our own",
        )
    }))
}

/// Contents of a file with credentials, and encrypted values with a name that says nothing.
fn value_alone(subject: &Subject) -> Option<Verdict> {
    if subject
        .name
        .ends_in_any(&["CREDENTIALS", "CREDENTIALS_CONTENTS", "CREDENTIALS_JSON"])
    {
        return Some(Verdict::new(
            ProposedRole::Issued,
            "name of credentials that a service hands out as a file",
        ));
    }
    if subject.look.secret_member {
        return Some(Verdict::new(
            ProposedRole::Issued,
            "the value is JSON with a secret in it",
        ));
    }
    None
}

/// A name that says nothing, and a command in the comment or the value that makes random values.
fn documented(subject: &Subject) -> Option<Verdict> {
    let command = subject.hint.command?;
    Some(Verdict::secret("hex", format!("documented as `{command}`")))
}

pub(super) fn own_word(subject: &Subject) -> Option<&'static str> {
    let name = &subject.name;
    let plain = [
        "API_KEY",
        "API_KEYS",
        "API_TOKEN",
        "ACCESS_TOKEN",
        "AUTH_TOKEN",
        "APP_TOKEN",
        "TOKEN",
        "ACCESS_KEY",
    ];
    plain
        .into_iter()
        .find(|plain| name.is(plain))
        .or_else(|| OWN_WORDS.iter().find(|word| name.has(word)).copied())
}

fn shown(tail: &str) -> String {
    if tail.contains('_') {
        tail.to_owned()
    } else {
        format!("_{tail}")
    }
}

/// Ends of names of passwords.
pub(super) const PASSWORDS: &[&str] = &[
    "ACCESS_CODE",
    "BASIC_AUTH",
    "DBPASS",
    "DBPASSWORD",
    "PASS",
    "PASSPHRASE",
    "PASSWD",
    "PASSWORD",
    "PASSWORDS",
    "PGPASSWORD",
    "PW",
    "PWD",
    "REQUIREPASS",
    "ROOTPASSWORD",
];

/// Ends of names of secrets that somebody might have set to a number.
pub(super) const CAN_BE_NUMBERS: &[&str] = &[
    "LICENSE_KEY",
    "DBPASS",
    "DBPASSWORD",
    "PASS",
    "PASSPHRASE",
    "PASSWD",
    "PASSWORD",
    "PGPASSWORD",
    "PWD",
    "SALT",
    "SECRET",
    "SECRET_KEY",
];

/// Servers whose `AUTH` is a password.
const SERVERS: &[&str] = &["REDIS", "VALKEY", "KEYDB", "DRAGONFLY"];

/// Ends of names of tokens; other `TOKENS` are pieces of text for a language model.
const TOKENS: &[&str] = &[
    "TOKEN",
    "ACCESS_TOKENS",
    "API_TOKENS",
    "AUTH_TOKENS",
    "BOT_TOKENS",
];

const HASHES: &[&str] = &["PASSWORD_HASH", "PASS_HASH", "HASHED_PASSWORD", "HTPASSWD"];

const MADE_ELSEWHERE: &[&str] = &[
    "PRIVATE_KEY",
    "PRIVATE_PEM",
    "SSL_KEY",
    "TLS_KEY",
    "SSH_KEY",
    "DEPLOY_KEY",
    "KEYSTORE",
    "FILE_CONTENTS",
    "KEY_CONTENTS",
    "MNEMONIC",
    "SEED_PHRASE",
    "SERVICE_ACCOUNT_KEY",
];

const SECRETS: &[&str] = &[
    "ERLANG_COOKIE",
    "IV",
    "KEK",
    "KEY_BASE",
    "PSK",
    "SECRET_KEY_BASE",
    "SECRET_KEY",
    "SECRETKEY",
    "SECRET",
    "SECRETS",
    "SALT",
    "PEPPER",
    "SIGNING_SECRET",
];

/// Words that say a key or token is our own to choose.
const OWN_WORDS: &[&str] = &[
    "ENCRYPTION",
    "ENCRYPT",
    "ENC",
    "CRYPTO",
    "CRYPT",
    "SIGNING",
    "SIGN",
    "SECRET",
    "HMAC",
    "HASH",
    "HASHING",
    "SESSION",
    "COOKIE",
    "MASTER",
    "PII",
    "OPENSSL",
    "CIPHER",
    "AES",
    "TOTP",
    "OTP",
    "MFA",
    "CRON",
    "ADMIN",
    "INTERNAL",
    "ROOT",
    "SHARED",
    "DERIVATION",
    "BACKUP",
    "CSRF",
    "MEILI",
    "MEILISEARCH",
    "TYPESENSE",
    "QDRANT",
    "REVALIDATE",
    "REVALIDATION",
    "HEALTHCHECK",
    "BOOTSTRAP",
    "RUNNER",
    "RUNNERS",
    "WORKER",
    "AGENT",
    "SETUP",
    "REGISTRATION",
    "METRICS",
    "BEARER",
    "PREVIEW",
    "DASHBOARD",
    "VALID",
    "ALLOWED",
    "JWT",
    "VERIFY",
    "CHROMA",
    "COMPANION",
    "CREDS",
    "DAEMON",
    "DOWNLOAD",
    "FERNET",
    "INNER",
    "NONCE",
    "PASSWORD",
    "PRESHARED",
    "PROMETHEUS",
    "RENDERER",
    "REPLICA",
    "REPLICATION",
    "SCRAPE",
    "SUPERADMIN",
    "SUPERUSER",
    "WEAVIATE",
    "WEBHOOK",
];

/// Words of keys that find data and keep nobody out.
const KEYS_OF_DATA: &[&str] = &[
    "CACHE",
    "SORT",
    "PARTITION",
    "FOREIGN",
    "OBJECT",
    "INDEX",
    "HOT",
    "IDEMPOTENCY",
    "LOOKUP",
    "GROUP",
    "ROUTING",
    "HEADER",
    "FIELD",
    "TRANSLATION",
    "REDIS",
    "PRIMARY",
    "UNIQUE",
    "QUERY",
    "LOCK",
    "SHORTCUT",
    "CONFIG",
    "QUEUE",
];
