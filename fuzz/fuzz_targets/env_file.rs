//! Env files of any bytes: read in every dialect, edited and written again.

#![no_main]

#[path = "../../tests/support/edit_properties.rs"]
mod edit_properties;

use edit_properties::DIALECTS;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // One byte for the readers, then a value up to the first NUL, then the file.
    let Some((choice, rest)) = data.split_first() else {
        return;
    };
    let dialects = DIALECTS[usize::from(*choice) % DIALECTS.len()];
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(0);
    let (value, file) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
    edit_properties::assert_read(file);
    for name in ["A", "AB"] {
        edit_properties::assert_set(file, name, value, dialects);
        edit_properties::assert_removed(file, name);
    }
    edit_properties::assert_written(value, file);
});
