//! How random bytes become text.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

/// How random bytes become text.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Standard base64 with padding (RFC 4648 §4).
    Base64,
    /// base64url without padding (RFC 4648 §5).
    Base64url,
    /// Lower-case hexadecimal.
    Hex,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 3] = [Self::Base64, Self::Base64url, Self::Hex];

    /// Returns the name as policies spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Base64url => "base64url",
            Self::Hex => "hex",
        }
    }

    /// Returns how many characters `bytes` bytes take.
    pub const fn length_of(self, bytes: usize) -> usize {
        match self {
            Self::Base64 => bytes.div_ceil(3) * 4,
            Self::Base64url => (bytes * 4).div_ceil(3),
            Self::Hex => bytes * 2,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_standard() {
        let sizes = [16, 24, 32, 48, 64].map(|bytes| {
            [Encoding::Hex, Encoding::Base64, Encoding::Base64url].map(|encoding| encoding.length_of(bytes))
        });

        assert_eq!(
            sizes,
            [
                [32, 24, 22],
                [48, 32, 32],
                [64, 44, 43],
                [96, 64, 64],
                [128, 88, 86]
            ]
        );
    }
}
