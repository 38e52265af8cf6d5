//! What kills, fills, races and tampers with a store, and what must be left of it afterwards.
//!
//! `strace` (the Debian package `strace`) kills the program at its system calls and makes them fail. An ordinary
//! run tries a stated sample of all points; `MINTAGE_TEST_FULL=1` tries every one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests"
)]
#![cfg(target_os = "linux")]

mod clone;
mod concurrency;
mod crash;
mod fault;
mod forge;
mod handout;
mod leftovers;
mod operation;
mod sandbox;
mod strace;
mod structure;
mod tamper;
mod timers;
mod walk;
