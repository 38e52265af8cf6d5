//! Any file and any edit of it: one line changes, and each dialect that was asked for reads the value.

use std::fs;
use std::path::Path;

use mintage::dotenv::Form;
use proptest::prelude::*;
use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use crate::edit_properties::DIALECTS;
use crate::edit_properties::assert_all;
use crate::edit_properties::assert_read;
use crate::edit_properties::assert_removed;
use crate::edit_properties::assert_set;
use crate::edit_properties::assert_written;

/// The seeds of the fuzz target, as they are and with a few bytes changed: what a fuzzer does, without its patience.
#[test]
fn seeds_of_the_fuzz_target_and_their_mutations_keep_every_property() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/env_file");
    let mut rng = ChaCha20Rng::seed_from_u64(23);
    let mut seeds = 0;
    for entry in fs::read_dir(directory).unwrap() {
        let seed = fs::read(entry.unwrap().path()).unwrap();
        assert_all(&seed);
        for _ in 0..50 {
            let mut input = seed.clone();
            for _ in 0..rng.random_range(1..4) {
                let place = rng.random_range(0..input.len());
                match rng.random_range(0..3) {
                    0 => input[place] = rng.random(),
                    1 => input.insert(place, b"\"'`\\#$\n= "[rng.random_range(0..9)]),
                    _ => drop(input.remove(place)),
                }
            }
            assert_all(&input);
        }
        seeds += 1;
    }
    assert!(seeds >= 10);
}

proptest! {
    #[test]
    fn one_line_changes_in_any_bytes(
        source in prop::collection::vec(any::<u8>(), 0..120),
        value in prop::collection::vec(any::<u8>(), 0..20),
        dialects in 0..DIALECTS.len(),
    ) {
        assert_read(&source);
        assert_set(&source, "A", &value, DIALECTS[dialects]);
        assert_removed(&source, "A");
    }

    #[test]
    fn one_line_changes_in_anything_like_an_env_file(
        source in "(\u{feff})?(([AB] ?= ?|export A=|# ?A_B=|A: )[ab\"'`#\\\\ $=]{0,6}( # c)?(\n|\r\n|\r|)){0,6}",
        name in "A|B|A_B",
        value in "[ab\"'`#\\\\ $=\n\r~é]{0,8}",
        dialects in 0..DIALECTS.len(),
    ) {
        assert_read(source.as_bytes());
        assert_set(source.as_bytes(), &name, value.as_bytes(), DIALECTS[dialects]);
        assert_removed(source.as_bytes(), &name);
    }

    #[test]
    fn any_two_values_are_written_or_refused(
        first in prop::collection::vec(any::<u8>(), 0..30),
        second in "[ab\"'`#\\\\ $={}\n\r~é:!&\u{2028}]{0,9}",
        form in 0..Form::ALL.len(),
    ) {
        assert_written(Form::ALL[form], &first, second.as_bytes());
    }
}
