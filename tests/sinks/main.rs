//! The contract that every sink keeps, and what is particular to each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod bench;
mod contract;
mod env_file;
mod fickle;
mod file;
