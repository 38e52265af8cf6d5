//! The `mintage` program.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    mintage::cli::run()
}
