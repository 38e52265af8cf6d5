//! The nouns of the domain: a value that cannot leak by accident, and the names and ids around it.

mod buffer;
mod environment;
mod fingerprint;
mod memory;
mod name;
#[cfg(feature = "planted-faults")]
#[path = "../../tests/silence/planted_faults.rs"]
mod planted_faults;
mod stage;
mod value;
mod version;

pub use buffer::SecretBuffer;
pub use environment::EnvironmentName;
pub use environment::InvalidEnvironmentName;
pub use fingerprint::Fingerprint;
pub use memory::everything_is_locked;
pub use name::InvalidSecretName;
pub use name::SecretName;
pub use stage::Stage;
pub use value::SecretValue;
pub use version::VersionId;
