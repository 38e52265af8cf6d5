//! Values that are text in an encoding.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;
use zeroize::Zeroizing;

/// Decodes `value` when it is hexadecimal or base64 of printable text.
pub(in crate::scoring) fn text(value: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if !may_be_text(value) {
        return None;
    }
    let mut decoded = Zeroizing::new(vec![0; value.len()]);
    let length = decode(value, &mut decoded)?;
    decoded.truncate(length);
    (length >= LEAST && decoded.iter().copied().all(is_text)).then_some(decoded)
}

/// Decodes into `out`, which is as long as `value`, and returns how many bytes there are.
fn decode(value: &[u8], out: &mut [u8]) -> Option<usize> {
    let half = value.len() / 2;
    if hex::decode_to_slice(value, &mut out[..half]).is_ok() {
        return Some(half);
    }
    let standard = STANDARD.decode_slice(value, out);
    standard.or_else(|_| URL_SAFE.decode_slice(value, out)).ok()
}

/// Returns the first bytes of what `value` encodes, when its length is that of a digest.
pub(in crate::scoring) fn digest(value: &[u8]) -> Option<[u8; 8]> {
    let mut first = [0; 9];
    let length = match value.len() {
        32 | 40 | 64 | 128 if hex::decode_to_slice(value.get(..16)?, &mut first[..8]).is_ok() => 8,
        22 | 24 | 27 | 28 | 43 | 44 | 86 | 88 => STANDARD.decode_slice(value.get(..12)?, &mut first).ok()?,
        _ => 0,
    };
    if length < 8 {
        None
    } else {
        first.first_chunk().copied()
    }
}

/// Returns false for nearly all values that encode no text, by a look at the first bytes that they encode.
pub(in crate::scoring) fn may_be_text(value: &[u8]) -> bool {
    let hexadecimal = value.get(..2 * LEAST).is_some_and(|start| {
        start
            .chunks_exact(2)
            .all(|pair| matches!(pair[0], b'2'..=b'7' | b'0') && pair[1].is_ascii_hexdigit())
    });
    let mut first = Zeroizing::new([0; LEAST]);
    let start = value.get(..LEAST / 3 * 4).unwrap_or_default();
    let decodes = |engine: &GeneralPurpose, first: &mut [u8; LEAST]| {
        engine
            .decode_slice(start, first)
            .is_ok_and(|length| length == LEAST)
            && first.iter().copied().all(is_text)
    };
    let engine = if start.iter().any(|byte| b"-_".contains(byte)) {
        &URL_SAFE
    } else {
        &STANDARD
    };
    hexadecimal || decodes(engine, &mut first)
}

fn is_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}

/// Fewest bytes that are taken for text: chance makes so many of them printable once in 10,000 values.
const LEAST: usize = 9;

const OPTIONAL_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, OPTIONAL_PADDING);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, OPTIONAL_PADDING);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_found_behind_either_encoding() {
        let plain = b"an ordinary sentence";

        for encoded in [
            hex::encode(plain),
            hex::encode_upper(plain),
            STANDARD.encode(plain),
        ] {
            assert_eq!(text(encoded.as_bytes()).unwrap().as_slice(), plain);
        }
        assert!(text(b"changethissecretkeyinproduction").is_none());
        assert!(text(&[b'f'; 64]).is_none());
    }

    #[test]
    fn the_first_bytes_of_a_digest_are_decoded() {
        assert_eq!(
            digest("0123456789abcdef".repeat(4).as_bytes()),
            Some([1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef])
        );
        assert_eq!(digest(b"0123456789abcdef"), None);
    }
}
