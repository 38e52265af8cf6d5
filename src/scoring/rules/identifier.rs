//! UUIDs (RFC 9562).

/// A recognised UUID.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::scoring) enum Identifier {
    /// Version 4: 122 random bits, if its digits look random.
    Random,
    /// Made from something else, with at most so many random bits.
    Made(u32),
}

/// Recognises a UUID in its usual form of 36 characters.
pub(in crate::scoring) fn recognise(value: &[u8]) -> Option<Identifier> {
    let dashes = [8, 13, 18, 23];
    if value.len() != 36 || dashes.iter().any(|at| value[*at] != b'-') {
        return None;
    }
    let id = uuid::Uuid::try_parse_ascii(value).ok()?;
    if id.get_variant() != uuid::Variant::RFC4122 {
        return Some(Identifier::Made(0));
    }
    // RFC 9562: a clock UUID has 14 bits of sequence and up to 48 of a random node, which is usually the
    // machine's address; version 7 has 74 random bits beside the clock.
    Some(match id.get_version_num() {
        4 => Identifier::Random,
        1 | 2 | 6 => Identifier::Made(14),
        7 => Identifier::Made(74),
        _ => Identifier::Made(0),
    })
}

/// Writes the 30 free digits of a version 4 UUID into `digits`.
pub(in crate::scoring) fn free_digits(value: &[u8], digits: &mut [u8; 30]) {
    let free = value
        .iter()
        .enumerate()
        .filter(|(at, byte)| **byte != b'-' && *at != 14 && *at != 19);
    for (digit, (_, byte)) in digits.iter_mut().zip(free) {
        *digit = *byte;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_apart() {
        for (text, expected) in [
            ("c2d0a2f0-6c1e-11ee-b962-0242ac120002", Some(Identifier::Made(14))),
            ("9b2f8c1e-4d3a-4f6b-8e7c-1a5d9f0b3c2e", Some(Identifier::Random)),
            ("9B2F8C1E-4D3A-4F6B-8E7C-1A5D9F0B3C2E", Some(Identifier::Random)),
            ("018b2f19-e79e-7d6a-a56d-29feb6211b04", Some(Identifier::Made(74))),
            ("00000000-0000-0000-0000-000000000000", Some(Identifier::Made(0))),
            ("9b2f8c1e4d3a4f6b8e7c1a5d9f0b3c2e", None),
        ] {
            assert_eq!(recognise(text.as_bytes()), expected, "{text}");
        }
    }
}
