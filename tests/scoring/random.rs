//! Values of a CSPRNG in the formats that secrets have.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use rand::RngExt;
use rand_chacha::ChaCha20Rng;

/// A format, its bits, and how one value of it is drawn.
pub struct Format {
    pub name: &'static str,
    pub bits: f64,
    draw: Draw,
}

enum Draw {
    /// So many characters of an alphabet, behind a fixed text.
    Characters(&'static str, &'static str, usize),
    /// Groups of characters with a dash between.
    Groups(&'static str, usize, usize),
    /// Encoded bytes behind a fixed text.
    Base64(&'static str, usize),
    Base64Url(usize),
}

impl Format {
    pub fn draw(&self, rng: &mut ChaCha20Rng) -> String {
        match self.draw {
            Draw::Characters(front, alphabet, length) => front.to_owned() + &drawn(alphabet, length, rng),
            Draw::Groups(alphabet, groups, size) => (0..groups)
                .map(|_| drawn(alphabet, size, rng))
                .collect::<Vec<_>>()
                .join("-"),
            Draw::Base64(front, bytes) => front.to_owned() + &STANDARD.encode(random_bytes(bytes, rng)),
            Draw::Base64Url(bytes) => URL_SAFE_NO_PAD.encode(random_bytes(bytes, rng)),
        }
    }
}

pub fn random_bytes(count: usize, rng: &mut ChaCha20Rng) -> Vec<u8> {
    let mut bytes = vec![0; count];
    rng.fill_bytes(&mut bytes);
    bytes
}

pub fn drawn(alphabet: &str, length: usize, rng: &mut ChaCha20Rng) -> String {
    let alphabet = alphabet.as_bytes();
    (0..length)
        .map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())]))
        .collect()
}

pub const DIGITS: &str = "0123456789";
pub const HEX: &str = "0123456789abcdef";
pub const UPPER_HEX: &str = "0123456789ABCDEF";
pub const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
pub const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub const LOWER_36: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
pub const UPPER_36: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
pub const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
pub const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
pub const BASE58: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
pub const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub const NANO: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
pub const Z85: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
pub const PRINTABLE: &str =
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
pub const PASSWORD: &str = "!#%+-.=@_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

pub const FORMATS: [Format; 31] = [
    characters("hex 32", "", HEX, 32),
    characters("hex 40", "", HEX, 40),
    characters("hex 64", "", HEX, 64),
    characters("hex 128", "", HEX, 128),
    characters("HEX 32", "", UPPER_HEX, 32),
    characters("0x hex 64", "0x", HEX, 64),
    characters("digits 40", "", DIGITS, 40),
    characters("lower 28", "", LOWER, 28),
    characters("lower 48", "", LOWER, 48),
    characters("letters 24", "", LETTERS, 24),
    characters("a-z0-9 25", "", LOWER_36, 25),
    characters("A-Z0-9 25", "", UPPER_36, 25),
    characters("base32 26", "", BASE32, 26),
    characters("base32 52", "", BASE32, 52),
    characters("crockford 26", "", CROCKFORD, 26),
    characters("base58 22", "", BASE58, 22),
    characters("base62 22", "", BASE62, 22),
    characters("base62 32", "", BASE62, 32),
    characters("base62 43", "", BASE62, 43),
    characters("sk_live_ base62 24", "sk_live_", BASE62, 24),
    characters("nanoid 22", "", NANO, 22),
    characters("password 24", "", PASSWORD, 24),
    characters("z85 20", "", Z85, 20),
    characters("printable 20", "", PRINTABLE, 20),
    characters("printable 32", "", PRINTABLE, 32),
    groups("groups 5x5 A-Z0-9", UPPER_36, 5, 5),
    base64("base64 of 16", "", 16),
    base64("base64 of 32", "", 32),
    base64("base64: of 32", "base64:", 32),
    base64("whsec_ base64 of 24", "whsec_", 24),
    Format {
        name: "base64url of 64",
        bits: 512.0,
        draw: Draw::Base64Url(64),
    },
];

const fn characters(
    name: &'static str,
    front: &'static str,
    alphabet: &'static str,
    length: usize,
) -> Format {
    Format {
        name,
        bits: bits_of(alphabet.len()) * length as f64,
        draw: Draw::Characters(front, alphabet, length),
    }
}

const fn groups(name: &'static str, alphabet: &'static str, groups: usize, size: usize) -> Format {
    Format {
        name,
        bits: bits_of(alphabet.len()) * (groups * size) as f64,
        draw: Draw::Groups(alphabet, groups, size),
    }
}

const fn base64(name: &'static str, front: &'static str, bytes: usize) -> Format {
    Format {
        name,
        bits: 8.0 * bytes as f64,
        draw: Draw::Base64(front, bytes),
    }
}

/// log2 of the sizes of alphabets that occur.
const fn bits_of(size: usize) -> f64 {
    match size {
        10 => std::f64::consts::LOG2_10,
        16 => 4.0,
        26 => 4.700_439,
        32 => 5.0,
        36 => 5.169_925,
        52 => 5.700_439,
        58 => 5.857_98,
        62 => 5.954_196,
        64 => 6.0,
        71 => 6.149_747,
        85 => 6.409_39,
        94 => 6.554_588,
        _ => f64::NAN,
    }
}
