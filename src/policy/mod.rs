//! Policies: which secrets exist, how each is made, judged, aged and rotated; and the kinds they are made of.

mod alphabet;
mod encoding;
mod finding;
pub mod kinds;
mod period;
mod recipe;
mod shape;
mod tier;

pub use alphabet::Alphabet;
pub use alphabet::UnknownAlphabet;
pub use encoding::Encoding;
pub use finding::Finding;
pub use finding::Location;
pub use finding::Severity;
pub use kinds::Kind;
pub use kinds::Mismatch;
pub use kinds::OverlapClass;
pub use period::InvalidPeriod;
pub use period::Period;
pub use recipe::CharacterClass;
pub use recipe::Characters;
pub use recipe::Checksum;
pub use recipe::Recipe;
pub use shape::Shape;
pub use shape::ShapeError;
pub use tier::Tier;
