//! Env files of any bytes: read in every dialect, edited and written again.

#![no_main]

#[path = "../../tests/support/edit_properties.rs"]
mod edit_properties;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| edit_properties::assert_all(data));
