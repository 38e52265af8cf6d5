//! The value-free record of every secret: lines with MACs, the seal, the store's settings, the pin and the audit chain.
//!
//! Everything here is pure. A line of the ledger or the audit log is a JSON object whose last field is `mac`;
//! the MAC covers the bytes of the line before that field, so there is no canonical form to get wrong.

mod chain;
mod confirmation;
mod damage;
mod environment;
mod journal;
mod keys;
mod line;
mod manifest;
mod pin;
mod record;
mod settings;

pub use chain::Action;
pub use chain::Chain;
pub use chain::Event;
pub use chain::EventDraft;
pub use chain::Phase;
pub use chain::Reason;
pub use confirmation::CheckedPlace;
pub use confirmation::Confirmation;
pub use damage::Damage;
pub use environment::Ledger;
pub use environment::LedgerLine;
pub use journal::Journal;
pub use journal::JournalEntry;
pub use journal::JournalStep;
pub use journal::RotationId;
pub use journal::StepState;
pub use journal::WalkPhase;
pub use keys::KeyId;
pub use keys::MalformedKeys;
pub use keys::StoreKeys;
pub use manifest::Manifest;
pub use manifest::Part;
pub use manifest::SignedManifest;
pub use pin::AuditHead;
pub use pin::Pin;
pub use pin::PinnedEnvironment;
pub use record::Binding;
pub use record::Origin;
pub use record::SecretRecord;
pub use record::VersionRecord;
pub use settings::MalformedSettings;
pub use settings::NamedRecipient;
pub use settings::StoreId;
pub use settings::StoreSettings;
