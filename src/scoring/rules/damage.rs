//! What bad pastes leave around a value.

/// Returns `value` without byte order mark, outer white space and one pair of quotes.
pub(in crate::scoring) fn undamaged(value: &[u8]) -> &[u8] {
    let value = value.strip_prefix(BYTE_ORDER_MARK).unwrap_or(value);
    match value.trim_ascii() {
        [quote @ (b'"' | b'\'' | b'`'), inside @ .., end] if quote == end => inside,
        trimmed => trimmed,
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_paste_added_is_taken_off() {
        for value in ["\u{feff}abc", " abc", "abc\n", "abc\r\n", "\"abc\"", "'abc'\n"] {
            assert_eq!(undamaged(value.as_bytes()), b"abc", "{value:?}");
        }
        for value in ["", "\"", "abc\"", "a c"] {
            assert_eq!(undamaged(value.as_bytes()), value.as_bytes());
        }
    }
}
