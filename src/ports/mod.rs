//! What the use cases need of the world. Adapters implement these traits; neither side names the other.

mod audit_log;
mod cipher;
mod clock;
mod launcher;
mod prompt;
mod state;
mod storage;
mod values;
mod working_tree;

pub use audit_log::AuditError;
pub use audit_log::AuditLog;
pub use audit_log::Tail;
pub use cipher::Cipher;
pub use cipher::CipherError;
pub use clock::Clock;
pub use launcher::Launch;
pub use launcher::LaunchError;
pub use launcher::Launcher;
pub use prompt::Prompt;
pub use prompt::PromptError;
pub use state::LocalState;
pub use storage::Guard;
pub use storage::NewFile;
pub use storage::Storage;
pub use storage::StorageError;
pub use values::NewValue;
pub use values::ValueError;
pub use values::ValueStore;
pub use working_tree::WorkingTree;
