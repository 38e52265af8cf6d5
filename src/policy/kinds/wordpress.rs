//! The kind `wordpress-salts`.

use rand::CryptoRng;
use rand::RngExt;
use zeroize::Zeroizing;

use crate::policy::Alphabet;
use crate::policy::Made;
use crate::policy::Mismatch;
use crate::policy::Recipe;
use crate::policy::Shape;
use crate::policy::ShapeError;
use crate::policy::kinds::Kind;
use crate::policy::kinds::OverlapClass;
use crate::policy::kinds::Role;
use crate::secret::SecretValue;

/// The eight keys and salts of `wp-config.php`.
pub(super) const WORDPRESS: Kind = Kind {
    name: "wordpress-salts",
    summary: "the eight keys and salts of WordPress, as the lines of `wp-config.php`: 64 characters each",
    advice: "all eight change together, and everyone is logged out; there is no list of old ones",
    source: "WordPress `wp-config.php` (api.wordpress.org/secret-key)",
    overlap: OverlapClass::CutoverOnly,
    role: Role::Generated,
    floor_bits: 2048,
    hazard: None,
    consumed: None,
    companions: &[],
    build,
    accepts,
};

fn build(shape: &Shape) -> Result<Recipe, ShapeError> {
    shape.only("wordpress-salts", &[])?;
    let names: usize = NAMES.iter().map(|name| name.len()).sum();
    let punctuation = BEFORE.len() + BETWEEN.len() + AFTER.len();
    Ok(Recipe::Made(Made {
        make,
        bits: 6.0 * (NAMES.len() * LENGTH) as f64,
        min_length: names + NAMES.len() * (punctuation + LENGTH + 1) - 1,
        punctuation: "('_-, );\n",
        what: "8 lines of PHP, each with 64 characters out of 64",
    }))
}

fn make(rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    let alphabet: Alphabet = "safe".parse().ok()?;
    let mut lines = Zeroizing::new(Vec::with_capacity(MOST));
    for name in NAMES {
        if !lines.is_empty() {
            lines.push(b'\n');
        }
        lines.extend_from_slice(BEFORE);
        lines.extend_from_slice(name.as_bytes());
        lines.extend_from_slice(BETWEEN);
        for _ in 0..LENGTH {
            lines.push(*alphabet.bytes().get(rng.random_range(0..alphabet.len()))?);
        }
        lines.extend_from_slice(AFTER);
    }
    Some(SecretValue::init_with(lines.len(), |text| {
        text.copy_from_slice(&lines);
    }))
}

/// Takes the lines as the service of WordPress prints them, too: with more spaces and more punctuation.
fn accepts(_: &Shape, text: &[u8]) -> Result<(), Mismatch> {
    let text = std::str::from_utf8(text).map_err(|_| Mismatch::Form("text"))?;
    let mut values: Vec<&str> = Vec::with_capacity(NAMES.len());
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    for name in NAMES {
        let value = lines.next().and_then(|line| value_of(line, name)).ok_or(FORM)?;
        if value.len() < LENGTH {
            return Err(Mismatch::Length {
                found: value.len(),
                needed: format!("at least {LENGTH} in every line"),
                unit: "characters",
            });
        }
        if values.contains(&value) {
            return Err(Mismatch::Form("eight different values"));
        }
        values.push(value);
    }
    lines.next().map_or(Ok(()), |_| Err(FORM))
}

/// Returns the text of `define('NAME', 'text');`.
fn value_of<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = line.strip_prefix("define(")?.trim_start();
    let rest = rest.strip_prefix('\'')?.strip_prefix(name)?.strip_prefix('\'')?;
    let rest = rest.trim_start().strip_prefix(',')?.trim_start();
    let rest = rest.strip_suffix(';')?.trim_end().strip_suffix(')')?.trim_end();
    let value = rest.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'\'' && byte != b'\\';
    value.bytes().all(is_plain).then_some(value)
}

const FORM: Mismatch = Mismatch::Form("the eight `define` lines of WordPress, in order");

const NAMES: [&str; 8] = [
    "AUTH_KEY",
    "SECURE_AUTH_KEY",
    "LOGGED_IN_KEY",
    "NONCE_KEY",
    "AUTH_SALT",
    "SECURE_AUTH_SALT",
    "LOGGED_IN_SALT",
    "NONCE_SALT",
];

const BEFORE: &[u8] = b"define('";
const BETWEEN: &[u8] = b"', '";
const AFTER: &[u8] = b"');";

/// Characters of each value.
const LENGTH: usize = 64;

/// More bytes than the lines have.
const MOST: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(values: impl Fn(usize) -> String) -> String {
        let line = |(place, name): (usize, &&str)| format!("define('{name}',   '{}');\n", values(place));
        NAMES.iter().enumerate().map(line).collect()
    }

    fn check(text: &str) -> Result<(), Mismatch> {
        accepts(&Shape::default(), text.as_bytes())
    }

    #[test]
    fn what_the_service_of_wordpress_prints_passes() {
        let text = lines(|place| ["[]{} <>~`+=,.;:/?|\"$#", &place.to_string().repeat(43)].concat());

        assert_eq!(check(&text), Ok(()));
    }

    #[test]
    fn repeated_short_quoted_missing_and_swapped_lines_are_refused() {
        let good = lines(|place| place.to_string().repeat(64));
        let reversed: Vec<&str> = good.lines().rev().collect();

        assert_eq!(check(&good), Ok(()));
        assert_eq!(
            check(&lines(|_| "x".repeat(64))),
            Err(Mismatch::Form("eight different values"))
        );
        assert!(matches!(
            check(&lines(|_| "put your unique phrase here".to_owned())),
            Err(Mismatch::Length { found: 27, .. })
        ));
        assert_eq!(check(&lines(|_| "\\'".repeat(40))), Err(FORM));
        assert_eq!(check(&good[..good.len() - 40]), Err(FORM));
        assert_eq!(check(&reversed.join("\n")), Err(FORM));
        assert_eq!(check(&[good.as_str(), "x"].concat()), Err(FORM));
    }
}
