//! Who issues what: credentials that a third party makes, in the order in which they are looked up.

use crate::dotenv::name::Name;

/// Somebody who issues credentials.
#[derive(Debug)]
pub(super) struct Issuer {
    /// Words of a variable's name that mean this issuer; one is enough, and none means any name.
    owners: &'static [&'static str],
    /// What the name must end in.
    tails: &'static [&'static str],
    /// The issuer, or an empty text when the name does not say.
    name: &'static str,
    /// Where to get a new one.
    pub(super) console_url: &'static str,
    /// What every value fits, if that is documented.
    pattern: &'static str,
}

impl Issuer {
    pub(super) fn name(&self) -> Option<&'static str> {
        Some(self.name).filter(|name| !name.is_empty())
    }

    pub(super) fn console_url(&self) -> Option<&'static str> {
        Some(self.console_url).filter(|url| !url.is_empty())
    }

    pub(super) fn pattern(&self) -> Option<&'static str> {
        Some(self.pattern).filter(|pattern| !pattern.is_empty())
    }
}

/// How the values of an issuer start.
#[derive(Debug)]
pub(super) struct Prefix {
    text: &'static str,
    /// The issuer.
    pub(super) issuer: &'static str,
    /// Whether such a value is public by design.
    pub(super) public: bool,
}

/// Returns the issuer of a variable of this name.
pub(super) fn by_name(name: &Name) -> Option<&'static Issuer> {
    ISSUERS.iter().find(|issuer| {
        (issuer.owners.is_empty() || name.has_any(issuer.owners)) && name.ends_in_any(issuer.tails)
    })
}

/// Returns the prefix of an issuer that `value` starts with.
pub(super) fn by_value(value: &str) -> Option<&'static Prefix> {
    PREFIXES
        .iter()
        .find(|prefix| value.len() > prefix.text.len() && value.starts_with(prefix.text))
}

const fn row(
    owners: &'static [&'static str],
    tails: &'static [&'static str],
    name: &'static str,
    console_url: &'static str,
    pattern: &'static str,
) -> Issuer {
    Issuer {
        owners,
        tails,
        name,
        console_url,
        pattern,
    }
}

const fn starts(text: &'static str, issuer: &'static str) -> Prefix {
    Prefix {
        text,
        issuer,
        public: false,
    }
}

const fn public(text: &'static str, issuer: &'static str) -> Prefix {
    Prefix {
        text,
        issuer,
        public: true,
    }
}

const KEY: &[&str] = &["API_KEY", "APIKEY", "KEY", "TOKEN", "SECRET"];
const PASSWORD: &[&str] = &["PASSWORD", "PASS", "PWD", "PASSWD"];

// One issuer a line, so that the table can be read and compared.
#[rustfmt::skip]
const ISSUERS: &[Issuer] = &[
    row(&["STRIPE"], &["WEBHOOK_SECRET", "SIGNING_SECRET"], "Stripe", "https://dashboard.stripe.com/webhooks", "^whsec_"),
    row(&["STRIPE"], &["KEY", "SECRET", "TOKEN"], "Stripe", "https://dashboard.stripe.com/apikeys", "^(sk|rk)_(live|test)_[A-Za-z0-9]{10,}$"),
    row(&["TAP"], &["SECRET_KEY"], "Tap Payments", "https://dashboard.tap.company", "^sk_(live|test)_"),
    row(&["TAP"], &["WEBHOOK_SECRET", "API_KEY"], "Tap Payments", "https://dashboard.tap.company", ""),
    row(&["DUITKU"], &["API_KEY", "KEY"], "Duitku", "https://dashboard.duitku.com", ""),
    row(&["MANSA"], &["API_KEY", "API_SECRET"], "Mansa Transfers", "", ""),
    row(&["CREEM"], &["API_KEY", "WEBHOOK_SECRET"], "Creem", "https://www.creem.io/dashboard", ""),
    row(&["PAYPAL"], &["SECRET", "CLIENT_SECRET"], "PayPal", "https://developer.paypal.com/dashboard", ""),
    row(&["PADDLE"], &["API_KEY", "WEBHOOK_SECRET", "SECRET_KEY"], "Paddle", "https://vendors.paddle.com", ""),
    row(&["RAZORPAY"], &["KEY_SECRET", "SECRET"], "Razorpay", "https://dashboard.razorpay.com", ""),
    row(&["AWS", "SES", "DYNAMODB"], &["SECRET_ACCESS_KEY"], "AWS", "https://console.aws.amazon.com/iam", "^[A-Za-z0-9/+=]{40}$"),
    row(&["AWS"], &["SECRET", "SECRET_KEY", "SESSION_TOKEN"], "AWS", "https://console.aws.amazon.com/iam", ""),
    row(&[], &["SECRET_ACCESS_KEY"], "", "", ""),
    row(&["S3", "R2", "B2", "SPACES", "WASABI", "MINIO", "STORAGE"], &["SECRET_KEY", "SECRET"], "", "", ""),
    row(&["TWILIO"], &["AUTH_TOKEN", "TOKEN"], "Twilio", "https://console.twilio.com", "^[0-9a-f]{32}$"),
    row(&["TWILIO"], &["API_SECRET", "API_KEY_SECRET", "SECRET"], "Twilio", "https://console.twilio.com", ""),
    row(&["SENDGRID"], KEY, "SendGrid", "https://app.sendgrid.com/settings/api_keys", "^SG\\."),
    row(&["GITHUB", "GH"], &["TOKEN", "PAT", "CLIENT_SECRET", "PRIVATE_KEY", "APP_SECRET"], "GitHub", "https://github.com/settings", ""),
    row(&["GITHUB"], &["GITHUB_SECRET", "OAUTH_SECRET"], "GitHub", "https://github.com/settings/developers", ""),
    row(&["GITLAB"], &["TOKEN", "PAT", "CLIENT_SECRET"], "GitLab", "https://gitlab.com/-/user_settings", ""),
    row(&["SLACK"], &["WEBHOOK_URL", "WEBHOOK"], "Slack", "https://api.slack.com/apps", "^https://hooks\\.slack\\.com/(services|workflows|triggers)/"),
    row(&["SLACK"], &["BOT_TOKEN"], "Slack", "https://api.slack.com/apps", "^xoxb-"),
    row(&["SLACK"], &["APP_TOKEN"], "Slack", "https://api.slack.com/apps", "^xapp-"),
    row(&["SLACK"], &["TOKEN", "SECRET"], "Slack", "https://api.slack.com/apps", ""),
    row(&["DISCORD"], &["WEBHOOK_URL", "WEBHOOK"], "Discord", "https://discord.com/developers/applications", "^https://(ptb\\.|canary\\.)?discord(app)?\\.com/api/webhooks/"),
    row(&["DISCORD"], &["TOKEN", "SECRET"], "Discord", "https://discord.com/developers/applications", ""),
    row(&["TEAMS", "MATTERMOST", "GOOGLE_CHAT"], &["WEBHOOK_URL", "WEBHOOK"], "", "", "^https://"),
    row(&["TELEGRAM", "TG"], &["TOKEN"], "Telegram", "https://t.me/BotFather", "^[0-9]{5,16}:[A-Za-z0-9_-]{35}$"),
    row(&["SUPABASE"], &["SERVICE_ROLE_KEY", "SERVICE_KEY", "SECRET_KEY", "ACCESS_TOKEN"], "Supabase", "https://supabase.com/dashboard", ""),
    row(&[], &["SERVICE_ROLE_KEY"], "Supabase", "https://supabase.com/dashboard", ""),
    row(&[], &["SENTRY_DSN"], "Sentry", "https://sentry.io/settings", "^https://[0-9a-f]{32}(:[0-9a-f]{32})?@[^/]+/.*[0-9]$"),
    row(&["SENTRY"], &["TOKEN", "CLIENT_SECRET"], "Sentry", "https://sentry.io/settings", ""),
    row(&["OPENAI"], KEY, "OpenAI", "https://platform.openai.com/api-keys", "^sk-"),
    row(&["ANTHROPIC", "CLAUDE"], KEY, "Anthropic", "https://console.anthropic.com/settings/keys", "^sk-ant-"),
    row(&["GEMINI", "GOOGLE_MAPS"], &["API_KEY", "KEY"], "Google", "https://console.cloud.google.com/apis/credentials", "^AIza"),
    row(&["GOOGLE", "GCP", "GCS"], &["API_KEY", "KEY", "SECRET", "CREDENTIALS", "CREDENTIALS_JSON", "SERVICE_ACCOUNT", "TOKEN"], "Google", "https://console.cloud.google.com/apis/credentials", ""),
    row(&["FIREBASE", "FCM"], &["SERVICE_ACCOUNT", "PRIVATE_KEY", "SERVER_KEY", "SERVICE_ACCOUNT_KEY", "TOKEN"], "Firebase", "https://console.firebase.google.com", ""),
    row(&["MISTRAL", "GROQ", "COHERE", "DEEPSEEK", "OPENROUTER", "REPLICATE", "HUGGINGFACE", "HF", "FLUX", "AZURE_OPENAI", "XAI"], KEY, "", "", ""),
    row(&["LITELLM_SERVER"], &["KEY"], "", "", ""),
    row(&["MAILGUN"], &["API_KEY", "KEY", "SIGNING_KEY", "SECRET"], "Mailgun", "https://app.mailgun.com", ""),
    row(&["RESEND"], KEY, "Resend", "https://resend.com/api-keys", "^re_"),
    row(&["POSTMARK"], KEY, "Postmark", "https://account.postmarkapp.com", ""),
    row(&["BREVO", "SENDINBLUE", "MAILJET", "MAILCHIMP", "MANDRILL", "SPARKPOST", "LOOPS", "MAILERSEND"], KEY, "", "", ""),
    row(&["SMTP", "MAIL", "EMAIL", "MAILER", "SES"], PASSWORD, "", "", ""),
    row(&["CLOUDFLARE", "CF"], KEY, "Cloudflare", "https://dash.cloudflare.com/profile/api-tokens", ""),
    row(&["TURNSTILE"], &["SECRET_KEY", "SECRET"], "Cloudflare", "https://dash.cloudflare.com", ""),
    row(&["RECAPTCHA"], &["SECRET_KEY", "SECRET", "PRIVATE_KEY"], "Google", "https://www.google.com/recaptcha/admin", ""),
    row(&["HCAPTCHA"], &["SECRET_KEY", "SECRET"], "hCaptcha", "https://dashboard.hcaptcha.com", ""),
    row(&["DD", "DATADOG"], &["API_KEY", "APP_KEY", "APPLICATION_KEY"], "Datadog", "https://app.datadoghq.com/organization-settings", ""),
    row(&["NEW_RELIC", "NEWRELIC"], &["KEY"], "New Relic", "https://one.newrelic.com/api-keys", ""),
    row(&["PAGERDUTY"], KEY, "PagerDuty", "https://app.pagerduty.com", ""),
    row(&["OPSGENIE", "ROLLBAR", "HONEYBADGER", "BUGSNAG", "SCOUT", "LOGTAIL", "LOGZIO", "AXIOM", "HONEYCOMB", "GRAFANA_CLOUD", "BETTERSTACK"], KEY, "", "", ""),
    row(&["UPSTASH"], &["TOKEN", "PASSWORD"], "Upstash", "https://console.upstash.com", ""),
    row(&["VERCEL", "NETLIFY", "RENDER", "FLY", "HEROKU", "DIGITALOCEAN", "HETZNER"], &["API_KEY", "TOKEN"], "", "", ""),
    row(&["EXPO"], &["TOKEN"], "Expo", "https://expo.dev/accounts", ""),
    row(&["APNS", "APPLE"], &["KEY", "SECRET", "PRIVATE_KEY"], "Apple", "https://developer.apple.com/account", ""),
    row(&["PM2"], &["SECRET_KEY"], "PM2 Plus", "https://app.pm2.io", ""),
    row(&["POSTHOG"], &["PERSONAL_API_KEY"], "PostHog", "https://app.posthog.com", "^phx_"),
    row(&["PUSHER", "ABLY"], &["APP_SECRET", "SECRET", "API_KEY"], "", "", ""),
    row(&["FACEBOOK", "FB", "META", "INSTAGRAM", "WHATSAPP"], &["APP_SECRET", "ACCESS_TOKEN", "PAGE_TOKEN", "CLIENT_TOKEN"], "Meta", "https://developers.facebook.com/apps", ""),
    row(&["TWITTER", "LINKEDIN", "REDDIT", "SPOTIFY", "DROPBOX", "SHOPIFY", "NOTION", "HUBSPOT", "ALGOLIA", "CLERK", "AUTH0", "WORKOS", "KINDE", "PLAID"], &["KEY", "SECRET", "TOKEN"], "", "", ""),
    row(&["VAULT"], &["TOKEN", "SECRET_ID"], "Vault", "", ""),
    row(&["MAXMIND", "GEOIP"], &["LICENSE_KEY"], "MaxMind", "https://www.maxmind.com/en/accounts", ""),
    row(&[], &["CLIENT_SECRET", "CONSUMER_SECRET", "OAUTH_SECRET"], "", "", ""),
    row(&[], &["LICENSE_KEY", "LICENSE", "LICENCE_KEY", "ACTIVATION_KEY"], "", "", ""),
    row(&[], &["SERVICE_ACCOUNT", "SERVICE_ACCOUNT_JSON"], "", "", ""),
];

#[rustfmt::skip]
const PREFIXES: &[Prefix] = &[
    public("pk_live_", "Stripe"), public("pk_test_", "Stripe"), public("price_", "Stripe"),
    starts("sk_live_", "Stripe"), starts("sk_test_", "Stripe"), starts("rk_live_", "Stripe"), starts("rk_test_", "Stripe"),
    starts("SG.", "SendGrid"), starts("re_", "Resend"),
    starts("ghp_", "GitHub"), starts("gho_", "GitHub"), starts("ghs_", "GitHub"), starts("github_pat_", "GitHub"),
    starts("glpat-", "GitLab"), starts("npm_", "npm"), starts("hf_", "Hugging Face"), starts("gsk_", "Groq"),
    starts("xoxb-", "Slack"), starts("xoxp-", "Slack"), starts("xapp-", "Slack"),
    starts("https://hooks.slack.com/", "Slack"), starts("https://discord.com/api/webhooks/", "Discord"),
    starts("sk-ant-", "Anthropic"), starts("sk-proj-", "OpenAI"), starts("AIza", "Google"),
    public("AKIA", "AWS"), public("ASIA", "AWS"),
    public("phc_", "PostHog"), starts("phx_", "PostHog"),
    public("sb_publishable_", "Supabase"), starts("sb_secret_", "Supabase"),
    starts("dop_v1_", "DigitalOcean"), starts("shpat_", "Shopify"), starts("lin_api_", "Linear"), starts("tskey-", "Tailscale"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_regular_expressions() {
        for issuer in ISSUERS {
            assert!(
                regex_lite::Regex::new(issuer.pattern).is_ok(),
                "{}",
                issuer.pattern
            );
        }
    }

    #[test]
    fn the_first_fitting_row_counts() {
        let found = |name| by_name(&Name::new(name)).and_then(Issuer::pattern);

        assert_eq!(found("STRIPE_WEBHOOK_SECRET"), Some("^whsec_"));
        assert!(found("STRIPE_SECRET_KEY").is_some_and(|pattern| pattern.starts_with("^(sk|rk)")));
        assert!(by_name(&Name::new("GITHUB_WEBHOOK_SECRET")).is_none());
        assert!(by_name(&Name::new("TAPESTRY_SECRET_KEY")).is_none());
    }

    #[test]
    fn a_bare_prefix_is_no_token() {
        assert!(by_value("re_").is_none());
        assert_eq!(by_value("re_x").map(|prefix| prefix.issuer), Some("Resend"));
    }
}
