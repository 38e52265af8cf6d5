//! Any file and any edit of it: one line changes, and each dialect that was asked for reads the value.

use proptest::prelude::*;

use crate::edit_properties::DIALECTS;
use crate::edit_properties::assert_read;
use crate::edit_properties::assert_removed;
use crate::edit_properties::assert_set;
use crate::edit_properties::assert_written;

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
    ) {
        assert_written(&first, second.as_bytes());
    }
}
