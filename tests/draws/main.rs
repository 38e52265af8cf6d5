//! What is drawn, in numbers: no character is favoured, refused values cost what is said, the source is the system's.
//!
//! Every statistic is of a generator with a fixed seed: the same run gives the same figures, so that no test fails by
//! chance. The bounds are what a fair generator keeps under all but 7 in a million seeds. `MINTAGE_TEST_FULL=1` draws
//! ten times as much.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod bits;
mod chi_square;
mod layout;
#[cfg(target_os = "linux")]
mod source;
mod uniformity;

/// Returns how often to repeat what an ordinary run does once.
fn times() -> usize {
    let full = std::env::var_os("MINTAGE_TEST_FULL").is_some_and(|value| value == "1");
    if full { 10 } else { 1 }
}
