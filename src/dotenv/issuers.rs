//! Whose credentials a variable holds by its name, in the order in which names are looked up.
//!
//! Who the issuers are and what their values look like, the kinds say; names are all that is known here.

use crate::dotenv::name::Name;
use crate::policy::kinds::issuers::APPLE;
use crate::policy::kinds::issuers::AWS;
use crate::policy::kinds::issuers::CLOUDFLARE;
use crate::policy::kinds::issuers::CREEM;
use crate::policy::kinds::issuers::DATADOG;
use crate::policy::kinds::issuers::DISCORD;
use crate::policy::kinds::issuers::DUO;
use crate::policy::kinds::issuers::EXPO;
use crate::policy::kinds::issuers::FIREBASE;
use crate::policy::kinds::issuers::GITHUB;
use crate::policy::kinds::issuers::GITLAB;
use crate::policy::kinds::issuers::GOOGLE;
use crate::policy::kinds::issuers::HCAPTCHA;
use crate::policy::kinds::issuers::IssuedShape;
use crate::policy::kinds::issuers::Issuer;
use crate::policy::kinds::issuers::MAILGUN;
use crate::policy::kinds::issuers::MANSA;
use crate::policy::kinds::issuers::MAXMIND;
use crate::policy::kinds::issuers::META;
use crate::policy::kinds::issuers::NEW_RELIC;
use crate::policy::kinds::issuers::PADDLE;
use crate::policy::kinds::issuers::PAGERDUTY;
use crate::policy::kinds::issuers::PAYPAL;
use crate::policy::kinds::issuers::PM2;
use crate::policy::kinds::issuers::POSTMARK;
use crate::policy::kinds::issuers::RAZORPAY;
use crate::policy::kinds::issuers::SENTRY;
use crate::policy::kinds::issuers::SLACK;
use crate::policy::kinds::issuers::SUPABASE;
use crate::policy::kinds::issuers::TAP;
use crate::policy::kinds::issuers::TWILIO;
use crate::policy::kinds::issuers::UPSTASH;
use crate::policy::kinds::issuers::VAULT;

/// What the name of a variable says about who issues its value.
#[derive(Debug)]
pub(super) struct Named {
    /// Words of a variable's name that mean this issuer; one is enough, and none means any name.
    owners: &'static [&'static str],
    /// What the name must end in.
    tails: &'static [&'static str],
    of: Of,
}

#[derive(Debug)]
enum Of {
    /// The issuer does not matter to the form: every value fits this pattern.
    Form(&'static str),
    /// An issuer whose format is not documented, or who has several.
    Issuer(&'static Issuer),
    /// The same, with a page of its own in the console.
    Page(&'static Issuer, &'static str),
    /// A format by its name.
    Shape(&'static str),
    /// Somebody, whom the name does not tell.
    Somebody,
}

impl Named {
    /// Returns the format, if it is documented.
    pub(super) fn shape(&self) -> Option<&'static IssuedShape> {
        match self.of {
            Of::Shape(name) => IssuedShape::find(name),
            _ => None,
        }
    }

    pub(super) fn issuer(&self) -> Option<&'static Issuer> {
        match self.of {
            Of::Issuer(issuer) | Of::Page(issuer, _) => Some(issuer),
            Of::Shape(_) => self.shape().map(|shape| shape.issuer),
            Of::Form(_) | Of::Somebody => None,
        }
    }

    /// Returns where to get a new one.
    pub(super) fn console_url(&self) -> Option<&'static str> {
        let url = match self.of {
            Of::Page(_, url) => url,
            Of::Shape(_) => self.shape()?.console_url,
            _ => self.issuer()?.console_url,
        };
        Some(url).filter(|url| !url.is_empty())
    }

    /// Returns what every value fits, where that is not said by a format.
    pub(super) fn pattern(&self) -> Option<&'static str> {
        match self.of {
            Of::Form(pattern) => Some(pattern),
            _ => None,
        }
    }
}

/// Returns what the name of a variable says about who issues its value.
pub(super) fn by_name(name: &Name) -> Option<&'static Named> {
    NAMES.iter().find(|named| {
        (named.owners.is_empty() || name.has_any(named.owners)) && name.ends_in_any(named.tails)
    })
}

/// Returns whether `words` are an issuer, and nothing else.
pub(super) fn is_owner(words: &str) -> bool {
    NAMES.iter().any(|named| named.owners.contains(&words))
}

const fn row(owners: &'static [&'static str], tails: &'static [&'static str], of: Of) -> Named {
    Named { owners, tails, of }
}

const KEY: &[&str] = &["API_KEY", "APIKEY", "KEY", "TOKEN", "SECRET"];
const PASSWORD: &[&str] = &["PASSWORD", "PASS", "PWD", "PASSWD"];

// One name a line, so that the table can be read and compared.
#[rustfmt::skip]
static NAMES: &[Named] = &[
    row(&["STRIPE"], &["WEBHOOK_SECRET", "SIGNING_SECRET"], Of::Shape("stripe-webhook")),
    row(&["STRIPE"], &["KEY", "SECRET", "TOKEN"], Of::Shape("stripe-api-key")),
    row(&["TAP"], &["SECRET_KEY"], Of::Shape("tap-secret")),
    row(&["TAP"], &["WEBHOOK_SECRET", "API_KEY"], Of::Issuer(&TAP)),
    row(&["DUITKU"], &["API_KEY", "KEY"], Of::Shape("duitku-api-key")),
    row(&["MANSA"], &["API_KEY", "API_SECRET"], Of::Issuer(&MANSA)),
    row(&["CREEM"], &["API_KEY", "WEBHOOK_SECRET"], Of::Issuer(&CREEM)),
    row(&["PAYPAL"], &["SECRET", "CLIENT_SECRET"], Of::Issuer(&PAYPAL)),
    row(&["PADDLE"], &["API_KEY", "WEBHOOK_SECRET", "SECRET_KEY"], Of::Issuer(&PADDLE)),
    row(&["RAZORPAY"], &["KEY_SECRET", "SECRET"], Of::Issuer(&RAZORPAY)),
    row(&["AWS", "SES", "DYNAMODB"], &["SECRET_ACCESS_KEY"], Of::Shape("aws-secret-access-key")),
    row(&["AWS"], &["SECRET", "SECRET_KEY", "SESSION_TOKEN"], Of::Issuer(&AWS)),
    row(&[], &["SECRET_ACCESS_KEY"], Of::Somebody),
    row(&["S3", "R2", "B2", "SPACES", "WASABI", "MINIO", "STORAGE"], &["SECRET_KEY", "SECRET"], Of::Somebody),
    row(&["TWILIO"], &["AUTH_TOKEN", "TOKEN", "TWILIO_AUTH"], Of::Shape("twilio-auth-token")),
    row(&["TWILIO"], &["API_SECRET", "API_KEY_SECRET", "SECRET"], Of::Issuer(&TWILIO)),
    row(&["SENDGRID"], KEY, Of::Shape("sendgrid")),
    row(&["GITHUB", "GH"], &["TOKEN", "PAT", "CLIENT_SECRET", "PRIVATE_KEY", "APP_SECRET"], Of::Issuer(&GITHUB)),
    row(&["GITHUB"], &["GITHUB_SECRET", "OAUTH_SECRET"], Of::Page(&GITHUB, "https://github.com/settings/developers")),
    row(&["GITLAB"], &["TOKEN", "PAT", "CLIENT_SECRET"], Of::Issuer(&GITLAB)),
    row(&["SLACK"], &["WEBHOOK_URL", "WEBHOOK"], Of::Shape("slack-webhook")),
    row(&["SLACK"], &["BOT_TOKEN"], Of::Shape("slack-bot")),
    row(&["SLACK"], &["APP_TOKEN"], Of::Shape("slack-app")),
    row(&["SLACK"], &["SIGNING_SECRET"], Of::Shape("slack-signing-secret")),
    row(&["SLACK"], &["TOKEN", "SECRET"], Of::Issuer(&SLACK)),
    row(&["DISCORD"], &["WEBHOOK_URL", "WEBHOOK"], Of::Shape("discord-webhook")),
    row(&["DISCORD"], &["TOKEN", "SECRET"], Of::Issuer(&DISCORD)),
    row(&["TEAMS", "MATTERMOST", "GOOGLE_CHAT"], &["WEBHOOK_URL", "WEBHOOK"], Of::Form("^https://")),
    row(&["TELEGRAM", "TG"], &["TOKEN"], Of::Shape("telegram-bot")),
    row(&["SUPABASE"], &["SERVICE_ROLE_KEY", "SERVICE_KEY", "SECRET_KEY", "ACCESS_TOKEN"], Of::Issuer(&SUPABASE)),
    row(&[], &["SERVICE_ROLE_KEY"], Of::Issuer(&SUPABASE)),
    row(&[], &["SENTRY_DSN"], Of::Shape("sentry-dsn")),
    row(&["SENTRY"], &["TOKEN", "CLIENT_SECRET"], Of::Issuer(&SENTRY)),
    row(&["OPENAI"], KEY, Of::Shape("openai")),
    row(&["ANTHROPIC", "CLAUDE"], KEY, Of::Shape("anthropic")),
    row(&["GEMINI", "GOOGLE_MAPS"], &["API_KEY", "KEY"], Of::Shape("google-api-key")),
    row(&["GOOGLE", "GCP", "GCS"], &["API_KEY", "KEY", "SECRET", "CREDENTIALS", "CREDENTIALS_JSON", "SERVICE_ACCOUNT", "TOKEN"], Of::Issuer(&GOOGLE)),
    row(&["FIREBASE", "FCM"], &["SERVICE_ACCOUNT", "PRIVATE_KEY", "SERVER_KEY", "SERVICE_ACCOUNT_KEY", "TOKEN"], Of::Issuer(&FIREBASE)),
    row(&["MISTRAL", "GROQ", "COHERE", "DEEPSEEK", "OPENROUTER", "REPLICATE", "HUGGINGFACE", "HF", "FLUX", "AZURE_OPENAI", "XAI"], KEY, Of::Somebody),
    row(&["LITELLM_SERVER"], &["KEY"], Of::Somebody),
    row(&["MAILGUN"], &["API_KEY", "KEY", "SIGNING_KEY", "SECRET"], Of::Issuer(&MAILGUN)),
    row(&["RESEND"], KEY, Of::Shape("resend")),
    row(&["POSTMARK"], KEY, Of::Issuer(&POSTMARK)),
    row(&["BREVO", "SENDINBLUE", "MAILJET", "MAILCHIMP", "MANDRILL", "SPARKPOST", "LOOPS", "MAILERSEND"], KEY, Of::Somebody),
    row(&["SMTP", "MAIL", "EMAIL", "MAILER", "SES", "IMAP", "POP3"], PASSWORD, Of::Somebody),
    row(&["CLOUDFLARE", "CF"], KEY, Of::Issuer(&CLOUDFLARE)),
    row(&["TURNSTILE"], &["SECRET_KEY", "SECRET"], Of::Page(&CLOUDFLARE, "https://dash.cloudflare.com")),
    row(&["RECAPTCHA"], &["SECRET_KEY", "SECRET", "PRIVATE_KEY"], Of::Page(&GOOGLE, "https://www.google.com/recaptcha/admin")),
    row(&["DUO"], &["SKEY", "SECRET_KEY"], Of::Issuer(&DUO)),
    row(&["CAPTCHA", "INTERCOM", "QSTASH", "TINYBIRD", "TRIGGER", "YUBICO"], &["SECRET", "SECRET_KEY", "SIGNING_KEY", "TOKEN"], Of::Somebody),
    row(&["HCAPTCHA"], &["SECRET_KEY", "SECRET"], Of::Issuer(&HCAPTCHA)),
    row(&["DD", "DATADOG"], &["API_KEY"], Of::Shape("datadog-api-key")),
    row(&["DD", "DATADOG"], &["APP_KEY", "APPLICATION_KEY"], Of::Issuer(&DATADOG)),
    row(&["NEW_RELIC", "NEWRELIC"], &["LICENSE_KEY"], Of::Shape("new-relic-license")),
    row(&["NEW_RELIC", "NEWRELIC"], &["KEY"], Of::Issuer(&NEW_RELIC)),
    row(&["PAGERDUTY"], &["SERVICE_KEY"], Of::Shape("pagerduty-service-key")),
    row(&["PAGERDUTY"], &["ROUTING_KEY"], Of::Shape("pagerduty-routing-key")),
    row(&["PAGERDUTY"], KEY, Of::Issuer(&PAGERDUTY)),
    row(&["LOGTAIL"], &["SOURCE_TOKEN"], Of::Shape("logtail-source-token")),
    row(&["OPSGENIE", "ROLLBAR", "HONEYBADGER", "BUGSNAG", "SCOUT", "LOGTAIL", "LOGZIO", "AXIOM", "HONEYCOMB", "GRAFANA_CLOUD", "BETTERSTACK"], KEY, Of::Somebody),
    row(&["UPSTASH"], &["TOKEN", "PASSWORD"], Of::Issuer(&UPSTASH)),
    row(&["VERCEL", "NETLIFY", "RENDER", "FLY", "HEROKU", "DIGITALOCEAN", "HETZNER"], &["API_KEY", "TOKEN"], Of::Somebody),
    row(&["EXPO"], &["TOKEN"], Of::Issuer(&EXPO)),
    row(&["APNS", "APPLE"], &["KEY", "SECRET", "PRIVATE_KEY"], Of::Issuer(&APPLE)),
    row(&["PM2"], &["SECRET_KEY"], Of::Issuer(&PM2)),
    row(&["POSTHOG"], &["PERSONAL_API_KEY"], Of::Shape("posthog-personal")),
    row(&["PUSHER", "ABLY"], &["APP_SECRET", "SECRET", "API_KEY"], Of::Somebody),
    row(&["FACEBOOK", "FB", "META", "INSTAGRAM", "WHATSAPP"], &["APP_SECRET", "ACCESS_TOKEN", "PAGE_TOKEN", "CLIENT_TOKEN"], Of::Issuer(&META)),
    row(&["TWITTER", "LINKEDIN", "REDDIT", "SPOTIFY", "DROPBOX", "SHOPIFY", "NOTION", "HUBSPOT", "ALGOLIA", "CLERK", "AUTH0", "WORKOS", "KINDE", "PLAID"], &["KEY", "SECRET", "TOKEN"], Of::Somebody),
    row(&["VAULT"], &["TOKEN", "SECRET_ID"], Of::Issuer(&VAULT)),
    row(&["MAXMIND", "GEOIP"], &["LICENSE_KEY"], Of::Issuer(&MAXMIND)),
    row(&[], &["CLIENT_SECRET", "CONSUMER_SECRET", "OAUTH_SECRET"], Of::Somebody),
    row(&[], &["LICENSE_KEY", "LICENSE", "LICENSE_TEXT", "LICENCE", "LICENCE_KEY", "ACTIVATION_KEY"], Of::Somebody),
    row(&[], &["SERVICE_ACCOUNT", "SERVICE_ACCOUNT_JSON"], Of::Somebody),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_known_and_every_form_a_regular_expression() {
        for named in NAMES {
            match named.of {
                Of::Shape(name) => assert!(named.shape().is_some(), "{name}"),
                Of::Form(pattern) => assert!(regex_lite::Regex::new(pattern).is_ok(), "{pattern}"),
                _ => {}
            }
        }
    }

    #[test]
    fn the_first_fitting_row_counts() {
        let found = |name| {
            by_name(&Name::new(name))
                .and_then(Named::shape)
                .map(|shape| shape.name)
        };

        assert_eq!(found("STRIPE_WEBHOOK_SECRET"), Some("stripe-webhook"));
        assert_eq!(found("STRIPE_SECRET_KEY"), Some("stripe-api-key"));
        assert_eq!(found("DD_API_KEY"), Some("datadog-api-key"));
        assert_eq!(found("DD_APP_KEY"), None);
        assert!(by_name(&Name::new("GITHUB_WEBHOOK_SECRET")).is_none());
        assert!(by_name(&Name::new("TAPESTRY_SECRET_KEY")).is_none());
    }

    #[test]
    fn a_page_of_its_own_stands_in_place_of_the_issuers() {
        let found = |name| by_name(&Name::new(name)).and_then(Named::console_url);

        assert_eq!(found("TURNSTILE_SECRET_KEY"), Some("https://dash.cloudflare.com"));
        assert_eq!(
            found("CLOUDFLARE_API_KEY"),
            Some("https://dash.cloudflare.com/profile/api-tokens")
        );
        assert_eq!(found("VAULT_TOKEN"), None);
    }
}
