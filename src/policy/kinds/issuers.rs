//! Formats of well-known issuers, so that a value pasted into the wrong place is noticed.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use regex_lite::Regex;
use zeroize::Zeroizing;

use crate::policy::Checksum;
use crate::policy::Mismatch;

/// A format of values that somebody else makes.
#[derive(Debug)]
pub struct IssuedShape {
    /// A name for it, such as `stripe-secret`.
    pub name: &'static str,
    /// Who makes such values.
    pub issuer: &'static str,
    /// What every value fits.
    pub pattern: &'static str,
    /// Where to get a new one, where that is known for certain.
    pub console_url: Option<&'static str>,
    /// Whether the pattern fits this issuer's values only, so that the value alone tells.
    pub telling: bool,
    check: Check,
}

impl IssuedShape {
    /// Looks a format up by its name.
    pub fn find(name: &str) -> Option<&'static Self> {
        SHAPES.iter().find(|shape| shape.name == name)
    }

    /// Says whether `value` has this format.
    ///
    /// # Errors
    ///
    /// What does not fit; never a character of the value.
    pub fn accepts(&self, value: &[u8]) -> Result<(), Mismatch> {
        let place = SHAPES.iter().position(|shape| shape.name == self.name);
        let regex = place.and_then(|place| regexes().get(place)?.as_ref());
        self.fits(value, regex)
    }

    fn fits(&self, value: &[u8], regex: Option<&Regex>) -> Result<(), Mismatch> {
        if value.is_empty() {
            return Err(Mismatch::Empty);
        }
        let text = std::str::from_utf8(value).map_err(|_| Mismatch::Pattern)?;
        if !regex.is_some_and(|regex| regex.is_match(text)) {
            return Err(Mismatch::Pattern);
        }
        match self.check {
            Check::None => Ok(()),
            Check::Crc32 => checksum_of_github(value),
            Check::Not(others) if others.iter().any(|other| text.starts_with(other)) => {
                Err(Mismatch::Pattern)
            }
            Check::Not(_) => Ok(()),
            Check::Role(role) if role_of(text).as_deref() == Some(role) => Ok(()),
            Check::Role(_) => Err(Mismatch::Form("a JWT with the role of this key")),
        }
    }
}

/// Returns the format that `value` has, where the value alone tells.
pub fn recognise(value: &[u8]) -> Option<&'static IssuedShape> {
    let tells = |(shape, regex): &(&'static IssuedShape, &Option<Regex>)| {
        shape.telling && shape.fits(value, regex.as_ref()).is_ok()
    };
    SHAPES.iter().zip(regexes()).find(tells).map(|(shape, _)| shape)
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
    let payload = jwt.split('.').nth(1)?;
    let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
    let claims: serde_json::Value = serde_json::from_slice(&payload).ok()?;
    claims.get("role")?.as_str().map(str::to_owned)
}

fn regexes() -> &'static [Option<Regex>] {
    static REGEXES: OnceLock<Vec<Option<Regex>>> = OnceLock::new();
    REGEXES.get_or_init(|| {
        SHAPES
            .iter()
            .map(|shape| Regex::new(shape.pattern).ok())
            .collect()
    })
}

const fn row(
    name: &'static str,
    issuer: &'static str,
    pattern: &'static str,
    console_url: &'static str,
) -> IssuedShape {
    IssuedShape {
        name,
        issuer,
        pattern,
        console_url: if console_url.is_empty() {
            None
        } else {
            Some(console_url)
        },
        telling: true,
        check: Check::None,
    }
}

/// A format that many issuers share.
const fn shared(
    name: &'static str,
    issuer: &'static str,
    pattern: &'static str,
    console_url: &'static str,
) -> IssuedShape {
    IssuedShape {
        telling: false,
        ..row(name, issuer, pattern, console_url)
    }
}

const fn with(check: Check, shape: IssuedShape) -> IssuedShape {
    IssuedShape { check, ..shape }
}

const JWT: &str = r"^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$";
const AWS: &str = "https://console.aws.amazon.com/iam";
const GITHUB: &str = "https://github.com/settings/tokens";
const SLACK: &str = "https://api.slack.com/apps";
const STRIPE: &str = "https://dashboard.stripe.com/apikeys";
const SUPABASE: &str = "https://supabase.com/dashboard";
const TWILIO: &str = "https://console.twilio.com";

// One format a line, so that the table can be read and compared.
#[rustfmt::skip]
static SHAPES: &[IssuedShape] = &[
    row("stripe-secret", "Stripe", "^sk_(live|test)_[A-Za-z0-9]{10,}$", STRIPE),
    row("stripe-restricted", "Stripe", "^rk_(live|test)_[A-Za-z0-9]{10,}$", STRIPE),
    row("stripe-publishable", "Stripe", "^pk_(live|test)_[A-Za-z0-9]{10,}$", STRIPE),
    // Standard Webhooks secrets start alike.
    shared("stripe-webhook", "Stripe", "^whsec_[A-Za-z0-9]{32,}$", "https://dashboard.stripe.com/webhooks"),
    row("aws-access-key-id", "AWS", "^(AKIA|ASIA)[A-Z2-7]{16}$", AWS),
    shared("aws-secret-access-key", "AWS", "^[A-Za-z0-9/+]{40}$", AWS),
    row("twilio-account-sid", "Twilio", "^AC[0-9a-f]{32}$", TWILIO),
    row("twilio-api-key-sid", "Twilio", "^SK[0-9a-f]{32}$", TWILIO),
    shared("twilio-auth-token", "Twilio", "^[0-9a-f]{32}$", TWILIO),
    row("sendgrid", "SendGrid", r"^SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$", "https://app.sendgrid.com/settings/api_keys"),
    with(Check::Crc32, row("github-token", "GitHub", "^gh[oprsu]_[A-Za-z0-9]{36}$", GITHUB)),
    row("github-fine-grained", "GitHub", "^github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}$", GITHUB),
    row("slack-bot", "Slack", "^xoxb-[0-9]{10,13}-[0-9]{10,13}-[A-Za-z0-9]{20,}$", SLACK),
    row("slack-user", "Slack", "^xoxp-([0-9]{10,13}-){2,3}[A-Za-z0-9]{20,}$", SLACK),
    row("slack-app", "Slack", "^xapp-[0-9]-[A-Z0-9]+-[0-9]+-[A-Za-z0-9]{20,}$", SLACK),
    row("slack-webhook", "Slack", r"^https://hooks\.slack\.com/(services|workflows|triggers)/[A-Za-z0-9/_-]{20,}$", SLACK),
    with(Check::Role("anon"), row("supabase-anon", "Supabase", JWT, SUPABASE)),
    with(Check::Role("service_role"), row("supabase-service-role", "Supabase", JWT, SUPABASE)),
    row("supabase-secret", "Supabase", "^sb_secret_[A-Za-z0-9_-]{20,}$", SUPABASE),
    row("supabase-publishable", "Supabase", "^sb_publishable_[A-Za-z0-9_-]{20,}$", SUPABASE),
    row("sentry-dsn", "Sentry", "^https://[0-9a-f]{32}(:[0-9a-f]{32})?@[A-Za-z0-9.-]+(:[0-9]+)?(/[^/?# ]+)*/[0-9]+$", "https://sentry.io/settings"),
    row("anthropic", "Anthropic", "^sk-ant-[a-z]+[0-9]{2}-[A-Za-z0-9_-]{80,120}$", "https://console.anthropic.com/settings/keys"),
    with(Check::Not(&["sk-ant-", "sk-or-"]), row("openai", "OpenAI", "^sk-[A-Za-z0-9_-]{32,}$", "https://platform.openai.com/api-keys")),
    row("google-api-key", "Google", "^AIza[A-Za-z0-9_-]{35}$", "https://console.cloud.google.com/apis/credentials"),
    row("telegram-bot", "Telegram", "^[0-9]{5,16}:[A-Za-z0-9_-]{35}$", "https://t.me/BotFather"),
    row("resend", "Resend", "^re_[A-Za-z0-9_]{20,}$", "https://resend.com/api-keys"),
    shared("datadog-api-key", "Datadog", "^[0-9a-f]{32}$", "https://app.datadoghq.com/organization-settings"),
    shared("new-relic-license", "New Relic", "^[A-Za-z0-9]{40}$", "https://one.newrelic.com/api-keys"),
    shared("pagerduty-routing-key", "PagerDuty", "^[A-Za-z0-9]{32}$", "https://app.pagerduty.com"),
];

#[cfg(test)]
mod tests {
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
            (vec!["1234567", ":", &x43[8..]], "telegram-bot"),
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
            assert_eq!(shape.accepts(&hex.as_bytes()[1..]), Err(Mismatch::Pattern));
        }
    }
}
