//! One line with its MAC.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ring::hmac;

/// What a MAC is made for, so that no line passes for one of another place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Domain<'a> {
    /// The kind of line, such as `ledger`.
    pub purpose: &'a str,
    /// The store.
    pub store: &'a str,
    /// The environment or the writer.
    pub place: &'a str,
}

impl Domain<'_> {
    /// Computes the MAC of `parts`, which are taken as one text.
    pub(super) fn mac(&self, key: &hmac::Key, parts: &[&[u8]]) -> String {
        let mut context = hmac::Context::with_key(key);
        for field in ["mintage", self.purpose, self.store, self.place] {
            context.update(field.as_bytes());
            context.update(b"\0");
        }
        for part in parts {
            context.update(part);
        }
        STANDARD_NO_PAD.encode(context.sign().as_ref())
    }
}

/// Puts `mac` behind the JSON object `body` as its last field.
pub(super) fn join(body: &str, mac: &str) -> String {
    let open = body.strip_suffix('}').unwrap_or(body);
    format!("{open},\"mac\":\"{mac}\"}}")
}

/// Takes a line apart into the JSON object without its MAC, and the MAC.
pub(super) fn split(line: &str) -> Option<(String, &str)> {
    let (open, mac) = line.strip_suffix("\"}")?.rsplit_once(",\"mac\":\"")?;
    Some((format!("{open}}}"), mac))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_apart_as_it_was_joined() {
        let line = join(r#"{"name":"A"}"#, "bWFj");

        assert_eq!(line, r#"{"name":"A","mac":"bWFj"}"#);
        assert_eq!(split(&line), Some((r#"{"name":"A"}"#.to_owned(), "bWFj")));
        assert_eq!(split("{}"), None);
    }

    #[test]
    fn a_mac_is_good_in_one_place_only() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[1; 32]);
        let here = Domain {
            purpose: "ledger",
            store: "s",
            place: "production",
        };
        let there = Domain {
            place: "staging",
            ..here
        };

        assert_ne!(here.mac(&key, &[b"x"]), there.mac(&key, &[b"x"]));
    }
}
