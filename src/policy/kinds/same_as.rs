//! The kind `same-as`.

use crate::policy::kinds::Derive;
use crate::policy::kinds::Kind;
use crate::policy::kinds::bytes;
use crate::policy::kinds::derived;

/// The value of another secret under a second name.
pub(super) const SAME_AS: Kind = Kind {
    name: "same-as",
    summary: "the value of another secret, where two programs must share one (`same_as`)",
    advice: "restart both programs together: they must never hold different values",
    accepts: |_, text| bytes::accepts_token(text),
    ..derived("same-as", Derive::Copied)
};
