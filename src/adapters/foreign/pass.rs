//! Entries of the standard password manager of Unix.

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
    program: "pass",
    variable: "PASSWORD_STORE_DIR",
    homes: &[".password-store"],
    extensions: &["gpg"],
};
