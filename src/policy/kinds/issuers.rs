//! Formats of well-known issuers, so that a value pasted into the wrong place is noticed.

mod table;

use std::sync::OnceLock;

use regex_lite::Regex;

use crate::policy::Checksum;
use crate::policy::Mismatch;
use crate::policy::claims::payload;
use crate::secret::SecretValue;

pub use table::*;

/// Somebody who makes credentials.
#[derive(Debug)]
pub struct Issuer {
    /// What it is called.
    pub name: &'static str,
    /// Where it shows them, or an empty text where that is not known for certain.
    pub console_url: &'static str,
}

impl Issuer {
    /// Returns whether `text`, as a policy names an issuer, means this one.
    pub fn is_named(&self, text: &str) -> bool {
        let words = |text: &str| -> Vec<String> {
            text.split(|character: char| !character.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_ascii_lowercase)
                .collect()
        };
        let (own, named) = (words(self.name), words(text));
        let are_in = |some: &[String], all: &[String]| some.iter().all(|word| all.contains(word));
        !named.is_empty() && (are_in(&own, &named) || are_in(&named, &own))
    }
}

/// How the values of an issuer start.
#[derive(Debug)]
pub struct Start {
    /// The text.
    pub text: &'static str,
    /// Who makes such values.
    pub issuer: &'static Issuer,
    /// Whether such a value is public by design.
    pub public: bool,
    /// Whether such a value works in the issuer's test mode only.
    pub test_mode: bool,
}

impl Start {
    /// Returns how `value` starts, where that is known.
    pub fn of(value: &str) -> Option<&'static Self> {
        STARTS
            .iter()
            .find(|start| value.len() > start.text.len() && value.starts_with(start.text))
    }
}

/// A format of values that somebody else makes.
#[derive(Debug)]
pub struct IssuedShape {
    /// A name for it, such as `stripe-secret`.
    pub name: &'static str,
    /// Who makes such values.
    pub issuer: &'static Issuer,
    /// What every value fits.
    pub pattern: &'static str,
    /// Where to get a new one, or an empty text where that is not known for certain.
    pub console_url: &'static str,
    /// What the value alone tells.
    pub tells: Tells,
    check: Check,
    /// Length of the text that every value starts with.
    literal: usize,
}

/// What a value of a format tells about who made it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tells {
    /// Nobody else makes such values.
    Issuer,
    /// Others have taken the format up.
    Usually,
    /// Many share the format.
    Nothing,
}

impl PartialEq for IssuedShape {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl IssuedShape {
    /// Looks a format up by its name.
    pub fn find(name: &str) -> Option<&'static Self> {
        SHAPES.iter().find(|shape| shape.name == name)
    }

    /// Lists the formats.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        SHAPES.iter()
    }

    /// Returns the pattern, ready to use.
    pub fn regex(&self) -> Option<&'static Regex> {
        let place = SHAPES.iter().position(|shape| std::ptr::eq(shape, self))?;
        let regex = regexes().get(place)?;
        regex.get_or_init(|| Regex::new(self.pattern).ok()).as_ref()
    }

    /// Returns the text that every value starts with: a look at it spares most values the pattern.
    fn literal_start(&self) -> &'static [u8] {
        self.pattern.as_bytes().get(1..=self.literal).unwrap_or_default()
    }

    /// Says whether `value` has this format.
    ///
    /// # Errors
    ///
    /// What does not fit; never a character of the value.
    pub fn accepts(&self, value: &[u8]) -> Result<(), Mismatch> {
        if value.is_empty() {
            return Err(Mismatch::Empty);
        }
        let text = std::str::from_utf8(value).map_err(|_| Mismatch::Shape(self.name))?;
        if !self.regex().is_some_and(|regex| regex.is_match(text)) {
            return Err(Mismatch::Shape(self.name));
        }
        self.checks(value)
    }

    /// Returns whether a value has this format.
    pub fn fits(&self, value: &SecretValue) -> bool {
        self.accepts(value.expose()).is_ok()
    }

    /// Says what a pattern cannot say of `value`, such as whether its checksum fits.
    ///
    /// # Errors
    ///
    /// What does not fit; never a character of the value.
    pub fn checks(&self, value: &[u8]) -> Result<(), Mismatch> {
        let text = std::str::from_utf8(value).map_err(|_| Mismatch::Shape(self.name))?;
        match self.check {
            Check::None => Ok(()),
            Check::Crc32 => checksum_of_github(value),
            Check::Not(others) if others.iter().any(|other| text.starts_with(other)) => {
                Err(Mismatch::Shape(self.name))
            }
            Check::Not(_) => Ok(()),
            Check::Role(role) if role_of(text).as_deref() == Some(role) => Ok(()),
            Check::Role(_) => Err(Mismatch::Form("a JWT with the role of this key")),
        }
    }
}

/// Returns the text that every value starts with, as far as `pattern` says it letter by letter.
pub fn literal_start(pattern: &str) -> &str {
    pattern
        .get(1..=literal_length(pattern.as_bytes()))
        .unwrap_or_default()
}

/// Returns the length of that text, which stands behind the `^`.
const fn literal_length(pattern: &[u8]) -> usize {
    if pattern.is_empty() || pattern[0] != b'^' {
        return 0;
    }
    let mut end = 1;
    while end < pattern.len() && is_literal(pattern[end]) {
        end += 1;
    }
    // What a quantifier follows may be missing, and an alternative may start otherwise.
    if end < pattern.len() && matches!(pattern[end], b'*' | b'?' | b'{' | b'|') {
        return 0;
    }
    end - 1
}

const fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'/')
}

/// Returns the format that `value` has, where the value alone tells.
pub fn recognise(value: &[u8]) -> Option<&'static IssuedShape> {
    SHAPES.iter().find(|shape| {
        shape.tells != Tells::Nothing
            && value.starts_with(shape.literal_start())
            && shape.accepts(value).is_ok()
    })
}

/// Returns the format that a value has, where the value alone tells.
pub fn recognised(value: &SecretValue) -> Option<&'static IssuedShape> {
    recognise(value.expose())
}

/// What a pattern cannot say.
#[derive(Clone, Copy, Debug)]
enum Check {
    None,
    /// The last six characters are a checksum of those behind the prefix.
    Crc32,
    /// Longer prefixes that belong to somebody else.
    Not(&'static [&'static str]),
    /// The payload of a JWT names this role. The signature is not checked: the key for it is not here.
    Role(&'static str),
}

fn checksum_of_github(value: &[u8]) -> Result<(), Mismatch> {
    let (drawn, checksum) = value
        .get(4..)
        .and_then(|rest| rest.split_last_chunk::<6>())
        .ok_or(Mismatch::Checksum)?;
    if Checksum::Crc32Base62.of(drawn) == *checksum {
        Ok(())
    } else {
        Err(Mismatch::Checksum)
    }
}

fn role_of(jwt: &str) -> Option<String> {
    payload(jwt)?.get("role")?.as_str().map(str::to_owned)
}

/// The patterns, each compiled when it is first needed.
fn regexes() -> &'static [OnceLock<Option<Regex>>] {
    static REGEXES: OnceLock<Vec<OnceLock<Option<Regex>>>> = OnceLock::new();
    REGEXES.get_or_init(|| SHAPES.iter().map(|_| OnceLock::new()).collect())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn name(parts: &[&str]) -> Option<&'static str> {
        recognise(parts.concat().as_bytes()).map(|shape| shape.name)
    }

    #[test]
    fn every_pattern_is_whole_and_every_name_is_used_once() {
        for shape in SHAPES {
            assert!(Regex::new(shape.pattern).is_ok(), "{}", shape.name);
            assert!(shape.pattern.starts_with('^') && shape.pattern.ends_with('$'));
            assert!(std::ptr::eq(IssuedShape::find(shape.name).unwrap(), shape));
        }
    }

    #[test]
    fn every_shape_starts_as_its_pattern_says() {
        let start = |name: &str| literal_start(IssuedShape::find(name).unwrap().pattern);

        assert_eq!(start("stripe-secret"), "sk_");
        assert_eq!(start("slack-webhook"), "https://hooks");
        assert_eq!(start("github-token"), "gh");
        assert_eq!(start("aws-access-key-id"), "A");
        assert_eq!(start("telegram-bot"), "");
        assert_eq!(start("anthropic"), "sk");
        assert_eq!(literal_start("^sk|^pk"), "");
        assert_eq!(literal_start("sk_"), "");
        assert_eq!(literal_start("^ab?"), "");
    }

    #[test]
    fn issuers_are_known_as_policies_name_them() {
        assert!(TELEGRAM.is_named("Telegram BotFather"));
        assert!(TAP.is_named("tap payments") && TAP.is_named("Tap"));
        assert!(NEW_RELIC.is_named("New Relic") && !NEW_RELIC.is_named("our new provider"));
        assert!(SENDGRID.is_named("Gmail or SendGrid"));
        assert!(!STRIPE.is_named("Striped Horses"));
        assert!(!OPENAI.is_named("our LiteLLM server"));
    }

    #[test]
    fn starts_tell_public_and_test_keys() {
        let start = |parts: [&str; 2]| Start::of(&parts.concat());

        assert!(start(["re_", ""]).is_none());
        assert_eq!(start(["re_", "x"]).map(|start| start.issuer.name), Some("Resend"));
        assert!(start(["sk_", "test_x"]).is_some_and(|start| start.test_mode && !start.public));
        assert!(start(["pk_", "live_x"]).is_some_and(|start| start.public && !start.test_mode));
    }

    #[test]
    fn values_tell_who_made_them() {
        let (x24, x43, hex) = ["x".repeat(24), "x".repeat(43), "0f".repeat(16)].into();
        for (parts, expected) in [
            (vec!["sk_", "live_", &x24], "stripe-secret"),
            (vec!["rk_", "test_", &x24], "stripe-restricted"),
            (vec!["pk_", "live_", &x24], "stripe-publishable"),
            (vec!["AK", "IA", "ABCDEFGH23456777"], "aws-access-key-id"),
            (vec!["A", "C", &hex], "twilio-account-sid"),
            (vec!["S", "K", &hex], "twilio-api-key-sid"),
            (vec!["S", "G.", &x24[2..], ".", &x43], "sendgrid"),
            (
                vec!["github", "_pat_", &x24[2..], "_", &x43, &x24[8..]],
                "github-fine-grained",
            ),
            (vec!["xo", "xb-", "1234567890-1234567890-", &x24], "slack-bot"),
            (vec!["xa", "pp-", "1-A123-456-", &x43], "slack-app"),
            (
                vec!["https://hooks.", "slack.com/services/T00000000/B00000000/", &x24],
                "slack-webhook",
            ),
            (vec!["sb_", "secret_", &x24], "supabase-secret"),
            (vec!["https://", &hex, "@o1.ingest.sentry.io/42"], "sentry-dsn"),
            (vec!["sk-", "ant-api03-", &x43, &x43, "-"], "anthropic"),
            (vec!["sk-", "proj-", &x43], "openai"),
            (vec!["AI", "za", &x43[8..]], "google-api-key"),
            (vec!["1234567", ":A", &x43[9..]], "telegram-bot"),
            (vec!["re", "_", &x24], "resend"),
        ] {
            assert_eq!(name(&parts), Some(expected));
            assert_eq!(name(&[&parts.concat(), "\n"]), None, "{expected}");
        }
    }

    #[test]
    fn a_mistyped_token_of_github_is_noticed() {
        // A public vector, split so that scanners stay quiet.
        let token = ["gh", "p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].concat();
        let shape = IssuedShape::find("github-token").unwrap();

        assert_eq!(shape.accepts(token.as_bytes()), Ok(()));
        assert_eq!(
            shape.accepts(token.replace("17", "18").as_bytes()),
            Err(Mismatch::Checksum)
        );
    }

    #[test]
    fn the_role_in_the_payload_tells_the_keys_of_supabase_apart() {
        let key = |role: &str| {
            let parts = [
                r#"{"alg":"HS256"}"#,
                &format!(r#"{{"role":"{role}"}}"#),
                "signature",
            ];
            parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
        };

        assert_eq!(name(&[&key("anon")]), Some("supabase-anon"));
        assert_eq!(name(&[&key("service_role")]), Some("supabase-service-role"));
        assert_eq!(name(&[&key("authenticated")]), None);
    }

    #[test]
    fn formats_that_many_share_tell_nothing_and_can_still_be_asked_for() {
        let hex = "0f".repeat(16);

        assert_eq!(name(&[&hex]), None);
        for shape in ["datadog-api-key", "twilio-auth-token", "pagerduty-routing-key"] {
            let shape = IssuedShape::find(shape).unwrap();
            assert_eq!(shape.accepts(hex.as_bytes()), Ok(()));
            assert_eq!(
                shape.accepts(&hex.as_bytes()[1..]),
                Err(Mismatch::Shape(shape.name))
            );
        }
    }
}
