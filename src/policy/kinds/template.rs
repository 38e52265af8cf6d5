//! The kind `template`.

use crate::policy::Mismatch;
use crate::policy::kinds::Derive;
use crate::policy::kinds::Kind;
use crate::policy::kinds::derived;

/// A text around other values.
pub(super) const TEMPLATE: Kind = Kind {
    name: "template",
    summary: "a text around other values, such as a database URL around its password (`template`)",
    advice: "write `{NAME|url}` inside a URL: a bare `@` or `/` in a password changes the host",
    accepts: |_, text| match text {
        [] => Err(Mismatch::Empty),
        _ => Ok(()),
    },
    ..derived("template", Derive::Filled)
};
