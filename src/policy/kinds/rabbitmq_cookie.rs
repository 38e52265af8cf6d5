//! The kind `rabbitmq-cookie`.

use crate::policy::Alphabet;
use crate::policy::Characters;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;

/// Lets the nodes of an Erlang cluster into each other.
pub(super) const RABBITMQ_COOKIE: Kind = Kind {
    name: "rabbitmq-cookie",
    summary: "Erlang cookie of RabbitMQ: letters and digits, 48 unless said otherwise, 255 at most",
    advice: "the same on every node and for every user of the command line, mode 0600; the whole cluster changes it at once",
    source: "RabbitMQ documentation, Erlang cookie",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("rabbitmq-cookie", &["length"])?;
    let length = shape.length.unwrap_or(48);
    if length as usize > MOST {
        return Err(ShapeError::OutOfRange {
            kind: "rabbitmq-cookie",
            field: "length",
            found: length,
            least: 22,
            most: MOST as u32,
        });
    }
    let alphabet = "base62".parse().unwrap_or(Alphabet::new(""));
    Characters::new("rabbitmq-cookie", alphabet, length).map(Recipe::Characters)
}

fn accepts(_: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    bytes::accepts_ascii(text, LEAST, MOST)?;
    if text.iter().all(u8::is_ascii_alphanumeric) {
        Ok(())
    } else {
        Err(Mismatch::Form("of letters and digits only"))
    }
}

/// Characters of a cookie that Erlang makes itself.
const LEAST: usize = 20;

/// Most characters that Erlang takes.
const MOST: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_that_erlang_takes_pass() {
        let accepts = |text: &str| accepts(&Shape::default(), text.as_bytes());

        assert_eq!(accepts("QWKXNVZDJHRTPLMBFGSA"), Ok(()));
        assert_eq!(accepts(&"a".repeat(255)), Ok(()));
        assert!(matches!(
            accepts(&"a".repeat(256)),
            Err(Mismatch::Length { found: 256, .. })
        ));
        assert_eq!(
            accepts("QWKXNVZDJHRTPLMBFGS_"),
            Err(Mismatch::Form("of letters and digits only"))
        );
    }
}
