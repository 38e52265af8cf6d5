//! mintage with faults in it, and without the allocator that wipes what is given back.

use std::process::ExitCode;

fn main() -> ExitCode {
    mintage::cli::run()
}
