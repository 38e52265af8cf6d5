//! Whether what a program says repeats a part of a value.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE;
use zeroize::Zeroizing;

/// Returns one line of what a program complained about, which may be shown, or why it may not.
///
/// A text that repeats any [`PIECE`] bytes of a secret in a row is withheld as a whole: raw, in base64 at any
/// offset, in hexadecimal, percent-encoded or escaped as in JSON, whatever line ends and spaces are between.
pub(super) fn presentable(complaint: &[u8], secrets: &[&[u8]]) -> String {
    let cut = &complaint[..complaint.len().min(MOST_SEARCHED)];
    if secrets.iter().any(|secret| repeats(cut, secret)) {
        return "what it said is withheld, since it repeats a part of a secret".to_owned();
    }
    let text = String::from_utf8_lossy(cut);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.collect();
    // The reason stands at the end more often than at the start.
    let last = lines[lines.len().saturating_sub(MOST_LINES)..].join(" / ");
    let plain: String = last
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect();
    if plain.is_empty() {
        return "it said nothing".to_owned();
    }
    let start = plain
        .char_indices()
        .rev()
        .nth(MOST_SHOWN - 1)
        .map_or(0, |(place, _)| place);
    format!("it said: {}", &plain[start..])
}

fn repeats(text: &[u8], secret: &[u8]) -> bool {
    if secret.is_empty() {
        return false;
    }
    if secret.len() > MOST_COMPARED {
        return !text.is_empty();
    }
    let without_gaps = |bytes: &[u8]| {
        let kept = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
        Zeroizing::new(kept.collect::<Vec<u8>>())
    };
    let text = without_gaps(text);
    forms(secret).iter().any(|form| {
        let form = without_gaps(form);
        let piece = PIECE.min(form.len()).max(1);
        form.windows(piece).any(|piece| contains(&text, piece))
    })
}

fn contains(text: &[u8], piece: &[u8]) -> bool {
    text.len() >= piece.len() && text.windows(piece.len()).any(|window| window == piece)
}

/// Returns the ways in which a program may write bytes.
fn forms(secret: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut forms = vec![Zeroizing::new(secret.to_vec())];
    let lower = Zeroizing::new(hex::encode(secret));
    forms.push(Zeroizing::new(lower.to_ascii_uppercase().into_bytes()));
    forms.push(Zeroizing::new(lower.as_bytes().to_vec()));
    for offset in 0..3_usize.min(secret.len()) {
        // Whole groups only: what surrounds the value would change the digits at its edges.
        let whole = secret[offset..].chunks_exact(3).count() * 3;
        let inner = &secret[offset..offset + whole];
        forms.push(Zeroizing::new(STANDARD.encode(inner).into_bytes()));
        forms.push(Zeroizing::new(URL_SAFE.encode(inner).into_bytes()));
    }
    for upper in [true, false] {
        let mut percent = Zeroizing::new(Vec::with_capacity(3 * secret.len()));
        for byte in secret {
            match byte {
                byte if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) => percent.push(*byte),
                byte if upper => percent.extend_from_slice(format!("%{byte:02X}").as_bytes()),
                byte => percent.extend_from_slice(format!("%{byte:02x}").as_bytes()),
            }
        }
        forms.push(percent);
    }
    if let Ok(text) = std::str::from_utf8(secret) {
        let escaped = Zeroizing::new(serde_json::to_string(text).unwrap_or_default());
        forms.push(Zeroizing::new(escaped.trim_matches('"').as_bytes().to_vec()));
    }
    // A form without any byte would be found everywhere.
    forms.retain(|form| !form.is_empty());
    forms
}

/// Bytes in a row of a secret that are not shown; of a shorter one, all of it.
const PIECE: usize = 6;

/// Most bytes of a complaint that are looked at; the rest is not shown.
const MOST_SEARCHED: usize = 4_096;

/// Largest secret that is looked for, in bytes; beside a larger one nothing at all is shown.
const MOST_COMPARED: usize = 8_192;

/// Most lines that are shown.
const MOST_LINES: usize = 3;

/// Most characters that are shown.
const MOST_SHOWN: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"p\"a/s+s=w&o r\\d~Zq7";

    fn is_withheld(complaint: &[u8]) -> bool {
        presentable(complaint, &[SECRET]).contains("withheld")
    }

    #[test]
    fn no_form_of_a_value_is_shown() {
        let text = std::str::from_utf8(SECRET).unwrap();
        let prefixed = [b"ab", SECRET].concat();
        for said in [
            format!("bad value: {text}"),
            format!("bad value: {}", serde_json::to_string(text).unwrap()),
            hex::encode(SECRET),
            hex::encode_upper(SECRET),
            STANDARD.encode(SECRET),
            URL_SAFE.encode(SECRET),
            STANDARD.encode(&prefixed),
            STANDARD.encode(&prefixed[1..]),
            "x%2Fs%2Bs%3Dw%26o%20".to_owned(),
            "x%2fs%2bs%3dw%26o%20".to_owned(),
            text[5..13].to_owned(),
            text.chars().map(|one| format!("{one}\n")).collect(),
            hex::encode(SECRET).chars().map(|one| format!("{one} ")).collect(),
        ] {
            assert!(is_withheld(said.as_bytes()), "{said}");
            assert!(
                is_withheld(format!("{}\n{said}\nend", "x".repeat(500)).as_bytes()),
                "{said}"
            );
        }
        assert!(!is_withheld(b"Error: not logged in"));
        assert!(presentable(b"pin 1234 refused", &[b"1234"]).contains("withheld"));
    }

    #[test]
    fn the_end_of_a_complaint_is_shown_on_one_plain_line() {
        let said = "one\ntwo\n\n\x1b[31mthree\x1b[0m\nfour\n";

        assert_eq!(
            presentable(said.as_bytes(), &[SECRET]),
            "it said: two /  [31mthree [0m / four"
        );
        assert_eq!(presentable(b"\n", &[]), "it said nothing");
        let long = presentable("é".repeat(5_000).as_bytes(), &[SECRET]);
        assert_eq!(long.chars().count(), "it said: ".len() + MOST_SHOWN);
    }

    #[test]
    fn beside_a_large_value_nothing_is_shown() {
        assert!(presentable(b"x", &[&vec![b'y'; MOST_COMPARED + 1]]).contains("withheld"));
    }
}
