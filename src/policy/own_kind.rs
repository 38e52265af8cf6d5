//! Kinds that a policy declares itself, under `[kinds.NAME]`.

use regex_lite::Regex;

use crate::policy::Alphabet;
use crate::policy::Characters;
use crate::policy::Checksum;
use crate::policy::Encoding;
use crate::policy::Kind;
use crate::policy::Mismatch;
use crate::policy::OverlapClass;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::characters::check_prefix;
use crate::policy::document::At;
use crate::policy::document::KindWire;
use crate::policy::document::Place;
use crate::policy::document::Problems;
use crate::policy::errors::PolicyErrorKind;
use crate::policy::kinds::Role;
use crate::policy::sample::samples;
use crate::policy::shape_build::blamed;

/// The kind behind every kind that a policy declares itself. It is not in the registry.
pub(crate) const CUSTOM: Kind = Kind {
    name: "custom",
    summary: "a kind that the policy declares itself",
    advice: "declare a prefix and a checksum, so that scanners and typists notice a broken value",
    source: "the policy",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[],
    build,
    accepts,
};

/// A kind that a policy declares itself.
#[derive(Clone, Debug)]
pub(crate) struct OwnKind {
    pub(crate) shape: Shape,
    pub(crate) pattern: Option<Regex>,
}

impl OwnKind {
    /// Parses a kind and refuses one that cannot be made or is too weak.
    pub(crate) fn build(name: &At<String>, wire: KindWire, problems: &mut Problems) -> Option<Self> {
        if let Some(text) = refused_name(&name.value) {
            problems.add(&name.place, PolicyErrorKind::Contradiction(text));
            return None;
        }
        if wire.broken {
            return None;
        }
        let places = KindPlaces::of(name, &wire);
        let shape = Shape {
            bytes: wire.bytes.map(|at| at.value),
            length: wire.length.map(|at| at.value),
            words: None,
            encoding: wire.encoding.map(|at| at.value),
            charset: wire.charset.map(|at| at.value),
            classes: wire.classes.map(|at| at.value),
            exclude: wire.exclude.map(|at| at.value),
            avoid_ambiguous: wire.avoid_ambiguous.map(|at| at.value),
            first: wire.first.map(|at| at.value),
            last: wire.last.map(|at| at.value),
            max_consecutive: wire.max_consecutive.map(|at| at.value),
            prefix: wire.prefix.map(|at| at.value),
            checksum: wire.checksum.map(|at| at.value),
        };
        let recipe = match CUSTOM.recipe(&shape) {
            Ok(recipe) => recipe,
            Err(error) => {
                problems.add(places.blamed(&error), PolicyErrorKind::Shape(error));
                return None;
            }
        };
        if let Some(pattern) = &wire.pattern {
            always_fits(pattern, &recipe, problems);
        }
        Some(Self {
            shape,
            pattern: wire.pattern.map(|at| at.value),
        })
    }
}

/// Says why a kind cannot have this name.
fn refused_name(name: &str) -> Option<String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    if !first || name.len() > LONGEST_NAME || !name.bytes().all(allowed) {
        let text = "a kind is named with lower-case letters, digits and `-`, at most 32 of them";
        return Some(text.to_owned());
    }
    let known = Kind::find(name).is_some() || name == CUSTOM.name;
    known.then(|| format!("kind `{name}` is built in: choose another name"))
}

/// Where the fields of a kind stand.
struct KindPlaces {
    name: Place,
    fields: Vec<(&'static str, Option<Place>)>,
}

impl KindPlaces {
    fn of(name: &At<String>, wire: &KindWire) -> Self {
        fn place<T>(field: &Option<At<T>>) -> Option<Place> {
            field.as_ref().map(|at| at.place.clone())
        }
        let fields = vec![
            ("length", place(&wire.length)),
            ("bytes", place(&wire.bytes)),
            ("encoding", place(&wire.encoding)),
            ("charset", place(&wire.charset)),
            ("classes", place(&wire.classes)),
            ("exclude", place(&wire.exclude)),
            ("avoid_ambiguous", place(&wire.avoid_ambiguous)),
            ("first", place(&wire.first)),
            ("last", place(&wire.last)),
            ("max_consecutive", place(&wire.max_consecutive)),
            ("prefix", place(&wire.prefix)),
            ("checksum", place(&wire.checksum)),
        ];
        let name = name.place.clone();
        Self { name, fields }
    }

    /// Returns the place that a refused shape is about.
    fn blamed(&self, error: &ShapeError) -> &Place {
        let fields: Vec<_> = self
            .fields
            .iter()
            .map(|(field, place)| (*field, place.as_ref()))
            .collect();
        blamed(&fields, error).unwrap_or(&self.name)
    }
}

/// Notes a pattern that values of the kind do not fit: it checks what is brought in, and shapes nothing that is made.
fn always_fits(pattern: &At<Regex>, recipe: &Recipe, problems: &mut Problems) {
    let samples = samples(recipe);
    let fitting = samples
        .iter()
        .filter(|sample| pattern.value.is_match(sample))
        .count();
    if fitting < samples.len() {
        let kind = PolicyErrorKind::unmatched(recipe.describe(), fitting, samples.len());
        problems.add(&pattern.place, kind);
    }
}

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    if shape.bytes.is_some() || shape.encoding.is_some() {
        return build_bytes(shape);
    }
    let fields = ["length", "charset", "classes", "exclude", "prefix", "checksum"];
    shape.only(CUSTOM.name, &[&fields, Shape::RULES_ON_TEXT].concat())?;
    let classes = shape.classes.clone().unwrap_or_default();
    let base = match (&shape.charset, classes.is_empty()) {
        (Some(charset), _) => charset.clone(),
        (None, true) => "base62".parse().unwrap_or(Alphabet::new("")),
        (None, false) => union(classes.iter().map(|class| &class.alphabet)),
    };
    let alphabet = shape.alphabet(&base);
    let prefix = shape.prefix.as_deref().unwrap_or_default();
    check_prefix(prefix)?;
    let fixed = prefix.len() + shape.checksum.map_or(0, Checksum::length);
    let length = shape.length.unwrap_or(DRAWN + u32::try_from(fixed).unwrap_or(0));
    let mut characters = Characters::new(CUSTOM.name, alphabet, length)?.with_prefix(prefix)?;
    if let Some(checksum) = shape.checksum {
        characters = characters.with_checksum(checksum)?;
    }
    characters
        .with_classes(classes)?
        .with_rules_of(CUSTOM.name, shape)
        .map(Recipe::Characters)
}

fn build_bytes(shape: &Shape) -> Result<Recipe, ShapeError> {
    if shape.bytes.is_some() && shape.length.is_some() {
        return Err(ShapeError::Conflict {
            first: "bytes",
            second: "length",
        });
    }
    shape.only(CUSTOM.name, &["bytes", "encoding", "prefix"])?;
    let prefix = shape.prefix.clone().unwrap_or_default();
    check_prefix(&prefix)?;
    let bytes = shape.bytes.unwrap_or(32);
    if !(1..=MAX_BYTES).contains(&bytes) {
        return Err(ShapeError::OutOfRange {
            kind: CUSTOM.name,
            field: "bytes",
            found: bytes,
            least: 1,
            most: MAX_BYTES,
        });
    }
    Ok(Recipe::Bytes {
        bytes,
        encoding: shape.encoding.unwrap_or(Encoding::Hex),
        prefix,
        plain_edges: false,
    })
}

fn accepts(shape: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    if text.is_empty() {
        return Err(Mismatch::Empty);
    }
    let prefix = shape.prefix.as_deref().unwrap_or_default();
    let rest = text
        .strip_prefix(prefix.as_bytes())
        .ok_or_else(|| Mismatch::Prefix(prefix.to_owned()))?;
    match build(shape) {
        Ok(Recipe::Bytes { bytes, encoding, .. }) => decodes(rest, encoding, bytes),
        Ok(Recipe::Characters(characters)) => fits(&characters, shape.length, text.len(), rest),
        _ => Err(Mismatch::Form("of a shape that can be made")),
    }
}

/// Accepts text that decodes to exactly `bytes` bytes, by the rule of the built-in kind of that encoding.
pub(crate) fn decodes(text: &[u8], encoding: Encoding, bytes: u32) -> Result<(), Mismatch> {
    let shape = Shape {
        bytes: Some(bytes),
        ..Shape::default()
    };
    Kind::find(encoding.name()).map_or(Err(Mismatch::Encoding(encoding)), |kind| {
        (kind.accepts)(&shape, text)
    })
}

fn fits(characters: &Characters, length: Option<u32>, found: usize, rest: &[u8]) -> Result<(), Mismatch> {
    if let Some(length) = length.filter(|length| *length as usize != found) {
        return Err(Mismatch::Length {
            found,
            needed: length.to_string(),
            unit: "characters",
        });
    }
    let drawn = match characters.checksum() {
        None => rest,
        Some(checksum) => {
            let (drawn, check) = rest.split_last_chunk::<6>().ok_or(Mismatch::Checksum)?;
            if checksum.of(drawn) != *check {
                return Err(Mismatch::Checksum);
            }
            drawn
        }
    };
    if !drawn.iter().all(|byte| characters.alphabet().contains(*byte)) {
        return Err(Mismatch::Form("made of the characters of its kind"));
    }
    if !characters.accepts(drawn) {
        return Err(Mismatch::Form(
            "within the rules of its kind: `classes`, `first`, `last`, `max_consecutive`",
        ));
    }
    Ok(())
}

fn union<'a>(alphabets: impl Iterator<Item = &'a Alphabet>) -> Alphabet {
    let characters: String = alphabets
        .flat_map(|alphabet| alphabet.bytes().iter().copied().map(char::from))
        .collect();
    Alphabet::new(&characters)
}

/// Characters drawn unless a length is given: 190 bits of base62.
const DRAWN: u32 = 32;

/// Longest name of a kind, in bytes.
const LONGEST_NAME: usize = 32;

/// Most random bytes of one value.
const MAX_BYTES: u32 = 1_024;
