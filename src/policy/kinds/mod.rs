//! Kinds: what a secret *is*. A new kind is one file here and one line in [`KINDS`].

mod aes_256;
mod age_identity;
mod alphanumeric;
mod api_key;
mod authjs;
mod base64;
mod base64url;
mod bytes;
mod django;
mod ed25519;
mod fernet;
mod flask;
mod hex;
mod hs256_jwt;
mod htpasswd;
mod issued;
pub mod issuers;
mod jwk;
mod jwks;
mod jwt;
mod jwt_eddsa;
mod jwt_es256;
mod jwt_rs256;
mod laravel;
mod mongodb;
mod mysql;
mod n8n;
mod passphrase;
mod password;
mod phoenix;
mod pin;
mod postgres;
mod rabbitmq_cookie;
mod rabbitmq_password;
mod rails;
mod redis;
mod redis_acl;
mod same_as;
mod scram;
mod ssh_ed25519;
mod symfony;
mod template;
mod totp;
mod uuid;
mod verifiers;
mod webhook;
mod webhook_ed25519;
mod webhook_raw;
mod wireguard;
mod wordpress;
pub mod words;

use rand::CryptoRng;
use thiserror::Error;

use crate::policy::Encoding;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::secret::SecretValue;

/// The registry, in the order in which kinds are shown.
pub const KINDS: &[&Kind] = &[
    &jwt::HS256,
    &jwt::HS384,
    &jwt::HS512,
    &jwt_eddsa::EDDSA,
    &jwt_es256::ES256,
    &jwt_rs256::RS256,
    &webhook::WEBHOOK,
    &webhook_raw::WEBHOOK_RAW,
    &webhook_ed25519::WEBHOOK_ED25519,
    &api_key::API_KEY,
    &password::PASSWORD,
    &passphrase::PASSPHRASE,
    &pin::PIN,
    &aes_256::AES_256,
    &hex::HEX,
    &base64::BASE64,
    &base64url::BASE64URL,
    &alphanumeric::ALPHANUMERIC,
    &authjs::AUTHJS,
    &django::DJANGO,
    &fernet::FERNET,
    &flask::FLASK,
    &laravel::LARAVEL,
    &n8n::N8N,
    &phoenix::PHOENIX,
    &rails::RAILS,
    &symfony::SYMFONY,
    &wordpress::WORDPRESS,
    &postgres::POSTGRES,
    &mysql::MYSQL,
    &mongodb::MONGODB,
    &redis::REDIS,
    &rabbitmq_cookie::RABBITMQ_COOKIE,
    &rabbitmq_password::RABBITMQ_PASSWORD,
    &htpasswd::HTPASSWD,
    &age_identity::AGE_IDENTITY,
    &ssh_ed25519::SSH_ED25519,
    &wireguard::PRIVATE_KEY,
    &wireguard::PRESHARED_KEY,
    &totp::TOTP,
    &uuid::UUID,
    &issued::ISSUED,
    &same_as::SAME_AS,
    &template::TEMPLATE,
    &scram::SCRAM,
    &redis_acl::REDIS_ACL,
    &jwks::JWKS,
    &hs256_jwt::HS256_JWT,
];

/// What a secret is: how it is made, what passes for one, how strong it must be and how it can be replaced.
#[derive(Debug)]
pub struct Kind {
    /// The name that policies use.
    pub name: &'static str,
    /// One line: what it is.
    pub summary: &'static str,
    /// One line of advice for whoever uses the value.
    pub advice: &'static str,
    /// The RFC, specification or documentation that the format comes from.
    pub source: &'static str,
    /// Whether and how two values can be valid at once.
    pub overlap: OverlapClass,
    /// What this program does with it.
    pub role: Role,
    /// The least strength of a value, in bits.
    pub floor_bits: u32,
    /// Why replacing a value needs more than a new value.
    pub hazard: Option<Hazard>,
    /// What can be computed from a value, such as its public key.
    pub companions: &'static [Companion],
    /// Turns what is asked into a recipe, or says why that cannot be.
    pub build: fn(&Shape) -> Result<Recipe, ShapeError>,
    /// Says whether a value brought in from elsewhere has the shape of this kind.
    pub accepts: fn(&Shape, &[u8]) -> Result<(), Mismatch>,
}

impl Kind {
    /// Looks a kind up by its name.
    pub fn find(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name).copied()
    }

    /// Makes the recipe of a value of this kind, and refuses one that is weaker than the kind's floor.
    ///
    /// # Errors
    ///
    /// When the shape cannot be had or is too weak.
    pub fn recipe(&self, shape: &Shape) -> Result<Recipe, ShapeError> {
        let recipe = (self.build)(shape)?;
        let bits = recipe.bits();
        if bits < f64::from(self.floor_bits) {
            return Err(ShapeError::TooWeak {
                kind: self.name,
                bits,
                floor: self.floor_bits,
            });
        }
        Ok(recipe)
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Why replacing a value needs more than a new value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hazard {
    /// Data is encrypted with it: without the old value the data is lost.
    DataAtRest,
    /// It is read on the first start only: a new value is ignored, or locks everyone out.
    WriteOnce,
}

impl Hazard {
    /// Says in words what to do instead.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::DataAtRest => "data is encrypted with it: re-encrypt everything before the old value goes",
            Self::WriteOnce => {
                "it is read on the first start only: change it in the service first, then here"
            }
        }
    }
}

/// Something that is computed from a value and goes to whoever verifies it.
#[derive(Debug)]
pub struct Companion {
    /// Its name, such as `public-key`.
    pub name: &'static str,
    /// One line: what it is for.
    pub about: &'static str,
    /// Computes it; `None` when the value is not of the kind.
    pub of: Compute,
}

/// What this program does with a kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// Computes it from other secrets, again whenever one of them changes.
    Derived(Derive),
    /// Mints it.
    Generated,
    /// Mints it, but it names something and keeps nobody out.
    Identifier,
    /// Tracks it: somebody else makes it.
    Issued,
}

/// How a derived value comes from other secrets.
#[derive(Clone, Copy, Debug)]
pub enum Derive {
    /// It is the same value.
    Copied,
    /// It is a text around them.
    Filled,
    /// It is computed from one.
    Computed {
        /// Computes it; `None` when the other value is not one that this can be computed from.
        of: Compute,
        /// Says whether a stored value was computed from the other one.
        holds: fn(&SecretValue, &SecretValue, &mut dyn CryptoRng) -> bool,
    },
    /// It is a token that one signs.
    Signed,
}

/// Computes something from a value; `None` when the value is not of the kind.
pub type Compute = fn(&SecretValue, &mut dyn CryptoRng) -> Option<SecretValue>;

impl PartialEq for Derive {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// What derived kinds have in common.
const fn derived(name: &'static str, derive: Derive) -> Kind {
    Kind {
        name,
        summary: "",
        advice: "",
        source: "the policy",
        overlap: OverlapClass::Derived,
        role: Role::Derived(derive),
        floor_bits: 0,
        hazard: None,
        companions: &[],
        build: |_| Ok(Recipe::Given),
        accepts: |_, _| Ok(()),
    }
}

/// Whether and how two values of a secret can be valid at once.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum OverlapClass {
    /// O1: the verifying server holds several valid values.
    ServerMultiVerifier,
    /// O2: the application takes an ordered list, the previous value in a variable of its own.
    AppFallbackList,
    /// O4: one value at a time; replacing it is a cut.
    CutoverOnly,
    /// O5: data was encrypted with it and is lost without it.
    DataAtRest,
    /// O6: computed from another secret and changed with it.
    Derived,
    /// O8: made by a third party; its console says how long both are valid.
    Issued,
    /// O9: a person remembers it.
    Human,
    /// An identifier, which is never rotated.
    Identifier,
}

impl OverlapClass {
    /// Returns the short code of the overlap class.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ServerMultiVerifier => "O1",
            Self::AppFallbackList => "O2",
            Self::CutoverOnly => "O4",
            Self::DataAtRest => "O5",
            Self::Derived => "O6",
            Self::Issued => "O8",
            Self::Human => "O9",
            Self::Identifier => "-",
        }
    }

    /// Says in words what a rotation does to those who use the old value.
    pub const fn consequence(self) -> &'static str {
        match self {
            Self::ServerMultiVerifier => {
                "old and new value can both be valid: add the new one, move the users, remove the old one"
            }
            Self::AppFallbackList => {
                "the application can accept the previous value beside the new one while the overlap lasts"
            }
            Self::CutoverOnly => {
                "only one value is valid at a time: whoever still uses the old one is cut off"
            }
            Self::DataAtRest => {
                "data was encrypted with it: add the new key, re-encrypt everything, and only then drop the old one"
            }
            Self::Derived => "computed from another secret: it changes in the same commit as that one",
            Self::Issued => "the issuer makes it: get the new one there, deploy it, then revoke the old one",
            Self::Human => "a person remembers it: tell them before it changes",
            Self::Identifier => "an identifier, not a secret: it is never rotated",
        }
    }
}

/// Why a value from elsewhere does not fit its kind. It never holds a character of the value.
#[derive(Clone, Debug, Error, Eq, PartialEq)]
#[non_exhaustive]
pub enum Mismatch {
    /// The check characters do not fit the rest.
    #[error("its checksum does not fit: mistyped or cut")]
    Checksum,
    /// Not the expected encoding.
    #[error("it is not {0}")]
    Encoding(Encoding),
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// Another length than the policy says.
    #[error("it has {found} {unit}, the policy says {needed}")]
    Length {
        /// What was found.
        found: usize,
        /// What the policy says.
        needed: String,
        /// Characters or bytes.
        unit: &'static str,
    },
    /// The fixed text in front is missing.
    #[error("it does not start with `{0}`")]
    Prefix(String),
    /// It does not fit the policy's pattern.
    #[error("it does not fit the pattern of the policy")]
    Pattern,
    /// Whitespace or control characters, as a bad paste leaves them.
    #[error("it holds white space or control characters, as a bad paste leaves them")]
    Whitespace,
    /// Some other form, named.
    #[error("it is not {0}")]
    Form(&'static str),
}
