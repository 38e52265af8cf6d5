//! Kinds: what a secret *is*. A new kind is one file here and one line in [`FAMILIES`].

mod aes_256;
mod age_identity;
mod alphanumeric;
mod api_key;
mod app_secret;
mod authjs;
mod base64;
mod base64url;
mod bytes;
mod consumed;
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
mod langfuse;
mod laravel;
mod mismatch;
mod mongodb;
mod mysql;
mod n8n;
mod overlap_class;
mod passphrase;
mod password;
mod phoenix;
mod pin;
mod postgres;
mod private_jwk;
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
mod uuid_v7;
#[cfg(test)]
mod vectors;
mod verifiers;
mod webhook;
mod webhook_ed25519;
mod webhook_raw;
mod wireguard;
mod wordpress;
pub mod words;

use rand::CryptoRng;

use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::secret::SecretValue;

pub use consumed::KeyBytes;
pub use consumed::KeyRule;
pub use consumed::Reading;
pub use mismatch::Mismatch;
pub use overlap_class::OverlapClass;

/// The registry: kinds by what they are for, in the order in which they are shown.
pub const FAMILIES: &[Family] = &[
    Family {
        name: "tokens",
        about: "sign or stand for a session",
        kinds: &[
            &jwt::HS256,
            &jwt::HS384,
            &jwt::HS512,
            &jwt_eddsa::EDDSA,
            &jwt_es256::ES256,
            &jwt_rs256::RS256,
            &api_key::API_KEY,
        ],
    },
    Family {
        name: "webhooks",
        about: "sign what one server sends to another",
        kinds: &[
            &webhook::WEBHOOK,
            &webhook_raw::WEBHOOK_RAW,
            &webhook_ed25519::WEBHOOK_ED25519,
        ],
    },
    Family {
        name: "plain",
        about: "random text of any use",
        kinds: &[
            &password::PASSWORD,
            &hex::HEX,
            &base64::BASE64,
            &base64url::BASE64URL,
            &alphanumeric::ALPHANUMERIC,
        ],
    },
    Family {
        name: "people",
        about: "are held by a person",
        kinds: &[&passphrase::PASSPHRASE, &pin::PIN, &totp::TOTP],
    },
    Family {
        name: "frameworks",
        about: "the application keys of web frameworks",
        kinds: &[
            &app_secret::APP_SECRET,
            &authjs::AUTHJS,
            &django::DJANGO,
            &fernet::FERNET,
            &flask::FLASK,
            &langfuse::LANGFUSE,
            &laravel::LARAVEL,
            &n8n::N8N,
            &phoenix::PHOENIX,
            &rails::RAILS,
            &symfony::SYMFONY,
            &wordpress::WORDPRESS,
        ],
    },
    Family {
        name: "servers",
        about: "passwords of databases, brokers and web servers",
        kinds: &[
            &postgres::POSTGRES,
            &mysql::MYSQL,
            &mongodb::MONGODB,
            &redis::REDIS,
            &rabbitmq_cookie::RABBITMQ_COOKIE,
            &rabbitmq_password::RABBITMQ_PASSWORD,
            &htpasswd::HTPASSWD,
        ],
    },
    Family {
        name: "keys",
        about: "encrypt or open something",
        kinds: &[
            &aes_256::AES_256,
            &age_identity::AGE_IDENTITY,
            &ssh_ed25519::SSH_ED25519,
            &wireguard::PRIVATE_KEY,
            &wireguard::PRESHARED_KEY,
        ],
    },
    Family {
        name: "derived",
        about: "computed from other secrets, never drawn",
        kinds: &[
            &same_as::SAME_AS,
            &template::TEMPLATE,
            &scram::SCRAM,
            &redis_acl::REDIS_ACL,
            &jwks::JWKS,
            &private_jwk::PRIVATE_JWK,
            &hs256_jwt::HS256_JWT,
        ],
    },
    Family {
        name: "issued",
        about: "made by somebody else",
        kinds: &[&issued::ISSUED],
    },
    Family {
        name: "identifiers",
        about: "name something and keep nobody out",
        kinds: &[&uuid::UUID, &uuid_v7::UUID_V7],
    },
];

/// Every kind, family by family.
pub const KINDS: &[&Kind] = &flattened::<{ count() }>();

/// Kinds that serve the same end.
#[derive(Debug)]
pub struct Family {
    /// What it is called.
    pub name: &'static str,
    /// What its kinds are for.
    pub about: &'static str,
    /// Its kinds.
    pub kinds: &'static [&'static Kind],
}

const fn count() -> usize {
    let (mut count, mut family) = (0, 0);
    while family < FAMILIES.len() {
        count += FAMILIES[family].kinds.len();
        family += 1;
    }
    count
}

const fn flattened<const COUNT: usize>() -> [&'static Kind; COUNT] {
    let mut kinds = [FAMILIES[0].kinds[0]; COUNT];
    let (mut place, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut kind = 0;
        while kind < FAMILIES[family].kinds.len() {
            kinds[place] = FAMILIES[family].kinds[kind];
            place += 1;
            kind += 1;
        }
        family += 1;
    }
    kinds
}

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
    /// What its consumer takes for the key, where that is not simply the text.
    pub consumed: Option<KeyRule>,
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
        if let Recipe::Characters(characters) = &recipe
            && characters.share() < 1.0 / f64::from(MOST_DRAWS)
        {
            return Err(ShapeError::Rare { most: MOST_DRAWS });
        }
        if !recipe.reaches(self.floor_bits) {
            return Err(ShapeError::TooWeak {
                kind: self.name,
                bits: recipe.bits(),
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

/// Something that is computed from a value: what goes to whoever verifies it, or the value in another form.
#[derive(Debug)]
pub struct Companion {
    /// Its name, such as `public-key`.
    pub name: &'static str,
    /// One line: what it is for.
    pub about: &'static str,
    /// Whether the value can be told from it, so that it is shown only where the value itself would be.
    pub is_secret: bool,
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

/// Draws for one value on average, at most: some milliseconds.
const MOST_DRAWS: u32 = 10_000;

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
        consumed: None,
        companions: &[],
        build: |_| Ok(Recipe::Given),
        accepts: |_, _| Ok(()),
    }
}
