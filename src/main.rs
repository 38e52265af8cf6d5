//! The `mintage` program.

#![forbid(unsafe_code)]

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// Wipes every block of the heap that is given back: other crates leave copies of values in theirs.
#[global_allocator]
static WIPED_HEAP: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    mintage::cli::run()
}
