//! The kind `password`.

use crate::policy::Alphabet;
use crate::policy::CharacterClass;
use crate::policy::Characters;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// A password for a machine to type.
pub(super) const PASSWORD: Kind = Kind {
    name: "password",
    summary: "upper and lower case letters, digits, `-` and `_`, 32 of them unless said otherwise",
    advice: "needs no quoting in URLs, env files, shells and YAML; most databases hold one at a time",
    source: "Vault password policies (rejection sampling)",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 96,
    hazard: None,
    consumed: None,
    companions: &[],
    build: |shape| build("password", shape),
    accepts: |_, text| bytes::accepts_token(text),
};

/// Returns the recipe of a password of `kind`, 32 characters unless the shape says otherwise.
pub(super) fn build(kind: &'static str, shape: &Shape) -> Result<Recipe, ShapeError> {
    let fields = ["length", "charset", "classes", "exclude", "prefix"];
    shape.only(kind, &[&fields, Shape::RULES_ON_TEXT].concat())?;
    let base = shape
        .charset
        .clone()
        .unwrap_or_else(|| SAFE.parse().unwrap_or(Alphabet::new("")));
    let alphabet = shape.alphabet(&base);
    let classes = shape.classes.clone().unwrap_or_else(|| usual_classes(&alphabet));
    Characters::new(kind, alphabet, shape.length.unwrap_or(32))?
        .with_prefix(shape.prefix.as_deref().unwrap_or_default())?
        .with_classes(classes)?
        .with_plain_edges()?
        .with_rules_of(kind, shape)
        .map(Recipe::Characters)
}

/// One upper case letter, one lower case letter and one digit, where the alphabet has them.
fn usual_classes(alphabet: &Alphabet) -> Vec<CharacterClass> {
    ["upper", "lower", "digits"]
        .iter()
        .filter_map(|name| name.parse::<Alphabet>().ok())
        .filter(|class| class.bytes().iter().any(|byte| alphabet.contains(*byte)))
        .map(|alphabet| CharacterClass {
            alphabet,
            min: 1,
            max: None,
        })
        .collect()
}

/// The default set of characters.
const SAFE: &str = "safe";
