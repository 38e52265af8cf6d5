//! Implementations of the ports on a real machine.

mod age_cipher;
mod age_identity;
mod age_values;
mod audit_files;
mod child;
mod clock;
mod directory;
mod durable;
mod git_tree;
mod random;
mod sinks;
mod state_files;
mod terminal;

pub use age_cipher::AgeCipher;
pub use age_identity::IdentityError;
pub use age_identity::IdentityFile;
pub use age_identity::IdentitySource;
pub use age_identity::NewIdentity;
pub use age_identity::check_recipient;
pub use age_values::AgeValues;
pub use audit_files::AuditFiles;
pub use child::Child;
pub use clock::SystemClock;
pub use directory::Directory;
pub use durable::Access;
pub use durable::create_new_file;
pub use durable::read_capped;
pub use durable::replace_file;
pub use git_tree::GitTree;
pub use random::OsRandom;
pub use random::RandomSourceError;
pub use sinks::OpenSinks;
pub use state_files::StateFiles;
pub use terminal::Silence;
pub use terminal::Terminal;
