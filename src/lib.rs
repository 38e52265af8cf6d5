//! mintage mints the secrets of a deployment from a policy file, judges them, knows their age and rotates them.
//!
//! What goes in: a policy ([`policy::Policy`]) and bytes of the operating system's CSPRNG.
//! What comes out: versions in a store ([`ports::ValueStore`]), a value-free [`ledger`] and reports.
//!
//! The modules are layers, and arrows point down only:
//!
//! ```text
//! cli        parse, wire, print
//! app        use cases              adapters   implementations of the ports; neither names the other
//! ports      traits
//! contract   what an environment's values must be
//! rotation   scoring   generator   dotenv   ledger      pure
//! policy     parsed, satisfiable policies; kinds; schedule
//! secret     SecretValue, SecretName, VersionId, Stage, Fingerprint
//! ```
//!
//! From `ports` down nothing reads a clock, a file, the environment or a global random number generator.

#![forbid(unsafe_code)]

pub mod adapters;
pub mod app;
pub mod cli;
pub mod contract;
pub mod dotenv;
pub mod generator;
pub mod ledger;
pub mod policy;
pub mod ports;
pub mod rotation;
pub mod scoring;
pub mod secret;
