//! Entries of passage, which is pass on age.

use crate::adapters::foreign::Foreign;
use crate::adapters::foreign::password_tree::Tree;

/// The entries below a folder, or all of them.
pub(super) const SOURCE: Foreign = Foreign {
    name: TREE.program,
    place: "FOLDER",
    needs_keys: false,
    open: |place, desk| TREE.open(place, desk),
};

const TREE: Tree = Tree {
    program: "passage",
    variable: "PASSAGE_DIR",
    homes: &[".passage/store"],
    extensions: &["age"],
};
