//! Where the drawn characters of a value are, and what each of them can be.

use std::collections::BTreeMap;
use std::ops::Range;

use mintage::policy::CharacterClass;
use mintage::policy::Characters;
use mintage::policy::Encoding;
use mintage::policy::Kind;
use mintage::policy::Recipe;

/// Places of a value whose characters have the same distribution.
pub struct Group {
    pub places: Range<usize>,
    /// What the characters can be, and how often in proportion.
    pub symbols: Vec<(u8, f64)>,
}

/// Kinds whose values are no drawn characters, and why.
pub const NOT_DRAWN: [(&str, &str); 8] = [
    ("age-identity", "Bech32 of a clamped key, with its checksum"),
    ("jwt-eddsa", "a key in PKCS#8"),
    ("jwt-es256", "a key in PKCS#8: a number below the order of P-256"),
    ("jwt-rs256", "two primes in PKCS#8"),
    ("ssh-ed25519", "a key and its public key in the format of OpenSSH"),
    (
        "uuid-v7",
        "begins with the time; its random bits are those of `uuid`",
    ),
    ("webhook-ed25519", "a seed and the public key of it"),
    ("wireguard", "32 bytes of which five bits are fixed"),
];

/// Returns the groups of values of a kind; none where the values are words.
pub fn groups(kind: &Kind, recipe: &Recipe, sample: &[u8]) -> Vec<Group> {
    match recipe {
        Recipe::Bytes {
            bytes,
            encoding,
            prefix,
            plain_edges,
        } => of_bytes(*bytes as usize, *encoding, prefix.len(), *plain_edges),
        Recipe::Characters(characters) => of_characters(characters),
        Recipe::Uuid => of_uuid(),
        Recipe::Words { .. } => Vec::new(),
        _ => of_made(kind.name, sample),
    }
}

/// Made kinds that are characters after all.
fn of_made(kind: &str, sample: &[u8]) -> Vec<Group> {
    match kind {
        "fernet" => of_bytes_with(BASE64URL, 32, 0),
        "totp" => vec![group(0..32, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")],
        "wireguard-psk" => of_bytes_with(BASE64, 32, 0),
        "wordpress-salts" => salts(sample),
        _ => panic!("say here where the characters of `{kind}` are, or in NOT_DRAWN why it has none"),
    }
}

/// The 64 characters between the last two quotes of every line.
fn salts(sample: &[u8]) -> Vec<Group> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in sample.split(|byte| *byte == b'\n') {
        let end = start + line.iter().rposition(|byte| *byte == b'\'').unwrap();
        found.push(group(end - 64..end, BASE64URL));
        start += line.len() + 1;
    }
    assert_eq!(found.len(), 8);
    found
}

fn of_bytes(bytes: usize, encoding: Encoding, prefix: usize, plain_edges: bool) -> Vec<Group> {
    let alphabet = match encoding {
        Encoding::Base64 => BASE64,
        Encoding::Base64url => BASE64URL,
        Encoding::Hex => return vec![group(prefix..prefix + 2 * bytes, b"0123456789abcdef")],
    };
    let mut groups = of_bytes_with(alphabet, bytes, prefix);
    if plain_edges {
        let is_padded = encoding == Encoding::Base64 && !bytes.is_multiple_of(3);
        if prefix == 0 {
            let inner = &mut groups[0].places;
            inner.start += 1;
            groups.push(group(0..1, &alphanumeric(alphabet)));
        }
        if !is_padded {
            let last = groups.remove(1);
            let symbols: Vec<u8> = last.symbols.iter().map(|(symbol, _)| *symbol).collect();
            groups.push(group(last.places, &alphanumeric(&symbols)));
        }
    }
    groups
}

/// Whole groups of 6 bits, and a last character that holds what is left: 2 or 4 bits of the last byte, or 6.
fn of_bytes_with(alphabet: &[u8], bytes: usize, prefix: usize) -> Vec<Group> {
    let last = prefix + (bytes * 8).div_ceil(6) - 1;
    let step = match bytes % 3 {
        1 => 16,
        2 => 4,
        _ => 1,
    };
    let reachable: Vec<u8> = alphabet.iter().step_by(step).copied().collect();
    vec![group(prefix..last, alphabet), group(last..last + 1, &reachable)]
}

/// Each symbol is as frequent as there are strings around it that meet the rules: those for ends and classes.
pub fn of_characters(characters: &Characters) -> Vec<Group> {
    let (start, drawn) = (characters.prefix().len(), characters.drawn());
    let inner = characters.alphabet().bytes();
    let [first, last] = characters
        .ends()
        .map(|end| end.map_or(inner, |narrower| narrower.bytes()));
    let group = |places: Range<usize>, own: &[u8], ends: &[&[u8]]| {
        let others: Vec<&[u8]> = [ends.to_vec(), vec![inner; drawn - 1 - ends.len()]].concat();
        let shares = own
            .iter()
            .map(|symbol| (*symbol, ways(characters.classes(), *symbol, &others)));
        Group {
            places,
            symbols: shares.collect(),
        }
    };
    vec![
        group(start + 1..start + drawn - 1, inner, &[first, last]),
        group(start..start + 1, first, &[last]),
        group(start + drawn - 1..start + drawn, last, &[first]),
    ]
}

/// Returns the share of strings with `symbol` in one place, and characters out of `others` in the others, that have
/// enough of every class.
fn ways(classes: &[CharacterClass], symbol: u8, others: &[&[u8]]) -> f64 {
    let after = |missing: &[u32], symbol: u8| -> Vec<u32> {
        let counts = classes.iter().zip(missing);
        let left =
            counts.map(|(class, left)| left.saturating_sub(u32::from(class.alphabet.contains(symbol))));
        left.collect()
    };
    let all: Vec<u32> = classes.iter().map(|class| class.min).collect();
    let mut weights = BTreeMap::from([(after(&all, symbol), 1.0)]);
    for symbols in others {
        let mut next = BTreeMap::new();
        for (missing, weight) in &weights {
            for symbol in *symbols {
                *next.entry(after(missing, *symbol)).or_insert(0.0) += weight / symbols.len() as f64;
            }
        }
        weights = next;
    }
    weights.get(&vec![0; classes.len()]).copied().unwrap_or(0.0)
}

/// RFC 9562: version 4 and a variant of two bits, the rest random.
fn of_uuid() -> Vec<Group> {
    let hex = b"0123456789abcdef";
    vec![
        group(0..8, hex),
        group(9..13, hex),
        group(15..18, hex),
        group(19..20, b"89ab"),
        group(20..23, hex),
        group(24..36, hex),
    ]
}

fn group(places: Range<usize>, symbols: &[u8]) -> Group {
    Group {
        places,
        symbols: symbols.iter().map(|symbol| (*symbol, 1.0)).collect(),
    }
}

fn alphanumeric(symbols: &[u8]) -> Vec<u8> {
    symbols
        .iter()
        .copied()
        .filter(u8::is_ascii_alphanumeric)
        .collect()
}

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
