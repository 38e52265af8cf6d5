//! From the fields of a secret to the shape that it asks for, and back to the field that cannot be had.

use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::document::Place;
use crate::policy::document::SecretWire;
use crate::policy::secret_build::value;

/// Returns what the secret itself asks of its kind.
pub(super) fn shape_of(wire: &SecretWire) -> Shape {
    Shape {
        bytes: value(&wire.bytes),
        length: value(&wire.length),
        words: value(&wire.words),
        encoding: value(&wire.encoding),
        charset: value(&wire.charset),
        classes: value(&wire.classes),
        exclude: value(&wire.exclude),
        avoid_ambiguous: value(&wire.avoid_ambiguous),
        first: value(&wire.first),
        last: value(&wire.last),
        max_consecutive: value(&wire.max_consecutive),
        prefix: value(&wire.prefix),
        checksum: value(&wire.checksum),
    }
}

/// Returns the place of the field that a refused shape is about, as far as the secret itself sets it.
pub(super) fn place_of<'a>(wire: &'a SecretWire, error: &ShapeError) -> Option<&'a Place> {
    let fields = [
        ("bytes", wire.bytes.as_ref().map(|at| &at.place)),
        ("length", wire.length.as_ref().map(|at| &at.place)),
        ("words", wire.words.as_ref().map(|at| &at.place)),
        ("encoding", wire.encoding.as_ref().map(|at| &at.place)),
        ("charset", wire.charset.as_ref().map(|at| &at.place)),
        ("classes", wire.classes.as_ref().map(|at| &at.place)),
        ("exclude", wire.exclude.as_ref().map(|at| &at.place)),
        (
            "avoid_ambiguous",
            wire.avoid_ambiguous.as_ref().map(|at| &at.place),
        ),
        ("first", wire.first.as_ref().map(|at| &at.place)),
        ("last", wire.last.as_ref().map(|at| &at.place)),
        (
            "max_consecutive",
            wire.max_consecutive.as_ref().map(|at| &at.place),
        ),
        ("prefix", wire.prefix.as_ref().map(|at| &at.place)),
        ("checksum", wire.checksum.as_ref().map(|at| &at.place)),
        ("decoded_bytes", wire.decoded_bytes.as_ref().map(|at| &at.place)),
    ];
    blamed(&fields, error)
}

/// Returns the place of the field, out of those that are set, that a refused shape is about.
pub(super) fn blamed<'a>(
    fields: &[(&'static str, Option<&'a Place>)],
    error: &ShapeError,
) -> Option<&'a Place> {
    let of = |field: &str| {
        let name = field.split_whitespace().next().unwrap_or_default();
        fields.iter().find(|(known, _)| *known == name)?.1
    };
    let asked = match error {
        ShapeError::Conflict { second, .. } => of(second),
        ShapeError::EmptyAlphabet => of("exclude").or(of("classes")).or(of("charset")),
        ShapeError::EmptyClass { .. } | ShapeError::TooFew { .. } => of("classes"),
        ShapeError::Rare { .. } => of("classes").or(of("max_consecutive")),
        ShapeError::EmptyEnd { field }
        | ShapeError::NotApplicable { field, .. }
        | ShapeError::OutOfRange { field, .. } => return of(field),
        ShapeError::Prefix => of("prefix"),
        _ => None,
    };
    asked.or_else(|| fields.iter().find_map(|(_, place)| *place))
}
