//! Follows recipes: policy and random numbers in, a value out.

mod derive;
mod time_ordered;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use chrono::Utc;
use rand::CryptoRng;
use rand::RngExt;
use zeroize::Zeroizing;

use crate::policy::Characters;
use crate::policy::Encoding;
use crate::policy::Recipe;
use crate::policy::kinds::words;
use crate::policy::reads_as_number;
use crate::secret::SecretValue;

pub use derive::DeriveError;
pub use derive::Roots;
pub use derive::derive;
pub use derive::ends_at;
pub use derive::fill;
pub use derive::holds;
pub use time_ordered::TimeOrdered;

/// Generates one value by `recipe`; `None` when the value is for somebody else to make. `now` is written into
/// identifiers that carry the time of their making, and into nothing else.
///
/// Candidates are drawn uniformly and drawn again until one meets every rule of the recipe, so each
/// acceptable value is equally likely. Placing required characters would not have this property.
pub fn generate(recipe: &Recipe, now: DateTime<Utc>, rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    loop {
        let value = candidate(recipe, now, rng)?;
        let fits = may_be_number(recipe) || !reads_as_number(value.expose());
        if fits && edges_fit(recipe, value.expose()) {
            return Some(value);
        }
    }
}

/// Returns whether values may read as numbers: digits were asked for, or the time says how they begin.
fn may_be_number(recipe: &Recipe) -> bool {
    match recipe {
        Recipe::Characters(characters) => reads_as_number(characters.alphabet().bytes()),
        Recipe::UuidV7 => true,
        _ => false,
    }
}

/// Returns whether encoded bytes begin and end as their recipe says; other recipes draw no edge that does not fit.
fn edges_fit(recipe: &Recipe, value: &[u8]) -> bool {
    let Recipe::Bytes {
        plain_edges: true, ..
    } = recipe
    else {
        return true;
    };
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric();
    value.first().is_some_and(is_plain) && value.last().is_some_and(|last| is_plain(last) || *last == b'=')
}

fn candidate(recipe: &Recipe, now: DateTime<Utc>, rng: &mut dyn CryptoRng) -> Option<SecretValue> {
    match recipe {
        Recipe::Bytes {
            bytes,
            encoding,
            prefix,
            ..
        } => Some(encoded(*bytes as usize, *encoding, prefix, rng)),
        Recipe::Characters(characters) => Some(drawn(characters, rng)),
        Recipe::Given => None,
        Recipe::Made(made) => (made.make)(rng),
        Recipe::Uuid => {
            let mut random = Zeroizing::new([0; 16]);
            rng.fill_bytes(random.as_mut());
            Some(uuid_text(uuid::Builder::from_random_bytes(*random)))
        }
        Recipe::UuidV7 => Some(TimeOrdered::default().next(now, rng)),
        Recipe::Words { words } => Some(phrase(*words as usize, rng)),
    }
}

fn uuid_text(id: uuid::Builder) -> SecretValue {
    SecretValue::init_with(36, |text| {
        id.as_uuid().hyphenated().encode_lower(text);
    })
}

fn encoded(bytes: usize, encoding: Encoding, prefix: &str, rng: &mut dyn CryptoRng) -> SecretValue {
    let mut random = Zeroizing::new(vec![0; bytes]);
    rng.fill_bytes(&mut random);
    let length = prefix.len() + encoding.length_of(bytes);
    SecretValue::init_with(length, |text| {
        let (front, rest) = text.split_at_mut(prefix.len());
        front.copy_from_slice(prefix.as_bytes());
        // The buffer has exactly the length of the encoding, so neither call can fail.
        let written = match encoding {
            Encoding::Base64 => STANDARD.encode_slice(&*random, rest).is_ok(),
            Encoding::Base64url => URL_SAFE_NO_PAD.encode_slice(&*random, rest).is_ok(),
            Encoding::Hex => hex::encode_to_slice(&*random, rest).is_ok(),
        };
        debug_assert!(written);
    })
}

fn drawn(characters: &Characters, rng: &mut dyn CryptoRng) -> SecretValue {
    let alphabet = characters.alphabet().bytes();
    let mut draw = Zeroizing::new(vec![0; characters.drawn()]);
    loop {
        for place in draw.iter_mut() {
            *place = alphabet[rng.random_range(0..alphabet.len() as u32) as usize];
        }
        if characters.accepts(&draw) {
            break;
        }
    }
    let checksum = characters.checksum().map(|checksum| checksum.of(&draw));
    let check: &[u8] = checksum.as_ref().map_or(&[], |check| check);
    let prefix = characters.prefix().as_bytes();
    SecretValue::init_with(prefix.len() + draw.len() + check.len(), |text| {
        let (front, rest) = text.split_at_mut(prefix.len());
        let (middle, end) = rest.split_at_mut(draw.len());
        front.copy_from_slice(prefix);
        middle.copy_from_slice(&draw);
        end.copy_from_slice(check);
    })
}

fn phrase(count: usize, rng: &mut dyn CryptoRng) -> SecretValue {
    let chosen: Vec<&'static str> = (0..count)
        .map(|_| words::nth(rng.random_range(0..words::count() as u32) as usize))
        .collect();
    let length = chosen.iter().map(|word| word.len() + 1).sum::<usize>() - 1;
    SecretValue::init_with(length, |text| {
        let mut rest = text;
        for (place, word) in chosen.iter().enumerate() {
            if place > 0 {
                rest[0] = b'.';
                rest = &mut rest[1..];
            }
            let (here, after) = rest.split_at_mut(word.len());
            here.copy_from_slice(word.as_bytes());
            rest = after;
        }
    })
}

#[cfg(test)]
mod tests;
