//! Names and values that mislead, each a case seen in a real file.

use super::label;
use super::one;
use crate::dotenv::EnvFile;
use crate::dotenv::VariableType;
use crate::dotenv::infer;

fn assert_role(role: &str, sources: &[&str]) {
    for source in sources {
        let found = one(source);
        assert_eq!(found.role.name(), role, "{source}: {}", found.why);
    }
}

#[test]
fn lookalikes_are_variables() {
    assert_role(
        "variable",
        &[
            "RATE_LIMIT_PASSWORD_RESET_WINDOW_MS=3600000",
            "RATE_LIMIT_PASSWORD_RESET_WINDOW_MS=",
            "API_KEY_PREFIX=cal_",
            "API_KEY_PREFIX=",
            "API_KEY_RATE_LIMIT=100",
            "API_KEY_RATE_LIMIT=",
            "PASSWORD_RESET_DISABLED=0",
            "PASSWORD_RESET_DISABLED=",
            "PASSWORD_ITERATIONS=600000",
            "PASSWORD_ITERATIONS=",
            "MAIL_ENCRYPTION=null",
            "ENCRYPT=false",
            "BACKUP_ENCRYPTION=true",
            "LETSENCRYPT_EMAIL=",
            "LETSENCRYPT_SECRET_DIR=",
            "LETSENCRYPT_HOST=example.com",
            "PROXY_BYPASS=localhost",
            "PROXY_BYPASS=",
            "PRIVATE_FILESYSTEM_DISK=local",
            "NEXT_PRIVATE_SMTP_HOST=",
            "NEXT_PRIVATE_UPLOAD_TRANSPORT=database",
            "NEXT_PRIVATE_SIGNING_TRANSPORT=local",
            "CORS_CREDENTIALS=true",
            "CORS_CREDENTIALS=",
            "OIDC_TOKEN_URI=",
            "OIDC_TOKEN_URI=https://login.example.com/token",
            "ACCESS_TOKEN_TTL=15m",
            "ACCESS_TOKEN_TTL=",
            "REFRESH_TOKEN_LIFETIME=7d",
            "REFRESH_TOKEN_LIFETIME=",
            "MAX_TOKEN_LIMIT=4096",
            "MAX_TOKEN_LIMIT=",
            "AUTH_CUSTOM_ID_TOKEN=false",
            "LANGFUSE_S3_EVENT_KEY_MAX_SEGMENT_BYTES=900",
            "LANGFUSE_S3_EVENT_KEY_MAX_SEGMENT_BYTES=",
            "SSL_KEY_PATH=/etc/key.pem",
            "SSL_KEY_PATH=",
        ],
    );
}

#[test]
fn a_key_pair_id_is_no_secret() {
    assert_role(
        "public",
        &["AWS_CLOUDFRONT_KEY_PAIR_ID=", "AWS_CLOUDFRONT_KEY_PAIR_ID=KABC"],
    );
}

#[test]
fn secrets_among_next_private_are_found() {
    assert_eq!(label("NEXT_PRIVATE_ENCRYPTION_KEY="), "secret hex");
    assert_eq!(label("NEXT_PRIVATE_SMTP_PASSWORD="), "issued issued");
}

#[test]
fn public_by_design_is_public() {
    assert_role(
        "public",
        &[
            "NEXT_PUBLIC_API_URL=https://api.example.com",
            "NEXT_PUBLIC_FEATURE=true",
            "VITE_API_KEY=",
            "EXPO_PUBLIC_SUPABASE_KEY=",
            "STRIPE_PUBLISHABLE_KEY=",
            "RECAPTCHA_SITE_KEY=",
            "VAPID_PUBLIC_KEY=",
            "GOOGLE_CLIENT_ID=",
            "SUPABASE_ANON_KEY=",
            "ANON_KEY=",
            "POSTHOG_KEY=",
            "POSTHOG_PROJECT_API_KEY=",
            "NEXT_PUBLIC_POSTHOG_KEY=",
            "PUSHER_APP_KEY=",
            "ANALYTICS=phc_abcdefghij",
        ],
    );
}

#[test]
fn secrets_with_plain_names_are_secrets() {
    for (source, expected) in [
        ("ES_PASS=", "secret password"),
        ("SMTP_PASS=", "issued issued"),
        ("SALT=", "secret hex"),
        ("SIG_SALT=", "secret hex"),
        ("KEY=", "secret hex"),
        ("REDIS_AUTH=", "secret password"),
        ("_APP_OPENSSL_KEY_V1=your-secret-key", "secret hex"),
        ("SLACK_WEBHOOK_URL=", "issued issued"),
        (
            "SLACK_WEBHOOK_URL=https://hooks.slack.com/services/xxx",
            "issued issued",
        ),
        ("GOOGLE_API_CREDENTIALS=", "issued issued"),
        ("GOOGLE_API_CREDENTIALS={\"web\":{}}", "issued issued"),
        ("NEXT_PRIVATE_SIGNING_LOCAL_FILE_CONTENTS=", "issued issued"),
        ("LOGFLARE_PUBLIC_ACCESS_TOKEN=", "secret hex"),
        ("PGPASSWORD=", "secret password"),
        ("DBPASS=", "secret password"),
        ("dbPassword=", "secret password"),
    ] {
        assert_eq!(label(source), expected, "{source}");
    }
}

#[test]
fn who_makes_a_secret_is_told_apart() {
    for (source, expected) in [
        ("UPLOAD_SECRET_ACCESS_KEY=", "issued issued"),
        ("GITHUB_SECRET=", "issued issued"),
        ("GITHUB_WEBHOOK_SECRET=", "secret hex"),
        ("STRIPE_WEBHOOK_SECRET=", "issued issued"),
        ("WEBHOOK_SECRET=", "secret hex"),
        ("SMTP_APIKEY=", "issued issued"),
        ("VAULT_TOKEN=", "issued issued"),
        ("FB_VERIFY_TOKEN=", "secret hex"),
        ("FB_APP_SECRET=", "issued issued"),
        ("SENTRY_SECRET_KEY=", "secret hex"),
        ("SENTRY_DSN=https://a:b@sentry.example.com/1", "issued issued"),
        ("JWT_PRIVATE_KEY=", "issued issued"),
        ("TLS_CERT_FILE_CONTENTS=", "variable -"),
        ("CERT_PASSWORD=", "secret password"),
        ("ADMIN_PASSWORD_HASH=", "issued issued"),
        ("JWT_SECRET_PREVIOUS=", "secret jwt-hs256"),
        ("AWS_SECRET_NAME=", "variable -"),
        ("CACHE_KEY=", "variable -"),
        ("LITELLM_MASTER_KEY=sk-1234", "secret hex"),
    ] {
        assert_eq!(label(source), expected, "{source}");
    }
}

#[test]
fn urls_with_a_password_are_credential_urls() {
    assert_role(
        "credential-url",
        &[
            "DATABASE_URL=postgres://user:pw@host/db",
            "DATABASE_URL=",
            "MONGO_URI=mongodb+srv://user:pw@host/db",
            "DATASOURCE=mysql://user:pw@host/db",
            "ANYTHING=amqp://user:pw@host",
            "_APP_SMS_PROVIDER=sms://user:pw@mock",
            "SPRING_DATASOURCE_URL=jdbc:postgresql://host/db?user=a&password=b",
            "DATABASE_URL=postgres://user:${DB_PASSWORD}@host/db",
            "DB=Server=x;Password=y",
        ],
    );
    assert_role(
        "variable",
        &[
            "REDIS_URL=redis://localhost:6379",
            "DATABASE_URL=file:./dev.db",
            "DATABASE_URL=sqlite:///data.db",
            "APP_URL=https://example.com",
        ],
    );
}

#[test]
fn references_are_no_secrets() {
    assert_role(
        "variable",
        &[
            "DB_PASSWORD=op://vault/item/password",
            "DB_PASSWORD=ref+awsssm://path",
            "DB_PASSWORD=${OTHER}",
            "DB_PASSWORD=vault:secret/x",
            "DB_PASSWORD='{{ .Values.password }}'",
        ],
    );
}

#[test]
fn what_is_encrypted_in_place_goes_by_its_name() {
    assert_eq!(label("JWT_SECRET=\"encrypted:BAbc\""), "secret jwt-hs256");
    assert_eq!(label("PORT=ENC[AES256_GCM,data:x]"), "variable -");
}

#[test]
fn words_for_nothing_are_placeholders() {
    for word in [
        "null",
        "none",
        "false",
        "disabled",
        "ignored",
        "test",
        "dev",
        "xxx",
        "sk-",
        "sk-proj-xxxxxxxx",
        "replace-me",
    ] {
        assert!(one(&format!("DB_PASSWORD={word}")).placeholder, "{word}");
    }
    for word in ["null", "none", "disabled", "test", "replace-me"] {
        assert_eq!(label(&format!("DB_PASSWORD={word}")), "secret password", "{word}");
    }
}

#[test]
fn hints_decide_kind_and_size() {
    for (source, kind, bytes, length) in [
        ("# openssl rand -hex 64\nA_SECRET=", "hex", Some(64), None),
        ("A_SECRET= # openssl rand -base64 32", "base64", None, None),
        (
            "A_SECRET=generate-with-openssl-rand-base64-48",
            "base64",
            Some(48),
            None,
        ),
        (
            "# secrets.token_urlsafe(48)\nA_SECRET=",
            "base64url",
            Some(48),
            None,
        ),
        (
            "# must be exactly 32 characters\nA_SECRET=",
            "hex",
            Some(16),
            None,
        ),
        ("# at least 100 characters\nA_SECRET=", "hex", Some(50), None),
        ("# 64 hex digits\nA_SECRET=", "hex", None, None),
        ("SECRET_KEY_BASE=", "hex", Some(64), None),
        (
            "# at least 64 characters\nDB_PASSWORD=",
            "password",
            None,
            Some(64),
        ),
        ("# openssl rand -hex 32\nMYSTERY_KEY=", "hex", None, None),
        ("# whsec_ and base64\nHOOK_SECRET=", "webhook", None, None),
    ] {
        let found = one(source);
        assert_eq!(
            (found.kind, found.bytes, found.length),
            (Some(kind), bytes, length),
            "{source}"
        );
    }
}

#[test]
fn values_in_use_keep_their_form() {
    let hex = "0f1e2d3c4b5a6978".repeat(3);
    let letters = "aB3dE6gHkL".repeat(4);

    assert_eq!(one(&format!("A_SECRET={hex}")).bytes, Some(24));
    let found = one(&format!("A_SECRET={letters}"));
    assert_eq!((found.kind, found.length), (Some("alphanumeric"), Some(40)));
    assert!(found.has_value && !found.placeholder);
}

#[test]
fn live_tokens_are_known_by_their_start() {
    for (start, issuer) in [("gh", "GitHub"), ("xo", "Slack"), ("SG", "SendGrid")] {
        let rest = match start {
            "gh" => "p_k7Qwk7Qwk7Qw",
            "xo" => "xb-1-2",
            _ => ".k7Qwk7Qw",
        };
        let found = one(&format!("MYSTERY={start}{rest}"));
        assert_eq!((found.role.name(), found.issuer), ("issued", Some(issuer)));
    }
}

#[test]
fn a_whole_token_is_known_by_its_shape_and_an_id_is_no_secret() {
    // Put together here so that scanners stay quiet.
    let token = ["gh", "p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].concat();
    let id = ["A", "C", &"0f".repeat(16)].concat();

    assert_eq!(one(&format!("MYSTERY={token}")).shape, Some("github-token"));
    assert_eq!(one(&format!("MYSTERY={}", &token[..30])).shape, None);
    assert_eq!(one(&format!("MYSTERY={id}")).shape, None);
}

#[test]
fn variables_have_types() {
    for (source, expected) in [
        ("A=true", VariableType::Bool),
        ("PORT=", VariableType::Int),
        ("A=1", VariableType::Int),
        ("A=7d", VariableType::Duration),
        ("A=a@example.com", VariableType::Email),
        ("A=a,b", VariableType::List),
        ("A=/data", VariableType::Path),
        ("A_URL=", VariableType::Url),
        ("A=https://example.com", VariableType::Url),
        ("A=text", VariableType::String),
    ] {
        assert_eq!(one(source).variable_type, Some(expected), "{source}");
    }
}

#[test]
fn one_proposal_a_name_and_the_last_value_counts() {
    let found = infer(&EnvFile::parse(
        b"# A=off\nA=\nB=1\nA=postgres://u:p@h/d\n# C_SECRET=x\n",
    ));
    let lines: Vec<_> = found
        .iter()
        .map(|proposal| (proposal.name.as_str(), proposal.line, proposal.optional))
        .collect();

    assert_eq!(lines, [("B", 3, false), ("A", 4, false), ("C_SECRET", 5, true)]);
    assert_eq!(found[1].role.name(), "credential-url");
}

#[test]
fn proposals_show_no_value() {
    let source = "# canary-one is old\nA_SECRET=canary-one\n# see canary-two\nB=canary-two # canary-two\nC=postgres://u:canary-three@h/d\n# D_KEY=canary-four\n# the last was canary-one\nE=1\n";

    let shown = format!("{:?}", infer(&EnvFile::parse(source.as_bytes())));

    assert!(!shown.contains("canary"), "{shown}");
}
