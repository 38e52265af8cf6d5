//! The kind `app-secret`.

use crate::policy::Alphabet;
use crate::policy::Characters;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// What an application encrypts and signs its own data with, of which nothing but the name is known.
pub(super) const APP_SECRET: Kind = Kind {
    name: "app-secret",
    summary: "secret that an application keeps for itself, as Nextcloud does: 48 letters and digits unless said otherwise",
    advice: "take the kind of your framework where there is one; without the old value what was encrypted is lost",
    source: "Nextcloud `config.php`, `secret` and `passwordsalt`",
    overlap: OverlapClass::DataAtRest,
    role: Role::Generated,
    floor_bits: 128,
    hazard: Some(Hazard::DataAtRest),
    consumed: None,
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("app-secret", &["length"])?;
    let alphabet = "base62".parse().unwrap_or(Alphabet::new(""));
    Characters::new("app-secret", alphabet, shape.length.unwrap_or(48)).map(Recipe::Characters)
}

/// Every character counts as it is, so any text that is long enough will do.
fn accepts(_: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    bytes::accepts_ascii(text, LEAST, usize::MAX)
}

/// Characters of a salt that Nextcloud makes itself.
const LEAST: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nextcloud_makes_itself_passes_and_a_word_does_not() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());

        assert_eq!(accepts(&"aB3/+".repeat(6)), Ok(()));
        assert!(matches!(
            accepts("changeme"),
            Err(Mismatch::Length { found: 8, .. })
        ));
    }
}
