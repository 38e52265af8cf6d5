//! The policy file as it is written: places, wire types and `extends`.

mod fields;
mod node;
mod resolve;
mod table;
mod wire;
mod wire_contract;

pub(crate) use fields::Cadence;
pub(crate) use fields::Choice;
pub(crate) use fields::FromNode;
pub(crate) use fields::Scalar;
pub(crate) use node::At;
pub(crate) use node::Datum;
pub(crate) use node::Node;
pub(crate) use node::Place;
pub(crate) use node::Problems;
pub(crate) use node::Table;
pub(crate) use resolve::Lookup;
pub(crate) use resolve::resolve;
pub use table::FieldReference;
pub use table::TableReference;
pub(crate) use wire::DefaultsWire;
pub(crate) use wire::EnvironmentWire;
pub(crate) use wire::KindWire;
pub(crate) use wire::PolicyWire;
pub(crate) use wire::SecretWire;
pub(crate) use wire::VariableWire;
pub use wire::reference;
pub(crate) use wire_contract::CertificateWire;
pub(crate) use wire_contract::FileWire;
pub(crate) use wire_contract::GroupWire;
pub(crate) use wire_contract::ImplicationWire;
pub(crate) use wire_contract::NotifierWire;
pub(crate) use wire_contract::PublicWire;
pub(crate) use wire_contract::SignoffWire;
pub(crate) use wire_contract::SinkWire;
pub(crate) use wire_contract::WaiverWire;
