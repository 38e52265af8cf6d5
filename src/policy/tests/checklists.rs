//! The five checklists: what each of them names, its preset declares, and as what.

use std::collections::BTreeSet;

use crate::policy::CertificateSource;
use crate::policy::Policy;
use crate::policy::Preset;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::Role;
use crate::policy::tests::contract::secret;
use crate::policy::tests::contract::variable;

/// What a name is: a secret that we make, one that its issuer makes, or a variable.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Is {
    Made,
    Issued,
    Variable,
}

struct Checklist {
    preset: &'static str,
    made: &'static [&'static str],
    issued: &'static [&'static str],
    variables: &'static [&'static str],
    /// What production cannot do without.
    required: &'static [&'static str],
}

const CHECKLISTS: &[Checklist] = &[
    Checklist {
        preset: "lumiku",
        made: &["JWT_SECRET", "REDIS_PASSWORD"],
        issued: &[
            "UPSTASH_REDIS_REST_TOKEN",
            "DUITKU_API_KEY",
            "ANTHROPIC_API_KEY",
            "OPENAI_API_KEY",
            "FLUX_API_KEY",
            "DD_API_KEY",
        ],
        variables: &[
            "DATABASE_URL",
            "REDIS_HOST",
            "REDIS_PORT",
            "RATE_LIMIT_REDIS_URL",
            "UPSTASH_REDIS_REST_URL",
            "DUITKU_MERCHANT_CODE",
            "DUITKU_ENV",
            "DUITKU_CALLBACK_URL",
            "DUITKU_RETURN_URL",
            "DUITKU_BASE_URL",
            "PAYMENT_IP_WHITELIST_ENABLED",
            "NODE_ENV",
            "PORT",
            "CORS_ORIGIN",
            "JWT_EXPIRES_IN",
            "RATE_LIMIT_ENABLED",
            "RATE_LIMIT_LOGIN_WINDOW_MS",
            "RATE_LIMIT_LOGIN_MAX_ATTEMPTS",
            "RATE_LIMIT_REGISTER_WINDOW_MS",
            "RATE_LIMIT_REGISTER_MAX_ATTEMPTS",
            "RATE_LIMIT_PASSWORD_RESET_WINDOW_MS",
            "RATE_LIMIT_PASSWORD_RESET_MAX_ATTEMPTS",
            "RATE_LIMIT_PROFILE_UPDATE_WINDOW_MS",
            "RATE_LIMIT_PROFILE_UPDATE_MAX_ATTEMPTS",
            "RATE_LIMIT_ACCOUNT_LOCKOUT_ATTEMPTS",
            "RATE_LIMIT_ACCOUNT_LOCKOUT_DURATION_MS",
            "RATE_LIMIT_GLOBAL_AUTH_WINDOW_MS",
            "RATE_LIMIT_GLOBAL_AUTH_MAX_REQUESTS",
            "TRUSTED_PROXY_IPS",
            "UPLOAD_PATH",
            "OUTPUT_PATH",
            "MAX_FILE_SIZE",
            "FFMPEG_PATH",
            "FFPROBE_PATH",
        ],
        required: &[
            "JWT_SECRET",
            "DATABASE_URL",
            "DUITKU_MERCHANT_CODE",
            "DUITKU_API_KEY",
            "DUITKU_ENV",
            "DUITKU_CALLBACK_URL",
            "DUITKU_RETURN_URL",
            "PAYMENT_IP_WHITELIST_ENABLED",
            "NODE_ENV",
            "CORS_ORIGIN",
        ],
    },
    Checklist {
        preset: "lamsa",
        made: &[
            "JWT_SECRET",
            "SESSION_SECRET",
            "PII_ENCRYPTION_KEY",
            "PII_HASH_SALT",
            "PII_ENCRYPTION_SALT",
            "BACKUP_ENCRYPTION_KEY",
            "REDIS_PASSWORD",
            "CRON_API_KEY",
        ],
        issued: &[
            "SUPABASE_SERVICE_KEY",
            "TAP_SECRET_KEY",
            "TAP_WEBHOOK_SECRET",
            "TWILIO_AUTH_TOKEN",
            "BLUNET_PASSWORD",
            "BLUNET_ACCESS_KEY",
            "EXPO_PUSH_TOKEN",
            "FIREBASE_SERVICE_ACCOUNT",
            "APNS_KEY",
            "NEW_RELIC_LICENSE_KEY",
            "SENTRY_DSN",
            "SLACK_WEBHOOK_URL",
            "PAGERDUTY_SERVICE_KEY",
            "SENDGRID_API_KEY",
            "AWS_SECRET_ACCESS_KEY",
            "GOOGLE_MAPS_API_KEY",
            "VALID_API_KEYS",
        ],
        variables: &[
            "JWT_EXPIRES_IN",
            "REFRESH_TOKEN_EXPIRES_IN",
            "REDIS_URL",
            "DATABASE_URL",
            "SUPABASE_URL",
            "SUPABASE_ANON_KEY",
            "TAP_PUBLIC_KEY",
            "TAP_API_URL",
            "TWILIO_ACCOUNT_SID",
            "TWILIO_VERIFY_SERVICE_SID",
            "TWILIO_PHONE_NUMBER",
            "BLUNET_USERNAME",
            "AWS_ACCESS_KEY_ID",
            "AWS_REGION",
            "AWS_BACKUP_BUCKET",
            "BACKUP_RETENTION_DAYS",
            "ENABLE_DEBUG",
            "ENABLE_MOCK_PAYMENTS",
            "ENABLE_MOCK_SMS",
            "ENABLE_MOCK_OTP",
            "ENABLE_TEST_OTP_RESPONSE",
            "ENABLE_SWAGGER",
            "SKIP_RATE_LIMIT",
            "ENABLE_RATE_LIMITING",
            "ENABLE_HELMET",
            "COOKIE_SECURE",
            "BACKUP_ENCRYPTION",
            "CORS_ORIGIN",
            "CORS_ORIGINS",
        ],
        required: &[
            "JWT_SECRET",
            "SESSION_SECRET",
            "PII_ENCRYPTION_KEY",
            "PII_HASH_SALT",
            "PII_ENCRYPTION_SALT",
            "SUPABASE_SERVICE_KEY",
            "TAP_SECRET_KEY",
            "SENTRY_DSN",
            "JWT_EXPIRES_IN",
            "REDIS_URL",
            "DATABASE_URL",
            "SUPABASE_URL",
            "SUPABASE_ANON_KEY",
        ],
    },
    Checklist {
        preset: "mansa",
        made: &[
            "JWT_SECRET",
            "JWT_REFRESH_SECRET",
            "WEBHOOK_SECRET",
            "POSTGRES_PASSWORD",
            "REDIS_PASSWORD",
        ],
        issued: &[
            "MANSA_API_KEY",
            "MANSA_API_SECRET",
            "AWS_SECRET_ACCESS_KEY",
            "EMAIL_PASS",
        ],
        variables: &[
            "JWT_EXPIRATION",
            "JWT_REFRESH_EXPIRATION",
            "DATABASE_URL",
            "REDIS_URL",
            "MANSA_API_BASE_URL",
            "AWS_ACCESS_KEY_ID",
            "AWS_S3_BUCKET_NAME",
            "AWS_S3_REGION",
            "EMAIL_HOST",
            "EMAIL_PORT",
            "EMAIL_USER",
            "EMAIL_FROM",
            "FRONTEND_URL",
            "NEXT_PUBLIC_API_URL",
            "NODE_ENV",
            "PORT",
        ],
        required: &[
            "JWT_SECRET",
            "JWT_REFRESH_SECRET",
            "WEBHOOK_SECRET",
            "DATABASE_URL",
            "REDIS_URL",
            "MANSA_API_KEY",
            "MANSA_API_SECRET",
            "MANSA_API_BASE_URL",
            "FRONTEND_URL",
            "NEXT_PUBLIC_API_URL",
            "NODE_ENV",
        ],
    },
    Checklist {
        preset: "superapp",
        made: &["JWT_SECRET", "SOCKET_IO_SECRET", "SESSION_SECRET"],
        issued: &[
            "SENTRY_DSN",
            "PAYMENT_GATEWAY_API_KEY",
            "EMAIL_SERVICE_API_KEY",
            "TWILIO_AUTH_TOKEN",
            "TELEGRAM_BOT_TOKEN",
            "PM2_SECRET_KEY",
        ],
        variables: &[
            "DATABASE_URI",
            "REDIS_URL",
            "NODE_ENV",
            "PORT",
            "LOG_LEVEL",
            "RATE_LIMIT_ENABLED",
            "IDEMPOTENCY_ENABLED",
            "REDIS_KEY_PREFIX",
            "TWILIO_ACCOUNT_SID",
            "TWILIO_PHONE_NUMBER",
            "TELEGRAM_ADMIN_CHAT_ID",
            "PM2_PUBLIC_KEY",
            "BCRYPT_ROUNDS",
            "JWT_EXPIRES_IN",
            "IS_STAGING",
            "ENABLE_COIN_FAUCET",
            "DISABLE_REAL_PAYOUTS",
        ],
        required: &[
            "JWT_SECRET",
            "SOCKET_IO_SECRET",
            "SENTRY_DSN",
            "DATABASE_URI",
            "NODE_ENV",
        ],
    },
    Checklist {
        preset: "bluesminds",
        made: &["JWT_SECRET", "API_KEY_SECRET", "LITELLM_MASTER_KEY"],
        issued: &[
            "SUPABASE_SERVICE_ROLE_KEY",
            "STRIPE_SECRET_KEY",
            "STRIPE_WEBHOOK_SECRET",
            "SENTRY_DSN",
            "LOGTAIL_SOURCE_TOKEN",
            "RESEND_API_KEY",
            "LITELLM_SERVER_1_KEY",
            "OPENAI_API_KEY",
            "ANTHROPIC_API_KEY",
            "GOOGLE_API_KEY",
        ],
        variables: &[
            "NEXT_PUBLIC_SUPABASE_ANON_KEY",
            "NEXT_PUBLIC_SUPABASE_URL",
            "NEXT_PUBLIC_APP_URL",
            "ADMIN_EMAILS",
            "STRIPE_PRICE_STARTER",
            "STRIPE_PRICE_PRO",
            "STRIPE_PRICE_ENTERPRISE",
            "NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY",
            "BCRYPT_ROUNDS",
            "NODE_ENV",
            "DATABASE_URL",
            "REDIS_URL",
            "LITELLM_SERVER_1_URL",
            "ALLOWED_ORIGINS",
            "DEFAULT_RATE_LIMIT_RPM",
            "DEFAULT_RATE_LIMIT_TPM",
            "DEFAULT_QUOTA_DAILY",
            "DEFAULT_QUOTA_MONTHLY",
        ],
        required: &[
            "JWT_SECRET",
            "API_KEY_SECRET",
            "SUPABASE_SERVICE_ROLE_KEY",
            "NEXT_PUBLIC_SUPABASE_ANON_KEY",
            "NEXT_PUBLIC_SUPABASE_URL",
            "NEXT_PUBLIC_APP_URL",
            "ADMIN_EMAILS",
            "NODE_ENV",
        ],
    },
];

fn parsed(name: &str) -> Policy {
    let preset = Preset::find(name).unwrap();
    Policy::parse(name, preset.text).unwrap_or_else(|errors| panic!("\n{errors}"))
}

fn what_is(policy: &Policy, name: &str) -> Option<Is> {
    let (parsed, production) = (name.parse().unwrap(), "production".parse().unwrap());
    match policy.secret(&parsed, &production) {
        Some(secret) if secret.kind().role == Role::Issued => Some(Is::Issued),
        Some(_) => Some(Is::Made),
        None => policy.variable(&parsed, &production).map(|_| Is::Variable),
    }
}

#[test]
fn every_name_of_the_checklists_is_declared_as_what_it_is() {
    let mut wrong = Vec::new();
    for list in CHECKLISTS {
        let policy = parsed(list.preset);
        for (names, wanted) in [
            (list.made, Is::Made),
            (list.issued, Is::Issued),
            (list.variables, Is::Variable),
        ] {
            for name in names {
                let found = what_is(&policy, name);
                if found != Some(wanted) {
                    wrong.push(format!("{} {name}: {wanted:?}, found {found:?}", list.preset));
                }
            }
        }
    }

    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn production_needs_exactly_what_the_checklists_demand() {
    let production = "production".parse().unwrap();
    for list in CHECKLISTS {
        let policy = parsed(list.preset);
        let secrets = policy
            .secret_names()
            .filter_map(|name| policy.secret(name, &production));
        let secrets = secrets.filter(|secret| secret.required()).map(|one| one.name());
        let variables = policy
            .variable_names()
            .filter_map(|name| policy.variable(name, &production));
        let variables = variables.filter(|one| one.required()).map(|one| one.name());
        let found: BTreeSet<&str> = secrets.chain(variables).map(|name| name.as_str()).collect();

        let wanted: BTreeSet<&str> = list.required.iter().copied().collect();
        assert_eq!(found, wanted, "{}", list.preset);
    }
}

#[test]
fn every_issued_secret_of_the_checklists_says_who_issues_it() {
    for list in CHECKLISTS {
        let policy = parsed(list.preset);
        for name in list.issued {
            assert!(
                secret(&policy, name, "production").issuer().is_some(),
                "{} {name}",
                list.preset
            );
        }
        assert!(policy.doubts().is_empty(), "{:?}", policy.doubts());
    }
}

#[test]
fn what_cannot_simply_be_replaced_is_known() {
    let lamsa = parsed("lamsa");

    for name in [
        "PII_ENCRYPTION_KEY",
        "PII_HASH_SALT",
        "PII_ENCRYPTION_SALT",
        "BACKUP_ENCRYPTION_KEY",
    ] {
        let found = secret(&lamsa, name, "production").hazard();
        assert_eq!(found, Some(Hazard::DataAtRest), "{name}");
    }
    let kept = secret(&lamsa, "BACKUP_ENCRYPTION_KEY", "production").overlap();
    assert_eq!(kept, "30d".parse().ok(), "as long as its backups");
}

#[test]
fn thresholds_that_warn_stand_before_those_that_refuse() {
    let length = |preset: &str, name: &str| {
        let policy = parsed(preset);
        let found = secret(&policy, name, "production");
        (
            found.min_length(),
            found.warn().and_then(|warn| warn.min_length()),
        )
    };
    assert_eq!(length("lumiku", "JWT_SECRET"), (Some(32), Some(64)));
    assert_eq!(length("lamsa", "JWT_SECRET"), (Some(64), None));

    let superapp = parsed("superapp");
    let redis = variable(&superapp, "REDIS_URL", "production");
    assert!(!redis.required() && redis.warn().is_some_and(|warn| warn.required()));
    let bluesminds = parsed("bluesminds");
    let rounds = variable(&bluesminds, "BCRYPT_ROUNDS", "production");
    assert_eq!(rounds.range(), Some(10.0..=14.0));
    assert_eq!(rounds.warn().and_then(|warn| warn.range()), Some(10.0..=12.0));
}

#[test]
fn the_keys_of_supabase_must_say_their_role() {
    for (preset, service, anon) in [
        ("lamsa", "SUPABASE_SERVICE_KEY", "SUPABASE_ANON_KEY"),
        (
            "bluesminds",
            "SUPABASE_SERVICE_ROLE_KEY",
            "NEXT_PUBLIC_SUPABASE_ANON_KEY",
        ),
    ] {
        let policy = parsed(preset);
        // Header, payload and signature as Supabase makes them; nobody signed it.
        let token = |role: &str| {
            use base64::Engine;
            use base64::engine::general_purpose::URL_SAFE_NO_PAD;
            let payload = format!(r#"{{"iss":"supabase","ref":"abcdefghijklmnop","role":"{role}"}}"#);
            let parts = [r#"{"alg":"HS256","typ":"JWT"}"#, &payload, &"s".repeat(32)];
            parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
        };
        let (admin, public) = (token("service_role"), token("anon"));
        let secret = secret(&policy, service, "production");
        let variable = variable(&policy, anon, "production");

        assert_eq!(secret.accepts(admin.as_bytes()), Ok(()), "{preset}");
        assert!(secret.accepts(public.as_bytes()).is_err(), "{preset}");
        let claims = variable.claims().unwrap();
        assert_eq!(claims.accepts(public.as_bytes()), Ok(()), "{preset}");
        assert!(claims.accepts(admin.as_bytes()).is_err(), "{preset}");
        assert!(variable.pattern().unwrap().is_match(&public), "{preset}");
    }
}

#[test]
fn files_certificates_targets_and_roles_are_those_of_the_checklists() {
    let facts = |name: &str| {
        let policy = parsed(name);
        let hosts = policy
            .certificates()
            .iter()
            .filter(|certificate| matches!(certificate.source(), CertificateSource::Host(_)));
        let hosts = hosts.count();
        let ignored = policy
            .files()
            .iter()
            .filter(|file| file.git_ignored() == Some(true));
        (
            ignored.count(),
            policy.certificates().len(),
            hosts,
            policy.targets().len(),
            policy.signoff().map_or(0, |signoff| signoff.roles().len()),
        )
    };

    assert_eq!(facts("lumiku"), (4, 1, 1, 0, 0));
    assert_eq!(facts("lamsa"), (4, 4, 4, 0, 6));
    assert_eq!(facts("mansa"), (2, 1, 0, 0, 0));
    assert_eq!(facts("superapp"), (3, 1, 0, 0, 9));
    assert_eq!(facts("bluesminds"), (3, 1, 0, 1, 6));
    let roles = parsed("bluesminds");
    assert!(roles.signoff().is_some_and(|signoff| signoff.distinct_people()));
    let target = roles.target_of(&"LITELLM_MASTER_KEY".parse().unwrap()).unwrap();
    assert_eq!(target.env_file(&"production".parse().unwrap()), "litellm/.env");
    let superapp = parsed("superapp");
    let alias = ("DATABASE_URI".parse().unwrap(), "MONGODB_URI".parse().unwrap());
    assert_eq!(superapp.aliases(), [alias]);
}
