//! A real keychain: GNOME Keyring on a session bus of its own, and the client of the desktop beside mintage.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod contract;
#[path = "../support/desktop.rs"]
mod desktop;
mod failing;
mod foreign;
mod identity;
mod kernel;
#[allow(dead_code, reason = "some of it is for other suites")]
#[path = "../support/keyring.rs"]
mod keyring;
mod life;
#[allow(dead_code, reason = "some of it is for other suites")]
#[path = "../cli/sandbox.rs"]
mod sandbox;
mod scale;
mod shop;
mod sink;
