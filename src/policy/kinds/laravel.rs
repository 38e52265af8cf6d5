//! The kind `laravel`.

use crate::policy::Encoding;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::policy::kinds::consumed::KeyRule;
use crate::policy::kinds::consumed::Reading;

/// Encrypts cookies and columns of Laravel.
pub(super) const LARAVEL: Kind = Kind {
    name: "laravel",
    summary: "`APP_KEY` of Laravel: `base64:` and exactly 32 random bytes as base64, for AES-256",
    advice: "put the old key into APP_PREVIOUS_KEYS; encrypted columns must be written again before it goes",
    source: "Laravel `key:generate`",
    overlap: OverlapClass::AppFallbackList,
    role: Role::Generated,
    floor_bits: 256,
    hazard: Some(Hazard::DataAtRest),
    consumed: Some(KeyRule {
        prefix: PREFIX,
        ..KeyRule::exactly(32, Reading::Prefixed(Encoding::Base64), "AES-256 of Laravel")
    }),
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("laravel", &[])?;
    Ok(Recipe::Bytes {
        bytes: 32,
        encoding: Encoding::Base64,
        prefix: PREFIX.to_owned(),
        plain_edges: false,
    })
}

fn accepts(_: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    let encoded = text
        .strip_prefix(PREFIX.as_bytes())
        .ok_or_else(|| Mismatch::Prefix(PREFIX.to_owned()))?;
    let exact = Shape {
        bytes: Some(32),
        ..Shape::default()
    };
    bytes::accepts(&exact, encoded, Encoding::Base64, 32)
}

const PREFIX: &str = "base64:";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_32_bytes_behind_the_prefix_pass() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());
        let key = ["AbCd".repeat(10), "Aac=".to_owned()].concat();

        assert_eq!(accepts(&["base64:", &key].concat()), Ok(()));
        assert_eq!(accepts(&key), Err(Mismatch::Prefix("base64:".to_owned())));
        assert!(matches!(
            accepts(&["base64:", &key[..22], "=="].concat()),
            Err(Mismatch::Encoding(_) | Mismatch::Length { .. })
        ));
        assert!(matches!(
            accepts("base64:AAAAAAAAAAAAAAAAAAAAAA=="),
            Err(Mismatch::Length { found: 16, .. })
        ));
    }
}
