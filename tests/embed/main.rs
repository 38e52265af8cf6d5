//! Values written bare, read back by the real parsers of every consumer: not one may change. And env files, read and
//! written as their real readers read them.
//!
//! No engine of Docker or Compose runs here. For them, `oracle.rs` holds the rules that were measured on them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod consumers;
mod defaults;
mod dialect_cases;
mod dialects;
#[path = "../support/edit_properties.rs"]
mod edit_properties;
mod edits;
mod kubernetes;
mod minted;
#[path = "../support/node.rs"]
mod node;
mod oracle;
mod parsers;
#[path = "../support/python.rs"]
mod python;
mod readers;
mod tools;

/// Returns the places of the values that `read` brings back as anything but what was written.
fn changed(read: parsers::Parser, values: &[String]) -> Vec<usize> {
    let found = read(values);
    assert_eq!(found.len(), values.len(), "the parser lost or added values");
    (0..values.len())
        .filter(|place| found[*place].as_ref() != Some(&values[*place]))
        .collect()
}
