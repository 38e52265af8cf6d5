//! Promises of the inference.

mod examples;
mod labels;
mod traps;

pub(super) use labels::FIXTURES;

use crate::dotenv::EnvFile;
use crate::dotenv::Proposal;
use crate::dotenv::infer;

/// Returns the one proposal for `source`.
fn one(source: &str) -> Proposal {
    let mut proposals = infer(&EnvFile::parse(source.as_bytes()));
    assert_eq!(proposals.len(), 1, "{source}");
    proposals.remove(0)
}

/// Returns role and kind of the one proposal for `source`.
fn label(source: &str) -> String {
    let found = one(source);
    format!("{} {}", found.role.name(), found.kind.unwrap_or("-"))
}
