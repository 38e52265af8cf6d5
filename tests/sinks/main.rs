//! The contract that every sink keeps, and what is particular to each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod age_file;
mod bench;
mod command;
mod contract;
#[path = "../support/desktop.rs"]
mod desktop;
mod directory;
mod env_file;
mod fickle;
mod file;
#[allow(dead_code, reason = "only the client of the desktop is needed here")]
#[path = "../support/keyring.rs"]
mod keyring;
mod kubernetes;
#[allow(dead_code, reason = "only the environment is needed here")]
#[path = "../support/python.rs"]
mod python;
