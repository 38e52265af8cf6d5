//! The kind `langfuse`.

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

/// Encrypts the API keys and integrations that Langfuse stores.
pub(super) const LANGFUSE: Kind = Kind {
    name: "langfuse",
    summary: "`ENCRYPTION_KEY` of Langfuse: 32 random bytes as exactly 64 hexadecimal characters",
    advice: "Langfuse does not start with another length; there is no list of old keys, so enter stored credentials again",
    source: "Langfuse documentation, `ENCRYPTION_KEY` (`openssl rand -hex 32`)",
    overlap: OverlapClass::DataAtRest,
    role: Role::Generated,
    floor_bits: 256,
    hazard: Some(Hazard::DataAtRest),
    consumed: Some(KeyRule::exactly(32, Reading::Decoded(Encoding::Hex), "Langfuse")),
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("langfuse", &[])?;
    bytes::recipe("langfuse", shape, 32, Encoding::Hex)
}

fn accepts(_: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    let exact = Shape {
        bytes: Some(32),
        ..Shape::default()
    };
    bytes::accepts(&exact, text, Encoding::Hex, 32)
}
