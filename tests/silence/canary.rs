//! Values to look for, in every form in which they could be written down.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use aho_corasick::MatchKind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A value of which nobody knows who made it, so that nothing but a leak can contain it.
#[derive(Clone, Copy, Debug)]
pub struct Canary {
    /// The secret that holds it.
    pub name: &'static str,
    /// The value.
    pub value: &'static [u8],
}

/// One of every sort that has been trouble somewhere.
pub const CANARIES: &[Canary] = &[
    Canary {
        name: "SHORT",
        value: b"Zq7#pV2x",
    },
    Canary {
        name: "LONG",
        value: b"wPz4tK9mB2vX7cQ1nR8sD5fG3hJ6kL0yTqEuIoAxZbNvMrCpWjSdFgHlYtUeOiKaQzXsWcDeVfRbGtNhYmJuKiLoPq1A2s3D4f5G6h7J8k9L0zMxNcBvVaSdQwErTyUi",
    },
    Canary {
        name: "LINES",
        value: b"-----BEGIN-Xk29fQ-----\nTm9uZS1vZi15b3VyLWJ1c2luZXNz\nuR4wqLz81Vb\n-----END-Xk29fQ-----",
    },
    Canary {
        name: "BINARY",
        value: b"\xff\xfeK9\x80z\x01w\xc3\x28Qp4\xf0vJ2m\x9b",
    },
    Canary {
        name: "QUOTED",
        value: b"Vy3\"k'L$HOME`x\\9{m}#T8&u;wE%40",
    },
];

/// The value of a secret of [`CANARIES`].
pub fn value(name: &str) -> &'static [u8] {
    CANARIES.iter().find(|canary| canary.name == name).unwrap().value
}

/// Finds values in bytes, in whatever form.
pub struct Detector {
    matcher: AhoCorasick,
    labels: Vec<String>,
}

impl Detector {
    /// Looks for all of [`CANARIES`] and for `others`, which are named by the first of each pair.
    pub fn new(others: &[(String, Vec<u8>)]) -> Self {
        let known = CANARIES
            .iter()
            .map(|canary| (canary.name.to_owned(), canary.value.to_vec()));
        let mut needles: Vec<Vec<u8>> = Vec::new();
        let mut labels = Vec::new();
        for (name, value) in known.chain(others.iter().cloned()) {
            for piece in pieces(&value) {
                for (form, needle) in forms(piece) {
                    if needle.len() >= SHORTEST {
                        labels.push(format!("{name} as {form}"));
                        needles.push(needle);
                    }
                }
            }
        }
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&needles)
            .unwrap();
        Self { matcher, labels }
    }

    /// Names every value that is in `bytes`, and its form there.
    pub fn find(&self, bytes: &[u8]) -> BTreeSet<&str> {
        self.matcher
            .find_overlapping_iter(bytes)
            .map(|found| self.labels[found.pattern().as_usize()].as_str())
            .collect()
    }
}

/// Cuts a value into parts that tell it: one that is shown in part has leaked too.
fn pieces(value: &[u8]) -> Vec<&[u8]> {
    if value.len() <= PIECE + PIECE / 2 {
        return vec![value];
    }
    let middle = (value.len() - PIECE) / 2;
    let mut pieces = vec![
        &value[..PIECE],
        &value[middle..middle + PIECE],
        &value[value.len() - PIECE..],
    ];
    pieces.extend(
        value
            .split(|byte| *byte == b'\n')
            .filter(|line| line.len() >= SHORTEST),
    );
    pieces
}

/// Spells bytes in every form that programs write them in.
fn forms(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let text = String::from_utf8_lossy(bytes);
    let mut forms = vec![
        ("it is", bytes.to_vec()),
        ("text", text.clone().into_owned().into_bytes()),
        ("hex", hex::encode(bytes).into_bytes()),
        ("capital hex", hex::encode_upper(bytes).into_bytes()),
        ("a JSON text", inside(&serde_json::to_string(&text).unwrap())),
        ("Rust text", inside(&format!("{text:?}"))),
        ("an escaped text", bytes.escape_ascii().collect()),
        ("a list of numbers", inside(&format!("{bytes:?}"))),
        ("a JSON list", inside(&serde_json::to_string(bytes).unwrap())),
        ("a quoted word", replaced(bytes, &[(b'\'', b"'\\''")])),
        ("a YAML text", replaced(bytes, &[(b'\'', b"''")])),
        (
            "a word in double quotes",
            replaced(
                bytes,
                &[(b'"', b"\\\""), (b'$', b"\\$"), (b'`', b"\\`"), (b'\\', b"\\\\")],
            ),
        ),
        ("an escaped word", escaped_word(bytes)),
        ("a URL", percent(bytes, true)),
        ("a lower-case URL", percent(bytes, false)),
        ("backwards", bytes.iter().rev().copied().collect()),
    ];
    for (name, engine) in [("base64", &STANDARD_NO_PAD), ("base64url", &URL_SAFE_NO_PAD)] {
        for before in 0..3 {
            forms.push((name, aligned(bytes, before, engine)));
        }
    }
    forms
}

/// Encodes `bytes` as they stand after `before` others, without the characters at both ends that others share.
fn aligned(bytes: &[u8], before: usize, engine: &impl Engine) -> Vec<u8> {
    let mut padded = vec![0; before];
    padded.extend_from_slice(bytes);
    let encoded = engine.encode(&padded).into_bytes();
    let first = (before * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    encoded[first..last].to_vec()
}

/// Takes off the first and the last character.
fn inside(text: &str) -> Vec<u8> {
    text.as_bytes()[1..text.len() - 1].to_vec()
}

fn replaced(bytes: &[u8], pairs: &[(u8, &[u8])]) -> Vec<u8> {
    let spelt = |byte: &u8| {
        let pair = pairs.iter().find(|(special, _)| special == byte);
        pair.map_or(vec![*byte], |(_, by)| by.to_vec())
    };
    bytes.iter().flat_map(spelt).collect()
}

fn escaped_word(bytes: &[u8]) -> Vec<u8> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./,:@%+=".contains(&byte) || byte >= 0x80;
    let spelt = |byte: &u8| {
        if is_plain(*byte) {
            vec![*byte]
        } else {
            vec![b'\\', *byte]
        }
    };
    bytes.iter().flat_map(spelt).collect()
}

fn percent(bytes: &[u8], capital: bool) -> Vec<u8> {
    let spelt = |byte: &u8| match byte {
        plain if plain.is_ascii_alphanumeric() || b"-._~".contains(plain) => vec![*plain],
        other if capital => format!("%{other:02X}").into_bytes(),
        other => format!("%{other:02x}").into_bytes(),
    };
    bytes.iter().flat_map(spelt).collect()
}

/// Bytes of a part that is looked for by itself.
const PIECE: usize = 16;

/// Least bytes of what is looked for: shorter ones are found by chance.
const SHORTEST: usize = 7;

#[test]
fn every_form_of_every_canary_is_found() {
    let detector = Detector::new(&[]);
    for canary in CANARIES {
        let whole = canary.value;
        let mut seen = 0;
        for (form, spelt) in forms(whole) {
            let mut around = b"before it: ".to_vec();
            around.extend_from_slice(&spelt);
            around.extend_from_slice(b" after it");
            assert!(!detector.find(&around).is_empty(), "{} as {form}", canary.name);
            seen += 1;
        }
        for before in 0..9 {
            let mut longer = vec![b'u'; before];
            longer.extend_from_slice(whole);
            longer.extend_from_slice(b"more");
            let encoded = base64::engine::general_purpose::STANDARD.encode(&longer);
            assert!(
                !detector.find(encoded.as_bytes()).is_empty(),
                "{} {before}",
                canary.name
            );
        }
        assert!(seen > 20);
    }
    assert!(detector.find(b"nothing of the kind, Zq7#pV2 neither").is_empty());
}

#[test]
fn part_of_a_canary_is_found() {
    let detector = Detector::new(&[]);

    assert!(!detector.find(&value("LONG")[..20]).is_empty());
    assert!(!detector.find(b"the second line uR4wqLz81Vb alone").is_empty());
}
