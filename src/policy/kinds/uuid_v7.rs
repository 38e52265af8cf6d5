//! The kind `uuid-v7`.

use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;

/// An identifier that sorts by the time of its making.
pub(super) const UUID_V7: Kind = Kind {
    name: "uuid-v7",
    summary: "UUID of the time and 74 random bits (version 7): an identifier, not a secret",
    advice: "sorts by time, so it suits primary keys, and it tells everyone when it was made",
    source: "RFC 9562 §5.7, §6.2, §8",
    overlap: OverlapClass::Identifier,
    role: Role::Identifier,
    floor_bits: 74,
    hazard: None,
    consumed: None,
    companions: &[],
    build: |shape| {
        shape.only("uuid-v7", &[])?;
        Ok(Recipe::UuidV7)
    },
    accepts: |_, text| {
        let parsed = uuid::Uuid::try_parse_ascii(text).ok();
        let is_one = |id: uuid::Uuid| id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122;
        if parsed.is_some_and(is_one) {
            Ok(())
        } else {
            Err(Mismatch::Form("a UUID of version 7"))
        }
    },
};

#[cfg(test)]
mod tests {
    use crate::policy::Kind;
    use crate::policy::Shape;

    #[test]
    fn the_example_of_rfc_9562_passes_and_other_versions_do_not() {
        let kind = Kind::find("uuid-v7").unwrap();
        let accepts = |text: &str| (kind.accepts)(&Shape::default(), text.as_bytes()).is_ok();

        // Appendix A.6, then A.1 and A.3, then a variant of its own.
        assert!(accepts("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"));
        assert!(!accepts("C232AB00-9414-11EC-B3C8-9F6BDECED846"));
        assert!(!accepts("919108f7-52d1-4320-9bac-f847db4148a8"));
        assert!(!accepts("017F22E2-79B0-7CC3-18C4-DC0C0C07398F"));
        assert!(!accepts("017F22E2"));
    }
}
