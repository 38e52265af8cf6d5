//! Who issues credentials and what they look like: the one place that says so.

use crate::policy::kinds::issuers::Check;
use crate::policy::kinds::issuers::IssuedShape;
use crate::policy::kinds::issuers::Issuer;
use crate::policy::kinds::issuers::Start;
use crate::policy::kinds::issuers::Tells;
use crate::policy::kinds::issuers::literal_length;

const fn issuer(name: &'static str, console_url: &'static str) -> Issuer {
    Issuer { name, console_url }
}

/// A format of one issuer alone.
const fn own(name: &'static str, issuer: &'static Issuer, pattern: &'static str) -> IssuedShape {
    IssuedShape {
        name,
        issuer,
        pattern,
        console_url: issuer.console_url,
        tells: Tells::Issuer,
        check: Check::None,
        literal: literal_length(pattern.as_bytes()),
    }
}

/// A format of one issuer before all, which others have taken up.
const fn usual(name: &'static str, issuer: &'static Issuer, pattern: &'static str) -> IssuedShape {
    IssuedShape {
        tells: Tells::Usually,
        ..own(name, issuer, pattern)
    }
}

/// A format that many issuers share.
const fn shared(name: &'static str, issuer: &'static Issuer, pattern: &'static str) -> IssuedShape {
    IssuedShape {
        tells: Tells::Nothing,
        ..own(name, issuer, pattern)
    }
}

const fn with(check: Check, shape: IssuedShape) -> IssuedShape {
    IssuedShape { check, ..shape }
}

/// A format that has a page of its own in the issuer's console.
const fn at(console_url: &'static str, shape: IssuedShape) -> IssuedShape {
    IssuedShape { console_url, ..shape }
}

const fn starts(text: &'static str, issuer: &'static Issuer) -> Start {
    Start {
        text,
        issuer,
        public: false,
        test_mode: false,
    }
}

const fn public(start: Start) -> Start {
    Start {
        public: true,
        ..start
    }
}

const fn test_mode(start: Start) -> Start {
    Start {
        test_mode: true,
        ..start
    }
}

// One issuer a line, so that the table can be read and compared.
#[rustfmt::skip]
#[expect(missing_docs, reason = "each is named by its own name")]
mod issuers {
    use super::Issuer;
    use super::issuer;

    pub static ANTHROPIC: Issuer = issuer("Anthropic", "https://console.anthropic.com/settings/keys");
    pub static APPLE: Issuer = issuer("Apple", "https://developer.apple.com/account");
    pub static AWS: Issuer = issuer("AWS", "https://console.aws.amazon.com/iam");
    pub static CLOUDFLARE: Issuer = issuer("Cloudflare", "https://dash.cloudflare.com/profile/api-tokens");
    pub static CREEM: Issuer = issuer("Creem", "https://www.creem.io/dashboard");
    pub static DATADOG: Issuer = issuer("Datadog", "https://app.datadoghq.com/organization-settings");
    pub static DIGITALOCEAN: Issuer = issuer("DigitalOcean", "");
    pub static DISCORD: Issuer = issuer("Discord", "https://discord.com/developers/applications");
    pub static DUO: Issuer = issuer("Duo", "");
    pub static DUITKU: Issuer = issuer("Duitku", "https://dashboard.duitku.com");
    pub static EXPO: Issuer = issuer("Expo", "https://expo.dev/accounts");
    pub static FIREBASE: Issuer = issuer("Firebase", "https://console.firebase.google.com");
    pub static GITHUB: Issuer = issuer("GitHub", "https://github.com/settings");
    pub static GITLAB: Issuer = issuer("GitLab", "https://gitlab.com/-/user_settings");
    pub static GMAIL: Issuer = issuer("Gmail", "https://myaccount.google.com/apppasswords");
    pub static GOOGLE: Issuer = issuer("Google", "https://console.cloud.google.com/apis/credentials");
    pub static GROQ: Issuer = issuer("Groq", "");
    pub static HCAPTCHA: Issuer = issuer("hCaptcha", "https://dashboard.hcaptcha.com");
    pub static HUGGING_FACE: Issuer = issuer("Hugging Face", "");
    pub static LINEAR: Issuer = issuer("Linear", "");
    pub static LOGTAIL: Issuer = issuer("Logtail", "");
    pub static MAILGUN: Issuer = issuer("Mailgun", "https://app.mailgun.com");
    pub static MANSA: Issuer = issuer("Mansa Transfers", "");
    pub static MAXMIND: Issuer = issuer("MaxMind", "https://www.maxmind.com/en/accounts");
    pub static META: Issuer = issuer("Meta", "https://developers.facebook.com/apps");
    pub static NEW_RELIC: Issuer = issuer("New Relic", "https://one.newrelic.com/api-keys");
    pub static NPM: Issuer = issuer("npm", "");
    pub static OPENAI: Issuer = issuer("OpenAI", "https://platform.openai.com/api-keys");
    pub static PADDLE: Issuer = issuer("Paddle", "https://vendors.paddle.com");
    pub static PAGERDUTY: Issuer = issuer("PagerDuty", "https://app.pagerduty.com");
    pub static PAYPAL: Issuer = issuer("PayPal", "https://developer.paypal.com/dashboard");
    pub static PM2: Issuer = issuer("PM2 Plus", "https://app.pm2.io");
    pub static POSTHOG: Issuer = issuer("PostHog", "https://app.posthog.com");
    pub static POSTMARK: Issuer = issuer("Postmark", "https://account.postmarkapp.com");
    pub static RAZORPAY: Issuer = issuer("Razorpay", "https://dashboard.razorpay.com");
    pub static RESEND: Issuer = issuer("Resend", "https://resend.com/api-keys");
    pub static SENDGRID: Issuer = issuer("SendGrid", "https://app.sendgrid.com/settings/api_keys");
    pub static SENTRY: Issuer = issuer("Sentry", "https://sentry.io/settings");
    pub static SHOPIFY: Issuer = issuer("Shopify", "");
    pub static SLACK: Issuer = issuer("Slack", "https://api.slack.com/apps");
    pub static STRIPE: Issuer = issuer("Stripe", "https://dashboard.stripe.com/apikeys");
    pub static SUPABASE: Issuer = issuer("Supabase", "https://supabase.com/dashboard");
    pub static TAILSCALE: Issuer = issuer("Tailscale", "");
    pub static TAP: Issuer = issuer("Tap Payments", "https://dashboard.tap.company");
    pub static TELEGRAM: Issuer = issuer("Telegram", "https://t.me/BotFather");
    pub static TWILIO: Issuer = issuer("Twilio", "https://console.twilio.com");
    pub static UPSTASH: Issuer = issuer("Upstash", "https://console.upstash.com");
    pub static VAULT: Issuer = issuer("Vault", "");
}

pub use issuers::*;

const JWT: &str = r"^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$";
const DATADOG_API_KEYS: &str = "https://app.datadoghq.com/organization-settings/api-keys";
const GITHUB_TOKENS: &str = "https://github.com/settings/tokens";
const STRIPE_WEBHOOKS: &str = "https://dashboard.stripe.com/webhooks";

// One format a line. Where lengths are not documented, only the start is asked for.
#[rustfmt::skip]
pub(super) static SHAPES: &[IssuedShape] = &[
    // Other payment services took over how the keys of Stripe start.
    usual("stripe-secret", &STRIPE, "^sk_(live|test)_[A-Za-z0-9]{10,}$"),
    usual("stripe-restricted", &STRIPE, "^rk_(live|test)_[A-Za-z0-9]{10,}$"),
    usual("stripe-publishable", &STRIPE, "^pk_(live|test)_[A-Za-z0-9]{10,}$"),
    shared("stripe-api-key", &STRIPE, "^(sk|rk)_(live|test)_[A-Za-z0-9]{10,}$"),
    // Standard Webhooks secrets start alike.
    at(STRIPE_WEBHOOKS, shared("stripe-webhook", &STRIPE, "^whsec_[A-Za-z0-9]{32,}$")),
    shared("tap-secret", &TAP, "^sk_(live|test)_[!-~]+$"),
    shared("tap-public", &TAP, "^pk_(live|test)_[!-~]+$"),
    shared("duitku-api-key", &DUITKU, "^[0-9a-f]{32}$"),
    own("aws-access-key-id", &AWS, "^A(KI|SI)A[A-Z2-7]{16}$"),
    shared("aws-secret-access-key", &AWS, "^[A-Za-z0-9/+]{40}$"),
    own("twilio-account-sid", &TWILIO, "^AC[0-9a-f]{32}$"),
    own("twilio-api-key-sid", &TWILIO, "^SK[0-9a-f]{32}$"),
    own("twilio-verify-sid", &TWILIO, "^VA[0-9a-f]{32}$"),
    shared("twilio-auth-token", &TWILIO, "^[0-9a-f]{32}$"),
    own("sendgrid", &SENDGRID, r"^SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$"),
    with(Check::Crc32, at(GITHUB_TOKENS, own("github-token", &GITHUB, "^gh[oprsu]_[A-Za-z0-9]{36}$"))),
    at(GITHUB_TOKENS, own("github-fine-grained", &GITHUB, "^github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}$")),
    own("slack-bot", &SLACK, "^xoxb-[0-9]{10,13}-[0-9]{10,13}-[A-Za-z0-9]{20,}$"),
    own("slack-user", &SLACK, "^xoxp-([0-9]{10,13}-){2,3}[A-Za-z0-9]{20,}$"),
    own("slack-app", &SLACK, "^xapp-[0-9]-[A-Z0-9]+-[0-9]+-[A-Za-z0-9]{20,}$"),
    own("slack-webhook", &SLACK, r"^https://hooks\.slack\.com/(services|workflows|triggers)/[A-Za-z0-9/_-]{20,}$"),
    shared("slack-signing-secret", &SLACK, "^[0-9a-f]{32}$"),
    own("discord-webhook", &DISCORD, r"^https://(ptb\.|canary\.)?discord(app)?\.com/api/webhooks/[!-~]+$"),
    with(Check::Role("anon"), own("supabase-anon", &SUPABASE, JWT)),
    with(Check::Role("service_role"), own("supabase-service-role", &SUPABASE, JWT)),
    own("supabase-secret", &SUPABASE, "^sb_secret_[A-Za-z0-9_-]{20,}$"),
    own("supabase-publishable", &SUPABASE, "^sb_publishable_[A-Za-z0-9_-]{20,}$"),
    own("sentry-dsn", &SENTRY, "^https://[0-9a-f]{32}(:[0-9a-f]{32})?@[A-Za-z0-9.-]+(:[0-9]+)?(/[^/?# ]+)*/[0-9]+$"),
    own("anthropic", &ANTHROPIC, "^sk-ant-[a-z]+[0-9]{2}-[A-Za-z0-9_-]{80,120}$"),
    // Proxies and compatible services took over how the keys of OpenAI start.
    with(Check::Not(&["sk-ant-", "sk-or-"]), usual("openai", &OPENAI, "^sk-[A-Za-z0-9_-]{32,}$")),
    own("google-api-key", &GOOGLE, "^AIza[A-Za-z0-9_-]{35}$"),
    shared("gmail-app-password", &GMAIL, "^[a-z]{16}$"),
    own("telegram-bot", &TELEGRAM, "^[0-9]{5,16}:A[A-Za-z0-9_-]{34}$"),
    usual("resend", &RESEND, "^re_[A-Za-z0-9_]{20,}$"),
    at(DATADOG_API_KEYS, shared("datadog-api-key", &DATADOG, "^[0-9a-f]{32}$")),
    shared("new-relic-license", &NEW_RELIC, "^[A-Za-z0-9]{40}$"),
    shared("pagerduty-routing-key", &PAGERDUTY, "^[A-Za-z0-9]{32}$"),
    shared("pagerduty-service-key", &PAGERDUTY, "^[0-9a-f]{32}$"),
    shared("logtail-source-token", &LOGTAIL, "^[A-Za-z0-9]{20,}$"),
    shared("posthog-personal", &POSTHOG, "^phx_[!-~]+$"),
];

// How values start, where no more is known of them or no more is needed.
#[rustfmt::skip]
pub(super) static STARTS: &[Start] = &[
    public(starts("pk_live_", &STRIPE)), test_mode(public(starts("pk_test_", &STRIPE))), public(starts("price_", &STRIPE)),
    starts("sk_live_", &STRIPE), test_mode(starts("sk_test_", &STRIPE)),
    starts("rk_live_", &STRIPE), test_mode(starts("rk_test_", &STRIPE)),
    starts("SG.", &SENDGRID), starts("re_", &RESEND),
    starts("ghp_", &GITHUB), starts("gho_", &GITHUB), starts("ghs_", &GITHUB), starts("github_pat_", &GITHUB),
    starts("glpat-", &GITLAB), starts("npm_", &NPM), starts("hf_", &HUGGING_FACE), starts("gsk_", &GROQ),
    starts("xoxb-", &SLACK), starts("xoxp-", &SLACK), starts("xapp-", &SLACK),
    starts("https://hooks.slack.com/", &SLACK), starts("https://discord.com/api/webhooks/", &DISCORD),
    starts("sk-ant-", &ANTHROPIC), starts("sk-proj-", &OPENAI), starts("AIza", &GOOGLE),
    public(starts("AKIA", &AWS)), public(starts("ASIA", &AWS)),
    public(starts("phc_", &POSTHOG)), starts("phx_", &POSTHOG),
    public(starts("sb_publishable_", &SUPABASE)), starts("sb_secret_", &SUPABASE),
    starts("dop_v1_", &DIGITALOCEAN), starts("shpat_", &SHOPIFY), starts("lin_api_", &LINEAR), starts("tskey-", &TAILSCALE),
];
