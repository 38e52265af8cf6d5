//! Entries of gopass.

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
    program: "gopass",
    variable: "PASSWORD_STORE_DIR",
    homes: &[".local/share/gopass/stores/root", ".password-store"],
    extensions: &["gpg", "age"],
};
