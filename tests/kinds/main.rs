//! Keys made by the built program, read by other programs: each computes the public half again and has to agree.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod keys;
mod others;
#[path = "../support/python.rs"]
mod python;
mod tokens;
mod vectors;
