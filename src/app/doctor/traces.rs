//! Looking for values in a text, in the forms in which they get there.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::secret::SecretValue;

/// The forms of many values, sorted by their first bytes, so that one pass over a text finds all of them.
pub(super) struct Traces {
    needles: Vec<Needle>,
    starts: Zeroizing<Vec<u64>>,
}

/// One form of one value.
struct Needle {
    value: usize,
    form: SecretValue,
}

impl Needle {
    fn start(&self) -> u64 {
        start(self.form.expose()).unwrap_or_default()
    }
}

/// Where a value was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Trace {
    /// Which value.
    pub value: usize,
    /// The bytes of the text.
    pub place: Range<usize>,
}

impl Traces {
    /// Takes the forms of values; those shorter than [`SHORTEST`] bytes are left out, since chance would find them.
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a SecretValue>) -> Self {
        let mut needles = Vec::new();
        for (value, plain) in values.enumerate() {
            for form in forms(plain.expose()) {
                if form.len() >= SHORTEST && plain.len() >= SHORTEST {
                    needles.push(Needle { value, form });
                }
            }
        }
        needles.sort_by_key(Needle::start);
        let starts = Zeroizing::new(needles.iter().map(Needle::start).collect());
        Self { needles, starts }
    }

    /// Finds every value in a text; one that is there in several forms at one place is found once.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Trace> {
        let mut found: Vec<Trace> = Vec::new();
        for place in 0..text.len() {
            let Some(here) = start(&text[place..]) else {
                break;
            };
            let first = self.starts.partition_point(|start| *start < here);
            let likely = self.starts[first..].iter().take_while(|start| **start == here);
            for needle in &self.needles[first..first + likely.count()] {
                let form = needle.form.expose();
                if text[place..].starts_with(form) {
                    let trace = Trace {
                        value: needle.value,
                        place: place..place + form.len(),
                    };
                    let is_known = found
                        .iter()
                        .any(|one| one.value == trace.value && one.place.start == place);
                    if !is_known {
                        found.push(trace);
                    }
                }
            }
        }
        found
    }
}

/// Spells a value raw, in base64, in hexadecimal and as part of a URL.
fn forms(value: &[u8]) -> Vec<SecretValue> {
    let value = value.strip_suffix(b"\n").unwrap_or(value);
    let mut forms = vec![SecretValue::init_with(value.len(), |form| {
        form.copy_from_slice(value)
    })];
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        let mut encoded = Zeroizing::new(vec![0; value.len().div_ceil(3) * 4]);
        if let Ok(length) = engine.encode_slice(value, &mut encoded) {
            forms.push(SecretValue::init_with(length, |form| {
                form.copy_from_slice(&encoded[..length])
            }));
        }
    }
    for digits in [b"0123456789abcdef", b"0123456789ABCDEF"] {
        forms.push(SecretValue::init_with(2 * value.len(), |form| {
            for (pair, byte) in form.chunks_exact_mut(2).zip(value) {
                pair[0] = digits[usize::from(byte >> 4)];
                pair[1] = digits[usize::from(byte & 15)];
            }
        }));
        let mut url = Zeroizing::new(Vec::with_capacity(3 * value.len()));
        for byte in value {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
                url.push(*byte);
            } else {
                url.extend([
                    b'%',
                    digits[usize::from(byte >> 4)],
                    digits[usize::from(byte & 15)],
                ]);
            }
        }
        forms.push(SecretValue::init_with(url.len(), |form| {
            form.copy_from_slice(&url)
        }));
    }
    forms
}

fn start(text: &[u8]) -> Option<u64> {
    text.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// Fewest bytes of a value that is looked for.
pub(super) const SHORTEST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &[u8] = b"p@ss/w\xc3\xb6rd+=?";

    fn found(text: &[u8]) -> usize {
        let values = [
            SecretValue::new(VALUE.to_vec()),
            SecretValue::new(b"short".to_vec()),
        ];
        Traces::of(values.iter()).find(text).len()
    }

    #[test]
    fn every_form_is_found_in_the_middle_of_a_line() {
        for form in [
            VALUE,
            b"cEBzcy93w7ZyZCs9Pw==",
            b"cEBzcy93w7ZyZCs9Pw",
            b"704073732f77c3b672642b3d3f",
            b"704073732F77C3B672642B3D3F",
            b"p%40ss%2fw%c3%b6rd%2b%3d%3f",
            b"p%40ss%2Fw%C3%B6rd%2B%3D%3F",
        ] {
            let text = [b"curl -u 'x:", form, b"' https://example.com"].concat();
            assert_eq!(found(&text), 1, "{}", String::from_utf8_lossy(form));
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(found(b""), 0);
        assert_eq!(found(b"echo short p@ss/word"), 0);
        assert_eq!(found(&VALUE[..VALUE.len() - 1]), 0);
    }

    #[test]
    fn a_value_that_is_there_twice_is_found_twice() {
        assert_eq!(found(&[VALUE, b"\n", VALUE].concat()), 2);
    }
}
