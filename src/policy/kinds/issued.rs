//! The kind `issued`.

use crate::policy::Recipe;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Made by somebody else.
pub(super) const ISSUED: Kind = Kind {
    name: "issued",
    summary: "made by a third party: tracked and aged, never minted",
    advice: "say `shape`, or `issuer`, `console_url` and `pattern`, in the policy, so that a wrong paste is noticed",
    source: "the issuer's console",
    overlap: OverlapClass::Issued,
    role: Role::Issued,
    floor_bits: 0,
    hazard: None,
    consumed: None,
    companions: &[],
    build: |shape| {
        shape.only("issued", &[])?;
        Ok(Recipe::Given)
    },
    accepts: |_, text| bytes::accepts_token(text),
};
