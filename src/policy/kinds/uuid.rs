//! The kind `uuid`.

use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;

/// A random identifier.
pub(super) const UUID: Kind = Kind {
    name: "uuid",
    summary: "random UUID (version 4): an identifier, not a secret",
    advice: "names something; a policy does not accept it as a secret",
    source: "RFC 9562 §5.4, §8",
    overlap: OverlapClass::Identifier,
    role: Role::Identifier,
    floor_bits: 122,
    hazard: None,
    consumed: None,
    companions: &[],
    build: |shape| {
        shape.only("uuid", &[])?;
        Ok(Recipe::Uuid)
    },
    accepts: |_, text| {
        let parsed = uuid::Uuid::try_parse_ascii(text).ok();
        let is_one = |id: uuid::Uuid| id.get_version_num() == 4 && id.get_variant() == uuid::Variant::RFC4122;
        if parsed.is_some_and(is_one) {
            Ok(())
        } else {
            Err(Mismatch::Form("a UUID of version 4"))
        }
    },
};
