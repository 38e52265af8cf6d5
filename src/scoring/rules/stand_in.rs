//! What stands where a value should be: nothing, templates, masks and references.

use crate::scoring::rules;
use crate::scoring::rules::Rule;

/// Recognises what stands in for a value, and says by which rule.
pub(in crate::scoring) fn recognise(value: &[u8]) -> Option<Rule> {
    let is = |words: &[&str]| {
        words
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
    };
    if value.is_empty() || is(&NOTHING) {
        Some(rules::EMPTY)
    } else if REFERENCES.iter().any(|start| value.starts_with(start.as_bytes())) {
        Some(rules::REFERENCE)
    } else if is_template(value) || is_masked(value) {
        Some(rules::TEMPLATE)
    } else if is(&FILL_INS) {
        Some(rules::PLACEHOLDER)
    } else {
        None
    }
}

/// Returns whether there is a `${NAME…}`, `{{…}}` or `$(…)`, or the whole is `<…>`, `[…]` or `%…%`.
fn is_template(value: &[u8]) -> bool {
    let plain = |text: &[u8]| {
        text.iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b" _.-".contains(byte))
    };
    let framed = match value {
        [b'<', inside @ .., b'>'] | [b'[', inside @ .., b']'] | [b'%', inside @ .., b'%'] => plain(inside),
        _ => false,
    };
    let is_worded = value.iter().filter(|byte| byte.is_ascii_digit()).count() < 3;
    framed && is_worded
        || holds(value, b"${", b"}", 3)
        || holds(value, b"{{", b"}}", 1)
        || holds(value, b"$(", b")", 4)
}

/// Returns whether `open`, at least so many name characters and, somewhere behind them, `close` occur.
///
/// The name keeps chance out: random printable characters hold `${` and a later `}` too often.
fn holds(value: &[u8], open: &[u8], close: &[u8], least: usize) -> bool {
    let front = &value[..value.len().min(FRONT)];
    front.windows(open.len()).enumerate().any(|(at, window)| {
        if window != open {
            return false;
        }
        let rest = &front[at + window.len()..];
        let name = rest
            .iter()
            .position(|byte| !byte.is_ascii_alphanumeric() && !b" _.-".contains(byte))
            .unwrap_or(rest.len());
        let behind = rest.get(name..).unwrap_or_default();
        // `${NAME:-default}` and `$(command | other)` go on behind the name, and are the whole value.
        let goes_on =
            at == 0 && behind.ends_with(close) && GOES_ON.iter().any(|sign| behind.starts_with(sign));
        let is_worded = close == b"}}" || is_of_one_case(&rest[..name]);
        name >= least && is_worded && (behind.starts_with(close) || goes_on)
    })
}

/// Returns whether letters are all capitals or none is, and at most a quarter are digits.
fn is_of_one_case(name: &[u8]) -> bool {
    let digits = name.iter().filter(|byte| byte.is_ascii_digit()).count();
    4 * digits <= name.len()
        && !(name.iter().any(u8::is_ascii_lowercase) && name.iter().any(u8::is_ascii_uppercase))
}

/// Returns whether the value was blacked out: four asterisks or bullets, or the word that says so.
fn is_masked(value: &[u8]) -> bool {
    let inside = value
        .trim_ascii_start()
        .strip_prefix(b"[")
        .and_then(|rest| rest.strip_suffix(b"]"))
        .unwrap_or(value);
    let bullets = inside.len() >= 3
        && (inside.iter().all(|byte| b"*.?#".contains(byte)) || inside.chunks(3).all(|part| part == BULLET));
    let stars = inside
        .chunk_by(|left, right| left == right)
        .any(|run| run.len() >= 4 && run[0] == b'*');
    bullets || stars || inside.eq_ignore_ascii_case(b"redacted") || inside.eq_ignore_ascii_case(b"masked")
}

/// What follows the name in a template that goes on.
const GOES_ON: [&[u8]; 9] = [b":-", b":?", b":+", b":=", b"/", b" ", b"|", b">", b"+"];

/// Bytes that are searched for template syntax.
const FRONT: usize = 4_096;

const BULLET: &[u8] = b"\xe2\x80\xa2";

const NOTHING: [&str; 10] = [
    "-",
    "disabled",
    "false",
    "ignored",
    "n/a",
    "nil",
    "none",
    "null",
    "true",
    "undefined",
];

/// Words that hold a place in example files.
const FILL_INS: [&str; 6] = ["dev", "test", "testing", "tbd", "x", "xx"];

/// How password managers, sops, vals, dotenvx and Vault spell a reference.
const REFERENCES: [&str; 5] = ["ENC[", "encrypted:", "op://", "ref+", "vault:"];

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(value: &str) -> Option<&'static str> {
        recognise(value.as_bytes()).map(|rule| rule.id)
    }

    #[test]
    fn what_stands_in_for_a_value_is_told_apart() {
        for (value, expected) in [
            ("", "empty"),
            ("null", "empty"),
            ("None", "empty"),
            ("disabled", "empty"),
            ("op://vault/item/field", "reference"),
            (
                "encrypted:BDqDBibm4wsYqMpCjTQ6BsDHmMadg9K3dAt+Z9HPMfLEIRVz50hmLXPXRuDBXaJi",
                "reference",
            ),
            ("ENC[AES256_GCM,data:abc]", "reference"),
            ("ref+vault://a/b", "reference"),
            ("vault:secret/data/x", "reference"),
            ("${OTHER}", "template"),
            ("${JWT_SECRET:-change-me-in-production-now}", "template"),
            ("prefix-${OTHER}-suffix", "template"),
            ("{{ .Values.x }}", "template"),
            ("$(openssl rand -hex 32)", "template"),
            ("<your key>", "template"),
            ("[insert here]", "template"),
            ("%JWT_SECRET%", "template"),
            ("REDACTED", "template"),
            ("[REDACTED]", "template"),
            ("********", "template"),
            ("sk_live_****abcd", "template"),
            ("\u{2022}\u{2022}\u{2022}\u{2022}", "template"),
            ("test", "placeholder"),
        ] {
            assert_eq!(rule(value), Some(expected), "{value}");
        }
        for value in [
            "zoologist",
            "a$b{c}d",
            "<]x",
            "9<4>",
            "k-${S5N1}}U",
            "q$(VOBNrV)e",
        ] {
            assert_eq!(rule(value), None, "{value}");
        }
    }
}
