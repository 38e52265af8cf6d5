//! The proof of silence: known values go through every command, and are looked for wherever they could have come to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests"
)]
#![cfg(target_os = "linux")]

mod canary;
mod commands;
mod library;
mod memory;
mod observed;
mod planted;
mod process;
mod prompts;
mod session;
mod shells;
mod stage;
mod suite;
mod trace;
