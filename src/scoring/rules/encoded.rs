//! Values that are text in an encoding, or bytes that count.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;
use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

/// Decodes `value` when it is printable text in hexadecimal, base64, base32 or escapes (`\x41`, `%41`).
pub(in crate::scoring) fn text(value: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if let Some(text) = unescaped(value) {
        return Some(text);
    }
    if !may_be_text(value) {
        return None;
    }
    let mut decoded = Zeroizing::new(vec![0; value.len()]);
    let is_kept = |decoded: &mut Zeroizing<Vec<u8>>, length: usize| {
        let fits = length >= LEAST && decoded[..length].iter().copied().all(is_text);
        if fits {
            decoded.truncate(length);
        }
        fits
    };
    let found = [decode_base32, decode]
        .into_iter()
        .any(|decode| decode(value, &mut decoded).is_some_and(|length| is_kept(&mut decoded, length)));
    found.then_some(decoded)
}

/// Returns whether `value` is hexadecimal or base64 of eight bytes or more that count up or down by one step.
pub(in crate::scoring) fn is_counted(value: &[u8]) -> bool {
    let mut decoded = Zeroizing::new([0; 64]);
    let front = &value[..value.len().min(48)];
    let front = front
        .strip_suffix(b"==")
        .or(front.strip_suffix(b"="))
        .unwrap_or(front);
    let Some(bytes) = decode(front, &mut *decoded).and_then(|length| decoded.get(..length)) else {
        return false;
    };
    let steps = |bytes: &[u8]| bytes[1].wrapping_sub(bytes[0]);
    bytes.len() >= LEAST - 1 && steps(bytes) != 0 && bytes.windows(2).all(|pair| steps(pair) == steps(bytes))
}

/// Decodes into `out`, which is as long as `value`, and returns how many bytes there are.
fn decode(value: &[u8], out: &mut [u8]) -> Option<usize> {
    let half = value.len() / 2;
    if hex::decode_to_slice(value, out.get_mut(..half)?).is_ok() {
        return Some(half);
    }
    let standard = STANDARD.decode_slice(value, out);
    standard.or_else(|_| URL_SAFE.decode_slice(value, out)).ok()
}

fn decode_base32(value: &[u8], out: &mut [u8]) -> Option<usize> {
    let end = value
        .iter()
        .rposition(|byte| *byte != b'=')
        .map_or(0, |last| last + 1);
    let upper = Zeroizing::new(value[..end].to_ascii_uppercase());
    let length = BASE32_NOPAD.decode_len(upper.len()).ok()?;
    BASE32_NOPAD.decode_mut(&upper, out.get_mut(..length)?).ok()
}

/// Decodes `value` when escapes make up most of it.
fn unescaped(value: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let marks = value.iter().filter(|byte| matches!(byte, b'\\' | b'%')).count();
    if marks < LEAST || 4 * marks < value.len() {
        return None;
    }
    let mut text = Zeroizing::new(Vec::with_capacity(value.len()));
    let mut rest = value;
    while let [first, behind @ ..] = rest {
        let digits = match rest {
            [b'\\', b'x', digits @ ..] | [b'\\', b'u', b'0', b'0', digits @ ..] | [b'%', digits @ ..] => {
                digits
            }
            _ => &[],
        };
        let mut byte = [0];
        let decoded = digits
            .get(..2)
            .is_some_and(|pair| hex::decode_to_slice(pair, &mut byte).is_ok());
        text.push(if decoded { byte[0] } else { *first });
        rest = if decoded { &digits[2..] } else { behind };
    }
    text.iter().copied().all(is_text).then_some(text)
}

/// Returns the first bytes of what `value` encodes, when its length is that of a digest.
pub(in crate::scoring) fn digest(value: &[u8]) -> Option<[u8; 8]> {
    let mut first = [0; 9];
    let length = match value.len() {
        32 | 40 | 64 | 128 if hex::decode_to_slice(value.get(..16)?, &mut first[..8]).is_ok() => 8,
        22 | 24 | 27 | 28 | 43 | 44 | 86 | 88 => {
            let engine = if value.iter().any(|byte| b"-_".contains(byte)) {
                &URL_SAFE
            } else {
                &STANDARD
            };
            engine.decode_slice(value.get(..12)?, &mut first).ok()?
        }
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
    let mut first = Zeroizing::new([0; LEAST + 1]);
    let start = value.get(..LEAST / 3 * 4).unwrap_or_default();
    let decodes = |engine: &GeneralPurpose, first: &mut [u8]| {
        engine
            .decode_slice(start, first)
            .is_ok_and(|length| length == LEAST)
            && first[..LEAST].iter().copied().all(is_text)
    };
    let engine = if start.iter().any(|byte| b"-_".contains(byte)) {
        &URL_SAFE
    } else {
        &STANDARD
    };
    let base32 = |first: &mut [u8]| {
        let start = value.get(..16).unwrap_or_default();
        decode_base32(start, first).is_some_and(|length| length > LEAST) && first.iter().copied().all(is_text)
    };
    hexadecimal || decodes(engine, &mut *first) || base32(&mut *first)
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
    fn text_is_found_behind_every_encoding() {
        let plain = b"an ordinary sentence";

        let escaped: String = plain.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        for encoded in [
            hex::encode(plain),
            hex::encode_upper(plain),
            STANDARD.encode(plain),
            data_encoding::BASE32.encode(plain),
            data_encoding::BASE32_NOPAD.encode(plain).to_lowercase(),
            escaped.clone(),
            escaped.replace("\\x", "%"),
        ] {
            assert_eq!(text(encoded.as_bytes()).unwrap().as_slice(), plain, "{encoded}");
        }
        assert!(text(b"changethissecretkeyinproduction").is_none());
        assert!(text(&[b'f'; 64]).is_none());
    }

    #[test]
    fn bytes_that_count_are_found() {
        for value in [
            "000102030405060708090a0b0c0d0e0f",
            "8d9eafc0d1e2f30415263748596a7b8c",
            "AAECAwQFBgcICQoLDA0ODw==",
        ] {
            assert!(is_counted(value.as_bytes()), "{value}");
        }
        assert!(!is_counted(b"3f9c1e77ab0452d8c6e1f20b9a7d8345"));
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
